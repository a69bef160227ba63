package rig

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"

	"vitrine/app/platform/child"
)

// Plan says what to run. Dir, Tier and Binary are required.
type Plan struct {
	Dir    string // holds everything that the servers keep; PostgreSQL's user must be able to reach it
	Tier   string // "1k" or "10k"
	Binary string // the product
	Port   int    // of the site; a free one when zero
	// Web and Workers are how many processes of a kind run, where the tier runs
	// them apart; the tier's own numbers when zero.
	Web, Workers int
	// Links puts a link between any two servers, which a test can cut or slow.
	Links bool
	// Throwaway says that the data is worth nothing, which is faster.
	Throwaway bool
	// Env is for every process of Vitrine: what is last wins ("DEMO=off").
	Env []string
	// EnvOf is for one process of Vitrine by its name, after Env; nil adds nothing.
	EnvOf func(name string) []string
	// PerAddress is how many requests a minute the balancer lets one address make
	// (of IPv6, one /64), half of them at once; 0 refuses nobody. Pictures, assets,
	// uploads and questions of health are not counted.
	PerAddress int
	// Strict makes the balancer take whoever connects for who asks. Otherwise it
	// believes the X-Forwarded-For of this machine, and of no other, so that one
	// load generator can send the requests of many addresses.
	Strict bool
	// Say gets a sentence about each step; nil says nothing.
	Say func(format string, args ...any)
}

// Topology is a tier's whole set of servers, as real processes on loopback. All
// of them end with the process that runs it, however that ends.
type Topology struct {
	URL      string // of the site, as people reach it
	MediaURL string // of the CDN's stand-in; empty without an object store

	Postgres  *Postgres
	Redis     *Server   // nil at 1k
	Store     *Server   // nil at 1k
	Balancer  *Server   // nil at 1k
	Processes []*Server // of Vitrine; the one that says the setup link is the last

	plan  Plan
	env   []string       // of every process of Vitrine
	media string         // host:port of the CDN's stand-in
	purge string         // where it is told to forget
	ways  map[way]string // where each way begins, whether it is a link or leads there straight
	links *links

	next   []*Server // the processes of the next change; those of the last one end when it is done
	colour string    // of the set that is asked, for the balancer
}

// way is one from a server to another.
type way struct{ from, to string }

// Run starts a topology and returns when all of it does its work. What it has
// begun is ended again when it fails.
func Run(ctx context.Context, plan Plan) (_ *Topology, err error) {
	if plan.Say == nil {
		plan.Say = func(string, ...any) {}
	}
	if !slices.Contains([]string{"1k", "10k"}, plan.Tier) {
		return nil, fmt.Errorf("TIER=%s cannot be run on one machine yet; it must be 1k or 10k", plan.Tier)
	}
	if plan.Dir, err = filepath.Abs(plan.Dir); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(plan.Dir, "log"), 0o755); err != nil { //nolint:gosec // PostgreSQL's user passes through
		return nil, err
	}
	t := &Topology{plan: plan, ways: map[way]string{}, links: newLinks(), colour: blue}
	defer func() {
		if err != nil {
			err = errors.Join(err, t.Stop())
		}
	}()
	if err := t.layOut(); err != nil {
		return nil, err
	}
	if err := t.startServers(ctx); err != nil {
		return nil, err
	}
	if err := t.configure(); err != nil {
		return nil, err
	}
	if err := t.startProcesses(ctx); err != nil {
		return nil, err
	}
	return t, nil
}

// layOut decides which servers there are and where they listen.
func (t *Topology) layOut() (err error) {
	port := t.plan.Port
	if port == 0 {
		if port, err = child.FreePort(); err != nil {
			return err
		}
	}
	database, err := child.FreePort()
	if err != nil {
		return err
	}
	t.Postgres = newPostgres(t.plan.Dir, database, t.plan.Throwaway)
	t.URL = fmt.Sprintf("http://localhost:%d", port)
	if t.plan.Tier == "1k" {
		all, err := t.layOutProcess("all", 1, port, true)
		t.Processes = []*Server{all}
		return err
	}
	media, err := child.FreePort()
	if err != nil {
		return err
	}
	purge, err := child.FreePort()
	if err != nil {
		return err
	}
	t.purge = local(purge)
	if t.Redis, err = t.newRedis(); err != nil {
		return err
	}
	if t.Store, err = t.newStore(); err != nil {
		return err
	}
	if t.Balancer, err = t.newBalancer(port, media); err != nil {
		return err
	}
	// Cookies know hosts and no ports: another name is what keeps them away.
	t.MediaURL = "http://" + t.media
	return t.layOutProcesses(map[string]int{"web": cmp.Or(t.plan.Web, 2), "worker": cmp.Or(t.plan.Workers, 1)})
}

