package rig

import (
	"os/exec"
	"slices"
	"time"

	"vitrine/app/platform/logtest"
)

// Run runs another subcommand of the binary with the site's configuration, which
// has to end by itself, and gives its exit status and what it wrote. A site with
// a private PostgreSQL must not be running.
func (s *Site) Run(args ...string) (status int, said string) {
	s.t.Helper()
	out := &logtest.Log{}
	like := s.command(out)
	cmd := exec.Command(Binary(s.t), args...) //nolint:gosec // our own binary
	cmd.Dir, cmd.Env, cmd.SysProcAttr = like.Dir, slices.Clone(like.Env), like.SysProcAttr
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	late := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	_ = cmd.Wait()
	return cmd.ProcessState.ExitCode(), out.String()
}
