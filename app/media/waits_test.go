package media

import (
	"errors"
	"path/filepath"
	"syscall"
	"testing"

	"vitrine/app/platform/blob"
	"vitrine/app/platform/disktest"
	"vitrine/app/platform/mediatool/mediatest"
)

// TestStoreAway_isNoFailure has the store away for more attempts than a file has.
func TestStoreAway_isNoFailure(t *testing.T) {
	t.Parallel()
	w, server := newS3World(t)
	mediaID := w.receive("a.jpg", mediatest.JPEG(t, 1000, 700))
	for _, at := range []State{StateChecking, StateProcessing} {
		env, _ := w.event()
		env.Attempt = 2 * RenderAttempts
		server.Kill()
		if err := w.deliver(w.jobs, env); err == nil {
			t.Error("without a store, the attempt should have failed")
		}
		if m := w.media(mediaID); m.State != at || m.Failure != "" {
			t.Errorf("without a store, it is %s and not %s: %s", m.State, at, m.Failure)
		}
		server.Start()
		if err := w.deliver(w.jobs, env); err != nil {
			t.Errorf("with its store again: %v", err)
		}
	}
	w.drain()
	if m := w.media(mediaID); m.State != StateReady {
		t.Errorf("with its store again: %s: %s", m.State, m.Failure)
	}
}

// TestFullDisk_isNoFailure has no room to work in for more attempts than a file has.
func TestFullDisk_isNoFailure(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	small := filepath.Join(base, "small")
	disk := disktest.Mount(t, small, 32<<20)
	w := worldOn(t, small, blob.Config{Kind: "disk", Dir: filepath.Join(base, "blobs")})
	mediaID := w.receive("a.jpg", mediatest.JPEG(t, 1000, 700))
	for _, c := range []struct {
		at   State
		fill func()
	}{{StateChecking, disk.NoMoreFiles}, {StateProcessing, func() { disk.Fill(0) }}} {
		env, _ := w.event()
		env.Attempt = 2 * RenderAttempts
		c.fill()
		if err := w.deliver(w.jobs, env); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("on a full disk: %v", err)
		}
		if m := w.media(mediaID); m.State != c.at || m.Failure != "" {
			t.Errorf("on a full disk, it is %s and not %s: %s", m.State, c.at, m.Failure)
		}
		disk.Empty()
		if err := w.deliver(w.jobs, env); err != nil {
			t.Errorf("with room again: %v", err)
		}
	}
	w.drain()
	if m := w.media(mediaID); m.State != StateReady {
		t.Errorf("with room again: %s: %s", m.State, m.Failure)
	}
}
