package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"

	"vitrine/app/platform/live"
)

// patience bounds everything that the pages wait for.
const patience = 2 * time.Minute

// heard is what all pages together tell.
type heard struct {
	Arrived, Wrong       int
	Median, P99, Longest time.Duration
}

// beside is the process of the pages.
type beside struct {
	cmd *exec.Cmd
	in  io.Closer
	out *bufio.Reader
}

// begin starts it.
func begin(ctx context.Context, c config, url string) (*beside, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self, "-pages", url, "-connections", strconv.Itoa(c.connections), "-notices", strconv.Itoa(c.notices))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &beside{cmd: cmd, in: in, out: bufio.NewReader(out)}, cmd.Start()
}

// await reads a line that must be this one.
func (b *beside) await(want string) error {
	line, err := b.out.ReadString('\n')
	if err == nil && strings.TrimSpace(line) != want {
		err = errors.New("they say " + line)
	}
	if err != nil {
		return fmt.Errorf("the pages: %w", err)
	}
	return nil
}

// end lets the pages go.
func (b *beside) end() error { return errors.Join(b.in.Close(), b.cmd.Wait()) }

// listen is the process of the pages: it opens all connections, says so, hears
// every notice, tells what it heard, and goes when its input ends.
func listen(ctx context.Context, c config) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	conns := make([]*websocket.Conn, c.connections)
	if err := connect(ctx, c.pages, conns); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(os.Stdout, "open"); err != nil {
		return err
	}
	var all sync.WaitGroup
	told := make([]page, len(conns))
	for n, conn := range conns {
		all.Go(func() { told[n] = hear(ctx, conn, c.notices) })
	}
	all.Wait()
	var sum heard
	var ways []time.Duration
	for _, p := range told {
		sum.Arrived += len(p.ways)
		sum.Wrong += p.wrong
		ways = append(ways, p.ways...)
	}
	sum.Median, sum.P99, sum.Longest = at(ways, 0.5), at(ways, 0.99), at(ways, 1)
	if err := json.NewEncoder(os.Stdout).Encode(sum); err != nil {
		return err
	}
	_, err := io.Copy(io.Discard, os.Stdin)
	return err
}

// connect opens all connections, some at a time.
func connect(ctx context.Context, site string, conns []*websocket.Conn) error {
	var all sync.WaitGroup
	turns := make(chan struct{}, 32)
	errs := make([]error, len(conns))
	for n := range conns {
		turns <- struct{}{}
		all.Go(func() {
			defer func() { <-turns }()
			header := http.Header{"Origin": {site}, "Cookie": {"session=" + token(n)}}
			conn, _, err := websocket.Dial(ctx, site+"/live?after=0", &websocket.DialOptions{HTTPHeader: header}) //nolint:bodyclose // the library closes it
			if err != nil {
				errs[n] = fmt.Errorf("connection %d: %w", n, err)
				return
			}
			conns[n] = conn
			// hello, and that it missed what was told before: 0 is no position.
			for _, want := range []string{"hello", "missed"} {
				m, err := read(ctx, conn)
				if err == nil && m.Kind != want {
					err = fmt.Errorf("it hears %q", m.Kind)
				}
				if err != nil {
					errs[n] = fmt.Errorf("connection %d: %w", n, err)
				}
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// page is what one page heard.
type page struct {
	ways  []time.Duration
	wrong int
}

// hear waits for every notice, in their order.
func hear(ctx context.Context, conn *websocket.Conn, notices int) (p page) {
	for len(p.ways) < notices {
		m, err := read(ctx, conn)
		if err != nil {
			return p
		}
		if m.Kind != "notice" {
			continue
		}
		now := time.Now()
		var said notice
		if json.Unmarshal(m.Data, &said) != nil || said.N != len(p.ways) {
			p.wrong++
		}
		p.ways = append(p.ways, now.Sub(time.Unix(0, said.At)))
	}
	return p
}

func read(ctx context.Context, conn *websocket.Conn) (m live.Message, err error) {
	_, frame, err := conn.Read(ctx)
	if err != nil {
		return m, err
	}
	err = json.Unmarshal(frame, &m)
	return m, err
}
