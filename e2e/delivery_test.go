package e2e

import (
	"net/url"
	"strings"
	"syscall"
	"testing"

	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/redistest"
	"vitrine/e2e/rig"
)

// A film is encoded while Redis, which carries the tasks, dies and comes back
// empty, and while the process is told to end: neither costs the film an attempt,
// and what happens while Redis is away happens nevertheless.
func TestDelivery_redisDiesInAFilm(t *testing.T) {
	t.Parallel()
	d, redis := dbtest.NewEmpty(t), redistest.New(t)
	site := rig.New(t, "DEMO=off", "DATABASE_URL="+d.OwnerURL, "SECRET="+dbtest.Secret, "DELIVERY=asynq", "REDIS_URL="+redis.URL, "DRAIN=1s").Start()
	owner := site.Visit()
	owner.SetUp("owner@studio.example", password, "Harbour & Field")
	compose, film := longFilm(t, owner)
	var encoder int
	site.Eventually("ffmpeg to encode", func() bool { encoder = encoderOf(t, site); return encoder != 0 })
	if err := syscall.Kill(encoder, syscall.SIGSTOP); err != nil { // so that it is not done before the rest
		t.Fatal(err)
	}

	redis.Kill()
	site.Eventually("/up to say that Redis is away", func() bool { return strings.Contains(site.Body("/up"), `"name":"redis","ok":false`) })
	stranger := site.Visit()
	if p := stranger.Submit(stranger.Get("/signup"), "main form", url.Values{"name": {"Ines Okafor"}, "email": {"ines@studio.example"}, "password": {password}}); p.Status != 200 {
		t.Fatalf("the sign-up answered %s", p)
	}
	d.Await(t, "select exists (select from mails where state = 'sent')")
	if status := site.Stop(); status != 0 {
		t.Errorf("the process ended with %d", status)
	}
	if n := d.Count(t, "select count(*) from tasks where subscriber = 'media.encode' and attempts = 0 and takeovers = 0 and owner is null and state = 'ready'"); n != 1 {
		t.Errorf("%d films wait as if nothing had happened, want 1", n)
	}

	redis.Start()
	site.Start()
	owner.Await(compose.Path, "the film to be ready", func(p *rig.Page) bool { return p.Find(`[data-file][data-state="ready"]`).Length() == 1 })
	whole(t, site, d, film)
	if n := d.Count(t, "select count(*) from renditions where name like '%.mp4'"); n != 1 {
		t.Errorf("%d films were encoded, want 1", n)
	}
}
