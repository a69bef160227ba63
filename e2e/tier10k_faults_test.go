package e2e

import (
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"vitrine/app/platform/child"
	"vitrine/app/platform/mediatool/mediatest"
	visits "vitrine/bench/traffic"
	"vitrine/e2e/rig"

	"github.com/redis/go-redis/v9"
)

// What becomes of the 10k tier when a part of it is lost while people use it:
// every row of the table of what is lost with which part, in one topology. Those
// marked rare run only when a report is asked for:
//
//	go test ./e2e -run TestFaults10k -count=1 -timeout 30m -args -faults.report=faults.md -faults.rate=40 -faults.hold=400
var (
	faultsReport = flag.String("faults.report", "", "file for what each fault did; names all faults, the rare ones, too")
	faultsRate   = flag.Float64("faults.rate", 8, "visits per second while parts are broken")
	faultsOnly   = flag.String("faults.only", "", "the faults whose names this expression finds; all without")
	faultsHold   = flag.Int("faults.hold", 24, "visits that come while a part is away")
)

// fault is one part that is lost and comes back.
type fault struct {
	name string
	rare bool
	away func(f *fair)
	back func(f *fair)
	// meets looks at what else is said while it is away; nil does not.
	meets func(f *fair)
	// promised looks at the visits that left between the two.
	promised func(t *testing.T, during *visits.Report)
	// inFlight says that visits that had left before the part went may fail, which
	// the balancer says by refusing them, refused that they may be refused, and wait
	// that files among them may.
	inFlight, refused, wait bool
}

var faults10k = []fault{
	{name: "Redis killed, and back without anything", away: func(f *fair) { f.Redis.Kill() }, back: func(f *fair) { f.start(f.Redis) }, promised: allGoesOn},
	{name: "Redis frozen", away: func(f *fair) { f.Redis.Freeze() }, back: func(f *fair) { f.Redis.Thaw() }, promised: allGoesOn},
	{name: "Redis emptied", away: (*fair).flush, back: (*fair).flush, promised: allGoesOn},
	{name: "one web process cut off from Redis", rare: true, away: func(f *fair) { f.Links("web-1", "redis").Cut() }, back: func(f *fair) { f.mend("web-1", "redis") }, promised: allGoesOn},
	{name: "Redis slow by 2 s", rare: true, away: func(f *fair) { f.slow("redis") }, back: func(f *fair) { f.mend("", "redis") }, promised: allGoesOn},
	{name: "a web process killed", away: func(f *fair) {
		f.Server("web-1").Kill()
		f.Links("balancer", "web-1").Cut() // the link itself would take connections for a process that is not there
	}, back: func(f *fair) {
		f.start(f.Server("web-1"))
		f.balance("web-1")
	}, promised: allGoesOn, inFlight: true},
	{name: "the balancer cut off from a web process", away: func(f *fair) { f.Links("balancer", "web-2").Cut() }, back: func(f *fair) { f.balance("web-2") }, promised: allGoesOn, inFlight: true},
	{name: "the object store killed", away: func(f *fair) { f.Store.Kill() }, back: func(f *fair) { f.start(f.Store) }, promised: filesWait, wait: true},
	{name: "the object store frozen", rare: true, away: func(f *fair) { f.Store.Freeze() }, back: func(f *fair) { f.Store.Thaw() }, promised: filesHang, inFlight: true},
	{name: "the key of the object store revoked", away: (*fair).revokeKey, meets: (*fair).meetsRevokedKey, back: (*fair).restoreKey, promised: filesWait, wait: true},
	{name: "the object store an hour ahead", rare: true, away: (*fair).skewStore, back: func(f *fair) { f.mend("", "store") }, promised: allGoesOn},
	{name: "the balancer reloaded", rare: true, away: (*fair).reloadBalancer, back: (*fair).keptByBalancer, promised: allGoesOn},
	{name: "the balancer killed", away: (*fair).killBalancer, back: (*fair).startBalancer, promised: nobodyAnswers, inFlight: true},
	{name: "PostgreSQL stopped and started", away: (*fair).stopDatabase, meets: (*fair).meetsKept, back: (*fair).startDatabase, promised: plainRefusals, refused: true},
	{name: "PostgreSQL killed", rare: true, away: func(f *fair) { f.Postgres.Kill() }, meets: (*fair).meetsKept, back: (*fair).startDatabase, promised: plainRefusals, refused: true},
}

