package rig

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"vitrine/app/platform/child"
	"vitrine/app/platform/s3test"
)

// secret is what the passwords of the database's roles derive from, where
// nothing is worth hiding.
const secret = "the secret of a topology is no secret"

// layOutProcess makes a process of Vitrine: role "all", "web" or "worker". Its
// port is a free one when zero. One of each set migrates.
func (t *Topology) layOutProcess(role string, n, port int, migrates bool) (_ *Server, err error) {
	if port == 0 {
		if port, err = child.FreePort(); err != nil {
			return nil, err
		}
	}
	admin, err := child.FreePort()
	if err != nil {
		return nil, err
	}
	name := role + "-" + strconv.Itoa(n)
	s := &Server{Name: name, Address: local(port), Admin: "http://" + local(admin), ask: syscall.SIGTERM, log: t.logFile(name)}
	if role == "worker" {
		s.Address = local(admin)
	}
	s.env = func() []string {
		env := append(slices.Clone(t.env), "PORT="+strconv.Itoa(port), "ADMIN_ADDR="+local(admin), "DATA_DIR="+t.dataDir(name))
		env = append(env, t.addresses(name)...)
		if !migrates {
			env = append(env, "MIGRATE=off")
		}
		env = append(env, t.plan.Env...)
		if t.plan.EnvOf != nil {
			env = append(env, t.plan.EnvOf(name)...)
		}
		return env
	}
	s.run = func() (*child.Process, error) {
		args := []string{"serve"}
		if role != "all" {
			args = append(args, "--roles="+role)
		}
		return child.Start(child.Config{Path: t.plan.Binary, Args: args, Dir: t.plan.Dir, Log: s.log, Env: s.env()})
	}
	// The public port of a web process says the same, and has to be there, too.
	asked := s.Admin
	if role != "worker" {
		asked = "http://" + s.Address
	}
	s.ready = func(ctx context.Context) error { return answers(ctx, asked+"/readyz") }
	return s, nil
}

// layOutProcesses decides about every process: those that begin, and as many
// that take their place with each change.
func (t *Topology) layOutProcesses(kinds map[string]int) error {
	for kind, n := range kinds {
		for i := range 2 * n {
			p, err := t.layOutProcess(kind, i+1, 0, kind != "web" && i%n == 0)
			if err != nil {
				return err
			}
			if i < n {
				t.Processes = append(t.Processes, p)
			} else {
				t.next = append(t.next, p)
			}
		}
	}
	for _, set := range [][]*Server{t.Processes, t.next} {
		slices.SortFunc(set, func(a, b *Server) int { return strings.Compare(a.Name, b.Name) })
	}
	return nil
}

// configure opens the ways between the servers and says to the processes what
// they are part of.
func (t *Topology) configure() error {
	if err := t.connect(t.Processes); err != nil {
		return err
	}
	if t.Balancer != nil {
		for _, s := range slices.Concat(t.Web(), webOf(t.next)) {
			if err := t.open("balancer", s.Name, s.Address); err != nil {
				return err
			}
		}
		if err := errors.Join(t.configureBalancer(t.Web()), t.point(t.colour)); err != nil {
			return err
		}
	}
	t.env = append(clean(os.Environ()), "TIER="+t.plan.Tier, "BASE_URL="+t.URL, "SECRET="+secret)
	if t.Balancer != nil {
		t.env = append(t.env, "TRUSTED_PROXIES=127.0.0.1", "GRACE="+grace.String())
	}
	if t.Store != nil {
		t.env = append(t.env, "S3_REGION="+s3test.Region, "S3_BUCKET="+bucket, "S3_ACCESS_KEY="+accessKey, "S3_SECRET_KEY="+secretKey, "MEDIA_URL="+t.MediaURL)
	}
	return nil
}

// connect opens the ways from processes to what they stand on, once.
func (t *Topology) connect(processes []*Server) error {
	for _, p := range processes {
		if t.ways[way{p.Name, "postgres"}] != "" {
			continue
		}
		for name, address := range map[string]string{"postgres": t.Postgres.Address, "redis": addressOf(t.Redis), "store": addressOf(t.Store), "cdn": t.purge} {
			if err := t.open(p.Name, name, address); err != nil {
				return err
			}
		}
	}
	return nil
}

// open opens a way between two servers, unless the second is not there.
func (t *Topology) open(from, to, address string) (err error) {
	if address == "" {
		return nil
	}
	if t.plan.Links {
		if address, err = t.links.open(from, to, address); err != nil {
			return err
		}
	}
	t.ways[way{from, to}] = address
	return nil
}

// addresses is where a process finds the servers.
func (t *Topology) addresses(name string) (env []string) {
	if u, err := t.Postgres.url(t.ways[way{name, "postgres"}]); err == nil {
		env = append(env, "DATABASE_URL="+u)
	}
	if at := t.ways[way{name, "redis"}]; at != "" {
		env = append(env, "REDIS_URL=redis://"+at+"/0")
	}
	if at := t.ways[way{name, "store"}]; at != "" {
		env = append(env, "S3_ENDPOINT=http://"+at)
	}
	if at := t.ways[way{name, "cdn"}]; at != "" {
		env = append(env, "CDN_PURGE_URL=http://"+at)
	}
	return env
}

// dataDir is a process's own directory. Where files are on the disk of one
// machine, all of its processes share it.
func (t *Topology) dataDir(name string) string {
	if slices.Contains(append(slices.Clone(t.env), t.plan.Env...), "BLOBS=disk") {
		name = "shared"
	}
	return filepath.Join(t.plan.Dir, "data", name)
}

func addressOf(s *Server) string {
	if s == nil {
		return ""
	}
	return s.Address
}

// Unusual is what the processes of Vitrine wrote, without the lines of requests
// that went well.
func (t *Topology) Unusual() string {
	var b strings.Builder
	for _, s := range t.Processes {
		fmt.Fprintf(&b, "== %s\n%s", s.Name, unusual(s.Log()))
	}
	return b.String()
}
