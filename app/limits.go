package app

import (
	"vitrine/app/platform/limit"
	"vitrine/web/site"
)

// limitCounts are the turns of each class.
func (c Config) limitCounts() map[limit.Class]int {
	return map[limit.Class]int{
		limit.Dynamic: c.LimitDynamic, limit.Sessions: c.LimitSessions, limit.Files: c.LimitFiles, limit.Login: c.LimitLogin,
		limit.Signup: c.LimitSignup, limit.Mail: c.LimitMail, limit.AllMail: c.LimitAllMail, limit.Upload: c.LimitUpload,
		limit.Search: c.LimitSearch, limit.Poll: c.LimitPoll, limit.API: c.LimitAPI, limit.Live: c.LimitLive, limit.Beacon: c.LimitBeacon, limit.Comment: c.LimitComment, limit.Report: c.LimitReport,
	}
}

// ownPlaces are the requests at once that were set, 0 for the others.
func (c Config) ownPlaces() map[site.Room]int {
	return map[site.Room]int{
		site.Visitors: c.PlacesPublic, site.Members: c.PlacesMember, site.Writes: c.PlacesWrite, site.Uploads: c.PlacesUpload, site.Files: c.PlacesFile,
	}
}

// places are what each room holds.
func (c Config) places() site.Places {
	out := site.PlacesFor(c.PoolApp)
	for room, n := range c.ownPlaces() {
		if n > 0 {
			out[room] = site.Place{Requests: n, Connections: out[room].Connections}
		}
	}
	return out
}

func (c Config) negative() bool {
	for _, n := range c.limitCounts() {
		if n < 0 {
			return true
		}
	}
	for _, n := range c.ownPlaces() {
		if n < 0 {
			return true
		}
	}
	return false
}
