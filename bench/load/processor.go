package main

import (
	"fmt"
	"maps"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"vitrine/app/platform/child"
	"vitrine/bench/proc"
)

// partNames are the parts of a tier in the order of tables. "vitrine" is the one
// process of a tier that has but one; tools are the programs that make
// renditions, which run below the process that has the task.
var partNames = []string{"nginx", "vitrine", "web", "worker", "tools", "postgres", "redis", "store"}

// processor is the processor time that each part has used so far.
type processor map[string]time.Duration

func (p processor) since(q processor) processor {
	out := processor{}
	for name, d := range p {
		out[name] = d - q[name]
	}
	return out
}

func (p processor) sum() (d time.Duration) {
	for _, one := range p {
		d += one
	}
	return d
}

func (p processor) add(q processor) processor {
	out := maps.Clone(p)
	if out == nil {
		out = processor{}
	}
	for name, d := range q {
		out[name] += d
	}
	return out
}

// each is the milliseconds of each part for one of n visits.
func (p processor) each(n int) string {
	var parts []string
	for _, name := range partNames {
		if ms := p[name].Seconds() * 1000 / float64(max(1, n)); ms >= 0.005 {
			parts = append(parts, fmt.Sprintf("%s %.2f", name, ms))
		}
	}
	return strings.Join(parts, ", ")
}

// partOf names the part that a server belongs to.
func partOf(server string) string {
	name, _, _ := strings.Cut(server, "-")
	switch name {
	case "all":
		return "vitrine"
	case "balancer":
		return "nginx"
	}
	return name
}

// processor reads /proc. The time of processes that have ended is in their
// parent's time for its children.
func (h *house) processor() (processor, error) {
	p := processor{}
	for _, s := range h.top.Servers() {
		part := partOf(s.Name)
		below := part
		if part == "vitrine" || part == "worker" || part == "web" {
			below = "tools"
		}
		if err := p.family(s.Pid(), part, below); err != nil {
			return nil, fmt.Errorf("%s: %w", s.Name, err)
		}
	}
	return p, p.family(h.top.Postgres.Pid(), "postgres", "postgres")
}

func (p processor) family(pid int, part, below string) error {
	own, err := proc.Of(pid)
	if err != nil {
		return err
	}
	p[part] += own.Own
	p[below] += own.Ended
	for _, other := range child.Family(pid)[1:] {
		if s, err := proc.Of(other); err == nil { // else it has just ended
			p[below] += s.Own + s.Ended
		}
	}
	return nil
}

// resident is the memory of Vitrine's processes, in bytes.
func (h *house) resident() (sum int64, err error) {
	for _, s := range h.top.Processes {
		n, err := proc.Resident(s.Pid())
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}

// pin keeps all processes of the tier on the product's processors. Those that
// they start later inherit that.
func (h *house) pin() error {
	if h.conf.serverCPUs == "" {
		return nil
	}
	roots := []int{h.top.Postgres.Pid()}
	for _, s := range h.top.Servers() {
		roots = append(roots, s.Pid())
	}
	for _, root := range roots {
		for _, pid := range child.Family(root) {
			if out, err := exec.Command("taskset", "-apc", h.conf.serverCPUs, strconv.Itoa(pid)).CombinedOutput(); err != nil && proc.Alive(pid) {
				return fmt.Errorf("taskset: %w: %s", err, out)
			}
		}
	}
	return nil
}