func TestFaults10k(t *testing.T) {
	t.Parallel()
	chosen := regexp.MustCompile(*faultsOnly)
	f := newFair(t)
	for _, path := range f.photos { // the CDN has seen them
		if err := f.look(t.Context(), path); err != nil {
			t.Fatal(err)
		}
	}
	load, err := visits.Start(t.Context(), visits.Plan{Rate: *faultsRate, Next: f.visit})
	if err != nil {
		t.Fatal(err)
	}
	defer load.Stop()
	f.hold(20)
	nothingFails(t, "before anything is broken", load.Phase())
	out := &table{}
	defer func() { t.Logf("\n%s", out.rows.String()) }() // also when one of them ends the test
	if *faultsOnly == "" {
		f.loseWorker(t, load, out) // while few files wait to be worked on
	}
	for _, c := range faults10k {
		if chosen.MatchString(c.name) && (!c.rare || *faultsReport != "") {
			f.lose(t, load, c, out)
		}
	}
	if chosen.MatchString("the disk of PostgreSQL full") {
		t.Run("the disk of PostgreSQL", func(t *testing.T) { f.fullDatabase(t, load, out) })
	}
	load.Stop()
	sums, lost := f.lost()
	for _, what := range lost {
		t.Errorf("lost: %s", what)
	}
	for kind, n := range sums {
		if n == 0 {
			t.Errorf("nothing of the kind %q was acknowledged", kind)
		}
	}
	if n := f.count("select count(*) - count(distinct (media_id, name)) from renditions"); n != 0 {
		t.Errorf("%d renditions are there twice", n)
	}
	t.Logf("acknowledged and looked up: %v", sums)
	out.write(t, sums, lost)
}

// lose takes a part away under the crowd, waits until enough people have come,
// gives it back, and looks at what became of them and of those after them.
func (f *fair) lose(t *testing.T, load *visits.Load, c fault, out *table) {
	t.Helper()
	c.away(f)
	before := load.Phase() // what was in flight
	all := before.All()
	if c.wait {
		all.Shed -= sum(before, uploads).Shed
	}
	if all.Failed > 0 && !c.inFlight || all.Shed > 0 && !c.refused && !c.inFlight {
		t.Errorf("%s, those before: %s", c.name, before)
	}
	if c.meets != nil {
		c.meets(f)
	}
	f.hold(*faultsHold)
	c.back(f)
	f.whole()
	during := load.Phase()
	c.promised(t, during)
	if t.Failed() {
		t.Fatalf("%s:\n%s", c.name, during)
	}
	f.hold(20)
	after := load.Phase()
	nothingFails(t, c.name+", those afterwards", after)
	out.add(c.name, before, during, after)
}

// hold waits until so many more people have come.
func (f *fair) hold(n int) {
	f.t.Helper()
	until := f.left.Load() + int64(n)
	f.Eventually(f.t, "people to come", func() bool { return f.left.Load() >= until })
}

// whole waits until every process says that its parts work, and pages and forms
// are as ever.
func (f *fair) whole() {
	f.t.Helper()
	for _, p := range f.Processes {
		f.Eventually(f.t, p.Name+" to have all its parts", func() bool {
			parts := up(f.Process(f.t, p))
			return parts["database"] && parts["files"] && parts["redis"]
		})
	}
	f.Eventually(f.t, "a form to be taken", func() bool { return f.draft(f.t.Context(), f.fans[0]) == nil })
}

func nothingFails(t *testing.T, when string, r *visits.Report) {
	t.Helper()
	if all := r.All(); all.Failed > 0 || all.Shed > 0 {
		t.Errorf("%s: %s", when, r)
	}
}

// allGoesOn is promised where the product does without a part.
func allGoesOn(t *testing.T, during *visits.Report) {
	t.Helper()
	for _, kind := range []string{reads, writes, uploads} {
		if k := sum(during, kind); k.Failed > 0 || k.Shed > 0 {
			t.Errorf("%s: %d failed and %d refused", kind, k.Failed, k.Shed)
		}
	}
}

// filesWait is promised without the object store: pages render, pictures that the
// CDN has seen come, forms are taken, and a file is told to wait.
func filesWait(t *testing.T, during *visits.Report) {
	t.Helper()
	for _, kind := range []string{reads, writes} {
		if k := sum(during, kind); k.Failed > 0 || k.Shed > 0 {
			t.Errorf("%s: %d failed and %d refused", kind, k.Failed, k.Shed)
		}
	}
	if k := sum(during, uploads); k.Failed > 0 {
		t.Errorf("%d uploads failed", k.Failed)
	}
}

// filesHang is filesWait where the object store does not say that it is away:
// whoever sends a file before that is noticed is told after up to 17 s, which is
// longer than anybody of this crowd waits.
func filesHang(t *testing.T, during *visits.Report) {
	t.Helper()
	for _, kind := range []string{reads, writes} {
		if k := sum(during, kind); k.Failed > 0 || k.Shed > 0 {
			t.Errorf("%s: %d failed and %d refused", kind, k.Failed, k.Shed)
		}
	}
	for why, n := range during.Kind(uploads).Why {
		if !strings.Contains(why, "Client.Timeout exceeded") {
			t.Errorf("%d uploads failed: %s", n, why)
		}
	}
}

