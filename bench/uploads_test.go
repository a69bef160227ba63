package bench

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"vitrine/app/platform/child"
	"vitrine/app/platform/idem"
	"vitrine/bench/proc"
	"vitrine/bench/traffic"
	"vitrine/e2e/rig"
)

const (
	senders  = 4        // people who upload at once
	fileSize = 24 << 20 // of each: three parts of the object store, in as many requests
	oneChunk = 8 << 20  // what browsers send at once
)

// BenchmarkUploads measures how fast files arrive by the tus protocol, from the
// first byte until each is accepted: at 1k, at 10k into the object store, and at
// 10k onto the disk that its processes share. The files are noise, so that
// nothing is made of them. Each part's figure is its processor time.
//
//	make build && go test ./bench -run '^$' -bench Uploads -benchtime 5x -timeout 20m
func BenchmarkUploads(b *testing.B) {
	for _, c := range []struct {
		name, tier string
		env        []string
	}{{"1k", "1k", nil}, {"10k", "10k", nil}, {"10k,BLOBS=disk", "10k", []string{"BLOBS=disk"}}} {
		b.Run(c.name, func(b *testing.B) {
			h := newReceiver(b, c.tier, c.env)
			h.sendAll(b) // connections are open then, and code is warm
			before := h.used(b)
			b.SetBytes(senders * fileSize)
			for b.Loop() {
				h.sendAll(b)
			}
			b.StopTimer()
			for part, now := range h.used(b) {
				b.ReportMetric((now-before[part]).Seconds()*1000/float64(b.N*senders*fileSize/1e6), part+"-ms/MB")
			}
		})
	}
}

// receiver is a tier that receives files of one member.
type receiver struct {
	top    *rig.Topology
	people *traffic.Client
	cookie string
	noise  []byte
}

func newReceiver(b *testing.B, tier string, env []string) *receiver {
	b.Helper()
	dir, err := os.MkdirTemp("", "vitrine-uploads-")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // PostgreSQL's user passes through
		b.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(b.Context(), 2*time.Minute)
	defer cancel()
	env = append([]string{"DEMO=off", "LOG_LEVEL=warn", "LIMIT_UPLOAD=0", "LIMIT_DYNAMIC=0"}, env...)
	top, err := rig.Run(ctx, rig.Plan{Dir: dir, Tier: tier, Binary: filepath.Join(rig.Root(), "bin", "vitrine"), Env: env})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := top.Stop(); err != nil {
			b.Error(err)
		}
	})
	h := &receiver{top: top, people: traffic.New(top.URL), noise: make([]byte, fileSize)}
	for i := range h.noise {
		h.noise[i] = byte(rand.Uint32())
	}
	_, token, _ := strings.Cut(top.SetupLink(), "?token=")
	form := url.Values{"token": {token}, "idempotency_key": {idem.NewKey()}, "email": {"owner@studio.example"}, "password": {"correct horse battery staple"}, "studio": {"Harbour"}}
	a, err := h.people.Send(b.Context(), http.MethodPost, "/setup", http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, strings.NewReader(form.Encode()))
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range (&http.Response{Header: a.Header}).Cookies() {
		if c.Name == "session" {
			h.cookie = "session=" + c.Value
		}
	}
	if h.cookie == "" {
		b.Fatalf("the setup was answered with %d %s", a.Status, traffic.Clip(a.Body, 300))
	}
	return h
}

// sendAll lets everybody send one file, each at the same time as the others.
func (h *receiver) sendAll(b *testing.B) {
	b.Helper()
	problems := make([]error, senders)
	var all sync.WaitGroup
	for i := range senders {
		all.Go(func() { problems[i] = h.send(b.Context()) })
	}
	all.Wait()
	if err := errors.Join(problems...); err != nil {
		b.Fatal(err)
	}
}

// send sends a file that no other is like.
func (h *receiver) send(ctx context.Context) error {
	_, err := h.sendFile(ctx, "noise.jpg", append([]byte(idem.NewKey()), h.noise...)[:fileSize])
	return err
}

// sendFile sends a file as a new work, and gives its address as an upload.
func (h *receiver) sendFile(ctx context.Context, name string, content []byte) (at string, err error) {
	b64 := base64.StdEncoding.EncodeToString
	header := func(more ...string) http.Header {
		out := http.Header{"Cookie": {h.cookie}, "Tus-Resumable": {"1.0.0"}}
		for i := 0; i < len(more); i += 2 {
			out.Set(more[i], more[i+1])
		}
		return out
	}
	a, err := h.people.Send(ctx, http.MethodPost, "/studio/harbour/uploads/", header("Upload-Length", strconv.Itoa(len(content)),
		"Upload-Metadata", "filename "+b64([]byte(name))+",draft "+b64([]byte(idem.NewKey()))), nil)
	if err != nil || a.Status != http.StatusCreated {
		return "", fmt.Errorf("an upload was not begun: %d %s: %w", a.Status, traffic.Clip(a.Body, 200), err)
	}
	at = a.Header.Get("Location")
	for from := 0; from < len(content); from += oneChunk {
		chunk := content[from:min(from+oneChunk, len(content))]
		a, err := h.people.Send(ctx, http.MethodPatch, at, header("Upload-Offset", strconv.Itoa(from), "Content-Type", "application/offset+octet-stream"), bytes.NewReader(chunk))
		if err != nil || a.Status != http.StatusNoContent {
			return "", fmt.Errorf("bytes were not taken: %d %s: %w", a.Status, traffic.Clip(a.Body, 200), err)
		}
	}
	return at, nil
}

// used is the processor time of each part that has to do with what arrives.
func (h *receiver) used(b *testing.B) map[string]time.Duration {
	b.Helper()
	sum := map[string]time.Duration{}
	add := func(part string, pid int) {
		for i, one := range child.Family(pid) {
			s, err := proc.Of(one)
			if err != nil {
				if i == 0 {
					b.Fatal(err)
				}
				continue // it has just ended
			}
			sum[part] += s.Own
		}
	}
	for _, s := range h.top.Servers() {
		switch part, _, _ := strings.Cut(s.Name, "-"); part {
		case "web", "balancer", "store":
			add(part, s.Pid())
		case "all":
			s, err := proc.Of(s.Pid()) // without the tools, which look at what has arrived
			if err != nil {
				b.Fatal(err)
			}
			sum["web"] += s.Own
		}
	}
	add("postgres", h.top.Postgres.Pid())
	return sum
}
