// Package proc reads what the kernel knows about a process, from /proc.
package proc

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// tick is the kernel's unit of processor times, USER_HZ, which is 100 on Linux
// whatever the timer's own rate (man 5 proc).
const tick = 10 * time.Millisecond

// Stat is a process and the processor time that it has used so far.
type Stat struct {
	Parent int
	Own    time.Duration
	Ended  time.Duration // of its children that have ended, and theirs
}

// Of reads the fields 4, 14 to 17 of /proc/PID/stat (man 5 proc).
func Of(pid int) (s Stat, err error) {
	raw, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return s, err
	}
	end := bytes.LastIndexByte(raw, ')') // the name before it may hold anything
	fields := strings.Fields(string(raw[end+1:]))
	if len(fields) < 15 {
		return s, fmt.Errorf("/proc/%d/stat is not as expected", pid)
	}
	n := func(field int) int64 { v, _ := strconv.ParseInt(fields[field-3], 10, 64); return v }
	s.Parent = int(n(4))
	s.Own = time.Duration(n(14)+n(15)) * tick
	s.Ended = time.Duration(n(16)+n(17)) * tick
	return s, nil
}

// Alive tells whether there is such a process.
func Alive(pid int) bool { _, err := Of(pid); return err == nil }

// Resident is the memory of a process, in bytes.
func Resident(pid int) (int64, error) {
	raw, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kb << 10, err
		}
	}
	return 0, errors.New("the process has no VmRSS")
}

// Self is the processor time of this process; 0 when the kernel does not say.
func Self() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
