package e2e

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/id"
	"vitrine/e2e/browser"
	"vitrine/e2e/rig"
)

// TestAdmin looks at the pages of administrators with a house behind them in
// which things went wrong: a broken table, a mail server that is away, tasks
// that failed for good. What went wrong reaches a Sentry-compatible endpoint.
func TestAdmin(t *testing.T) {
	if testing.Short() {
		t.Skip("A browser looks at every page of administrators, which takes half a minute; run without -short.")
	}
	t.Parallel()
	axe, err := os.ReadFile(filepath.Join(rig.Root(), "web", "testdata", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	told := make(chan string, 100)
	sentry := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case told <- r.URL.Path:
		default:
		}
	}))
	defer sentry.Close()
	d := dbtest.New(t)
	site := rig.New(t, "DEMO=off", "DATABASE_URL="+d.OwnerURL, "MAIL=smtp", "SMTP_URL=smtp://127.0.0.1:1", "SENTRY_DSN="+strings.Replace(sentry.URL, "http://", "http://key@", 1)+"/7").Start()
	owner := site.Visit()
	owner.SetUp(ownerEmail, password, "Harbour & Field")
	tab := browser.Open(t, browser.Options{})
	tab.Go(site.URL + "/login")
	tab.Fill("#email", ownerEmail)
	tab.Fill("#password", password)
	tab.Press("main form button")
	e := eye{axe: string(axe), bars: deskBars, member: owner, tab: tab, site: site}
	for _, path := range []string{"", "/errors", "/jobs", "/mails"} {
		e.see(t, look{name: "admin" + strings.ReplaceAll(path, "/", " ") + " in an empty house", path: "/admin" + path})
	}
	task, mail := breakThings(t, d, site)
	if path := <-told; path != "/api/7/envelope/" {
		t.Errorf("Sentry was told at %s", path)
	}
	list := owner.Await("/admin/errors", "the errors to be written", func(p *rig.Page) bool { return p.Find(".log tbody tr").Length() >= 3 })
	for _, l := range []look{
		{name: "admin", path: "/admin"},
		{name: "admin errors", path: "/admin/errors"},
		{name: "admin error", path: list.Find(".log tbody a").First().AttrOr("href", "")},
		{name: "admin panic", path: "/admin/errors/" + panicked},
		{name: "admin errors, none resolved", path: "/admin/errors?state=resolved"},
		{name: "admin jobs", path: "/admin/jobs"},
		{name: "admin jobs of one kind", path: "/admin/jobs?subscriber=media.render"},
		{name: "admin dead task", path: "/admin/jobs/" + task, script: `document.querySelectorAll("main details").forEach((d) => { d.open = true })`},
		{name: "admin drop refused", path: "/admin/jobs/" + task, status: http.StatusUnprocessableEntity, act: func(_ *testing.T, b *browser.Tab, _ *rig.Member) {
			b.Fill("#reason", "   ")
			b.Click("main .confirm summary")
			b.Press("main .confirm button")
		}},
		{name: "admin mails", path: "/admin/mails"},
		{name: "admin mails of nobody", path: "/admin/mails?address=nobody@harbour.example&state=failed"},
		{name: "admin mail", path: "/admin/mails/" + mail},
		{name: "admin audit", path: "/admin/audit"},
		{name: "admin audit refused", path: "/admin/audit?who=nobody@harbour.example", status: http.StatusUnprocessableEntity},
	} {
		e.see(t, l)
	}
	shut(t, d)
	e.see(t, look{name: "admin without a database", path: "/admin"})
	e.see(t, look{name: "admin errors without a database", path: "/admin/errors"})
	e.see(t, look{name: "admin jobs without a database", path: "/admin/jobs", status: http.StatusServiceUnavailable})
}

// shut lets nobody into the database any more.
func shut(t *testing.T, d *dbtest.Database) {
	t.Helper()
	gate, err := sql.Open("pgx", strings.Replace(d.OwnerURL, "/"+d.Name, "/postgres", 1))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = gate.Close() }()
	for _, query := range []string{"alter database " + d.Name + " allow_connections false", "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + d.Name + "'"} {
		if _, err := gate.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
}

const panicked = "01890a5d-ac96-774b-bcce-b302099a8057"

