package glass

import (
	"strconv"
	"time"

	"vitrine/app/platform/telemetry"
)

// layer is one place that something on the way to this page came from.
type layer struct {
	name, url string
	state     string // how it went: "kept" (a copy answered), "made" (the truth did), "away" (a part did not answer), "off"
	from      string // who answered
	why       string
}

// layers says of each where the answer came from and why.
func (r Reading) layers(s Setup) []layer {
	out := []layer{r.page(s.find("CACHE"))}
	sessions := s.find("SESSIONS")
	out = append(out, r.copied("Session", "session", sessions))
	if _, asked := r.told("memberships"); asked {
		out = append(out, r.copied("Memberships", "memberships", sessions))
	}
	return append(out, r.limit(s.find("LIMITS")), layer{name: "Rows", url: aboutReads, state: "made", from: "PostgreSQL", why: "the primary; there is no replica"})
}

// told gives what was noted last of a layer.
func (r Reading) told(of string) (last telemetry.Layer, asked bool) {
	for _, l := range r.Layers {
		if l.Of == of {
			last, asked = l, true
		}
	}
	return last, asked
}

// page says where the page itself came from. Whoever can see this is a member, and
// members get every page made: the rest is for who looks at it another way.
func (r Reading) page(sw Switch) layer {
	l := layer{name: "Page", url: sw.URL, state: "made", from: "made"}
	switch {
	case sw.Value == "off" || sw.Value == "":
		l.state, l.why = "off", "the cache is off at this tier"
	case !r.Kept.Page:
		l.why = "this page is not kept"
	case r.Kept.From == "hit":
		l.state, l.from, l.why = "kept", "Redis", "made "+ago(r.Kept.Age)
	case r.Kept.From != "":
		l.why = "it was not kept, or is new"
	case sw.Value == "fill":
		l.why = "for you; for visitors, too, while the cache is only filled"
	default:
		l.why = "for you; visitors get it as it is kept"
	}
	return l
}

// copied says where something of a member came from that Redis may have a copy of.
func (r Reading) copied(name, of string, sw Switch) layer {
	l := layer{name: name, url: sw.URL, state: "made", from: "PostgreSQL"}
	told, asked := r.told(of)
	switch {
	case sw.Value == "postgres" || sw.Value == "":
		l.state, l.why = "off", "copies are off at this tier"
	case !asked:
		l.why = "a copy would not do here"
	case told.From == "hit":
		l.state, l.from, l.why = "kept", "Redis", "a copy made "+ago(told.Age)
	case told.From == "away":
		l.state, l.why = "away", "Redis does not answer"
	case told.From == "unused":
		l.why = "there is a copy, and copies are only filled"
	default:
		l.why = "there was no copy; now there is one"
	}
	return l
}

// limit says who counted this request.
func (r Reading) limit(sw Switch) layer {
	l := layer{name: "Limit", url: sw.URL, state: "made", from: "this process"}
	told, asked := r.told("limit")
	left := plural(int64(told.Left), "turn left", "turns left")
	switch {
	case sw.Value != "redis":
		l.state, l.why = "off", "each process counts by itself"
	case !asked:
		l.from, l.why = "nobody", "requests of this kind are not limited"
	case told.From == "redis":
		l.state, l.from, l.why = "kept", "Redis", "for all processes; "+left
	default:
		l.state, l.why = "away", "Redis does not answer; "+left
	}
	return l
}

// ago says how old something is, in whole seconds.
func ago(d time.Duration) string {
	if d < time.Second {
		return "less than a second ago"
	}
	return strconv.Itoa(int(d.Seconds())) + " s ago"
}
