package web_test

import (
	"database/sql"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"vitrine/app/platform/errlog"
	"vitrine/app/platform/id"
	"vitrine/app/platform/telemetry"
)

// root is a browser of somebody who runs the installation.
func (s *site) root(t *testing.T) *browser {
	t.Helper()
	b := s.member(t, "Ada Root", "ada@vitrine.test")
	s.Exec(t, "update users set admin = true where email_key = 'ada@vitrine.test'")
	return b
}

// dead puts a task that failed for good into the queue.
func (s *site) dead(t *testing.T, subscriber, lastError string) string {
	t.Helper()
	task := id.New()
	s.Exec(t, `insert into tasks (id, event_id, event, event_at, subscriber, queue, payload, max_attempts, attempts, run_at, created_at, state, last_error, first_failed_at)
		values ($1, $2, 'works.published.v1', now(), $3, 'default', '{"work_id": "x"}', 8, 8, now(), now(), 'dead', $4, now() - interval '1 hour')`, task, id.New(), subscriber, lastError)
	return task.String()
}

func (s *site) audited(t *testing.T, action string) int {
	t.Helper()
	return s.Count(t, "select count(*) from audit where action = $1 and actor_id = (select id from users where email_key = 'ada@vitrine.test')", action)
}

func TestAdmin_health(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Metrics.WatchPool("app", s.App.Pool())
	s.dead(t, "search.index", "no index")
	v := s.root(t).get("/admin")
	for _, text := range []string{"Health", "Connections", "Queues", "Database", "Slow statements", "Statements", "Missing indexes", "Unused indexes", "PostgreSQL 1", "Goroutines", "free"} {
		v.want(t, http.StatusOK, text)
	}
	if v.header.Get("Cache-Control") != "no-store" || v.Find(`meta[name=robots][content=noindex]`).Length() != 1 || v.Find("nav.admin-nav [aria-current]").Text() != "Health" {
		t.Error("the page is not private, or does not say where it is")
	}
	if s.member(t, "Mara", "mara@harbour.example").get("/studio").Find(`a[href="/admin"]`).Length() != 0 {
		t.Error("members see the way to /admin")
	}
}

func TestAdmin_menu(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if s.root(t).get("/explore").Find(`header a[href="/admin"]`).Length() != 1 {
		t.Error("the menu of an administrator does not lead to /admin")
	}
}

// TestAdmin_errors breaks a page for real, mends it, and breaks it again.
func TestAdmin_errors(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.root(t)
	b.get("/admin/errors").want(t, http.StatusOK, "Nothing is broken")
	breaks := func() {
		t.Helper()
		s.Exec(t, "alter table tags rename to gone")
		b.get("/t/harbour").want(t, http.StatusInternalServerError, "")
		s.Exec(t, "alter table gone rename to tags")
		s.Admin.Errors.Flush(t.Context())
	}
	breaks()
	list := b.get("/admin/errors")
	list.want(t, http.StatusOK, "GET /t/:tag")
	one, _ := list.Find(`.log th a`).Attr("href")
	page := b.get(one)
	page.want(t, http.StatusOK, `relation "tags" does not exist`)
	b.post(one+"/resolve", page.fill(t, one+"/resolve", nil)).leads(t, "/admin/errors")
	b.get("/admin/errors").want(t, http.StatusOK, "Nothing is broken")
	b.get("/admin/errors?state=resolved").want(t, http.StatusOK, "GET /t/:tag")
	b.get(one).want(t, http.StatusOK, "by Ada Root")
	breaks()
	b.get("/admin/errors").want(t, http.StatusOK, "Came again after it was resolved")
	b.post(one+"/resolve", nil).leads(t, "/admin/errors")
	b.post(one+"/reopen", nil).leads(t, "/admin/errors")
	if s.audited(t, "errors.resolved") != 2 || s.audited(t, "errors.reopened") != 1 {
		t.Error("the audit does not say who resolved")
	}
}

