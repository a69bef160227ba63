package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"vitrine/app/demo/art"
	"vitrine/app/platform/child"
	"vitrine/app/platform/db"
	"vitrine/app/platform/idem"
	"vitrine/bench/proc"
)

const photosAtOnce = 16 // that four people hang, one after the other

// BenchmarkFirsts measures how long people wait for the first size of a photo
// when many come at once: at 1k, at 10k, and at 10k with files on the disk, in
// turns, each on the first processor alone. Times count from a photo's last
// byte and are medians over the rounds; AVIF, which has a queue apart, is left out.
// later/first is how many further sizes of anybody were made while a photo waited
// for its first one, in the mean: an order, which other work on the machine does
// not change.
//
//	make build && go test ./bench -run '^$' -bench Firsts -benchtime 3x -timeout 30m
func BenchmarkFirsts(b *testing.B) {
	photo, err := art.JPEG(art.Draw(7, "ridges", 4000, 3000))
	if err != nil {
		b.Fatal(err)
	}
	var places []*hanging
	for _, c := range []struct {
		name, tier string
		env        []string
	}{{"1k", "1k", nil}, {"10k", "10k", nil}, {"10k,BLOBS=disk", "10k", []string{"BLOBS=disk"}}} {
		h := &hanging{receiver: newReceiver(b, c.tier, c.env), name: c.name, photo: photo}
		h.connect(b)
		h.pin(b)
		places = append(places, h)
	}
	for b.Loop() {
		for _, h := range places {
			h.hangAll(b)
		}
	}
	b.StopTimer()
	for _, h := range places {
		b.ReportMetric(middle(h.first), h.name+":first-p50-s")
		b.ReportMetric(middle(h.last), h.name+":first-most-s")
		b.ReportMetric(middle(h.all), h.name+":all-p50-s")
		b.ReportMetric(middle(h.overtaken), h.name+":later/first")
		b.Logf("%s, each round: first p50 %.1f s, most %.1f s, all p50 %.1f s, later sizes before a first %.1f", h.name, h.first, h.last, h.all, h.overtaken)
	}
}

// hanging is a tier in which photos are hung, and what was seen in each round.
type hanging struct {
	*receiver
	name                        string
	photo                       []byte
	owner                       *db.Owner
	first, last, all, overtaken []float64
}

func (h *hanging) connect(b *testing.B) {
	b.Helper()
	at, err := h.top.OwnerURL()
	if err != nil {
		b.Fatal(err)
	}
	if h.owner, err = db.ConnectOwner(b.Context(), at); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = h.owner.Close(context.WithoutCancel(b.Context())) })
}

// pin keeps the whole tier on one processor, as bench/load does.
func (h *hanging) pin(b *testing.B) {
	b.Helper()
	roots := []int{h.top.Postgres.Pid()}
	for _, s := range h.top.Servers() {
		roots = append(roots, s.Pid())
	}
	for _, root := range roots {
		for _, pid := range child.Family(root) {
			if out, err := exec.CommandContext(b.Context(), "taskset", "-apc", "0", strconv.Itoa(pid)).CombinedOutput(); err != nil && proc.Alive(pid) {
				b.Fatal(fmt.Errorf("%w: %s", err, out))
			}
		}
	}
}

// hangAll hangs the photos, waits until each is ready and notes the round. It
// begins when nothing is left of the round before.
func (h *hanging) hangAll(b *testing.B) {
	b.Helper()
	h.await(b, 0, "select count(*) from tasks where subscriber like 'media.%'")
	accepted := map[string]float64{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for range senders {
		all.Go(func() {
			for range photosAtOnce / senders {
				at, err := h.sendFile(b.Context(), "photo.jpg", commented(h.photo))
				if err != nil {
					b.Error(err)
					return
				}
				mu.Lock()
				accepted[filepath.Base(at)] = float64(time.Now().UnixMicro()) / 1e6
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if b.Failed() {
		b.FailNow()
	}
	h.note(accepted, h.ready(b, accepted))
}

// made is a rendition of a photo.
type made struct {
	ID string
	At float64 // seconds since 1970
}

// await waits until a count is what it should be, ten minutes at most.
func (h *hanging) await(b *testing.B, want int, count string) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), 10*time.Minute)
	defer cancel()
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for n := want + 1; n != want; <-again.C {
		if err := h.owner.Scan(ctx, &n, count); err != nil {
			b.Fatalf("%s: %d, want %d: %v", h.name, n, want, err)
		}
	}
}

// ready waits for all sizes and gives when each was made, oldest first.
func (h *hanging) ready(b *testing.B, accepted map[string]float64) (sizes []made) {
	b.Helper()
	ids := []string{}
	for id := range accepted {
		ids = append(ids, id)
	}
	list := "'" + strings.Join(ids, "','") + "'" // our own ids
	h.await(b, len(ids), "select count(*) from media where state = 'ready' and id in ("+list+")")
	var raw []byte
	err := h.owner.Scan(b.Context(), &raw, `select json_agg(q)::text from (select media_id as "ID", extract(epoch from created_at) as "At"
		from renditions where format <> 'avif' and media_id in (`+list+`) order by created_at) q`)
	if err == nil {
		err = json.Unmarshal(raw, &sizes)
	}
	if err != nil {
		b.Fatal(err)
	}
	return sizes
}

// note reduces a round to its figures. The first two sizes of a photo, WebP and
// JPEG, are its first; all others are later ones.
func (h *hanging) note(accepted map[string]float64, sizes []made) {
	seen := map[string]int{}
	first, last := map[string]float64{}, map[string]float64{}
	var later []float64
	for _, s := range sizes {
		if seen[s.ID]++; seen[s.ID] == 1 {
			first[s.ID] = s.At
		} else if seen[s.ID] > 2 {
			later = append(later, s.At)
		}
		last[s.ID] = s.At
	}
	var waited, took []float64
	before := 0
	for id, from := range accepted {
		waited, took = append(waited, first[id]-from), append(took, last[id]-from)
		for _, at := range later {
			if from < at && at < first[id] {
				before++
			}
		}
	}
	h.first, h.last = append(h.first, middle(waited)), append(h.last, slices.Max(waited))
	h.all = append(h.all, middle(took))
	h.overtaken = append(h.overtaken, float64(before)/float64(len(accepted)))
}

func middle(of []float64) float64 {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[len(sorted)/2]
}

// commented makes a JPEG another file by a comment behind its first marker.
func commented(jpeg []byte) []byte {
	comment := idem.NewKey()
	out := append([]byte{}, jpeg[:2]...)
	out = append(out, 0xFF, 0xFE, 0, byte(len(comment)+2))
	return append(append(out, comment...), jpeg[2:]...)
}
