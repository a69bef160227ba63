package rig

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// cdn looks at what the balancer's other half gives away, and keeps.
func cdn(t *testing.T, top *Topology) {
	shown := regexp.MustCompile(regexp.QuoteMeta(top.MediaURL) + `(/m/[\w-]+/w)\d+\.jpg`).FindStringSubmatch(top.Site(t).Body("/@harbour-field"))
	if shown == nil {
		t.Fatal("the studio's page shows no picture of the media host")
	}
	trusted(t, top)
	kept, other := shown[1]+"320.jpg", shown[1]+"640.jpg"
	for _, want := range []string{"MISS", "HIT"} {
		if got := media(t, top, kept); !strings.HasPrefix(got, "200 "+want+" ") {
			t.Errorf("a rendition is %.40q, want a %s", got, want)
		}
	}
	for _, path := range []string{"/", "/@harbour-field", "/rendition/", "/m/nothing/w320.jpg"} {
		if got := media(t, top, path); !strings.HasPrefix(got, "404 ") {
			t.Errorf("%s is %.40q on the media host, want nothing", path, got)
		}
	}
	top.Store.Kill()
	if got := media(t, top, kept); !strings.HasPrefix(got, "200 HIT") {
		t.Errorf("without the store a rendition that was kept is %.40q", got)
	}
	if got := media(t, top, other); !strings.HasPrefix(got, "503 ") {
		t.Errorf("without the store a rendition that was not kept is %.40q", got)
	}
	start(t, top.Store)
	top.Eventually(t, "the rendition to come back", func() bool { return strings.HasPrefix(media(t, top, other), "200 ") })
}

// media is status, state of the cache and body of a path of the media host.
func media(t *testing.T, top *Topology, path string) string {
	t.Helper()
	site := &Site{t: t, URL: top.MediaURL}
	res, err := site.get(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return strconv.Itoa(res.StatusCode) + " " + res.Header.Get("X-Cache") + " " + string(raw)
}

// takedown hides a work whose picture the CDN keeps, and shows it again.
func takedown(t *testing.T, top *Topology) {
	shown := regexp.MustCompile(regexp.QuoteMeta(top.MediaURL) + `(/m/([\w-]+)/w)\d+\.jpg`).FindStringSubmatch(top.Site(t).Body("/@harbour-field"))
	if shown == nil {
		t.Fatal("the studio's page shows no picture of the media host")
	}
	for _, path := range []string{"/m/", "/m/" + shown[2], "/m/" + shown[2] + "/", "/m/" + shown[2] + "/original", "/original/" + shown[2], "/studio/harbour-field/media/" + shown[2] + "/original"} {
		if got := media(t, top, path); !strings.HasPrefix(got, "404 ") {
			t.Errorf("%s is %.40q on the media host, want nothing", path, got)
		}
	}

	root := top.Site(t).Visit()
	root.Submit(root.Get("/login"), `form[action="/login"]`, url.Values{"email": {"owner@studio.example"}, "password": {password}})
	studio := root.Get("/admin/studios?q=harbour").Find(".log th a").AttrOr("href", "")
	// One that nobody has asked for: what the CDN keeps grows old after a minute.
	kept := shown[1] + "320.webp"
	top.Eventually(t, "the picture to be kept", func() bool { return strings.HasPrefix(media(t, top, kept), "200 HIT ") })
	root.Submit(root.Get(studio), `form[action$="/suspend"]`, url.Values{"reason": {"Pictures that belong to others."}})
	// An entry that had only grown old would be EXPIRED: a MISS says that it was purged.
	var got string
	top.Eventually(t, "the CDN to stop showing it", func() bool {
		got = media(t, top, kept)
		return !strings.HasPrefix(got, "200 ")
	})
	if !strings.HasPrefix(got, "404 MISS ") {
		t.Errorf("what was taken down is %.40q, want a 404 of an entry that was purged", got)
	}
	root.Submit(root.Get(studio), `form[action$="/restore"]`, url.Values{})
	top.Eventually(t, "the CDN to show it again", func() bool { return strings.HasPrefix(media(t, top, kept), "200 ") })
}

// TestTopology_limits asks too much of the balancer, and of the site behind it,
// from addresses that only it is told.
func TestTopology_limits(t *testing.T) {
	t.Parallel()
	top := Up(t, Plan{Tier: "10k", Web: 1, PerAddress: 6, Env: []string{"LIMIT_DYNAMIC=2"}})
	const refused = "Too many requests came from your address."
	exhaust := func(address string) answer {
		t.Helper()
		var last answer
		top.Eventually(t, "the balancer to refuse "+address, func() bool {
			last = as(t, top, address, "/explore")
			return strings.Contains(last.body, refused)
		})
		return last
	}
	if got := as(t, top, "203.0.113.1", "/explore"); got.status != http.StatusOK {
		t.Errorf("the first request is %d", got.status)
	}
	got := exhaust("203.0.113.1")
	if got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") != "60" || got.header.Get("Cache-Control") != "no-store" || !strings.HasPrefix(got.header.Get("Content-Type"), "text/plain") {
		t.Errorf("it is refused with %d, %v", got.status, got.header)
	}
	// Another address has turns of its own here, and at the site, which therefore hears who asks.
	if got := as(t, top, "203.0.113.2", "/explore"); got.status != http.StatusOK {
		t.Errorf("another address gets %d", got.status)
	}
	top.Eventually(t, "the site to refuse by itself what passes the balancer", func() bool {
		for n := 10; n < 250; n++ {
			address := "198.51.100." + strconv.Itoa(n)
			as(t, top, address, "/explore")
			if got := as(t, top, address, "/explore"); got.status == http.StatusTooManyRequests && !strings.Contains(got.body, refused) {
				return true
			}
		}
		return false
	})
	for _, path := range []string{"/readyz", "/assets/none.css", "/m/none/w320.jpg", "/robots.txt"} {
		for range 12 {
			if got := as(t, top, "203.0.113.1", path); strings.Contains(got.body, refused) {
				t.Fatalf("%s is refused", path)
			}
		}
	}

	// A house is one address, however it is written; its neighbour is another.
	fresh := 0
	top.Eventually(t, "an address that has not asked yet to be refused with its house", func() bool {
		exhaust("2001:db8:0:1::1")
		fresh++
		return strings.Contains(as(t, top, "2001:0db8::1:a:b:c:"+strconv.FormatInt(int64(fresh), 16), "/explore").body, refused)
	})
	if got := as(t, top, "2001:db8:0:2::1", "/explore"); got.status != http.StatusOK {
		t.Errorf("the neighbour gets %d", got.status)
	}

	// Where nobody is believed, no header makes a new address.
	top.plan.Strict = true
	if err := top.Balance(top.Web()...); err != nil {
		t.Fatal(err)
	}
	fresh = 0
	top.Eventually(t, "whoever says to be another each time to be refused", func() bool {
		fresh++
		return strings.Contains(as(t, top, "100.64."+strconv.Itoa(fresh/250)+"."+strconv.Itoa(1+fresh%250), "/explore").body, refused)
	})
}

// answer is what somebody got.
type answer struct {
	status int
	header http.Header
	body   string
}

// as asks the site for somebody at that address.
func as(t *testing.T, top *Topology, address, path string) answer {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, top.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Forwarded-For", address)
	res, err := (&http.Client{Timeout: patience}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(body)}
}
