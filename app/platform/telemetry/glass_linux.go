package telemetry

import (
	"runtime"
	"syscall"
	"time"
)

// Thread is the thread of one goroutine, which keeps it from Hold to Release so
// that its CPU time is the goroutine's own. Holding costs switches between
// threads: hold one for somebody who wants to see the number.
type Thread struct{ began time.Duration }

// HoldThread keeps the calling goroutine on its thread. Everything else must be
// called by that goroutine.
func HoldThread() *Thread {
	runtime.LockOSThread()
	now, _ := threadCPU()
	return &Thread{began: now}
}

// CPU is the time that the goroutine has computed since it held its thread;
// false where the system does not say.
func (t *Thread) CPU() (time.Duration, bool) {
	now, ok := threadCPU()
	return now - t.began, ok
}

// Release lets the goroutine go.
func (*Thread) Release() { runtime.UnlockOSThread() }

// rusageThread is RUSAGE_THREAD of getrusage(2).
const rusageThread = 1

func threadCPU() (time.Duration, bool) {
	var u syscall.Rusage
	if err := syscall.Getrusage(rusageThread, &u); err != nil {
		return 0, false
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), true
}
