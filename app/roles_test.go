package app

import (
	"io"
	"strings"
	"testing"
)

func TestParseRoles(t *testing.T) {
	const database, secret = "DATABASE_URL=postgres://o:p@h/db", "SECRET=0123456789abcdef0123456789abcdef"
	split := []string{"ROLES=web,worker", database, secret, "LIVE=redis", "REDIS_URL=redis://h"}
	for name, test := range map[string]struct {
		env, args []string
		want      roles
		refused   string
	}{
		"one process":                {nil, nil, roles{web: true, worker: true}, ""},
		"one process, said":          {nil, []string{"--roles=all"}, roles{web: true, worker: true}, ""},
		"a part of one process":      {nil, []string{"--roles=web"}, roles{}, `--roles=web: "web" is no part of this installation; ROLES=all`},
		"all parts in one":           {split, nil, roles{web: true, worker: true}, ""},
		"all parts without a server": {split[:1], nil, roles{web: true, worker: true}, ""},
		"web":                        {split, []string{"--roles=web"}, roles{web: true}, ""},
		"worker":                     {split, []string{"--roles", "worker"}, roles{worker: true}, ""},
		"an unknown part":            {split, []string{"--roles=web,cook"}, roles{}, `--roles=web,cook: "cook" is no part of this installation; ROLES=web,worker`},
		"nothing":                    {split, []string{"--roles="}, roles{}, `"" is no part`},
		"another argument":           {split, []string{"web"}, roles{}, "serve takes --roles and nothing else"},
		"web without a database":     {append([]string{split[0]}, split[2:]...), []string{"--roles=web"}, roles{}, "--roles=web needs DATABASE_URL"},
		"web without live messages":  {split[:3], []string{"--roles=web"}, roles{}, "--roles=web needs LIVE=redis"},
		"web without the secret":     {split[:2], []string{"--roles=web"}, roles{}, "--roles=web needs SECRET"},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := Load(test.env)
			if err != nil {
				t.Fatal(err)
			}
			got, err := parseRoles(c, test.args, io.Discard)
			if test.refused != "" {
				if err == nil || !strings.Contains(err.Error(), test.refused) {
					t.Errorf("got %v, want %q", err, test.refused)
				}
				return
			}
			if err != nil || got != test.want {
				t.Errorf("got %+v and %v, want %+v", got, err, test.want)
			}
		})
	}
}
