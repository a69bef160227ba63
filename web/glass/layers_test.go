package glass

import (
	"testing"
	"time"

	"vitrine/app/platform/telemetry"
)

// What answered is said in the words of who was asked, and what is off is not said
// to have answered.
func TestLayers(t *testing.T) {
	t.Parallel()
	on := Setup{Switches: []Switch{{"CACHE", "redis", "/c"}, {"SESSIONS", "redis", "/s"}, {"LIMITS", "redis", "/l"}}}
	filling := Setup{Switches: []Switch{{"CACHE", "fill", "/c"}, {"SESSIONS", "fill", "/s"}, {"LIMITS", "memory", "/l"}}}
	of := func(of, from string) telemetry.Layer {
		return telemetry.Layer{Of: of, From: from, Age: 12 * time.Second, Left: 119}
	}
	for name, test := range map[string]struct {
		setup Setup
		r     Reading
		want  layer
	}{
		"off":                {Setup{}, Reading{}, layer{"Page", "", "off", "made", "the cache is off at this tier"}},
		"a page not kept":    {on, Reading{}, layer{"Page", "/c", "made", "made", "this page is not kept"}},
		"a member":           {on, Reading{Kept: Kept{Page: true}}, layer{"Page", "/c", "made", "made", "for you; visitors get it as it is kept"}},
		"a cache that fills": {filling, Reading{Kept: Kept{Page: true}}, layer{"Page", "/c", "made", "made", "for you; for visitors, too, while the cache is only filled"}},
		"a kept page":        {on, Reading{Kept: Kept{Page: true, From: "hit", Age: 3 * time.Second}}, layer{"Page", "/c", "kept", "Redis", "made 3 s ago"}},
		"a made page":        {on, Reading{Kept: Kept{Page: true, From: "miss"}}, layer{"Page", "/c", "made", "made", "it was not kept, or is new"}},

		"sessions off":            {Setup{}, Reading{}, layer{"Session", "", "off", "PostgreSQL", "copies are off at this tier"}},
		"a session, kept":         {on, Reading{Layers: []telemetry.Layer{of("session", "hit")}}, layer{"Session", "/s", "kept", "Redis", "a copy made 12 s ago"}},
		"a session, read":         {on, Reading{Layers: []telemetry.Layer{of("session", "miss")}}, layer{"Session", "/s", "made", "PostgreSQL", "there was no copy; now there is one"}},
		"a session, no Redis":     {on, Reading{Layers: []telemetry.Layer{of("session", "away")}}, layer{"Session", "/s", "away", "PostgreSQL", "Redis does not answer"}},
		"a session, filled":       {filling, Reading{Layers: []telemetry.Layer{of("session", "unused")}}, layer{"Session", "/s", "made", "PostgreSQL", "there is a copy, and copies are only filled"}},
		"a session, from its row": {on, Reading{}, layer{"Session", "/s", "made", "PostgreSQL", "a copy would not do here"}},
		"memberships":             {on, Reading{Layers: []telemetry.Layer{of("session", "miss"), of("memberships", "miss"), of("memberships", "hit")}}, layer{"Memberships", "/s", "kept", "Redis", "a copy made 12 s ago"}},

		"limits of the process":  {filling, Reading{}, layer{"Limit", "/l", "off", "this process", "each process counts by itself"}},
		"limits of all":          {on, Reading{Layers: []telemetry.Layer{of("limit", "redis")}}, layer{"Limit", "/l", "kept", "Redis", "for all processes; 119 turns left"}},
		"limits without Redis":   {on, Reading{Layers: []telemetry.Layer{of("limit", "memory")}}, layer{"Limit", "/l", "away", "this process", "Redis does not answer; 119 turns left"}},
		"what is not limited":    {on, Reading{}, layer{"Limit", "/l", "made", "nobody", "requests of this kind are not limited"}},
		"rows, whatever is kept": {on, Reading{}, layer{"Rows", aboutReads, "made", "PostgreSQL", "the primary; there is no replica"}},
	} {
		found := false
		for _, l := range test.r.layers(test.setup) {
			if l.name == test.want.name {
				if found = true; l != test.want {
					t.Errorf("%s: %+v, want %+v", name, l, test.want)
				}
			}
		}
		if !found {
			t.Errorf("%s is not said", name)
		}
	}
	if all := (Reading{}).layers(on); len(all) != 4 {
		t.Errorf("%d layers of a page for which no memberships were asked", len(all))
	}
}