// TestAdmin_errorsHoldNoSecrets lets a failure name what nobody may keep.
func TestAdmin_errorsHoldNoSecrets(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.root(t)
	s.Admin.Errors.Record(errlog.Task, "task <script>alert(1)</script>", errors.New(`550 <mara@harbour.example> <img src=x onerror=alert(1)> password=hunter2`))
	s.Admin.Errors.Flush(t.Context())
	list := b.get("/admin/errors")
	one, _ := list.Find(`.log th a`).Attr("href")
	for _, v := range []view{list, b.get(one)} {
		v.want(t, http.StatusOK, "<script>alert(1)</script>") // as text
		if strings.Contains(v.body, "mara@") || strings.Contains(v.body, "hunter2") || v.Find("main script, main img").Length() > 0 {
			t.Error("a secret or markup came through")
		}
	}
}

// TestAdmin_errorsSayWhatIsMissing: a list that does not hold everything says so.
func TestAdmin_errorsSayWhatIsMissing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.root(t)
	for range 1000 {
		s.Admin.Errors.Record(errlog.Task, "task search.index", errors.New("no index"))
	}
	b.get("/admin/errors").want(t, http.StatusOK, "only counted since this process started")
	s.Exec(t, "alter table error_groups rename column kind to gone")
	s.Admin.Errors.Flush(t.Context())
	s.Exec(t, "alter table error_groups rename column gone to kind")
	b.get("/admin/errors").want(t, http.StatusOK, "cannot be written to the database")
	s.Admin.Errors.Flush(t.Context())
	v := b.get("/admin/errors")
	v.want(t, http.StatusOK, "task search.index")
	if strings.Contains(v.text(), "cannot be written") {
		t.Error("an old complaint stands on the page")
	}
}

func TestAdmin_jobs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.root(t)
	b.get("/admin/jobs").want(t, http.StatusOK, "Nothing failed for good")
	first, second := s.dead(t, "search.index", "no index for mara@harbour.example"), s.dead(t, "search.index", "no index")
	third := s.dead(t, "media.render", "line one\nline two")
	v := b.get("/admin/jobs")
	for _, text := range []string{"retention", "media.render", "search.index", "line one…", "no index for [address]", "Next"} {
		v.want(t, http.StatusOK, text)
	}
	b.get("/admin/jobs?subscriber=media.render").want(t, http.StatusOK, "Failed for good: media.render")

	page := b.get("/admin/jobs/" + third)
	page.want(t, http.StatusOK, "line two")
	drop := "/admin/jobs/" + third + "/drop"
	b.post(drop, page.fill(t, drop, map[string]string{"reason": " "})).want(t, http.StatusUnprocessableEntity, "Say in a few words")
	b.post(drop, page.fill(t, drop, map[string]string{"reason": "The file <b>is</b> gone."})).leads(t, "/admin/jobs")
	b.post(drop, url.Values{"reason": {"Twice."}}).leads(t, "/admin/jobs")
	b.get("/admin/jobs").want(t, http.StatusOK, "not among the failed ones any more")

	page = b.get("/admin/jobs/" + first)
	b.post("/admin/jobs/"+first+"/replay", page.fill(t, "/admin/jobs/"+first+"/replay", nil)).leads(t, "/admin/jobs")
	b.get("/admin/jobs").want(t, http.StatusOK, "tried again within seconds")
	kinds := b.get("/admin/jobs")
	b.post("/admin/jobs/replay", kinds.fill(t, "/admin/jobs/replay", nil)).leads(t, "/admin/jobs")
	b.get("/admin/jobs").want(t, http.StatusOK, "1 task is tried again")
	b.get("/admin/jobs/"+second).want(t, http.StatusNotFound, "")
	for _, action := range []string{"jobs.dropped", "jobs.replayed", "jobs.kind_replayed"} {
		if s.audited(t, action) != 1 {
			t.Errorf("the audit does not say who: %s", action)
		}
	}
	audit := b.get("/admin/audit")
	audit.want(t, http.StatusOK, "The file <b>is</b> gone.")
	audit.want(t, http.StatusOK, "Ada Root")
}

