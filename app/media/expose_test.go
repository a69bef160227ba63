package media

import (
	"testing"

	"vitrine/app/platform/db"
	"vitrine/app/platform/mediatool/mediatest"
)

// Whatever takes a file from the public names all of its renditions, once.
func TestExpose_tellsWhatThePublicLoses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mediaID := w.receive("quay.jpg", mediatest.JPEG(t, 700, 500))
	w.drain()
	told := func(what string, want int) {
		t.Helper()
		if n := w.Count(t, `select count(*) from outbox where event = 'media.withdrawn.v1'`); n != want {
			t.Errorf("%s: %d events, want %d", what, n, want)
		}
	}
	w.expose(mediaID, false)
	told("a file that nobody saw", 0)
	w.expose(mediaID, true)
	told("a file that everybody sees", 0)
	w.expose(mediaID, false)
	told("a file that is hidden", 1)
	w.expose(mediaID, false)
	told("a file that is hidden again", 1)
	w.expose(mediaID, true)
	if err := w.App.Tenant(t.Context(), w.sender.StudioID, func(tx db.Tx) error {
		return w.web.Delete(t.Context(), tx, w.sender.StudioID, ids(mediaID))
	}); err != nil {
		t.Fatal(err)
	}
	told("a file that is deleted", 2)
	if n := w.Count(t, `select count(*) from renditions where media_id = $1`, mediaID); n < 3 {
		t.Fatalf("it has %d renditions", n)
	}
	if n := w.Count(t, `select count(*) from outbox o where o.event = 'media.withdrawn.v1' and exists (
		select from renditions r where r.media_id = $1 and not o.payload->'renditions' ? (r.media_id::text || '/' || r.name))`, mediaID); n != 0 {
		t.Errorf("%d events leave something out", n)
	}
}
