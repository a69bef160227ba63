package analytics

import (
	"context"
	"math"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/zone"
)

// Imagined is a studio of the demo data, whose visitors never were.
type Imagined struct {
	StudioID uuid.UUID
	Zone     string
	Since    time.Time // the first visitor comes then
	Works    []ImaginedWork
}

// ImaginedWork is a work of it that can be seen since a time.
type ImaginedWork struct {
	WorkID uuid.UUID
	Since  time.Time
}

// led are the hosts that lead to imagined pages; the more often, the likelier.
var led = [...]string{
	"", "", "", "", "duckduckgo.com", "duckduckgo.com", "google.com", "google.com", "google.com", "are.na", "are.na", "mastodon.social", "pixelfed.social",
	"news.ycombinator.com", "pinterest.com", "behance.net", "bsky.app",
}

// byHour is how likely a view is at each hour of the day: few at night, most in
// the evening.
var byHour = [24]int{2, 1, 1, 1, 1, 2, 3, 5, 7, 8, 8, 8, 9, 8, 8, 8, 8, 9, 10, 12, 13, 12, 8, 4}

// Imagine writes views of the days since a time for a studio of the demo data,
// and says how many. The same studio gets the same views: what was written before
// is not written again. Their statistics come with the next round of AddUp. It
// needs the worker's handle.
func (s *Service) Imagine(ctx context.Context, of Imagined) (n int, err error) {
	defer fault.Wrap(&err, "analytics.Imagine(%s)", of.StudioID)
	now, loc := s.Clock(), zone.Or(of.Zone)
	since := of.Since
	if oldest := now.Add(-KeepEvents).Add(48 * time.Hour); since.Before(oldest) {
		since = oldest
	}
	today := zone.Of(now, loc)
	for day := zone.Of(since, loc); !day.After(today.Time); day = day.Plus(1) {
		list := of.day(day, loc, now)
		if len(list) == 0 {
			continue
		}
		err := s.DB.Copy(ctx, eventRows(list), markRows(list))
		if name, twice := db.Unique(err); twice && name == "view_events_pkey" {
			continue // this day is there already
		}
		if err != nil {
			return n, err
		}
		n += len(list)
	}
	return n, nil
}

// PastAct is a like of a work, or with a zero WorkID a follower, that no event
// tells of, because it came with an archive or with the demo data.
type PastAct struct {
	WorkID uuid.UUID
	At     time.Time
}

// Remember counts acts of a studio on their days, as far as days can still be
// made. Of the same act it counts one, however often it is told. It needs the
// worker's handle.
func (s *Service) Remember(ctx context.Context, studioID uuid.UUID, acts []PastAct) (err error) {
	defer fault.Wrap(&err, "analytics.Remember(%s, %d)", studioID, len(acts))
	for first := 0; first < len(acts); first += actBatch {
		if err := s.DB.Transact(ctx, func(tx db.Tx) error {
			return remember(tx, studioID, acts, first, min(first+actBatch, len(acts)))
		}); err != nil {
			return err
		}
	}
	return nil
}

// actBatch is how many acts one transaction remembers.
const actBatch = 500

func remember(tx db.Tx, studioID uuid.UUID, acts []PastAct, first, end int) error {
	oldest, marked := tx.Now().Add(-KeepEvents), span{}
	for i := first; i < end; i++ {
		p := acts[i]
		if p.At.Before(oldest) {
			continue
		}
		a := act{At: p.At, StudioID: studioID, WorkID: p.WorkID, Likes: 1}
		if p.WorkID == uuid.Nil {
			a.Likes, a.Follows = 0, 1
		}
		// The order tells acts of one moment apart.
		name := p.WorkID.String() + p.At.UTC().Format(time.RFC3339Nano) + strconv.Itoa(sameMoment(acts, i))
		added, err := insertAct(tx, uuid.NewSHA1(studioID, []byte(name)), a)
		if err != nil {
			return err
		}
		if added {
			marked = marked.with(p.At.UTC().Truncate(time.Microsecond))
		}
	}
	if marked.Since.IsZero() {
		return nil
	}
	return insertMark(tx, studioID, marked)
}

// sameMoment counts the equal acts right before one.
func sameMoment(acts []PastAct, i int) (n int) {
	for j := i - 1; j >= 0 && acts[j].WorkID == acts[i].WorkID && acts[j].At.Equal(acts[i].At); j-- {
		n++
	}
	return n
}

// day draws the views of one day. Every day has a seed of its own, so that it does
// not matter with which one begins.
func (of Imagined) day(day zone.Day, loc *time.Location, now time.Time) (list []view) {
	id := of.StudioID
	seed := uint64(id[8])<<24 | uint64(id[9])<<16 | uint64(id[14])<<8 | uint64(id[15])
	random := rand.New(rand.NewPCG(seed, uint64(day.Unix()))) //nolint:gosec // the same numbers each time
	mood := 0.7 + 0.6*random.Float64()
	if w := day.Weekday(); w == time.Saturday || w == time.Sunday {
		mood *= 1.3
	}
	crowd := 12 + random.IntN(20)
	add := func(workID uuid.UUID, since time.Time, expected float64) {
		for range poisson(random, expected*mood) {
			v := view{at: moment(random, day, loc), workID: workID, studioID: of.StudioID, source: led[random.IntN(len(led))]}
			v.visitor = int64(seed)<<20 ^ day.Unix()<<8 ^ int64(random.IntN(crowd)) //nolint:gosec // any bits will do
			for i := range v.id {
				v.id[i] = byte(random.UintN(256))
			}
			if v.at.Before(now) && !v.at.Before(since) {
				list = append(list, v)
			}
		}
	}
	add(uuid.Nil, of.Since, 2.5)
	for _, w := range of.Works {
		age := day.Sub(zone.Of(w.Since, loc).Time).Hours() / 24
		if age < 0 {
			continue
		}
		charm := 0.3 + float64(w.WorkID[15])/128
		add(w.WorkID, w.Since, charm*(0.5+6*math.Exp(-age/5)))
	}
	return list
}

// moment is a time on a day, by the clocks of the place.
func moment(random *rand.Rand, day zone.Day, loc *time.Location) time.Time {
	total := 0
	for _, n := range byHour {
		total += n
	}
	at, hour := random.IntN(total), 0
	for ; at >= byHour[hour]; hour++ {
		at -= byHour[hour]
	}
	return day.Starts(loc).Add(time.Duration(hour)*time.Hour + time.Duration(random.Int64N(int64(time.Hour)))).UTC().Truncate(time.Microsecond)
}

// poisson draws how often something happens that is expected that often.
func poisson(random *rand.Rand, expected float64) (n int) {
	for p := random.Float64(); p > math.Exp(-expected) && n < 1000; n++ {
		p *= random.Float64()
	}
	return n
}
