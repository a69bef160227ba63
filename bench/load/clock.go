package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"vitrine/e2e/rig"
)

// movable stands in for app/platform/clock/system.go in a second build of the
// product: its clock can be moved while it runs. The product itself has no such
// switch, and the machine's clock, which is everybody's, stays as it is.
//
//go:embed movable_clock.txt
var movable []byte

// hour is how far the clock is moved.
const hour = time.Hour

func (h *house) clockFile() string { return filepath.Join(h.dir, "clock-offset") }

// moveClock sets how far the clock of the second build is ahead.
func (h *house) moveClock(by time.Duration) error {
	tmp := h.clockFile() + ".new"
	if err := os.WriteFile(tmp, []byte(strconv.FormatInt(int64(by), 10)), 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, h.clockFile())
}

// wearClock builds the product with the movable clock and runs that instead.
func (h *house) wearClock(ctx context.Context) error {
	source, err := filepath.Abs("app/platform/clock/system.go")
	if err != nil {
		return err
	}
	if _, err := os.Stat(source); err != nil {
		return fmt.Errorf("run this in the project's folder: %w", err)
	}
	stand := filepath.Join(h.dir, "movable_clock.go")
	if err := os.WriteFile(stand, movable, 0o600); err != nil {
		return err
	}
	plan, err := json.Marshal(map[string]map[string]string{"Replace": {source: stand}})
	if err != nil {
		return err
	}
	overlay, binary := filepath.Join(h.dir, "overlay.json"), filepath.Join(h.dir, "vitrine-movable")
	if err := os.WriteFile(overlay, plan, 0o600); err != nil {
		return err
	}
	if out, err := exec.CommandContext(ctx, "go", "build", "-overlay", overlay, "-o", binary, ".").CombinedOutput(); err != nil { //nolint:gosec // our own folder
		return fmt.Errorf("go build: %w: %s", err, out)
	}
	if err := h.moveClock(0); err != nil {
		return err
	}
	return h.restart(ctx, func(p *rig.Plan) { p.Binary = binary })
}

// takeClockOff runs the product as it is again.
func (h *house) takeClockOff(ctx context.Context) error {
	return h.restart(ctx, func(p *rig.Plan) { p.Binary = h.conf.binary })
}

// turnClock sets the clock an hour ahead, or back where it is ahead already.
func (h *house) turnClock(ctx context.Context) (time.Duration, error) {
	to := hour
	if h.ahead {
		to = 0
	}
	h.ahead = !h.ahead
	if err := h.moveClock(to); err != nil {
		return 0, err
	}
	return 0, pause(ctx, time.Second) // it looks each 100 ms
}
