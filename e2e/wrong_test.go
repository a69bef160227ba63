package e2e

import (
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/mediatool/mediatest"
	"vitrine/app/platform/redistest"
	"vitrine/e2e/rig"
)

// TestWrong_refused has what can be seen to be wrong without asking anybody: the
// process ends at once, with a sentence that says what it should look like.
func TestWrong_refused(t *testing.T) {
	t.Parallel()
	right := []string{"TIER=10k", "CDN=off", "DEMO=off", "DATABASE_URL=postgres://vitrine@" + nobody + "/vitrine", "SECRET=" + dbtest.Secret, "REDIS_URL=redis://" + nobody + "/0",
		"S3_ENDPOINT=http://" + nobody, "S3_BUCKET=vitrine", "S3_ACCESS_KEY=vitrine", "S3_SECRET_KEY=" + hidden}
	site := rig.New(t, right...)
	if status, said := site.Run("check"); status != 0 || !strings.Contains(said, "The configuration is valid") || strings.Contains(said, hidden) {
		t.Fatalf("the right configuration ends with %d:\n%s", status, said)
	}
	for env, says := range map[string]string{
		"REDIS_URL=":                                 "needs REDIS_URL, such as redis://",
		"REDIS_URL=" + nobody:                        "REDIS_URL is not the address of a Redis; it should look like redis://",
		"REDIS_URL=http://:" + hidden + "@redis":     "REDIS_URL is not the address of a Redis",
		"REDIS_URL=redis://:" + hidden + "@redis:no": "REDIS_URL is not the address of a Redis",
		"S3_ENDPOINT=store":                          "S3_ENDPOINT=store is not the address of an object store; it should look like https://",
		"S3_ENDPOINT=https://u:" + hidden + "@store": "S3_ENDPOINT names somebody at store",
		"S3_BUCKET=":                                 "the object store needs S3_BUCKET",
		"S3_SECRET_KEY=":                             "S3_SECRET_KEY",
		"CDN=media":                                  "CDN=media needs MEDIA_URL",
		"MEDIA_URL=media":                            "MEDIA_URL=media is not the address of a host; it should look like https://",
		"MEDIA_URL=https://media.example/pictures":   "is not the address of a host",
		"MEDIA_URL=https://m:" + hidden + "@media":   "is not the address of a host",
		"DATABASE_URL=mysql://u:" + hidden + "@db/v": "DATABASE_URL: the database URL cannot be parsed; it should look like postgres://",
		"DATABASE_URL=postgres://db":                 "it should look like postgres://user:password@host:5432/name",
		"SECRET=short":                               "SECRET is too short",
		"CACHE=memcached":                            "CACHE=memcached is not known; it must be one of off, fill, redis",
	} {
		status, said := site.Refused(env)
		if status != 1 || !strings.Contains(said, says) || !strings.HasPrefix(said, "vitrine: the configuration is refused: ") {
			t.Errorf("%s ends with %d:\n%s", env, status, said)
		}
		if strings.Contains(said, hidden) {
			t.Errorf("%s says the password:\n%s", env, said)
		}
	}
}

// TestWrong_store has an object store that cannot be used: pages come, with
// places for their pictures; a picture and an upload are refused with a sentence.
func TestWrong_store(t *testing.T) {
	t.Parallel()
	s := setStage(t)
	s.store.MakeAccount("poor", hidden+"-of-the-poor")
	for name, c := range map[string]struct{ env, says string }{
		"nobody there":       {"S3_ENDPOINT=http://" + nobody, `"part":"files","error":`},
		"a name of nobody":   {"S3_ENDPOINT=http://store.invalid", "the object store at http://store.invalid does not answer"},
		"an unknown key":     {"S3_ACCESS_KEY=unknown", "does not know S3_ACCESS_KEY, or S3_SECRET_KEY is another one's"},
		"a wrong secret":     {"S3_SECRET_KEY=" + hidden, "does not know S3_ACCESS_KEY, or S3_SECRET_KEY is another one's"},
		"no such bucket":     {"S3_BUCKET=elsewhere", "has no bucket of the name in S3_BUCKET"},
		"another region":     {"S3_REGION=us-west-2", "keeps the bucket in another region than S3_REGION"},
		"no permission":      {"S3_ACCESS_KEY=poor S3_SECRET_KEY=" + hidden + "-of-the-poor", "lets S3_ACCESS_KEY not read, write, list and delete in the bucket"},
		"a web server":       {"S3_ENDPOINT=http://" + webServer(t), "is no object store"},
		"one that is silent": {"S3_ENDPOINT=http://" + redistest.Silent(t), `"part":"files","error":"no answer within a second"`},
	} {
		t.Run(name, func(t *testing.T) {
			more := s
			first, rest, _ := strings.Cut(c.env, " ")
			if rest != "" {
				more.env = append(append([]string{}, s.env...), rest)
			}
			w := wrong{first, "files", c.says}
			site := more.start(t, w)
			more.goesOn(t, site, w, http.StatusOK)
			p := site.Visit().Get(s.picture)
			if p.Status != http.StatusServiceUnavailable || p.Header.Get("Retry-After") == "" || !strings.Contains(p.Raw, "The file store cannot be used at the moment") {
				t.Errorf("the picture is answered with %s", p)
			}
			refusesFiles(t, site)
			ends(t, site)
		})
	}
}