// TestAdmin_mails: the log shows what was sent and no link that opens a door.
func TestAdmin_mails(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.root(t)
	s.browser(t).post("/reset", url.Values{"email": {"ada@vitrine.test"}, "idempotency_key": {id.New().String()}})
	link := s.linkTo(t, "ada@vitrine.test")
	list := b.get("/admin/mails?address=ADA@vitrine.test&state=sent")
	list.want(t, http.StatusOK, "A new password for Vitrine")
	one, _ := list.Find(`.log th a`).First().Attr("href")
	v := b.get(one)
	v.want(t, http.StatusOK, "http://vitrine.test/reset/[hidden]")
	if token := strings.TrimPrefix(link, "/reset/"); len(token) != 43 || strings.Contains(v.body, token) {
		t.Error("an administrator can take over an account")
	}
	b.get("/admin/mails?state=failed").want(t, http.StatusOK, "No such mail")
	s.Exec(t, "update mails set state = 'failed', sent_at = null, attempts = 8, error = 'no route' where kind = 'reset'")
	v = b.get(one)
	v.want(t, http.StatusOK, "no route")
	b.post(one+"/resend", v.fill(t, one+"/resend", nil)).leads(t, one)
	b.get(one).want(t, http.StatusOK, "sent once more")
	b.post(one+"/resend", nil).leads(t, one)
	b.get(one).want(t, http.StatusOK, "Only a mail that failed")
	if s.audited(t, "mails.resent") != 1 || s.Count(t, "select count(*) from outbox where event = 'notifications.mail_composed.v1' and payload->>'mail_id' = $1", strings.TrimPrefix(one, "/admin/mails/")) != 2 {
		t.Error("it was not sent again once")
	}
}

func TestAdmin_audit(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.root(t)
	for range 60 {
		s.Exec(t, "insert into audit (id, actor_id, action, subject, note, at) values ($1, $2, 'jobs.replayed', 'task:x', 'a note', now())", id.New(), s.userOf(t, "ada@vitrine.test"))
	}
	s.Exec(t, "insert into audit (id, actor_id, action, subject, note, at) values ($1, null, 'works.spotted', 'work:x', '', now())", id.New())
	v := b.get("/admin/audit")
	v.want(t, http.StatusOK, "the product itself")
	older, _ := v.Find(`a[rel=next]`).Attr("href")
	if n := v.Find(".log tbody tr").Length(); n != 50 || older == "" {
		t.Fatalf("%d rows, older %q", n, older)
	}
	if n := b.get(older).Find(".log tbody tr").Length(); n < 11 {
		t.Errorf("%d rows on the second page", n)
	}
	if n := b.get("/admin/audit?action=works.spotted").Find(".log tbody tr").Length(); n != 1 {
		t.Errorf("%d rows of an action", n)
	}
	b.get("/admin/audit?who=ada@vitrine.test").want(t, http.StatusOK, "Ada Root")
	b.get("/admin/audit?who=nobody@vitrine.test").want(t, http.StatusUnprocessableEntity, "Nobody here has this address")
	b.get("/admin/audit?studio=no-such-studio").want(t, http.StatusUnprocessableEntity, "No studio has this address")
}

// TestAdmin_poolExhausted: while requests have all connections of theirs, pages
// of administrators come as they always do.
func TestAdmin_poolExhausted(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.root(t)
	s.App.Pool().SetMaxOpenConns(1)
	conn, err := s.App.Pool().Conn(t.Context())
	must(t, err)
	defer func() { _ = conn.Close() }()
	for _, path := range []string{"/admin", "/admin/errors", "/admin/jobs", "/admin/mails", "/admin/audit"} {
		began := time.Now()
		b.get(path).want(t, http.StatusOK, "")
		if took := time.Since(began); took > 8*time.Second { // the app's handle waits for 10 s in tests
			t.Errorf("%s took %s", path, took)
		}
	}
	if b.get("/admin").Find(`header a[href="/admin"]`).Length() != 1 {
		t.Error("the header does not know who is looking")
	}
}

