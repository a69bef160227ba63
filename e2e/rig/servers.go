package rig

import (
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"text/template"
	"time"

	"vitrine/app/platform/child"
	"vitrine/app/platform/s3test"
)

// What the processes of a topology show the object store.
const (
	bucket    = "vitrine"
	accessKey = "vitrine"
	secretKey = "the key of a topology is no secret"
)

// newRedis is a Redis that keeps nothing: the product has to stand that.
func (t *Topology) newRedis() (*Server, error) {
	port, err := child.FreePort()
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(t.plan.Dir, "redis")
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, err
	}
	s := &Server{Name: "redis", Address: local(port), ask: syscall.SIGTERM, log: t.logFile("redis")}
	s.run = func() (*child.Process, error) {
		path, err := find("redis-server")
		if err != nil {
			return nil, err
		}
		return child.Start(child.Config{Path: path, Dir: dir, Log: s.log, Args: []string{
			"--port", fmt.Sprint(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", dir,
			"--maxmemory-policy", "noeviction", // tasks and marks of invalidation lie there
		}})
	}
	s.ready = func(ctx context.Context) error { return pong(ctx, s.Address) }
	return s, nil
}

// pong asks a Redis whether it is there, in its own words.
func pong(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(time.Second)); err != nil {
		return err
	}
	if _, err := conn.Write([]byte("PING\r\n")); err != nil {
		return err
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err == nil && !strings.HasPrefix(line, "+PONG") {
		return errors.New("it answers " + line)
	}
	return err
}

// newStore is an S3 server whose objects lie below the topology's directory.
func (t *Topology) newStore() (*Server, error) {
	port, err := child.FreePort()
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(t.plan.Dir, "store")
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, err
	}
	s := &Server{Name: "store", Address: local(port), ask: syscall.SIGTERM, log: t.logFile("store")}
	g := s3test.Gateway{Dir: dir, Address: s.Address, AccessKey: accessKey, SecretKey: secretKey, Log: s.log}
	s.run = g.Run
	s.ready = func(ctx context.Context) error {
		if !s3test.Ready(ctx, g.Endpoint()) {
			return errors.New("it does not answer")
		}
		return s3test.MakeBucket(ctx, s3test.Client(g.Endpoint(), accessKey, secretKey), bucket)
	}
	return s, nil
}

//go:embed nginx.conf.tmpl
var nginxConf string

// What the balancer says when no web process answers: to who reads pages, and to
// all others.
var (
	//go:embed away.html
	awayPage []byte
	awayText = []byte("Vitrine cannot answer just now. Nothing that was saved is lost. Try again in a few seconds.\n")
)

// purgeModule lets nginx forget what it keeps; Debian has it in a package.
const purgeModule = "/usr/lib/nginx/modules/ngx_http_cache_purge_module.so"

// newBalancer is the nginx before the web processes, which also plays the CDN
// before them.
func (t *Topology) newBalancer(port, media int) (*Server, error) {
	dir := filepath.Join(t.plan.Dir, "nginx")
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, err
	}
	s := &Server{Name: "balancer", Address: local(port), ask: syscall.SIGTERM, log: t.logFile("balancer")}
	t.media = local(media)
	s.run = func() (*child.Process, error) {
		path, err := find("nginx")
		if err != nil {
			return nil, err
		}
		if _, err := os.Stat(purgeModule); err != nil {
			return nil, fmt.Errorf("nginx cannot purge; `scripts/setup --servers` installs what it needs: %w", err)
		}
		// A master that is killed outright leaves its workers; SIGTERM lets it end them.
		return child.Start(child.Config{Path: path, Dir: dir, Log: s.log, Death: syscall.SIGTERM, Args: []string{"-p", dir, "-e", "stderr", "-c", t.nginxFile()}})
	}
	s.ready = func(ctx context.Context) error {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", s.Address)
		if err != nil {
			return err
		}
		return conn.Close()
	}
	return s, nil
}

func (t *Topology) nginxFile() string { return filepath.Join(t.plan.Dir, "nginx", "nginx.conf") }

// configureBalancer writes nginx's configuration: of the set that is asked these
// processes get requests.
func (t *Topology) configureBalancer(web []*Server) error {
	conf := struct {
		Dir, Address, Media, Purge, Purger string
		Web                                map[string][]string
		Root, CDN, Believe                 bool
		PerAddress, Burst                  int
	}{
		Dir: filepath.Join(t.plan.Dir, "nginx"), Address: t.Balancer.Address, Media: t.media, Purge: t.purge, Purger: purgeModule,
		Web: map[string][]string{}, Root: os.Getuid() == 0, CDN: t.Store != nil, Believe: !t.plan.Strict,
		PerAddress: t.plan.PerAddress, Burst: t.plan.PerAddress / 2,
	}
	for group, servers := range map[string][]*Server{t.colour: web, opposite(t.colour): webOf(t.next), both: slices.Concat(web, webOf(t.next))} {
		for _, s := range servers {
			conf.Web[group] = append(conf.Web[group], t.ways[way{"balancer", s.Name}])
		}
	}
	parsed, err := template.New("nginx.conf").Parse(nginxConf)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := parsed.Execute(&b, conf); err != nil {
		return err
	}
	return errors.Join(t.nginxHas("away.html", awayPage), t.nginxHas("away.txt", awayText), t.nginxHas("nginx.conf", b.Bytes()))
}

func (t *Topology) nginxHas(name string, content []byte) error {
	return os.WriteFile(filepath.Join(t.plan.Dir, "nginx", name), content, 0o600)
}

// find looks for a program on the PATH and where Debian keeps those of the
// administrator.
func find(name string) (string, error) {
	path, err := exec.LookPath(name)
	if err == nil {
		return path, nil
	}
	path = "/usr/sbin/" + name
	if _, statErr := os.Stat(path); statErr == nil {
		return path, nil
	}
	return "", fmt.Errorf("%s is not there; `scripts/setup --servers` installs it: %w", name, err)
}

// answers is nil when a URL answers 200.
func answers(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	// Connections are not kept: a process that is killed next must not end a request of ours.
	client := &http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", url, res.Status)
	}
	return nil
}

func local(port int) string { return net.JoinHostPort("127.0.0.1", fmt.Sprint(port)) }