// startServers starts what the product stands on, all at once.
func (t *Topology) startServers(ctx context.Context) error {
	var all together
	all.do(func() error { return t.Postgres.Start(ctx) })
	for _, s := range t.Servers() {
		if s != t.Balancer && !slices.Contains(t.Processes, s) {
			all.do(func() error { return s.Start(ctx) })
		}
	}
	return all.wait()
}

// startProcesses starts the product and the balancer before it. Workers start in
// turn: each says a setup link, and the last one fits.
func (t *Topology) startProcesses(ctx context.Context) error {
	var all together
	web := webOf(t.Processes)
	for _, s := range web {
		all.do(func() error { return s.Start(ctx) })
	}
	all.do(func() error {
		for _, s := range t.Processes {
			if slices.Contains(web, s) {
				continue
			}
			if err := s.Start(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	if t.Balancer != nil {
		all.do(func() error { return t.Balancer.Start(ctx) })
	}
	if err := all.wait(); err != nil {
		return err
	}
	return await(ctx, nil, func() string { return t.URL }, func(ctx context.Context) error { return answers(ctx, t.URL+"/readyz") })
}

// Servers is every server but PostgreSQL, in the order in which they are ended:
// who asks before who answers.
func (t *Topology) Servers() (all []*Server) {
	if t.Balancer != nil {
		all = append(all, t.Balancer)
	}
	all = append(all, t.Processes...)
	for _, s := range []*Server{t.Redis, t.Store} {
		if s != nil {
			all = append(all, s)
		}
	}
	return all
}

// Server is the one of that name; nil when there is none.
func (t *Topology) Server(name string) *Server {
	for _, s := range t.Servers() {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// Web lists the processes that answer requests.
func (t *Topology) Web() []*Server { return webOf(t.Processes) }

func webOf(processes []*Server) (web []*Server) {
	for _, s := range processes {
		if !strings.HasPrefix(s.Name, "worker-") {
			web = append(web, s)
		}
	}
	return web
}

// Links lists the links from a server to another. An empty name is any server;
// the database's is "postgres".
func (t *Topology) Links(from, to string) (found Links) {
	for _, l := range t.links.all {
		if (from == "" || l.From == from) && (to == "" || l.To == to) {
			found = append(found, l)
		}
	}
	return found
}

// Balance sends new requests to these processes only. Those in flight and open
// connections stay where they are.
func (t *Topology) Balance(web ...*Server) error {
	if err := t.configureBalancer(web); err != nil {
		return err
	}
	t.Balancer.Signal(syscall.SIGHUP)
	return nil
}

var setupLink = regexp.MustCompile(`(http\S+/setup\?token=[\w-]+)`)

// SetupLink is where the first member becomes one; empty once there is
// one.
func (t *Topology) SetupLink() string {
	for _, s := range slices.Backward(t.Processes) {
		if found := setupLink.FindAllString(s.Said(), -1); found != nil {
			return found[len(found)-1]
		}
	}
	return ""
}

// Stop ends everything: first those who ask, last the database. Data stays.
func (t *Topology) Stop() error {
	var problems []error
	if t.Balancer != nil {
		_, err := t.Balancer.Stop()
		problems = append(problems, err)
	}
	var all together
	for _, s := range slices.Concat(t.Processes, t.next) {
		all.do(func() error {
			s.Thaw() // one that is frozen hears nothing
			_, err := s.Stop()
			return err
		})
	}
	problems = append(problems, all.wait())
	for _, s := range []*Server{t.Redis, t.Store} {
		if s != nil {
			s.Kill() // the one keeps nothing, the other has written all that it said it had
		}
	}
	t.links.close()
	if t.Postgres != nil {
		problems = append(problems, t.Postgres.Stop())
	}
	return errors.Join(problems...)
}

// Up is what a process says about its parts on /up.
func (s *Server) Up(ctx context.Context) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Admin+"/up", nil)
	if err != nil {
		return nil, err
	}
	return (&http.Client{Timeout: patience}).Do(req)
}

// together runs steps at once.
type together struct {
	all  sync.WaitGroup
	mu   sync.Mutex
	errs []error
}

func (t *together) do(step func() error) {
	t.all.Go(func() {
		err := step()
		t.mu.Lock()
		defer t.mu.Unlock()
		t.errs = append(t.errs, err)
	})
}

func (t *together) wait() error {
	t.all.Wait()
	return errors.Join(t.errs...)
}
