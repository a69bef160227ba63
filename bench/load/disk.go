package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"vitrine/bench/traffic"
)

// probeDisk writes and syncs a little ten times a second, beside the database's
// own syncs, until the function that it gives is called: a commit cannot be
// faster than the disk under it.
func (h *house) probeDisk(ctx context.Context) (stop func() *traffic.Kind) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan *traffic.Kind)
	go func() {
		took := traffic.NewReport()
		defer func() { done <- took.All() }()
		f, err := os.Create(filepath.Join(h.dir, "disk-probe"))
		if err != nil {
			return
		}
		defer func() { _ = f.Close(); _ = os.Remove(f.Name()) }()
		block := make([]byte, 8192)
		for pause(ctx, 100*time.Millisecond) == nil {
			began := time.Now()
			_, err := f.WriteAt(block, 0)
			if err == nil {
				err = syscall.Fdatasync(int(f.Fd())) //nolint:gosec // a descriptor is small
			}
			took.Add("sync", time.Since(began), err)
		}
	}()
	return func() *traffic.Kind { cancel(); return <-done }
}

// carryBusy runs the mix at a rate while photos are on their way, and tells how
// that is for everybody else.
func (h *house) carryBusy(ctx context.Context, t *town, next func() traffic.Visit, rate float64) (*traffic.Report, error) {
	const photos, length = 8, 30 * time.Second
	say("The same while %d photos are made ready.", photos)
	failed := make(chan error, 1)
	go func() {
		for range photos {
			if err := t.uploadPhoto(ctx); err != nil {
				failed <- err
				return
			}
		}
		failed <- nil
	}()
	kinds, err := openLoop(ctx, rate, length, next)
	return kinds, errors.Join(err, <-failed)
}
