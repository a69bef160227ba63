package media

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"vitrine/app/fault"
	"vitrine/app/platform/mediatool/mediatest"
)

// TestSender_removed: whoever was taken out of the studio while a file was on
// its way brings no more of it, whatever their request began with.
func TestSender_removed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	failed := w.receive("failed.jpg", mediatest.JPEG(t, 300, 200))
	w.drain()
	w.Exec(t, `update media set state = 'failed', failure = 'It failed.' where id = $1`, failed)
	srv := w.serve(w.web, w.sender)
	first := create(t, srv, 10, "filename", "a.jpg", "filetype", "image/jpeg")
	url := first.header.Get("Location")
	if a := patch(t, url, 0, strings.NewReader("01234")); a.status != http.StatusNoContent {
		t.Fatalf("%+v", a)
	}
	// The rest is on its way when the membership goes.
	body, rest := io.Pipe()
	answered := make(chan answerOf, 1)
	go func() { answered <- patch(t, url, 5, body) }()
	_, err := rest.Write([]byte("56"))
	if err != nil {
		t.Fatal(err)
	}
	w.Await(t, "select exists (select from upload_locks where leased_until is not null)")
	w.Exec(t, "delete from memberships where user_id = $1", w.sender.UserID)
	if _, err := rest.Write([]byte("789")); err != nil {
		t.Fatal(err)
	}
	_ = rest.Close()
	if a := <-answered; a.status != http.StatusNotFound {
		t.Errorf("the rest: %+v", a)
	}
	for what, a := range map[string]answerOf{
		"more":    patch(t, url, 5, strings.NewReader("56789")),
		"another": create(t, srv, 10, "filename", "b.jpg", "filetype", "image/jpeg"),
		"cancel":  send(t, http.MethodDelete, url, nil),
	} {
		if a.status != http.StatusNotFound {
			t.Errorf("%s: %+v", what, a)
		}
	}
	_, err = w.web.Receive(ctx, w.sender.StudioID, w.sender.UserID, "", "c.jpg", bytes.NewReader(mediatest.JPEG(t, 30, 20)))
	for what, err := range map[string]error{"a form": err, "retry": w.web.Retry(ctx, w.sender, failed), "keep both": w.web.KeepBoth(ctx, w.sender, failed)} {
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if n := w.Count(t, "select count(*) from uploads where received = 5 and finished_at is null"); n != 1 {
		t.Error("bytes were counted")
	}
	if n := w.Count(t, "select count(*) from media where state = 'failed' or state = 'uploading'"); n != 2 {
		t.Errorf("%d of two files are as they were", n)
	}
}
