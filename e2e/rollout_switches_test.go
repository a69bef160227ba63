package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"vitrine/e2e/rig"
)

// What may be stale, and for how long, see docs/operating.md.
const (
	worksLate   = 5 * time.Second
	countsLate  = 10 * time.Second
	removedLate = time.Second
)

// ladder is the way from one machine's settings to those of 10k, one switch at a
// time; the way back is the same. What changes who reads goes through fill.
var ladder = []string{"SESSIONS=fill", "SESSIONS=redis", "CACHE=fill", "CACHE=redis", "LIMITS=redis", "DELIVERY=asynq", "CDN=media"}

// Each switch goes on and back, one by one, in a topology that is used. While
// processes of both settings are asked, what one of them writes the other shows
// in time; who signs out at one is out at all of them; and no request fails.
func TestRollout_switches(t *testing.T) {
	t.Parallel()
	start := []string{"SESSIONS=postgres", "CACHE=off", "LIMITS=memory", "DELIVERY=inline", "CDN=off", "LIMIT_COMMENT=0"}
	top := rig.Up(t, rig.Plan{Tier: "10k", Env: start})
	h := talkAt(t, top.Site(t))
	r := &rolled{Topology: top, talked: h, hall: hall{Topology: top, line: &http.Client{Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}}
	r.edits = map[string]string{"ridges": edits(h), "quay": r.publish(t)}
	studio := h.site.URL + h.work[:strings.LastIndexByte(h.work, '/')]
	c := newCrowd(t, h.site, visited{h.site.URL + "/explore", "</html>", r.fresh}, visited{h.site.URL + h.work, "</html>", r.fresh}, visited{studio, "</html>", r.fresh})
	c.visit(50 * time.Millisecond)

	at := map[string]string{}
	for _, kv := range start {
		name, value, _ := strings.Cut(kv, "=")
		at[name] = value
	}
	var back []string
	for _, step := range ladder {
		name, value, _ := strings.Cut(step, "=")
		back = append(back, name+"="+at[name])
		at[name] = value
	}
	slices.Reverse(back)
	out := &changes{}
	for _, step := range slices.Concat(ladder, back) {
		took := deploy(t, top, []string{step}, h.keep, func(next []*rig.Server) { r.beside(t, step, next) })
		out.add(step, took, c.tally())
	}
	r.settled(t)
	out.write(t, c, fmt.Sprintf("Each switch on and back; %d titles changed, %d comments written", r.takes, len(r.remarks)))
}

// rolled is a house whose switches change.
type rolled struct {
	*rig.Topology
	*talked
	hall  hall
	edits map[string]string // by work: the page on which it is edited

	mu      sync.Mutex
	titles  map[string][]promised // by work
	remarks []promised
	removed time.Time // zero while the quay is to be seen
	takes   int
}

// promised is a number that was acknowledged.
type promised struct {
	n  int
	at time.Time
}

// owed is the newest number that whoever asks at a time has to see.
func owed(all []promised, asked time.Time, late time.Duration) (n int) {
	for _, p := range all {
		if !asked.Before(p.at.Add(late)) {
			n = max(n, p.n)
		}
	}
	return n
}

// edits is where the owner edits the one work that they have.
func edits(h *talked) string {
	return h.owner.Get(h.studio).Find(`a[href*="/works/"]`).First().AttrOr("href", "")
}

// publish publishes the second work, and gives where it is edited.
func (r *rolled) publish(t *testing.T) string {
	t.Helper()
	p := r.owner.SubmitFiles(r.owner.Get(r.studio+"/new"), "#compose", url.Values{"intent": {"upload"}, "title": {"quay, take 0"}}, []rig.File{still(t, "quay.jpg", 7, "sea", 600, 400)})
	p = r.owner.Await(p.Path, "the file to be ready", func(p *rig.Page) bool { return p.Find("#files [data-file] .thumb img").Length() == 1 })
	if p := r.owner.Submit(p, "#compose", url.Values{"intent": {"publish"}}); !strings.HasPrefix(p.Path, "/@") {
		t.Fatalf("the second work was not published: %s", p)
	}
	first := edits(&talked{owner: r.owner, studio: r.studio})
	if first == "" || first == r.edits["ridges"] {
		t.Fatalf("the second work is edited at %q", first)
	}
	return first
}

var (
	take   = regexp.MustCompile(`(ridges|quay), take (\d+)`)
	remark = regexp.MustCompile(`remark (\d+)\.`)
)

// fresh judges what a visitor is shown.
func (r *rolled) fresh(asked time.Time, body string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range take.FindAllStringSubmatch(body, -1) {
		if n, _ := strconv.Atoi(m[2]); n < owed(r.titles[m[1]], asked, worksLate) {
			return fmt.Errorf("a stale read: %q, asked for %s after take %d was acknowledged", m[0], worksLate, owed(r.titles[m[1]], asked, worksLate))
		}
		if m[1] == "quay" && !r.removed.IsZero() && !asked.Before(r.removed.Add(removedLate)) {
			return fmt.Errorf("a work is shown, asked for %s after it was taken down", asked.Sub(r.removed))
		}
	}
	if strings.Contains(body, `id="talk-head"`) {
		newest := 0
		for _, m := range remark.FindAllStringSubmatch(body, -1) {
			n, _ := strconv.Atoi(m[1])
			newest = max(newest, n)
		}
		if want := owed(r.remarks, asked, worksLate); newest < want {
			return fmt.Errorf("a stale read: remark %d, asked for %s after remark %d was acknowledged", newest, worksLate, want)
		}
		if said, want := counted(body), owed(r.remarks, asked, countsLate); said < want {
			return fmt.Errorf("a stale count: %d comments, asked for %s after there were %d", said, countsLate, want)
		}
	}
	return nil
}

var heading = regexp.MustCompile(`id="talk-head"[^>]*>(\w+)`)

// counted is how many comments a page says that there are.
func counted(body string) int {
	m := heading.FindStringSubmatch(body)
	if m == nil {
		return 0
	}
	if n, err := strconv.Atoi(m[1]); err == nil {
		return n
	}
	return slices.Index(strings.Fields("Comments One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve"), m[1])
}

// beside is what is done while both settings are asked.
func (r *rolled) beside(t *testing.T, step string, next []*rig.Server) {
	t.Helper()
	var all []*rig.Server
	for _, s := range slices.Concat(r.Processes, next) {
		if strings.HasPrefix(s.Name, "web-") {
			all = append(all, s)
		}
	}
	before, after := all[0], all[len(all)-1]
	r.comment(t)
	switch {
	case strings.HasPrefix(step, "SESSIONS="):
		for _, s := range all {
			r.signOut(t, s, all)
		}
	case strings.HasPrefix(step, "CACHE="):
		r.takeDown(t, before, after, all)
		// One work by each, so that neither makes good what the other leaves undone.
		r.retitle(t, before, "ridges")
		r.retitle(t, after, "quay")
		last := time.Now()
		r.Eventually(t, "what was written to be owed to everybody", func() bool { return time.Since(last) > worksLate })
		for _, s := range all {
			for _, path := range []string{"/explore", r.work, r.work[:strings.LastIndexByte(r.work, '/')]} {
				began, body := time.Now(), r.Process(t, s).Body(path)
				if err := r.fresh(began, body); err != nil || !strings.Contains(body, "ridges, take") {
					t.Errorf("%s, %s at %s: %v\n%.300s", step, path, s.Name, err, body)
				}
			}
		}
	}
}

// comment writes one, which its writer sees on the next page.
func (r *rolled) comment(t *testing.T) {
	t.Helper()
	n := len(r.remarks) + 1
	p := r.fan.Submit(r.fan.Get(r.work), "#say-form", url.Values{"body": {fmt.Sprintf("This is remark %d.", n)}})
	if p.Status != http.StatusOK || !strings.Contains(p.Text(), fmt.Sprintf("remark %d.", n)) {
		t.Errorf("who writes remark %d sees %s", n, p)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.remarks = append(r.remarks, promised{n, time.Now()})
}

// at signs the owner in at one process.
func (r *rolled) at(t *testing.T, s *rig.Server) *rig.Member {
	t.Helper()
	m := r.Process(t, s).Visit()
	if p := m.Submit(m.Get("/login"), "main form", url.Values{"email": {ownerEmail}, "password": {password}}); p.Status != http.StatusOK || p.Path == "/login" {
		t.Fatalf("signing in at %s is answered with %s", s.Name, p)
	}
	return m
}

// retitle changes a work through one process, and sees so on the next page.
func (r *rolled) retitle(t *testing.T, s *rig.Server, work string) {
	t.Helper()
	m := r.at(t, s)
	r.takes++
	title := fmt.Sprintf("%s, take %d", work, r.takes)
	p := m.Submit(m.Get(r.edits[work]), "#compose", url.Values{"intent": {"save"}, "title": {title}})
	if p.Status != http.StatusOK || p.Find(`[name="title"]`).AttrOr("value", "") != title {
		t.Fatalf("%s answers %s to a new title", s.Name, p)
	}
	if work == "ridges" {
		r.work = p.Find(`#compose a[href^="/@"]`).First().AttrOr("href", "") // it moves with its title
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.titles == nil {
		r.titles = map[string][]promised{}
	}
	r.titles[work] = append(r.titles[work], promised{r.takes, time.Now()})
}

// takeDown takes the quay down through one process, looks for it everywhere, and
// puts it up again through another.
func (r *rolled) takeDown(t *testing.T, by, again *rig.Server, all []*rig.Server) {
	t.Helper()
	m := r.at(t, by)
	if p := m.Submit(m.Get(r.edits["quay"]), "#compose", url.Values{"intent": {"archive"}}); p.Status != http.StatusOK {
		t.Fatalf("%s answers %s to an archived work", by.Name, p)
	}
	gone := time.Now()
	r.mu.Lock()
	r.removed = gone
	r.mu.Unlock()
	r.Eventually(t, "nobody to be allowed to see the work any more", func() bool { return time.Since(gone) > removedLate })
	for _, s := range all {
		for _, path := range []string{"/explore", r.work[:strings.LastIndexByte(r.work, '/')]} {
			if strings.Contains(r.Process(t, s).Body(path), "quay, take") {
				t.Errorf("%s at %s shows a work %s after it was taken down", path, s.Name, time.Since(gone))
			}
		}
	}
	r.mu.Lock()
	r.removed = time.Time{}
	r.mu.Unlock()
	m = r.at(t, again)
	if p := m.Submit(m.Get(r.edits["quay"]), "#compose", url.Values{"intent": {"publish"}}); p.Status != http.StatusOK {
		t.Fatalf("%s answers %s to a work that is put up again", again.Name, p)
	}
}

// signOut ends a session at one process, after all have seen it. All of them
// must obey at once.
func (r *rolled) signOut(t *testing.T, by *rig.Server, all []*rig.Server) {
	t.Helper()
	m := r.site.Visit()
	m.Submit(m.Get("/login"), "main form", url.Values{"email": {ownerEmail}, "password": {password}})
	for _, s := range all {
		if !r.hall.signedIn(t, s, m.Cookies()) {
			t.Errorf("%s does not know who has just signed in", s.Name)
		}
	}
	// Where Redis answers late, on a busy machine, it is not taken, and nothing is promised.
	r.Eventually(t, "signing out at "+by.Name+" to be taken", func() bool { return r.hall.signOut(t, by, m.Cookies()) == http.StatusSeeOther })
	for _, s := range all {
		if r.hall.signedIn(t, s, m.Cookies()) {
			t.Errorf("a session that ended at %s lives on at %s", by.Name, s.Name)
		}
	}
}

// settled waits until everything that was promised for later is done, whoever
// carried it.
func (r *rolled) settled(t *testing.T) {
	t.Helper()
	d := databaseOf(t, r.Topology)
	r.Eventually(t, "all events to be carried and all tasks to be done", func() bool {
		return d.Count(t, "select (select count(*) from outbox where sent_at is null) + (select count(*) from tasks)") == 0
	})
	if n := d.Count(t, "select count(*) from comments"); n != len(r.remarks) {
		t.Errorf("%d comments are there, %d were acknowledged", n, len(r.remarks))
	}
}
