package app

import (
	"fmt"
	"slices"
	"strings"
)

// Switch is one line of tier.env: a name, the values that the design knows, and
// those that this version has built.
type Switch struct {
	Name   string
	Values []string // every value that a tier uses or will use
	Built  []string // what this version can run
	Doc    string   // what it decides, one sentence
}

// switches is every switch there is. A tier.env names each of them exactly
// once, and docs/configuration.md has a line for each; tests hold that.
var switches = []Switch{
	{"ROLES", []string{"all", "web,worker", "web,worker,media,notify,live"}, []string{"all", "web,worker"}, "which parts of the product this installation's processes run"},
	{"POOLER", []string{"direct", "pgbouncer"}, []string{"direct"}, "what stands between the processes and PostgreSQL"},
	{"SESSIONS", []string{"postgres", "fill", "redis"}, []string{"postgres", "fill", "redis"}, "where a session is looked up first"},
	{"CACHE", []string{"off", "fill", "redis", "layered"}, []string{"off", "fill", "redis"}, "what keeps the results of public reads"},
	{"CDN", []string{"off", "media", "pages"}, []string{"off", "media"}, "what a content delivery network serves"},
	{"DELIVERY", []string{"inline", "asynq", "nats"}, []string{"inline", "asynq"}, "who carries events and slow tasks to their handlers"},
	{"SEARCH", []string{"postgres", "meilisearch"}, []string{"postgres"}, "what answers a search"},
	{"BLOBS", []string{"disk", "s3"}, []string{"disk", "s3"}, "where originals and renditions lie"},
	{"LIMITS", []string{"memory", "redis"}, []string{"memory", "redis"}, "where request limits are counted"},
	{"LIVE", []string{"memory", "redis"}, []string{"memory", "redis"}, "how live messages reach the process that holds a socket"},
	{"FEED", []string{"query", "projection"}, []string{"query"}, "how a follower's feed is made"},
	{"PARTITIONS", []string{"off", "monthly"}, []string{"off"}, "how tables of events are split by time"},
	{"REGION", []string{"single", "primary", "secondary"}, []string{"single"}, "which part this region plays"},
}

// Switches lists every switch, for the documentation and its test.
func Switches() []Switch { return slices.Clone(switches) }

// checkSwitches refuses an unknown switch, a missing one, a value that nobody
// knows and a value that is not built yet, each with a sentence. own is the
// tier's file, before the environment changed it.
func checkSwitches(tier string, own, values map[string]string) error {
	known := map[string]bool{}
	var lacking []string // of the tier itself
	for _, s := range switches {
		known[s.Name] = true
		v, ok := values[s.Name]
		if !ok {
			return fmt.Errorf("tier %s says nothing about %s; it must be one of %s", tier, s.Name, strings.Join(s.Values, ", "))
		}
		if !slices.Contains(s.Values, v) {
			return fmt.Errorf("%s=%s is not known; it must be one of %s", s.Name, v, strings.Join(s.Values, ", "))
		}
		if !slices.Contains(s.Built, v) && v == own[s.Name] {
			lacking = append(lacking, s.Name+"="+v)
			continue
		}
		if !slices.Contains(s.Built, v) {
			return fmt.Errorf("%s=%s (%s) is not built yet; this version runs %s. Start with TIER=1k, or leave %s out of the environment",
				s.Name, v, s.Doc, strings.Join(s.Built, " or "), s.Name)
		}
	}
	if lacking != nil {
		return fmt.Errorf("TIER=%s is not built yet: this version lacks %s. Start with TIER=1k", tier, strings.Join(lacking, ", "))
	}
	for name := range values {
		if !known[name] {
			return fmt.Errorf("the switch %s is not known; docs/configuration.md lists all of them", name)
		}
	}
	return nil
}