// breakThings lets things go wrong, and writes what only time would bring.
func breakThings(t *testing.T, d *dbtest.Database, site *rig.Site) (task, mail string) {
	t.Helper()
	visitor := site.Visit()
	d.Exec(t, "alter table tags rename to gone")
	for range 3 {
		visitor.Get("/t/harbour")
	}
	d.Exec(t, "alter table gone rename to tags")
	for i := range 2 { // their mails cannot leave
		form := visitor.Get("/reset")
		visitor.Submit(form, "main form", url.Values{"email": {ownerEmail}, "idempotency_key": {fmt.Sprintf("%s-%d", id.New(), i)}})
	}
	stack, err := json.Marshal("goroutine 41 [running]:\nvitrine/web/site.(*Site).RecoverPanic.func1(…)\n\tweb/site/guards.go:61\npanic(…)\n\truntime/panic.go:860\nvitrine/web.(*Server).showWork(…)\n\tweb/works_page.go:44\n")
	if err != nil {
		t.Fatal(err)
	}
	d.Exec(t, `insert into error_groups (fingerprint, kind, place, title, message, stack, version, count, first_seen, last_seen, reopened)
		values ($1, 'panic', 'GET /@:studio/:work', 'panic: runtime error: index out of range [#] with length # at web.(*Server).showWork', 'panic: runtime error: index out of range [7] with length 3',
			to_jsonb($2::json) #>> '{}', '2b0b822cd15d6c15b0f00a3b', 1284, now() - interval '9 days', now() - interval '3 minutes', 2)`, panicked, string(stack))
	for i, dead := range []struct{ event, subscriber, queue, reason string }{
		{"media.accepted.v1", "media.render", "media", "rendering 01890a5d-ac96-774b-bcce-b302099a8057: vips: exit status 1: VipsJpeg: premature end of JPEG image"},
		{"media.accepted.v1", "media.render", "media", "rendering 01890a5d-ac96-774b-bcce-b302099a8058: vips: exit status 1: VipsJpeg: premature end of JPEG image"},
		{"notifications.mail_composed.v1", "notifications.send_mail", "critical", "the mail 01890a5d was not sent: dial tcp 127.0.0.1:1: connect: connection refused"},
		{"works.published.v1", "search.index", "default", "No subscriber of this name exists any more."},
	} {
		task = id.New().String()
		d.Exec(t, `insert into tasks (id, event_id, event, event_at, subscriber, queue, payload, max_attempts, attempts, run_at, created_at, state, last_error, first_failed_at)
			values ($1, $2, $3, now() - $4 * interval '15 days', $5, $6, $7, 8, 8, now(), now(), 'dead', $8, now() - $4 * interval '15 days' - interval '1 hour')`,
			task, id.New(), dead.event, i, dead.subscriber, dead.queue, `{"media_id": "`+id.New().String()+`", "studio_id": "`+id.New().String()+`"}`, dead.reason)
	}
	for i, m := range []struct{ to, state, err string }{
		{"mara.of.the.harbour.and.the.long.address@a-rather-long-domain.example", "failed", "550 5.1.1 <mara.of.the.harbour.and.the.long.address@a-rather-long-domain.example>: recipient rejected"},
		{"joao@harbour.example", "sent", ""}, {"teresa@harbour.example", "failed", "dial tcp 127.0.0.1:1: connect: connection refused"},
	} {
		mail = id.New().String()
		token, _ := id.Token()
		d.Exec(t, `insert into mails (id, kind, recipient, to_key, subject, text, html, secret, state, attempts, error, created_at, sent_at)
			values ($1, 'reset', $2::text, $2::text, 'A new password for Vitrine', $3, '', $4, $5::text, $6::int, $7, now() - $6::int * interval '20 minutes', case when $5::text = 'sent' then now() end)`,
			mail, m.to, "Somebody, we hope you, asked for a new password for this address. Open the link below to choose one.\n\nChoose a new password:\n"+site.URL+"/reset/"+token+"\n\nThe link works once, for an hour.",
			token, m.state, i+1, m.err)
	}
	d.Exec(t, `insert into audit (id, actor_id, action, subject, note, at) select gen_random_uuid(), (select id from users limit 1),
		(array['jobs.replayed', 'errors.resolved', 'mails.resent'])[1 + n % 3], 'task:' || gen_random_uuid(), 'works.published.v1 search.index', now() - n * interval '1 hour' from generate_series(1, 12) n`)
	d.Exec(t, `insert into audit (id, actor_id, action, subject, note, at) values ($1, (select id from users limit 1), 'jobs.dropped', $2, 'media.accepted.v1 media.render: The file is broken for good, and its studio has uploaded another one.', now())`, id.New(), "task:"+id.New().String())
	return task, mail
}
