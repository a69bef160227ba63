package telemetry

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// Process is what a process knows of itself, without asking anybody.
type Process struct {
	Version    string
	Uptime     time.Duration
	Resident   int64 // bytes of memory that the system has given it; 0 when unknown
	Heap       int64 // bytes of it that Go's values take
	Goroutines int
	CPUs       int // that Go may use
}

// MeasureProcess looks at this process, which began at that time.
func MeasureProcess(version string, began, now time.Time) Process {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return Process{Version: version, Uptime: now.Sub(began), Resident: resident(), Heap: int64(min(m.HeapAlloc, 1<<62)),
		Goroutines: runtime.NumGoroutine(), CPUs: runtime.GOMAXPROCS(0)}
}

// resident reads the second figure of Linux's statm: pages in memory.
func resident() int64 {
	raw, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := bytes.Fields(raw)
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(string(fields[1]), 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}

// Disk is the room of the file system that a directory lies on, in bytes.
type Disk struct{ Free, Total int64 }

// MeasureDisk asks the system. Free is what others than root may use.
func MeasureDisk(dir string) (Disk, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return Disk{}, fmt.Errorf("asking for the room at the data directory: %w", err)
	}
	block := uint64(max(0, s.Bsize))
	return Disk{Free: int64(s.Bavail * block & (1<<63 - 1)), Total: int64(s.Blocks * block & (1<<63 - 1))}, nil
}

// Pool is how a pool of connections is used.
type Pool struct {
	Name             string
	InUse, Idle, Max int
	Waits            int64         // since the process started
	Waited           time.Duration // all waits together
}

// Pools lists the pools that are watched, in the order in which they were
// opened.
func (m *Metrics) Pools() []Pool {
	out := make([]Pool, 0, len(m.pools))
	for _, p := range m.pools {
		s := p.pool.Stats()
		out = append(out, Pool{Name: p.name, InUse: s.InUse, Idle: s.Idle, Max: s.MaxOpenConnections, Waits: s.WaitCount, Waited: s.WaitDuration})
	}
	return out
}

// watched is a pool with its name.
type watched struct {
	name string
	pool *sql.DB
}