// TestAdmin_databaseHangs: a database that takes connections and answers nothing
// does not take the page with it.
func TestAdmin_databaseHangs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.root(t)
	b.get("/admin").want(t, http.StatusOK, "Database")
	tx, err := s.Owner.BeginTx(t.Context(), nil)
	must(t, err)
	defer func() { _ = tx.Rollback() }()
	_, err = tx.ExecContext(t.Context(), "lock table sessions, users, tasks, error_groups in access exclusive mode")
	must(t, err)
	for path, text := range map[string]string{"/admin": "The database is away", "/admin/errors": "The database is away"} {
		began := time.Now()
		b.get(path).want(t, http.StatusOK, text)
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("%s took %s", path, took)
		}
	}
}

// TestAdmin_forgedFlood: strangers with forged cookies cannot take the
// connections of administrators.
func TestAdmin_forgedFlood(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.root(t)
	b.get("/admin").want(t, http.StatusOK, "Database")
	stop, flood := make(chan struct{}), sync.WaitGroup{}
	for range 8 {
		flood.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				forged, _ := id.Token()
				r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/admin", nil)
				if err != nil {
					return
				}
				r.AddCookie(&http.Cookie{Name: "session", Value: forged})
				if res, err := http.DefaultTransport.RoundTrip(r); err == nil {
					_ = res.Body.Close()
				}
			}
		})
	}
	for range 5 {
		began := time.Now()
		b.get("/admin").want(t, http.StatusOK, "Database")
		if took := time.Since(began); took > 8*time.Second {
			t.Errorf("the page took %s", took)
		}
	}
	close(stop)
	flood.Wait()
}

// TestAdmin_databaseAway: without PostgreSQL the page shows what the process
// knows, to an administrator whom it has seen; it does not let them act, and
// nobody else in.
func TestAdmin_databaseAway(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Admin.Traces = &telemetry.Traces{}
	b, other := s.root(t), s.member(t, "Mara", "mara@harbour.example")
	b.get("/admin").want(t, http.StatusOK, "Database")
	other.get("/admin").want(t, http.StatusForbidden, "")
	gate, err := sql.Open("pgx", strings.Replace(s.OwnerURL, "/"+s.Name, "/postgres", 1))
	must(t, err)
	defer func() { _ = gate.Close() }()
	s.Owner.SetMaxIdleConns(0) // it is shut out, too, and would hear so only from its next statement
	shut := func(open string) {
		t.Helper()
		_, err := gate.ExecContext(t.Context(), "alter database "+s.Name+" allow_connections "+open)
		must(t, err)
		_, err = gate.ExecContext(t.Context(), "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", s.Name)
		must(t, err)
	}
	shut("false")
	v := b.get("/admin")
	v.want(t, http.StatusOK, "The database is away")
	v.want(t, http.StatusOK, "Goroutines")
	s.Admin.Errors.Record(errlog.Task, "task search.index", errors.New("no index"))
	s.Admin.Errors.Flush(t.Context())
	b.get("/admin/errors").want(t, http.StatusOK, "task search.index")
	b.get("/admin/jobs").want(t, http.StatusServiceUnavailable, "")
	b.post("/admin/jobs/replay", url.Values{"event": {"x"}, "subscriber": {"y"}}).want(t, http.StatusServiceUnavailable, "")
	other.get("/admin").want(t, http.StatusServiceUnavailable, "")
	shut("true")
	b.get("/admin").want(t, http.StatusOK, "Statements")
	s.Admin.Errors.Flush(t.Context())
	b.get("/admin/errors").want(t, http.StatusOK, "task search.index")

	// Who was signed out meanwhile is not remembered.
	s.Exec(t, "delete from sessions where user_id = (select id from users where email_key = 'ada@vitrine.test')")
	b.get("/admin").leads(t, "/login?next=%2Fadmin")
	shut("false")
	b.get("/admin").want(t, http.StatusServiceUnavailable, "")
	shut("true")
}
