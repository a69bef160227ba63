package rig

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"vitrine/app/platform/child"
	"vitrine/app/platform/mediatool/mediatest"
)

func TestMain(m *testing.M) { os.Exit(Main(m)) }

const password = "correct horse battery staple"

// The 1k tier is one process and its database.
func TestTopology_1k(t *testing.T) {
	t.Parallel()
	top := Up(t, Plan{Tier: "1k"})
	if names := names(top); !slices.Equal(names, []string{"all-1"}) {
		t.Errorf("it runs %v", names)
	}
	publishes(t, top)
}

// The 10k tier is one topology for all that can be done to it: starting it takes
// seconds.
func TestTopology_10k(t *testing.T) {
	t.Parallel()
	Binary(t) // building it is not starting it
	began := time.Now()
	top := Up(t, Plan{Tier: "10k", Links: true})
	t.Logf("up after %.1f s", time.Since(began).Seconds())
	if names, want := names(top), []string{"balancer", "web-1", "web-2", "worker-1", "redis", "store"}; !slices.Equal(names, want) {
		t.Fatalf("it runs %v, want %v", names, want)
	}
	t.Run("roles", func(t *testing.T) { roles(t, top) })
	t.Run("kill", func(t *testing.T) { kill(t, top) })
	t.Run("freeze", func(t *testing.T) { freeze(t, top) })
	t.Run("links", func(t *testing.T) { cutAndSlow(t, top) })
	t.Run("cdn", func(t *testing.T) { cdn(t, top) })
	t.Run("takedown", func(t *testing.T) { takedown(t, top) })
	t.Run("balance", func(t *testing.T) { balance(t, top) })
	t.Run("nobody", func(t *testing.T) { nobody(t, top) })
	t.Run("again", func(t *testing.T) { again(t, top) })
}

func names(top *Topology) (names []string) {
	for _, s := range top.Servers() {
		names = append(names, s.Name)
	}
	return names
}

// publishes goes the way from the setup link to a work that everybody sees,
// which every part of the product has a share in.
func publishes(t *testing.T, top *Topology) {
	t.Helper()
	owner := top.Site(t).Visit()
	owner.SetUp("owner@studio.example", password, "Harbour & Field")
	compose := owner.Get("/studio/harbour-field/new")
	compose = owner.SubmitFiles(compose, "#compose", url.Values{"intent": {"upload"}, "title": {"Harbour, five in the morning"}},
		[]File{{Field: "files", Name: "harbour.jpg", Content: mediatest.JPEG(t, 900, 600)}})
	compose = owner.Await(compose.Path, "the file to be ready", func(p *Page) bool { return p.Find(`[data-file][data-state="ready"]`).Length() == 1 })
	owner.Submit(compose, "#compose", url.Values{"intent": {"publish"}})
	owner.Await("/@harbour-field", "the work to be there", func(p *Page) bool { return strings.Contains(p.Text(), "five in the morning") })
}

// roles looks at who does what.
func roles(t *testing.T, top *Topology) {
	publishes(t, top)
	for _, s := range top.Processes {
		site := top.Process(t, s)
		worked := site.Metric(`vitrine_tasks_total{outcome="done",subscriber="media.inspect"}`)
		answered := site.Metric(`vitrine_http_requests_total{method="GET",route="/readyz",status="200"}`)
		worker := strings.HasPrefix(s.Name, "worker")
		if (worked != "") != worker || (answered == "") != worker {
			t.Errorf("%s has processed %q files and answered %q times whether it is ready", s.Name, worked, answered)
		}
		if said := strings.Contains(s.Log(), "A worker of "+top.URL+" is at work."); said != worker {
			t.Errorf("%s says of itself: %s", s.Name, s.Log())
		}
	}
	trusted(t, top)
}

// trusted waits until the balancer asks all web processes: it passes for seconds
// over one that was slow to answer on a busy machine, too.
func trusted(t *testing.T, top *Topology) {
	t.Helper()
	for _, s := range top.Web() {
		top.AwaitTrust(t, s)
	}
}

