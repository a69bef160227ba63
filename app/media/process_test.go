package media

import (
	"bytes"
	"context"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/mediatool"
	"vitrine/app/platform/mediatool/mediatest"
	"vitrine/app/platform/tone"
)

// step delivers the next event, which must be of that name.
func (w *world) step(name string) bus.Envelope {
	w.t.Helper()
	env, ok := w.event()
	if !ok || env.Name != name {
		w.t.Fatalf("the next event is %q instead of %s", env.Name, name)
	}
	if err := w.deliver(w.jobs, env); err != nil {
		w.t.Fatal(err)
	}
	return env
}

func names(m Media) (out []string) {
	for _, r := range m.Renditions {
		out = append(out, r.Name)
	}
	slices.Sort(out)
	return out
}

func TestPhoto_fromUploadToLastSize(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mediaID := w.receive("Ridges.JPG", mediatest.JPEG(t, 1600, 1000))
	if m := w.media(mediaID); m.State != StateChecking || m.Usable || m.Settled() {
		t.Fatalf("after the upload: %+v", m)
	}
	w.step("media.uploaded.v1")
	if m := w.media(mediaID); m.State != StateProcessing || m.Kind != KindImage || m.Format != "jpeg" || m.Width != 1600 || m.Height != 1000 || len(m.SHA256) != 64 {
		t.Fatalf("after the check: %+v", m)
	}
	w.step("media.accepted.v1")
	if m := w.media(mediaID); m.State != StateProcessing || !m.Usable || !slices.Equal(m.Served.WebP, []int{firstWidth}) {
		t.Fatalf("after the first size: %+v", m)
	}
	w.step("media.usable.v1")
	w.step("media.first_made.v1")
	m := w.media(mediaID)
	if m.State != StateReady || !m.Usable || !tone.Known(m.Tone) || m.Tone == "" {
		t.Fatalf("after rendering: %+v", m)
	}
	widths := mediatool.Ladder(1600, 1000)
	if !slices.Equal(m.Served.WebP, widths) || !slices.Equal(m.Served.JPEG, widths) || m.Served.AVIF != nil || m.Served.Video != nil {
		t.Errorf("served: %+v, want %v", m.Served, widths)
	}
	w.step("media.processed.v1")
	m = w.media(mediaID)
	if !slices.Equal(m.Served.AVIF, []int{320, 480, 640, 960, 1280}) {
		t.Errorf("AVIF: %v", m.Served.AVIF)
	}
	w.step("media.sizes_made.v1")
	if w.drain(); w.Count(t, `select count(*) from outbox`) != 6 {
		t.Error("an event was told twice")
	}
	p := m.Picture()
	if p.Src(700) != URL(m.ID, "w960.jpg") || p.Src(9999) != URL(m.ID, "w1600.jpg") || !strings.HasPrefix(p.WebP(), URL(m.ID, "w320.webp")+" 320w, ") {
		t.Errorf("%s, %s, %s", p.Src(700), p.Src(9999), p.WebP())
	}
	if width, height := p.SrcSize(700); width != 960 || height != 600 {
		t.Errorf("%d × %d", width, height)
	}
	// The smallest useful pair came first.
	var first string
	w.Row(t, `select string_agg(name, ' ' order by created_at) from (select * from renditions order by created_at limit 2) x`)(&first)
	if first != "w640.webp w640.jpg" {
		t.Errorf("made first: %s", first)
	}
	w.balanced()
}

func TestPhoto_tiny(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mediaID := w.receive("dot.png", mediatest.PNG(t, mediatest.Drawn(3, 2)))
	w.drain()
	if m := w.media(mediaID); m.State != StateReady || !m.Usable || !slices.Equal(names(m), []string{"w3.avif", "w3.jpg", "w3.webp"}) {
		t.Errorf("%s, %v", m.State, names(m))
	}
	w.balanced()
}

func TestFilm_posterFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	film, err := os.ReadFile(mediatest.Film(t, "a.mp4", "-f", "lavfi", "-i", "testsrc2=s=640x360:d=2:r=10", "-f", "lavfi", "-i", "sine=d=2", "-pix_fmt", "yuv420p"))
	if err != nil {
		t.Fatal(err)
	}
	mediaID := w.receive("a.mp4", film)
	w.step("media.uploaded.v1")
	w.step("media.accepted.v1")
	if m := w.media(mediaID); m.State != StateProcessing || !m.Usable || m.Kind != KindVideo || m.Served.Video != nil || len(m.Served.JPEG) == 0 || !m.HasAudio {
		t.Fatalf("before the film: %+v", m)
	}
	w.drain()
	m := w.media(mediaID)
	if m.State != StateReady || m.Served.Video == nil || *m.Served.Video != (Size{640, 360}) || m.DurationMS < 1900 || m.DurationMS > 2100 {
		t.Errorf("after the film: %+v", m)
	}
	if p := m.Picture(); p.Video() != URL(m.ID, "video.mp4") || !p.Film() {
		t.Error("the film cannot be played")
	}
	w.balanced()
}

