//go:build !linux

package telemetry

import "time"

// Thread measures nothing on this system.
type Thread struct{}

// HoldThread does nothing on this system.
func HoldThread() *Thread { return &Thread{} }

// CPU is not known on this system.
func (*Thread) CPU() (time.Duration, bool) { return 0, false }

// Release does nothing on this system.
func (*Thread) Release() {}
