package e2e

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/redistest"
	"vitrine/app/platform/s3test"
	"vitrine/e2e/rig"
)

// What becomes of a process of the 10k tier that is told something wrong about
// the servers beside it. What can be seen to be wrong is refused at the start,
// with a sentence. Everything else may be right in a minute, so the process
// starts, serves what it can, and says on /up and in its log what is not there:
// it neither hangs nor ends, and no line is said twice for one trouble.

// hidden is the password in every wrong address, which nobody may read.
const hidden = "hushhush"

// wrong is one mistake.
type wrong struct {
	env  string
	part string // on /up
	says string // in the log
}

// stage is a work that was published while everything was right, and what a
// process is told that shows it.
type stage struct {
	env     []string
	path    string
	picture string
	cookies []*http.Cookie
	redis   *redistest.Server
	store   *s3test.Server
}

func setStage(t *testing.T) stage {
	t.Helper()
	d := dbtest.NewEmpty(t)
	s := stage{redis: redistest.New(t), store: s3test.New(t)}
	s.env = []string{"TIER=10k", "CDN=off", "DEMO=off", "DATABASE_URL=" + d.OwnerURL, "SECRET=" + dbtest.Secret, "REDIS_URL=" + s.redis.URL, "S3_ENDPOINT=" + s.store.Endpoint,
		"S3_REGION=" + s.store.Region, "S3_BUCKET=" + s.store.Bucket, "S3_ACCESS_KEY=" + s.store.AccessKey, "S3_SECRET_KEY=" + s.store.SecretKey}
	site := rig.New(t, s.env...).Start()
	work := hang(t, site)
	s.path, s.picture, s.cookies = work.path, work.rendition, work.owner.Cookies()
	if status := site.Stop(); status != 0 {
		t.Fatalf("with everything right, it ends with %d:\n%s", status, site.Log())
	}
	// A part that is there may answer late, on a busy machine.
	if lines := slices.DeleteFunc(troubles(site), func(line string) bool { return strings.Contains(line, "no answer within a second") }); len(lines) > 0 {
		t.Errorf("with everything right, it says %q", lines)
	}
	return s
}

// start starts a process with the mistake and waits until it says so by itself.
func (s stage) start(t *testing.T, w wrong) *rig.Site {
	t.Helper()
	site := rig.New(t, append(s.env, w.env)...)
	site.Launch()
	site.Eventually("the process to take requests", func() bool { return site.Status("/readyz") == http.StatusOK })
	site.Eventually("the log to say, unasked, that it "+w.says, func() bool { return strings.Contains(site.Log(), w.says) })
	return site
}

// goesOn looks at pages again and again: each has the status that is wanted, and
// /up names the part.
func (s stage) goesOn(t *testing.T, site *rig.Site, w wrong, want int) {
	t.Helper()
	for range 10 {
		for _, path := range []string{"/", "/explore", s.path, "/me", "/livez", "/readyz"} {
			a := ask(t, site, path, s.cookies...)
			wanted := want
			if strings.HasSuffix(path, "z") {
				wanted = http.StatusOK
			}
			if seconds, err := strconv.Atoi(a.retry); a.status != wanted || wanted == http.StatusServiceUnavailable && (err != nil || seconds < 1) {
				t.Errorf("%s answers %d, Retry-After %q, want %d", path, a.status, a.retry, wanted)
			}
		}
	}
	site.Eventually("/up to say that "+w.part+" is away, and nothing else", func() bool {
		parts := up(site)
		for name, ok := range parts {
			if ok == (name == w.part) {
				return false
			}
		}
		return len(parts) == 4
	})
	if !strings.Contains(site.Body("/up"), `"status":"degraded"`) {
		t.Errorf("/up says %s", site.Body("/up"))
	}
}

// ends ends the process and reads what it said.
func ends(t *testing.T, site *rig.Site) {
	t.Helper()
	if status := site.Stop(); status != 0 {
		t.Errorf("it ends with %d", status)
	}
	if strings.Contains(site.Log(), hidden) {
		t.Errorf("a password stands in the log:\n%s", site.Log())
	}
	// The part's line, that of the breaker and that of the queue; each once more
	// where a slow machine lets a part come back for a moment.
	if lines := troubles(site); len(lines) == 0 || len(lines) > 6 {
		t.Errorf("it says %d lines of one trouble:\n%s", len(lines), strings.Join(lines, ""))
	}
}

// troubles are the lines of the log that are no requests, warnings and worse. How
// long something took is the machine's doing, and a task that is tried again says
// so each time, which is less and less often.
func troubles(site *rig.Site) (lines []string) {
	for line := range strings.Lines(site.Log()) {
		bad := strings.Contains(line, `"level":"WARN"`) || strings.Contains(line, `"level":"ERROR"`)
		request := strings.Contains(line, `"msg":"request`)
		slow := strings.Contains(line, `"msg":"Slow query"`) || strings.Contains(line, `"part":"media tools"`)
		retried := strings.Contains(line, `"outcome":"retried"`)
		if bad && !request && !slow && !retried {
			lines = append(lines, line)
		}
	}
	return lines
}

// webServer answers everything with a page, as what stands at a wrong address
// often does.
func webServer(t *testing.T) (address string) {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<!doctype html><title>Welcome</title><h1>It works</h1>"))
	}))
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

// nobody listens there.
const nobody = "127.0.0.1:1"

func TestWrong_redis(t *testing.T) {
	t.Parallel()
	s := setStage(t)
	right := strings.TrimSuffix(strings.TrimPrefix(s.redis.URL, "redis://"), "/0")
	for name, c := range map[string]struct{ address, says string }{
		"nobody there":        {":" + hidden + "@" + nobody + "/0", "does not answer"},
		"a wrong password":    {"someone:" + hidden + "@" + right + "/0", "does not know the user and password in REDIS_URL"},
		"no such database":    {right + "/99", "has no database of the number in REDIS_URL"},
		"a web server":        {":" + hidden + "@" + webServer(t) + "/0", "is no Redis"},
		"one that is silent":  {":" + hidden + "@" + redistest.Silent(t) + "/0", "does not answer"},
		"one that is a store": {":" + hidden + "@" + strings.TrimPrefix(s.store.Endpoint, "http://") + "/0", "is no Redis"},
	} {
		t.Run(name, func(t *testing.T) {
			w := wrong{"REDIS_URL=redis://" + c.address, "redis", c.says}
			site := s.start(t, w)
			s.goesOn(t, site, w, http.StatusOK)
			if a := ask(t, site, s.picture); a.status != http.StatusOK {
				t.Errorf("the picture answers %d", a.status)
			}
			ends(t, site)
		})
	}
}
