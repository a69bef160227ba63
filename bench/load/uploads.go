package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"vitrine/app/demo/art"
	"vitrine/app/platform/idem"
	"vitrine/bench/traffic"
)

// photo draws a picture that no other upload has.
func photo(width, height int) ([]byte, error) {
	raw, err := art.JPEG(art.Draw(rand.Uint64(), "ridges", width, height))
	if err != nil {
		return nil, err
	}
	return withComment(raw, []byte(idem.NewKey())), nil
}

// withComment puts a comment segment behind the JPEG's first marker.
func withComment(jpeg, comment []byte) []byte {
	n := len(comment) + 2
	out := append([]byte{}, jpeg[:2]...)
	out = append(out, 0xFF, 0xFE, byte(n>>8), byte(n))
	out = append(out, comment...)
	return append(out, jpeg[2:]...)
}

// padded is a picture of at least size bytes: what a camera's file is to a server
// that streams it.
func padded(size int) ([]byte, error) {
	raw, err := photo(1600, 1200)
	block := make([]byte, 65_000)
	for err == nil && len(raw) < size {
		for i := range block {
			block[i] = byte(rand.Uint32())
		}
		raw = withComment(raw, block)
	}
	return raw, err
}

var (
	spareOnce sync.Once
	spare     []byte
	errSpare  error
)

// uploadPhoto sends one photo as a browser does. The picture is drawn once: the
// generator's own time is not the product's.
func (t *town) uploadPhoto(ctx context.Context) error {
	spareOnce.Do(func() { spare, errSpare = photo(1600, 1200) })
	if errSpare != nil {
		return errSpare
	}
	_, err := t.uploadOne(ctx, withComment(spare, []byte(idem.NewKey())))
	return err
}

// uploadOne sends a file as a new work of a member, and gives its id.
func (t *town) uploadOne(ctx context.Context, content []byte) (id string, err error) {
	m := t.anyMember()
	path, err := t.create(ctx, m, len(content), "load.jpg", idem.NewKey())
	if err != nil {
		return "", err
	}
	return path[strings.LastIndexByte(path, '/')+1:], t.transfer(ctx, m, path, content)
}

// hangTurning makes works that can be published and taken back.
func (h *house) hangTurning(ctx context.Context, t *town) (out []*shown, err error) {
	const works = 40
	say("Uploading %d photos whose works will be published and taken back.", works)
	for i := range works {
		m, key := t.members[i%len(t.members)], idem.NewKey()
		content, err := photo(800, 600)
		if err != nil {
			return nil, err
		}
		path, err := t.create(ctx, m, len(content), "turn.jpg", key)
		if err != nil {
			return nil, err
		}
		if err := t.transfer(ctx, m, path, content); err != nil {
			return nil, err
		}
		w := &shown{of: m}
		if err := h.owner.Scan(ctx, &w.ID, "select coalesce((select public_id from works where creation_key = $1), '')", key); err != nil {
			return nil, err
		}
		if w.ID == "" {
			return nil, fmt.Errorf("the upload %s belongs to no work", path)
		}
		out = append(out, w)
	}
	if err := h.settle(ctx, t, 5*time.Minute); err != nil {
		return nil, err
	}
	return out, h.idle(ctx, 5*time.Minute)
}

// borrowTurning takes works of the set that belong to members who are signed in,
// to be taken back and published again. Nobody visits them, since they may not be
// there.
func (h *house) borrowTurning(ctx context.Context, t *town, works int) (out []*shown, err error) {
	type owned struct{ ID, Studio, State string }
	slugs := map[string]*member{}
	for _, m := range t.members {
		slugs[m.Slug] = m
	}
	list, err := json.Marshal(slices.Collect(maps.Keys(slugs)))
	if err != nil {
		return nil, err
	}
	found, err := rows[owned](ctx, h, `select w.public_id as "ID", s.slug as "Studio", w.state as "State" from works w join studios s on s.id = w.studio_id
		where s.slug in (select json_array_elements_text($1::json)) and w.state in ('published', 'draft') and w.cover_id is not null and not w.hidden order by w.public_id limit $2`, string(list), works)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, errors.New("no member who is signed in has a work")
	}
	borrowed := map[string]bool{}
	for _, w := range found {
		borrowed[w.ID] = true
		out = append(out, &shown{of: slugs[w.Studio], ID: w.ID, public: w.State == "published"})
	}
	t.works = slices.DeleteFunc(t.works, func(w hung) bool { return borrowed[w.ID] })
	t.zipf = zipf(len(t.works))
	return out, nil
}