// kill ends one of two web processes, then the worker, as a power cut would.
func kill(t *testing.T, top *Topology) {
	web, site := top.Server("web-1"), top.Site(t)
	trusted(t, top)
	web.Kill()
	if web.Running() {
		t.Error("a killed process runs")
	}
	for i := range 20 {
		if status := site.Status("/explore"); status != http.StatusOK {
			t.Errorf("request %d after the end of one process answers %d", i, status)
		}
	}
	start(t, web)
	top.AwaitTrust(t, web)
	worker := top.Server("worker-1")
	worker.Kill()
	start(t, worker)

	top.Redis.Kill()
	if err := pong(t.Context(), top.Redis.Address); err == nil {
		t.Error("a killed Redis answers")
	}
	start(t, top.Redis)

	top.Postgres.Kill()
	if status := site.Status("/explore"); status != http.StatusServiceUnavailable {
		t.Errorf("without a database a page answers %d, want 503", status)
	}
	runs := names(top)
	if err := top.Deploy(t.Context(), Change{}); err == nil || !strings.Contains(err.Error(), "PostgreSQL does not run") || !slices.Equal(names(top), runs) {
		t.Errorf("without a database other processes take the place of %v: %v; it runs %v", runs, err, names(top))
	}
	if err := top.Postgres.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	top.Eventually(t, "pages to come back", func() bool { return site.Status("/explore") == http.StatusOK })
}

func start(t *testing.T, s *Server) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := s.Start(ctx); err != nil {
		t.Fatal(err)
	}
}

// freeze holds a web process, then the database, and lets them go on.
func freeze(t *testing.T, top *Topology) {
	web, site := top.Server("web-2"), top.Site(t)
	trusted(t, top)
	web.Freeze()
	for i := range 4 {
		if status := site.Status("/explore"); status != http.StatusOK {
			t.Errorf("request %d beside a frozen process answers %d", i, status)
		}
	}
	web.Thaw()
	top.Eventually(t, "the process to go on", func() bool { return top.Process(t, web).Status("/readyz") == http.StatusOK })

	top.Postgres.Freeze()
	// What it says may be a second old.
	top.Eventually(t, "the process to be without a database", func() bool { return withoutDatabase(t, web) })
	top.Postgres.Thaw()
	top.Eventually(t, "pages to come back", func() bool { return site.Status("/explore") == http.StatusOK })
}

// withoutDatabase tells whether a process says that it has no database. Of other
// parts it may say so, too: they may be slow to answer on a busy machine.
func withoutDatabase(t *testing.T, s *Server) bool {
	t.Helper()
	res, err := s.Up(t.Context())
	if err != nil {
		return false
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	return err == nil && strings.Contains(string(raw), `{"name":"database","ok":false`)
}

// cutAndSlow changes the ways of one process and looks at the other's.
func cutAndSlow(t *testing.T, top *Topology) {
	if all := top.Links("", "postgres"); len(all) != len(top.Processes) {
		t.Errorf("%d links lead to the database, want %d", len(all), len(top.Processes))
	}
	one := top.Links("web-1", "postgres")
	one.Cut()
	top.Eventually(t, "the process to be without a database", func() bool { return withoutDatabase(t, top.Server("web-1")) })
	// It may have been slow to say so a second ago.
	top.Eventually(t, "the other process to have one", func() bool { return !withoutDatabase(t, top.Server("web-2")) })
	mend(t, one)
	top.Eventually(t, "the process to have it again", func() bool { return !withoutDatabase(t, top.Server("web-1")) })

	redis := top.Links("worker-1", "redis")
	at := top.ways[way{"worker-1", "redis"}]
	if err := redis.Slow(300 * time.Millisecond); err != nil {
		t.Fatal(err)
	}
	answers := func() bool { return pong(t.Context(), at) == nil } // within a second, which a busy machine may miss
	var began time.Time
	top.Eventually(t, "a slow link to answer", func() bool {
		began = time.Now()
		return answers()
	})
	if took := time.Since(began); took < 250*time.Millisecond {
		t.Errorf("a slow link answers after %s", took)
	}
	mend(t, redis)
	if err := redis.Stall(); err != nil {
		t.Fatal(err)
	}
	if answers() {
		t.Error("a stalled link answers")
	}
	mend(t, redis)
	top.Eventually(t, "a mended link to answer", answers)
}

func mend(t *testing.T, l Links) {
	t.Helper()
	if err := l.Mend(); err != nil {
		t.Fatal(err)
	}
}

// balance takes one process out and back, with a load on both.
func balance(t *testing.T, top *Topology) {
	web, site := top.Web(), top.Site(t)
	asked := func(s *Server) string {
		return top.Process(t, s).Metric(`vitrine_http_requests_total{method="GET",route="/t/:tag",status="404"}`)
	}
	if err := top.Balance(web[1]); err != nil {
		t.Fatal(err)
	}
	top.Eventually(t, "one process alone to be asked", func() bool {
		was := asked(web[0])
		for range 10 {
			site.Status("/t/nothing-has-this")
		}
		return asked(web[0]) == was && asked(web[1]) != ""
	})
	before := asked(web[0])
	if err := top.Balance(web...); err != nil {
		t.Fatal(err)
	}
	top.Eventually(t, "both to be asked again", func() bool {
		site.Status("/t/nothing-has-this")
		return asked(web[0]) != before
	})
}

// again ends all of it, looks for what is left, and starts it on the same data.
func again(t *testing.T, top *Topology) {
	pids := pidsOf(top)
	if err := top.Stop(); err != nil {
		t.Error(err)
	}
	for _, pid := range pids {
		// PostgreSQL's logger ends when it has read the last word of the others.
		top.Eventually(t, "process "+strconv.Itoa(pid)+" to be gone", func() bool {
			// One that is ending, and has given its memory back, has no command line any more.
			said, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "cmdline"))
			return !alive(pid) || len(said) == 0
		})
	}
	for _, s := range top.Processes {
		if !strings.Contains(s.Said(), "Stopping.") || s.last().Status() != 0 {
			t.Errorf("%s ended with status %d:\n%s", s.Name, s.last().Status(), tailOf(s.Log()))
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	next, err := Run(ctx, top.plan)
	if err != nil {
		t.Fatal(err)
	}
	if body := next.Site(t).Body("/@harbour-field"); !strings.Contains(body, "five in the morning") {
		t.Errorf("the work is gone:\n%.2000s\n%s", body, next.Unusual())
	}
	if link := next.SetupLink(); link != "" {
		t.Errorf("a setup link is printed again: %s", link)
	}
	if err := next.Stop(); err != nil {
		t.Error(err)
	}
}

func pidsOf(top *Topology) (pids []int) {
	pids = child.Family(top.Postgres.Pid())
	for _, s := range top.Servers() {
		pids = append(pids, child.Family(s.Pid())...)
	}
	return pids
}

func alive(pid int) bool {
	raw, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return false
	}
	_, state, _ := strings.Cut(string(raw), ") ")
	return !strings.HasPrefix(state, "Z")
}