// refusesFiles uploads a photo by the plain form: the words are kept, and the
// file is told of.
func refusesFiles(t *testing.T, site *rig.Site) {
	t.Helper()
	owner := site.Visit()
	owner.Submit(owner.Get("/login"), "main form", url.Values{"email": {"owner@studio.example"}, "password": {password}})
	compose := owner.Get("/studio/harbour-field/new")
	title := "Typed beside a broken store " + filepath.Base(compose.Path)
	p := owner.SubmitFiles(compose, "#compose", url.Values{"intent": {"upload"}, "title": {title}}, []rig.File{{Field: "files", Name: "plain.jpg", Content: mediatest.JPEG(t, 700, 500)}})
	if p.Status != http.StatusUnprocessableEntity && p.Status != http.StatusServiceUnavailable || !strings.Contains(p.Text(), "plain.jpg could not be taken") {
		t.Errorf("the form is answered with %s", p)
	}
	if p := owner.Get(compose.Path); p.Find(`[name="title"]`).AttrOr("value", "") != title {
		t.Errorf("the words are lost: %s", p)
	}
}

// TestWrong_database has a database that cannot be used: every page says so, and
// when to come back, and the terminal that nothing has to be started again.
func TestWrong_database(t *testing.T) {
	t.Parallel()
	s := setStage(t)
	pg := startElsewhere(t)
	there := func(change func(*url.URL)) string {
		u, err := url.Parse(pg.server.URL("vitrine"))
		if err != nil {
			t.Fatal(err)
		}
		change(u)
		return u.String()
	}
	at := func(address string) string {
		return "postgres://u:" + hidden + "@" + address + "/vitrine?sslmode=disable"
	}
	for name, c := range map[string]struct{ address, says string }{
		"nobody there":       {at(nobody), "connection refused"},
		"a wrong password":   {there(func(u *url.URL) { u.User = url.UserPassword(u.User.Username(), hidden) }), "password authentication failed"},
		"no such database":   {there(func(u *url.URL) { u.Path = "/nothing" }), `database \"nothing\" does not exist`},
		"a web server":       {at(webServer(t)), "failed to receive message"},
		"one that is silent": {at(redistest.Silent(t)), "failed to receive message"},
	} {
		t.Run(name, func(t *testing.T) {
			w := wrong{"DATABASE_URL=" + c.address, "database", c.says}
			site := s.start(t, w)
			site.Eventually("the terminal to say that nothing has to be started again", func() bool {
				return strings.Contains(site.Log(), "The database cannot be used yet") && strings.Contains(site.Log(), "there is no need to restart")
			})
			if strings.Contains(site.Log(), "Vitrine is open at") {
				t.Error("the site is announced before it can show anything")
			}
			for _, path := range []string{"/", "/explore", s.path, "/search?q=harbour"} {
				if p := site.Visit().Get(path); p.Status != http.StatusServiceUnavailable || p.Header.Get("Retry-After") == "" || p.Find("h1").Length() != 1 {
					t.Errorf("%s is answered with %s", path, p)
				}
			}
			site.Eventually("/up to say so", func() bool { return up(site)["database"] == false && len(up(site)) == 4 })
			if site.Status("/livez") != http.StatusOK {
				t.Error("the process does not live")
			}
			ends(t, site)
		})
	}
}
