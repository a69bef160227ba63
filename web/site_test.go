package web_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/accounts/closing"
	"vitrine/app/analytics"
	"vitrine/app/analytics/ranking"
	"vitrine/app/archive"
	"vitrine/app/engagement"
	followed "vitrine/app/engagement/sources"
	"vitrine/app/feed"
	"vitrine/app/media"
	"vitrine/app/moderation"
	"vitrine/app/notifications"
	"vitrine/app/notifications/notices"
	"vitrine/app/platform/blob"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/live"
	"vitrine/app/platform/mail"
	"vitrine/app/platform/telemetry"
	"vitrine/app/search"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/app/works/collections"
	"vitrine/app/works/links"
	"vitrine/app/works/sitemap"
	"vitrine/web"
)

const password = "a short sentence works"

// site is the whole server on a database of its own. Its jobs are run by hand.
type site struct {
	*dbtest.Database
	web.Services
	handler http.Handler
	url     string
	server  *web.Server
}

// siteOption changes what the site is built with.
type siteOption func(*web.Config, *mail.Config)

func newSite(t *testing.T, options ...siteOption) *site {
	t.Helper()
	return newSiteOn(t, dbtest.New(t), options...)
}

func newSiteOn(t *testing.T, d *dbtest.Database, options ...siteOption) *site {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	s := &site{Database: d}
	base, err := url.Parse("http://vitrine.test")
	must(t, err)
	conf := web.Config{BaseURL: base, Dev: true, Log: log, TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}
	post := mail.Config{Kind: mail.KindMailbox, From: "vitrine@vitrine.test", Log: log}
	for _, change := range options {
		change(&conf, &post)
	}
	outbox := bus.NewOutbox()
	s.Services = s.services(t, s.App, outbox, log)
	sender, err := mail.Open(post)
	must(t, err)
	later := s.services(t, s.Worker, outbox, log)
	s.Mails, err = notifications.New(notifications.Config{DB: s.Worker, Outbox: outbox, Accounts: later.Accounts, Studios: later.Studios,
		Sender: sender, BaseURL: base, Log: log})
	must(t, err)
	if s.Admin.Errors == nil {
		s.Admin = s.adminServices(t, s.Worker, outbox, log)
		s.Admin.Moderation = s.services(t, s.Worker, outbox, log).Moderation
	}
	s.serve(t, conf)
	return s
}

// serve puts a server of the site's services in the place of the one that is
// there. Without a base URL the configuration is that of development, and quiet.
// Cookies belong to a host, not to a port: who was signed in still is.
func (s *site) serve(t *testing.T, conf web.Config) {
	t.Helper()
	var err error
	if conf.BaseURL == nil {
		conf.BaseURL, err = url.Parse("http://vitrine.test")
		must(t, err)
		conf.Dev, conf.Log = true, slog.New(slog.DiscardHandler)
	}
	s.server, err = web.New(conf, s.Services)
	must(t, err)
	s.handler = s.server.Handler()
	listener := httptest.NewServer(s.handler)
	t.Cleanup(listener.Close)
	s.url = listener.URL
}