// TestTopology_crash kills a process that runs a topology. Nothing of it may be
// left, its directory neither.
func TestTopology_crash(t *testing.T) {
	t.Parallel()
	if os.Getenv("VITRINE_RIG_CRASH") != "" {
		t.Skip("This is the process that is killed; it has a test of its own.")
	}
	said := filepath.Join(t.TempDir(), "said")
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestTopology_killed$")
	cmd.Env = append(os.Environ(), "VITRINE_RIG_CRASH="+said, "VITRINE_RIG_BINARY="+Binary(t))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var words []string
	top := &Topology{}
	top.Eventually(t, "the topology to run", func() bool {
		raw, err := os.ReadFile(said)
		words = strings.Fields(string(raw))
		return err == nil && len(words) > 2 && words[len(words)-1] == "."
	})
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	dir := words[0]
	for _, word := range words[1 : len(words)-1] {
		pid, err := strconv.Atoi(word)
		if err != nil {
			t.Fatal(err)
		}
		top.Eventually(t, "process "+word+" to end", func() bool { return !alive(pid) })
	}
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(dir, old, old); err != nil {
		t.Fatal(err)
	}
	sweep()
	if _, err := os.Stat(dir); err == nil {
		t.Errorf("%s is left", dir)
	}
}

// TestTopology_killed is the process of TestTopology_crash.
func TestTopology_killed(t *testing.T) {
	said := os.Getenv("VITRINE_RIG_CRASH")
	if said == "" {
		t.Skip("This is no test of its own: TestTopology_crash runs it.")
	}
	buildOnce.Do(func() { built = os.Getenv("VITRINE_RIG_BINARY") })
	top := Up(t, Plan{Tier: "10k"})
	words := []string{top.plan.Dir}
	for _, pid := range pidsOf(top) {
		words = append(words, strconv.Itoa(pid))
	}
	if err := os.WriteFile(said, []byte(strings.Join(append(words, "."), " ")), 0o600); err != nil {
		t.Fatal(err)
	}
	<-t.Context().Done()
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
}
