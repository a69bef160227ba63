package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"vitrine/e2e/rig"
)

// wishes is where the process that holds a topology hears what is wished of it.
func wishes(dir string) string { return filepath.Join(dir, "up.sock") }

// setting is one of the environment.
var setting = regexp.MustCompile(`^[A-Z][A-Z0-9_]*=[^\n]*$`)

// deploy wishes for new processes in the place of those that run, with these
// settings from now on, and shows what is said about it.
func deploy(dir string, settings []string, out io.Writer) error {
	for _, s := range settings {
		if !setting.MatchString(s) {
			return fmt.Errorf("%q is no setting; it should look like CACHE=fill", s)
		}
	}
	conn, err := new(net.Dialer).DialContext(context.Background(), "unix", wishes(dir))
	if err != nil {
		return errors.New("no topology runs; `make up` starts one")
	}
	defer func() { _ = conn.Close() }()
	if _, err := io.WriteString(conn, strings.Join(settings, "\n")+"\n"+done); err != nil {
		return err
	}
	if well, err := listen(conn, out); err != nil || !well {
		return errors.Join(errors.New("it was not deployed"), err)
	}
	return nil
}

// heed deploys what is wished for, one wish after the other, until ctx ends.
func heed(ctx context.Context, l net.Listener, top *rig.Topology, plan rig.Plan) {
	go func() {
		<-ctx.Done()
		_ = l.Close()
	}()
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		if err := fulfil(ctx, conn, top, plan); err != nil {
			_, _ = fmt.Fprintln(conn, err)
		}
		_ = conn.Close()
	}
}

func fulfil(ctx context.Context, conn net.Conn, top *rig.Topology, plan rig.Plan) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return err
	}
	var wish strings.Builder
	if well, err := listen(conn, &wish); err != nil || !well {
		return errors.Join(errors.New("the wish was not said to its end"), err)
	}
	began := time.Now()
	if err := top.Deploy(ctx, rig.Change{Env: strings.FieldsFunc(wish.String(), func(r rune) bool { return r == '\n' })}); err != nil {
		return err
	}
	_, err := fmt.Fprint(conn, describe(top, plan, time.Since(began)), done)
	return err
}

// hear opens the place of wishes. Whoever holds the lock may take what a crash
// has left there.
func hear(dir string) (net.Listener, error) {
	if err := os.Remove(wishes(dir)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	return new(net.ListenConfig).Listen(context.Background(), "unix", wishes(dir))
}