func TestDuplicate_isToldAndDecided(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	content := mediatest.JPEG(t, 400, 300)
	first := w.receive("one.jpg", content)
	w.drain()
	second := w.receive("two.jpg", content)
	third := w.receive("three.jpg", content)
	w.drain()
	for _, mediaID := range []uuid.UUID{second, third} {
		m := w.media(mediaID)
		if m.State != StateDuplicate || m.DuplicateOf == nil || *m.DuplicateOf != first || m.GoneAt().IsZero() {
			t.Fatalf("%+v", m)
		}
	}
	for range 2 { // the second click does nothing more
		if err := w.web.KeepBoth(t.Context(), w.sender, second); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.web.KeepBoth(t.Context(), w.sender, third); err != nil {
		t.Fatal(err)
	}
	w.drain()
	var copies []int
	for _, mediaID := range []uuid.UUID{first, second, third} {
		m := w.media(mediaID)
		if m.State != StateReady {
			t.Errorf("%s: %s", m.Filename, m.State)
		}
		copies = append(copies, m.Copy)
	}
	if slices.Sort(copies); !slices.Equal(copies, []int{0, 1, 2}) {
		t.Errorf("copies %v", copies)
	}
	// Another studio's file is nobody's duplicate.
	w.sender = w.studio("elsewhere")
	other := w.receive("one.jpg", content)
	w.drain()
	if m := w.media(other); m.State != StateReady {
		t.Errorf("in another studio: %s", m.State)
	}
	w.balanced()
}

// TestDuplicate_atTheSameMoment has both files looked at before either is accepted.
func TestDuplicate_atTheSameMoment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	content := mediatest.JPEG(t, 400, 300)
	one, two := w.receive("one.jpg", content), w.receive("two.jpg", content)
	done := make(chan error, 2)
	for range 2 {
		env, _ := w.event()
		go func() { done <- w.deliver(w.jobs, env) }()
	}
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	w.drain()
	states := []State{w.media(one).State, w.media(two).State}
	if slices.Sort(states); !slices.Equal(states, []State{StateDuplicate, StateReady}) {
		t.Errorf("%v", states)
	}
	w.balanced()
}

