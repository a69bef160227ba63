package main

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"vitrine/app/platform/child"
	"vitrine/e2e/rig"
)

// TestMain lets the test's binary be the command that holds a topology, too.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "hold" {
		main()
		return
	}
	os.Exit(rig.Main(m))
}

func TestUpAndDown(t *testing.T) {
	t.Setenv("DEMO", "off")
	dir := rig.Open(t, t.TempDir())
	common := []string{"-dir", dir}
	whole := append([]string{"up", "-tier", "1k", "-port", "0", "-binary", rig.Binary(t)}, common...)
	t.Cleanup(func() { _ = run(append([]string{"down"}, common...), &bytes.Buffer{}) })

	said := command(t, whole...)
	for _, want := range []string{"The 1k tier runs at http://localhost:", "Set it up, once:  http://localhost:", "all-1 ", "postgres "} {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q:\n%s", want, said)
		}
	}
	url := regexp.MustCompile(`http://localhost:\d+`).FindString(said)
	if status(url) != http.StatusOK {
		t.Errorf("%s does not answer", url)
	}
	var out bytes.Buffer
	if err := run(whole, &out); err == nil || !strings.Contains(out.String(), "a topology runs already (process ") {
		t.Errorf("a second one: %v, %s", err, out.String())
	}
	out.Reset()
	if err := run(append([]string{"deploy"}, common...), &out); err == nil || !strings.Contains(out.String(), "the 1k tier has no balancer that could ask another process meanwhile") {
		t.Errorf("a change of one process: %v, %s", err, out.String())
	}
	endsByItself(t, dir, said)
	if said := command(t, append([]string{"down"}, common...)...); said != "All of it has ended; its data stays.\n" {
		t.Errorf("down says %q", said)
	}
	if status(url) != 0 {
		t.Errorf("%s answers after down", url)
	}
	if said := command(t, append([]string{"down"}, common...)...); said != "No topology runs.\n" {
		t.Errorf("a second down says %q", said)
	}

	// A crash of the one that holds all leaves nothing, and nothing in the way.
	command(t, whole...)
	lock, err := os.Open(filepath.Join(dir, "up.lock"))
	if err != nil {
		t.Fatal(err)
	}
	pid := holder(lock)
	_ = lock.Close()
	family := child.Family(pid)
	if len(family) < 3 {
		t.Fatalf("the family of %d is %v", pid, family)
	}
	_ = syscall.Kill(pid, syscall.SIGKILL)
	for _, one := range family {
		awaitEnd(t, one)
	}
	command(t, whole...)
	command(t, append([]string{"down"}, common...)...)
}

// endsByItself kills the PostgreSQL of a topology, which says so, once.
func endsByItself(t *testing.T, dir, said string) {
	t.Helper()
	found := regexp.MustCompile(`postgres +\S+ +process (\d+)`).FindStringSubmatch(said)
	if found == nil {
		t.Fatalf("it does not say which process PostgreSQL is:\n%s", said)
	}
	pid, err := strconv.Atoi(found[1])
	if err != nil {
		t.Fatal(err)
	}
	_ = syscall.Kill(pid, syscall.SIGKILL)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(time.Minute); ; <-tick.C {
		log, err := os.ReadFile(filepath.Join(dir, "up.log"))
		if err == nil && strings.Count(string(log), "PostgreSQL has ended by itself, and pages answer 503. Its log in ") == 1 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("its log says %s, %v", log, err)
		}
	}
}

func TestUp_refused(t *testing.T) {
	dir := rig.Open(t, t.TempDir())
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"no command":        {nil, "say up, deploy, down or hold"},
		"nothing to change": {[]string{"deploy", "-dir", dir}, "no topology runs; `make up` starts one"},
		"no setting":        {[]string{"deploy", "-dir", dir, "cache"}, `"cache" is no setting; it should look like CACHE=fill`},
		"another command":   {[]string{"sideways", "-dir", dir}, `"sideways" is none of up, deploy, down and hold`},
		"another tier":      {[]string{"up", "-tier", "500k", "-dir", dir}, "TIER=500k cannot be run on one machine yet; it must be 1k or 10k"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			err := run(test.args, &out)
			if err == nil || !strings.Contains(err.Error()+out.String(), test.want) {
				t.Errorf("got %v and %q, want %q", err, out.String(), test.want)
			}
		})
	}
}

func command(t *testing.T, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	if err := run(args, &out); err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out.String())
	}
	return out.String()
}

// status is that of the site's readiness, 0 when nobody answers.
func status(url string) int {
	res, err := (&http.Client{Timeout: time.Minute}).Get(url + "/readyz")
	if err != nil {
		return 0
	}
	_ = res.Body.Close()
	return res.StatusCode
}

// awaitEnd waits for a process whose parent may be somebody else by now.
func awaitEnd(t *testing.T, pid int) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(time.Minute); ; <-tick.C {
		raw, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
		_, state, _ := strings.Cut(string(raw), ") ")
		if err != nil || strings.HasPrefix(state, "Z") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("process %d is left: %s", pid, raw)
		}
	}
}