func (s *site) services(t *testing.T, d *db.DB, outbox *bus.Outbox, log *slog.Logger) (out web.Services) {
	t.Helper()
	var err error
	out.Studios, err = studios.New(studios.Config{DB: d, Outbox: outbox})
	must(t, err)
	out.Accounts, err = accounts.New(accounts.Config{DB: d, Outbox: outbox, Studios: out.Studios, Secret: strings.Repeat("secret", 6),
		Hashing: accounts.Hashing{Memory: 64, Passes: 1, Wait: 30 * time.Second}})
	must(t, err)
	out.Studios.AskAbout(out.Accounts)
	blobs, err := blob.Open(blob.Config{Kind: "disk", Dir: t.TempDir()})
	must(t, err)
	out.Media, err = media.New(media.Config{DB: d, Outbox: outbox, Blobs: blobs, Dir: t.TempDir(), Log: log})
	must(t, err)
	t.Cleanup(func() { _ = out.Media.Close() })
	out.Works = works.New(d, outbox, out.Media)
	out.Media.AttachTo(out.Works)
	out.Collections, out.Sitemap = collections.New(d, outbox, out.Media), sitemap.New(d, out.Studios)
	out.Links, err = links.New(links.Config{DB: d, Works: out.Works, Media: out.Media, Secret: strings.Repeat("secret", 6)})
	must(t, err)
	out.Engagement, err = engagement.New(engagement.Config{DB: d, Outbox: outbox, Accounts: out.Accounts, Studios: out.Studios, Works: out.Works})
	must(t, err)
	out.Feed, err = feed.Open(feed.Config{Kind: feed.Query, Sources: followed.New(d, out.Studios, out.Works), Works: out.Works, Studios: out.Studios})
	must(t, err)
	out.Analytics = analytics.New(analytics.Config{DB: d, Outbox: outbox, Studios: out.Studios, Media: out.Media, Log: log})
	out.Views = analytics.NewRecorder(analytics.RecorderConfig{DB: d, Secret: strings.Repeat("secret", 6), Log: log, Every: 5 * time.Millisecond})
	out.Search = search.New(d, out.Works, out.Studios)
	out.Ranking, err = ranking.New(ranking.Config{DB: d, Works: out.Works, Studios: out.Studios, Engagement: out.Engagement})
	must(t, err)
	out.Moderation, err = moderation.New(moderation.Config{DB: d, Outbox: outbox, Accounts: out.Accounts, Studios: out.Studios, Works: out.Works, Comments: out.Engagement, Collections: out.Collections})
	must(t, err)
	out.Works.GuardWith(out.Moderation)
	out.Engagement.GuardWith(out.Moderation)
	out.Notices, err = notices.New(notices.Config{DB: d, Outbox: outbox, Accounts: out.Accounts, Studios: out.Studios, Works: out.Works, Media: out.Media, Engagement: out.Engagement,
		Secret: strings.Repeat("secret", 6), Log: log})
	must(t, err)
	out.Archive = archive.New(archive.Config{DB: d, Outbox: outbox, Blobs: blobs, Accounts: closing.New(d, outbox, nil), Studios: out.Studios, Media: out.Media, Works: out.Works, Log: log})
	out.Live, err = live.Open(live.Config{Kind: live.KindMemory})
	must(t, err)
	out.Metrics, out.Health = telemetry.NewMetrics(), telemetry.NewHealth(log)
	return out
}

// opened is a further handle of the site's database, which is as patient as those that it has: a machine full of tests
// is slower than any server.
func opened(t *testing.T, c db.Config) *db.DB {
	t.Helper()
	c.QueryTimeout, c.WaitTimeout = cmp.Or(c.QueryTimeout, 20*time.Second), cmp.Or(c.WaitTimeout, 10*time.Second)
	handle, err := db.Open(c)
	must(t, err)
	t.Cleanup(func() { _ = handle.Close() })
	return handle
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// deliverMails runs the subscribers of accounts and of mails until none is left.
// They do nothing for an event that they have had.
func (s *site) deliverMails(t *testing.T) {
	t.Helper()
	handlers := map[string]func(context.Context, bus.Envelope) error{
		accounts.Registered{}.EventName(): s.Mails.OnRegistered, accounts.ResetAsked{}.EventName(): s.Mails.OnResetAsked,
		accounts.SecurityNoted{}.EventName(): s.Mails.OnSecurityNoted, accounts.AddressAsked{}.EventName(): s.Mails.OnAddressAsked,
		accounts.AddressChanged{}.EventName(): s.Mails.OnAddressChanged, accounts.AddressRestored{}.EventName(): s.Mails.OnAddressRestored,
		accounts.PasswordChanged{}.EventName(): s.Mails.OnPasswordChanged, accounts.TokenMade{}.EventName(): s.Mails.OnTokenMade, notifications.MailComposed{}.EventName(): s.Mails.OnMailComposed,
	}
	maps.Copy(handlers, map[string]func(context.Context, bus.Envelope) error{
		studios.Invited{}.EventName(): s.Mails.OnInvited, studios.MemberJoined{}.EventName(): s.Mails.OnMemberJoined, studios.RoleChanged{}.EventName(): s.Mails.OnRoleChanged,
		studios.MemberLeft{}.EventName(): s.Mails.OnMemberLeft, studios.OwnershipTransferred{}.EventName(): s.Mails.OnOwnershipTransferred,
	})
	for range 2 { // the second round sends what the first one composed
		for _, env := range s.happened(t) {
			if handle := handlers[env.Name]; handle != nil {
				must(t, handle(t.Context(), env))
			}
		}
	}
}

// happened is every event so far.
func (s *site) happened(t *testing.T) (out []bus.Envelope) {
	t.Helper()
	rows, err := s.Owner.QueryContext(t.Context(), "select id, event, payload from outbox order by id")
	must(t, err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		env := bus.Envelope{Attempt: 1}
		var payload string
		must(t, rows.Scan(&env.ID, &env.Name, &payload))
		env.Payload = json.RawMessage(payload)
		out = append(out, env)
	}
	must(t, rows.Err())
	return out
}

var mailLink = regexp.MustCompile(`http://vitrine\.test(/(?:verify|reset|join|me/address(?:/undo)?)/[A-Za-z0-9_-]{43})`)

// linkTo gives the path of the link in the newest mail to an address.
func (s *site) linkTo(t *testing.T, email string) string {
	t.Helper()
	s.deliverMails(t)
	var text string
	s.Row(t, "select text from mails where to_key = $1 order by id desc limit 1", email)(&text)
	found := mailLink.FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("the mail to %s has no link:\n%s", email, text)
	}
	return found[1]
}

