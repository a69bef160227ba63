package web_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"vitrine/app/media"
	"vitrine/app/platform/bus"
	"vitrine/app/works"
	"vitrine/web"
)

const mediaHost = "https://media.vitrine.test"

// newHostedGallery is a gallery whose public renditions have a host of their own.
func newHostedGallery(t *testing.T) *gallery {
	t.Helper()
	g := newGallery(t)
	var err error
	g.Media, err = media.New(media.Config{DB: g.App, Outbox: bus.NewOutbox(), Blobs: g.blobs, Dir: t.TempDir(), PublicURL: mediaHost, Log: slog.New(slog.DiscardHandler)})
	must(t, err)
	t.Cleanup(func() { _ = g.Media.Close() })
	g.Works = works.New(g.App, bus.NewOutbox(), g.Media)
	g.Works.GuardWith(g.Moderation)
	g.Media.AttachTo(g.Works)
	g.serve(t, web.Config{MediaURL: mediaHost})
	return g
}

// TestMediaHost_publicPicturesAlone gives visitors the pictures of public works
// from a host without cookies, and members those of a draft from the site.
func TestMediaHost_publicPicturesAlone(t *testing.T) {
	t.Parallel()
	g := newHostedGallery(t)
	member := g.member(t, "Teresa Lima", "teresa@example.org")
	visitor := g.browser(t)
	slug, _ := g.studioOf(t, "teresa@example.org")
	work, edit, picture := g.hang(t, member, slug, "Quay", "The quay at five in the morning.")

	v := visitor.get(work)
	if v.status != http.StatusOK {
		t.Fatalf("the work gave %d", v.status)
	}
	if !strings.Contains(v.body, mediaHost+picture) {
		t.Error("the work's picture has no address on the media host")
	}
	if strings.Contains(v.body, `"/m/`) || strings.Contains(v.body, "vitrine.test"+mediaHost) {
		t.Error("a picture is asked of the site, or of two hosts at once")
	}
	if og := v.Find(`meta[property="og:image"]`).AttrOr("content", ""); !strings.HasPrefix(og, mediaHost+"/m/") {
		t.Errorf("cards show %s", og)
	}
	policy := v.header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "img-src 'self' "+mediaHost+";") || !strings.Contains(policy, "media-src 'self' "+mediaHost+";") || strings.Contains(policy, "script-src 'self' h") {
		t.Errorf("the policy is %s", policy)
	}
	if m := member.get(edit); strings.Contains(m.body, mediaHost+"/m/") || !strings.Contains(m.body, "/m/") {
		t.Errorf("a member's page (%d) asks the media host, which gets no cookie", m.status)
	}
}

// TestMediaHost_servesNothingElse asks the media host for pages.
func TestMediaHost_servesNothingElse(t *testing.T) {
	t.Parallel()
	g := newHostedGallery(t)
	member := g.member(t, "Teresa Lima", "teresa@example.org")
	slug, _ := g.studioOf(t, "teresa@example.org")
	_, _, picture := g.hang(t, member, slug, "Quay", "The quay at five in the morning.")
	for path, want := range map[string]int{
		picture: http.StatusOK, "/": http.StatusNotFound, "/login": http.StatusNotFound, "/explore": http.StatusNotFound, "/m/../login": http.StatusNotFound, "/assets/app.css": http.StatusNotFound,
	} {
		r := httptest.NewRequest(http.MethodGet, mediaHost+path, nil)
		r.Host = "media.vitrine.test"
		w := httptest.NewRecorder()
		g.handler.ServeHTTP(w, r)
		if w.Code != want || len(w.Result().Cookies()) != 0 {
			t.Errorf("%s gave %d with %d cookies", path, w.Code, len(w.Result().Cookies()))
		}
	}
}