// plainRefusals are promised without the database: pages that are kept come, and
// pictures; everything else is refused with a time to come back.
func plainRefusals(t *testing.T, during *visits.Report) {
	t.Helper()
	if all := during.All(); all.Failed > 0 || all.Shed == 0 {
		t.Errorf("%d failed and %d were refused", all.Failed, all.Shed)
	}
	// Where Redis answers late, on a busy machine, what it keeps does not come; meetsKept asks once more.
	for kind, most := range map[string]int{reads + "explore": during.Kind(reads+"explore").Sent() / 2, reads + "picture": 0} {
		if k := during.Kind(kind); k.Shed > most || k.Sent() == 0 {
			t.Errorf("%d of %d visits of kind %q were refused", k.Shed, k.Sent(), kind)
		}
	}
}

// meetsKept looks at what every process shows without the database.
func (f *fair) meetsKept() {
	f.t.Helper()
	for _, web := range f.Web() {
		f.Eventually(f.t, "a page that is kept to come from "+web.Name, func() bool { return f.Process(f.t, web).Status("/explore") == http.StatusOK })
	}
}

func (f *fair) start(s *rig.Server) {
	f.t.Helper()
	if err := s.Start(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fair) mend(from, to string) {
	f.t.Helper()
	if err := f.Links(from, to).Mend(); err != nil {
		f.t.Fatal(err)
	}
}

// balance mends the way to a web process, and waits until people are sent there:
// without the other process in these seconds there would be no site.
func (f *fair) balance(web string) {
	f.t.Helper()
	f.mend("balancer", web)
	f.AwaitTrust(f.t, f.Server(web))
}

func (f *fair) slow(part string) {
	f.t.Helper()
	if err := f.Links("", part).Slow(2 * time.Second); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fair) flush() {
	f.t.Helper()
	r := redis.NewClient(&redis.Options{Addr: f.Redis.Address, DisableIdentity: true})
	defer func() { _ = r.Close() }()
	if err := r.FlushAll(f.t.Context()).Err(); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fair) stopDatabase() {
	f.t.Helper()
	if err := f.Postgres.Stop(); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fair) startDatabase() {
	f.t.Helper()
	if err := f.Postgres.Start(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
}

// loseWorker kills the worker that encodes a film, with the encoder. The other
// one takes the film over, and each rendition is there once.
func (f *fair) loseWorker(t *testing.T, load *visits.Load, out *table) {
	t.Helper()
	const name = "a worker killed in the middle of a film"
	load.Phase()
	owner := f.owner
	film, err := os.ReadFile(mediatest.Film(t, "tide.mp4", "-f", "lavfi", "-i", "testsrc2=s=640x360:d=8:r=25", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"))
	if err != nil {
		t.Fatal(err)
	}
	compose := owner.SubmitFiles(owner.Get("/studio/"+home+"/new"), "#compose", url.Values{"intent": {"upload"}, "title": {workTitle}},
		[]rig.File{{Field: "files", Name: "tide.mp4", Content: film}})
	if compose.Status != http.StatusOK {
		t.Fatalf("the film is answered with %s", compose)
	}
	var killed *rig.Server
	f.Eventually(t, "a worker to encode the film", func() bool {
		for _, p := range f.Processes {
			for _, pid := range child.Family(p.Pid()) {
				if strings.HasPrefix(p.Name, "worker-") && encodes(pid) {
					killed = p
				}
			}
		}
		return killed != nil
	})
	before := load.Phase()
	killed.Kill()
	owner.Await(compose.Path, "the film to be ready", func(p *rig.Page) bool { return p.Find(`[data-file][data-state="ready"]`).Length() == 1 })
	f.start(killed)
	during := load.Phase()
	allGoesOn(t, during)
	f.hold(20)
	after := load.Phase()
	nothingFails(t, name+", those afterwards", after)
	if n := f.count("select count(*) from renditions where name like '%.mp4' and name not like '%preview%'"); n < 1 || n != f.count("select count(distinct media_id) from renditions where name like '%.mp4' and name not like '%preview%'") {
		t.Errorf("%d films were encoded", n)
	}
	if n := f.count("select count(*) from tasks where state <> 'ready'"); n != 0 {
		t.Errorf("%d tasks were given up", n)
	}
	out.add(name, before, during, after)
}

// table is what a report holds.
type table struct{ rows strings.Builder }

func (o *table) add(name string, before, during, after *visits.Report) {
	b, d, a := before.All(), during.All(), after.All()
	fmt.Fprintf(&o.rows, "| %s | %d of %d | %d | %d | %d | %d | %.0f | %d of %d |\n", name, b.Failed, b.Sent(), d.Sent(), len(d.Took), d.Shed, d.Failed, float64(d.At(0.99).Milliseconds()), a.Failed, a.Sent())
}

// write writes the report that was asked for.
func (o *table) write(t *testing.T, sums map[string]int, lost []string) {
	t.Helper()
	if *faultsReport == "" {
		return
	}
	text := fmt.Sprintf("| fault | failed of those that had left before | visits while it was away | answered | refused | failed | p99 ms of those answered | failed afterwards |\n|---|---|---|---|---|---|---|---|\n%s\n%d processors, %g visits/s. Acknowledged and looked up afterwards: %v; lost: %d.\n",
		o.rows.String(), runtime.NumCPU(), *faultsRate, sums, len(lost))
	if err := os.WriteFile(*faultsReport, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