// browser is a visitor with cookies who does not follow redirects by itself.
type browser struct {
	t      *testing.T
	site   *site
	client *http.Client
	header http.Header // sent with each request
}

func (s *site) browser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	must(t, err)
	return &browser{t: t, site: s, header: http.Header{}, client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// view is one answer.
type view struct {
	page     func() *goquery.Document // read when it is first looked at: most answers are not
	status   int
	header   http.Header
	cookies  []*http.Cookie
	location string
	body     string
}

// Find looks for what a selector of CSS means.
func (v view) Find(selector string) *goquery.Selection { return v.page().Find(selector) }

// Text is what the whole page says.
func (v view) Text() string { return v.page().Text() }

func (b *browser) get(path string) view { return b.do(http.MethodGet, path, "", nil) }

// post sends a form as browsers do.
func (b *browser) post(path string, form url.Values) view {
	return b.do(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

func (b *browser) do(method, path, contentType string, body io.Reader) view {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.site.url+path, body)
	must(b.t, err)
	for name, values := range b.header {
		r.Header[name] = values
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	res, err := b.client.Do(r)
	if err != nil {
		b.t.Fatalf("%s %.100s: %v", method, path, err)
	}
	defer func() { _ = res.Body.Close() }()
	return asView(b.t, res)
}

// asView reads an answer.
func asView(t *testing.T, res *http.Response) view {
	t.Helper()
	raw, err := io.ReadAll(res.Body)
	must(t, err)
	page := sync.OnceValue(func() *goquery.Document {
		doc, err := goquery.NewDocumentFromReader(bytes.NewReader(raw))
		must(t, err)
		return doc
	})
	return view{page: page, status: res.StatusCode, header: res.Header, cookies: res.Cookies(), location: res.Header.Get("Location"), body: string(raw)}
}

// fill takes the form of a page that posts to a path, with what it holds
// already, and the given fields changed.
func (v view) fill(t *testing.T, action string, fields map[string]string) url.Values {
	t.Helper()
	form := v.Find(`form[method=post][action="` + action + `"]`)
	if form.Length() != 1 {
		t.Fatalf("the page has %d forms to %s:\n%s", form.Length(), action, v.text())
	}
	out := url.Values{}
	form.Find("input[name], textarea[name], select[name]").Each(func(_ int, f *goquery.Selection) {
		name, _ := f.Attr("name")
		value, _ := f.Attr("value")
		kind, _ := f.Attr("type")
		_, checked := f.Attr("checked")
		switch {
		case kind == "checkbox" && !checked:
		case f.Is("textarea"):
			out.Set(name, strings.TrimPrefix(f.Text(), "\n"))
		default:
			out.Set(name, value)
		}
	})
	for name, value := range fields {
		out.Set(name, value)
	}
	return out
}

// text is what a person reads on the page.
func (v view) text() string { return strings.Join(strings.Fields(v.Find("main").Text()), " ") }

// want checks status and a piece of the text.
func (v view) want(t *testing.T, status int, text string) {
	t.Helper()
	if v.status != status || !strings.Contains(v.text(), text) {
		t.Errorf("the answer is %d, want %d with %q:\n%.600s", v.status, status, text, v.text())
	}
}

// leads checks that a form was answered with 303 to a path.
func (v view) leads(t *testing.T, to string) {
	t.Helper()
	if v.status != http.StatusSeeOther || v.location != to {
		t.Errorf("the answer is %d to %q, want 303 to %q:\n%.600s", v.status, v.location, to, v.text())
	}
}

// member is a browser of somebody with an account, signed in.
func (s *site) member(t *testing.T, name, email string) *browser {
	t.Helper()
	b := s.browser(t)
	b.post("/signup", b.get("/signup").fill(t, "/signup", map[string]string{"name": name, "email": email, "password": password})).leads(t, "/signup/sent")
	path := s.linkTo(t, email)
	v := b.post(path, b.get(path).fill(t, path, nil))
	if v.status != http.StatusSeeOther || !strings.HasPrefix(v.location, "/studio/") {
		t.Fatalf("confirming led to %d %q", v.status, v.location)
	}
	return b
}

// userOf gives the id of a person.
func (s *site) userOf(t *testing.T, email string) (id uuid.UUID) {
	t.Helper()
	s.Row(t, "select id from users where email_key = $1", email)(&id)
	return id
}