// TestHostile_endsInASentence sends what is refused through the whole way in.
// That each kind is recognised is tested beside the tools.
func TestHostile_endsInASentence(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	photo := mediatest.JPEG(t, 320, 200)
	long, err := os.ReadFile(mediatest.Film(t, "long.mp4", "-f", "lavfi", "-i", "color=s=16x16:r=1:d=10800", "-preset", "ultrafast", "-pix_fmt", "yuv420p"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		content []byte
		says    string
	}{
		{"bomb.png", mediatest.PNGOf(t, 100_000, 100_000, 1), "pixels"},
		{"huge.png", mediatest.PNGOf(t, 40_000, 40_000, 40_000), "40,000 × 40,000"},
		{"polyglot.jpg", append(bytes.Clone(photo), mediatest.ZIP(t)...), "also contains an archive"},
		{"logo.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "SVG"},
		{"renamed.jpg", []byte("\x7fELF\x02\x01\x01" + strings.Repeat("\x00", 100)), "program"},
		{"list.mp4", []byte("#EXTM3U\nhttp://169.254.169.254/latest\n"), "playlist"},
		{"breaks-off.jpg", photo[:len(photo)/2], "breaks off"},
		{"long.mp4", long, "3 h long"},
	} {
		mediaID := w.receive(c.name, c.content)
		w.drain()
		m := w.media(mediaID)
		if m.State != StateFailed || !m.Refused || m.Usable || !strings.Contains(m.Failure, c.says) || !strings.HasSuffix(m.Failure, ".") {
			t.Errorf("%s: %s, refused %v, %q", c.name, m.State, m.Refused, m.Failure)
		}
		if len(m.Renditions) != 0 || m.GoneAt().IsZero() {
			t.Errorf("%s: %v", c.name, names(m))
		}
	}
	w.balanced()
}

func TestReceive_refusalsNameTheFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	receive := func(name string, r io.Reader) error {
		_, err := w.web.Receive(context.Background(), w.sender.StudioID, w.sender.UserID, "", name, r)
		return err
	}
	for name, c := range map[string]struct {
		r    io.Reader
		want string
	}{
		"void.jpg":   {strings.NewReader(""), "void.jpg is empty."},
		"large.png":  {io.LimitReader(zeros{}, MaxImageBytes+5_000_000), "large.png has 55 MB; photos may have up to 50 MB."},
		"broken.jpg": {io.MultiReader(strings.NewReader("abc"), broken{}), "broken.jpg broke off on the way."},
	} {
		err := receive(name, c.r)
		if !fault.Is(err, fault.Invalid) || !strings.Contains(fault.MessageOf(err), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.Exec(t, `insert into storage_usage (studio_id, byte_limit, updated_at) values ($1, 100, now())`, w.sender.StudioID)
	if err := receive("a.jpg", bytes.NewReader(noise(3_000))); !strings.Contains(fault.MessageOf(err), "a.jpg needs 3 kB and your studio has 100 bytes left") {
		t.Error(err)
	}
	if n := w.Count(t, `select count(*) from media`); n != 0 {
		t.Errorf("%d rows", n)
	}
	w.balanced()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// TestRetry_afterToolsWereMissing fails for a reason that is not the file's, and
// goes on from what exists.
func TestRetry_afterToolsWereMissing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mediaID := w.receive("a.jpg", mediatest.JPEG(t, 1000, 700))
	w.step("media.uploaded.v1")
	bare, err := mediatool.Open(mediatool.Config{TempDir: t.TempDir(), Commands: mediatool.Commands{Vips: "there-is-no-such-program"}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = bare.Close() }()
	poor := w.service(w.Worker, bare)
	env, _ := w.event()
	if err := w.deliver(poor, env); err == nil {
		t.Fatal("the attempt should have failed")
	}
	if m := w.media(mediaID); m.State != StateProcessing {
		t.Fatalf("after the first attempt: %s", m.State)
	}
	env.Attempt = RenderAttempts
	if err := w.deliver(poor, env); err == nil {
		t.Fatal("the last attempt should have failed")
	}
	if m := w.media(mediaID); m.State != StateFailed || m.Refused || !strings.Contains(m.Failure, "Try again") || !m.GoneAt().IsZero() {
		t.Fatalf("after the last attempt: %+v", m)
	}
	for range 2 {
		if err := w.web.Retry(t.Context(), w.sender, mediaID); err != nil {
			t.Fatal(err)
		}
	}
	w.drain()
	if m := w.media(mediaID); m.State != StateReady || m.Failure != "" {
		t.Errorf("after trying again: %+v", m)
	}
	w.balanced()
}

// TestInterrupted_isNoFailure: a deploy ends the context in the middle.
func TestInterrupted_isNoFailure(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mediaID := w.receive("a.jpg", mediatest.JPEG(t, 1000, 700))
	env, _ := w.event()
	env.Attempt = InspectAttempts
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := w.jobs.OnUploaded(ctx, env); err == nil {
		t.Fatal("an interrupted task ended well")
	}
	if m := w.media(mediaID); m.State != StateChecking {
		t.Errorf("%s: %s", m.State, m.Failure)
	}
}

func TestRealMedia_theWholeWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		name          string
		width, height int
		state         State
	}{
		{"gps_dscn0010.jpg", 640, 480, StateReady},
		{"landscape_orientation_6.jpg", 1800, 1200, StateReady},
		{"portrait_orientation_6.jpg", 1200, 1800, StateReady},
		{"iphone_5195.heic", 0, 0, StateReady},
		{"broken_metadata.jpg", 0, 0, StateReady},
		{"corrupted.jpg", 0, 0, StateFailed},
		{"bunny_480p_30s.mp4", 0, 0, StateReady},
	} {
		mediaID := w.receive(c.name, shared(t, c.name))
		w.drain()
		m := w.media(mediaID)
		if m.State != c.state || c.width != 0 && (m.Width != c.width || m.Height != c.height) {
			t.Errorf("%s: %s (%s), %d × %d", c.name, m.State, m.Failure, m.Width, m.Height)
		}
		for _, r := range m.Renditions {
			o, err := w.blobs.Open(t.Context(), r.Key)
			if err != nil {
				t.Fatal(err)
			}
			b, _ := io.ReadAll(o)
			_ = o.Close()
			if int64(len(b)) != r.Bytes {
				t.Errorf("%s %s: %d bytes instead of %d", c.name, r.Name, len(b), r.Bytes)
			}
			for _, private := range []string{"Exif\x00\x00", "EXIF", "GPSLatitude", "xmpmeta", "NIKON", "iPhone"} {
				if bytes.Contains(b, []byte(private)) {
					t.Errorf("%s %s carries %q", c.name, r.Name, private)
				}
			}
		}
	}
	w.balanced()
}