// idle waits until no event and no task is left, so that what is measured next
// is not what was asked for before: a photo that is shown still gets its AVIF.
func (h *house) idle(ctx context.Context, most time.Duration) error {
	for deadline := time.Now().Add(most); ; {
		var n int
		if err := h.owner.Scan(ctx, &n, "select (select count(*) from outbox where sent_at is null) + (select count(*) from tasks where state = 'ready')"); err != nil || n == 0 {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%d events and tasks were left after %s", n, most)
		}
		if err := pause(ctx, 200*time.Millisecond); err != nil {
			return err
		}
	}
}

// settle waits until every accepted upload is processed.
func (h *house) settle(ctx context.Context, t *town, most time.Duration) error {
	for deadline := time.Now().Add(most); ; {
		open, err := h.unsettled(ctx, t)
		if err != nil || open == 0 {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%d uploads were not processed within %s", open, most)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}

func (h *house) unsettled(ctx context.Context, t *town) (n int, err error) {
	ids, err := json.Marshal(t.told.Keys(fileTaken))
	if err != nil {
		return 0, err
	}
	err = h.owner.Scan(ctx, &n, `select count(*) from json_array_elements_text($1::json) u
		left join media m on m.id = u::uuid where m.state is distinct from 'ready'`, string(ids))
	return n, err
}

// atOnce is what many uploads at the same time showed.
type atOnce struct {
	creation *traffic.Kind // of the tus POST, with the mix at its rate beside it
	peak     int64         // bytes resident
	took     time.Duration
	clients  int
	size     int
	why      error
}

// uploadAtOnce measures how fast uploads are begun, and how much memory twenty
// large ones take.
func (h *house) uploadAtOnce(ctx context.Context, t *town) (a atOnce, err error) {
	a.clients, a.size = 20, 20<<20
	const each = 300
	begun, err := openLoop(ctx, 20, each*time.Second/20, func() traffic.Visit {
		return traffic.Visit{Kind: "tus creation", Do: func(ctx context.Context) error {
			_, err := t.create(ctx, t.anyMember(), 1<<20, "begun.jpg", idem.NewKey())
			return err
		}}
	})
	if err != nil {
		return a, err
	}
	a.creation = begun.All()
	files := make([][]byte, a.clients)
	for i := range files {
		if files[i], err = padded(a.size); err != nil {
			return a, err
		}
	}
	say("Uploading %d files of %s bytes at once.", a.clients, strconv.Itoa(a.size))
	from := time.Now()
	var mu sync.Mutex
	a.peak = h.watchMemory(ctx, func() {
		var all sync.WaitGroup
		for i, content := range files {
			all.Go(func() {
				m := t.members[i]
				path, err := t.create(ctx, m, len(content), "large.jpg", idem.NewKey())
				if err == nil {
					err = t.transfer(ctx, m, path, content)
				}
				mu.Lock()
				a.why = errors.Join(a.why, err)
				mu.Unlock()
			})
		}
		all.Wait()
	})
	a.took = time.Since(from)
	return a, nil
}

// missing is what was acknowledged and is not there.
type missing struct {
	saved, drafts   int // acknowledged, missing
	turned, turns   int
	sent            int
	renditions, few int // of those uploads; uploads with fewer than the rest
}

// audit looks every acknowledged write up, and every accepted upload's
// renditions.
func (h *house) audit(ctx context.Context, t *town) (l missing, err error) {
	say("Looking up what was acknowledged.")
	if err := h.settle(ctx, t, 15*time.Minute); err != nil {
		return l, err
	}
	saved, states, uploads := t.told.Keys(draftSaved), t.told.States(workTurned), t.told.Keys(fileTaken)
	titles, err := json.Marshal(saved)
	if err != nil {
		return l, err
	}
	l.saved, l.turned, l.sent = len(saved), len(states), len(uploads)
	if err := h.owner.Scan(ctx, &l.drafts, `select count(*) from json_array_elements_text($1::json) wanted where not exists (select 1 from works where title = wanted)`, string(titles)); err != nil {
		return l, err
	}
	for id, state := range states {
		var now string
		if err := h.owner.Scan(ctx, &now, "select state from works where public_id = $1", id); err != nil {
			return l, err
		}
		if now != state {
			l.turns++
		}
	}
	ids, err := json.Marshal(uploads)
	if err != nil {
		return l, err
	}
	err = h.owner.Scan(ctx, &l.renditions, `select count(*) from json_array_elements_text($1::json) u join renditions r on r.media_id = u::uuid`, string(ids))
	if err != nil {
		return l, err
	}
	err = h.owner.Scan(ctx, &l.few, `select count(*) from json_array_elements_text($1::json) u join media m on m.id = u::uuid
		where (select count(*) from renditions r where r.media_id = m.id) < 3`, string(ids))
	return l, err
}
