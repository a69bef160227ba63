package e2e

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"vitrine/app/platform/disktest"
	"vitrine/app/platform/idem"
	visits "vitrine/bench/traffic"
	"vitrine/e2e/rig"
)

// The disk of PostgreSQL itself is full. At first it refuses what needs more room,
// and everything that is read is read on. Later, when its log needs more room, it
// ends. Nothing starts it again and again; with room, whoever runs it starts it
// once, and everything that was acknowledged is there.

func (f *fair) fullDatabase(t *testing.T, load *visits.Load, out *table) {
	disk := f.moveDatabase(t)
	f.whole()
	load.Phase()
	f.lose(t, load, fault{name: "the disk of PostgreSQL full", refused: true, promised: writesWait,
		away: func(f *fair) { f.fillDatabase(disk) }, meets: (*fair).meetsFullDatabase,
		back: func(*fair) { disk.Empty() }}, out)
	f.lose(t, load, fault{name: "the disk of PostgreSQL full, until PostgreSQL ends", refused: true, promised: plainRefusals,
		away: func(f *fair) { f.endDatabase(disk) }, meets: (*fair).meetsKept,
		back: func(f *fair) {
			disk.Empty()
			f.startDatabase()
		}}, out)
}

// moveDatabase moves the database onto a small disk of its own, until the subtest
// ends.
func (f *fair) moveDatabase(t *testing.T) *disktest.Disk {
	t.Helper()
	disktest.Mount(t, filepath.Join(t.TempDir(), "tried"), 1<<20) // where it cannot be, nothing is begun
	dir := filepath.Join(f.Data(f.Web()[0]), "..", "..", "postgres")
	aside := dir + ".aside"
	carry := func(from, to string) {
		t.Helper()
		if out, err := exec.CommandContext(context.Background(), "cp", "-a", from+"/.", to).CombinedOutput(); err != nil {
			t.Fatalf("the database cannot be moved: %v\n%s", err, out)
		}
	}
	f.stopDatabase()
	if err := os.Rename(dir, aside); err != nil {
		t.Fatal(err)
	}
	// This is undone last: it needs the disk to be away.
	t.Cleanup(func() {
		if err := errors.Join(os.Remove(dir), os.Rename(aside, dir)); err != nil {
			t.Error(err)
		}
		f.startDatabase()
	})
	disk := disktest.Mount(t, dir, 256<<20)
	t.Cleanup(func() {
		f.stopDatabase()
		if err := os.RemoveAll(aside); err != nil {
			t.Error(err)
		}
		carry(dir, aside)
	})
	carry(aside, dir)
	f.startDatabase()
	return disk
}

// fillDatabase takes the room away, and writes until something is refused.
func (f *fair) fillDatabase(disk *disktest.Disk) {
	f.t.Helper()
	disk.Fill(0)
	f.Eventually(f.t, "something to be refused", func() bool {
		disk.Fill(0) // what PostgreSQL gives back is taken as well
		err := f.story(f.t.Context())
		if err != nil && !errors.Is(err, visits.ErrShed) {
			f.t.Errorf("without room, a form ends with %v", err)
		}
		return err != nil
	})
}

// novel gives words that cannot be said shorter.
func novel() string {
	var words strings.Builder
	for range 300 {
		words.WriteString(rand.Text() + " ")
	}
	return words.String()
}

// story keeps a draft that needs room.
func (f *fair) story(ctx context.Context) error {
	key := idem.NewKey()
	title := "Kept " + key
	err := f.send(ctx, f.fans[0], "/studio/"+home+"/new/"+key, url.Values{"form_key": {idem.NewKey()}, "edition": {"0"}, "idempotency_key": {idem.NewKey()},
		"intent": {"save"}, "title": {title}, "story": {novel()}})
	if err == nil {
		f.told.Note(toldDraft, title, "")
	}
	return err
}

// meetsFullDatabase looks at what people and those who run the site are told.
func (f *fair) meetsFullDatabase() {
	f.t.Helper()
	var p *rig.Page
	f.Eventually(f.t, "a form to be refused", func() bool { // some may still find room
		compose := f.owner.Get("/studio/" + home + "/new")
		p = f.owner.Submit(compose, "#compose", url.Values{"intent": {"save"}, "title": {"Typed beside a full disk"}, "story": {novel()}})
		return p.Status != http.StatusOK
	})
	if p.Status != http.StatusServiceUnavailable || p.Header.Get("Retry-After") == "" || !strings.Contains(p.Raw, "Nothing can be saved at the moment") || !strings.Contains(p.Raw, "Typed beside a full disk") {
		f.t.Errorf("without room, a form is answered with %s", p)
	}
	f.Eventually(f.t, "/up and the log to say so", func() bool {
		for _, web := range f.Web() {
			if !up(f.Process(f.t, web))["database"] && strings.Contains(web.Said(), "PostgreSQL has no room") {
				return true
			}
		}
		return false
	})
}

// endDatabase uses up what room there is in PostgreSQL's log, until it ends.
func (f *fair) endDatabase(disk *disktest.Disk) {
	f.t.Helper()
	f.Eventually(f.t, "PostgreSQL to end", func() bool {
		disk.Fill(0)
		_, _ = f.db.ExecContext(f.t.Context(), "select pg_logical_emit_message(false, 'test', repeat('x', 1000000)), pg_switch_wal()")
		return !f.Postgres.Running()
	})
}

// writesWait is promised while nothing can be written: everything that is read is
// there, and what is to be kept is refused with a time to come back.
func writesWait(t *testing.T, during *visits.Report) {
	t.Helper()
	if k := sum(during, reads); k.Failed > 0 || k.Shed > 0 {
		t.Errorf("%s: %d failed and %d refused", reads, k.Failed, k.Shed)
	}
	for _, kind := range []string{writes, uploads} {
		if k := sum(during, kind); k.Failed > 0 {
			t.Errorf("%s: %d failed", kind, k.Failed)
		}
	}
}
