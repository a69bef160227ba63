package e2e

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"vitrine/app/platform/idem"
	"vitrine/app/platform/mediatool/mediatest"
	visits "vitrine/bench/traffic"
	"vitrine/e2e/rig"
)

// What the crowd of a 10k topology does, and what of it was acknowledged.

// The kinds of the ledger.
const (
	toldLike    = "like"    // by the number of who did and the work's public id, last state
	toldComment = "comment" // by its words
	toldDraft   = "draft"   // by its title
	toldFile    = "file"    // by the id of its upload
)

// Kinds of visits begin with one of these.
const (
	reads   = "read "
	writes  = "write "
	uploads = "upload"
)

// fair is a 10k topology with people in it.
type fair struct {
	*rig.Topology
	t      *testing.T
	people *visits.Client
	cdn    *visits.Client
	works  []string // paths
	photos []string // paths at the CDN
	fans   []string // the cookies of those who are signed in; the first is the owner's
	owner  *rig.Member
	across *crossing // a fault that passes
	told   visits.Ledger
	photo  []byte
	left   atomic.Int64 // visits
	db     *sql.DB
}

// home is the studio that all works and files are of.
const home = "harbour-field"

func header(cookie string, more ...string) http.Header {
	h := http.Header{"Cookie": {cookie}}
	for i := 0; i < len(more); i += 2 {
		h.Set(more[i], more[i+1])
	}
	return h
}

// newFair starts a topology with two web processes and two workers, and has people
// come who hang works and sign up.
func newFair(t *testing.T) *fair {
	t.Helper()
	f := &fair{t: t, photo: mediatest.JPEG(t, 500, 400),
		Topology: rig.Up(t, rig.Plan{Tier: "10k", Links: true, Workers: 2, Env: []string{"LIMIT_COMMENT=0"}})}
	f.people, f.cdn = visits.New(f.URL), visits.New(f.MediaURL)
	f.open()
	work := hang(t, f.Site(t))
	f.owner = work.owner
	f.join(work.owner)
	for _, name := range []string{"nadia", "ines"} {
		fan := f.Site(t).Visit()
		fan.Submit(fan.Get("/signup"), "main form", url.Values{"name": {name}, "email": {name + "@quay.example"}, "password": {password}})
		fan.Submit(fan.Get(verification(t, work.owner, name+"@quay.example")), "main form", nil)
		f.join(fan)
	}
	f.works = []string{work.path}
	for _, name := range []string{"one.jpg", "two.jpg"} {
		p := work.owner.Submit(upload(work.owner, name, append(bytes.Clone(f.photo), name...)), "#compose", url.Values{"intent": {"publish"}})
		f.works = append(f.works, p.Path)
	}
	for _, path := range f.works {
		src := f.Site(t).Visit().Get(path).Find(".stage img").AttrOr("src", "")
		if !strings.HasPrefix(src, f.MediaURL+"/m/") {
			t.Fatalf("%s shows the picture %q", path, src)
		}
		f.photos = append(f.photos, strings.TrimPrefix(src, f.MediaURL))
	}
	return f
}

// join lets somebody who is signed in take part.
func (f *fair) join(m *rig.Member) {
	f.t.Helper()
	for _, c := range m.Cookies() {
		if c.Name == "session" {
			f.fans = append(f.fans, "session="+c.Value)
			return
		}
	}
	f.t.Fatal("somebody is not signed in")
}

// open connects to the database as its owner, past every link.
func (f *fair) open() {
	f.t.Helper()
	at, err := f.OwnerURL()
	if err != nil {
		f.t.Fatal(err)
	}
	if f.db, err = sql.Open("pgx", at); err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { _ = f.db.Close() })
}

func (f *fair) count(query string, args ...any) (n int) {
	f.t.Helper()
	if err := f.db.QueryRowContext(f.t.Context(), query, args...).Scan(&n); err != nil {
		f.t.Fatalf("%s: %v", query, err)
	}
	return n
}

// visit is what comes as number i: three of ten read as visitors, one looks at a
// picture, three read as members, three write; every fortieth sends a file.
func (f *fair) visit(i int) visits.Visit {
	f.left.Add(1)
	round, owner := i/10, f.fans[0]
	who, work := f.fans[round%len(f.fans)], f.works[round%len(f.works)]
	studio, _, _ := strings.Cut(work[1:], "/")
	member := func(who, kind, path string, holds ...string) visits.Visit {
		return visits.Visit{Kind: reads + kind, Do: func(ctx context.Context) error { return f.people.Page(ctx, path, header(who), holds...) }}
	}
	switch i % 10 {
	case 0:
		return f.people.Get(reads+"explore", "/explore", "<h1>Explore</h1>")
	case 1:
		return f.people.Get(reads+"work", work, `href="/`+studio+`"`)
	case 2:
		return f.people.Get(reads+"studio", "/"+studio, `href="/`+studio+`/`)
	case 3:
		return visits.Visit{Kind: reads + "picture", Do: func(ctx context.Context) error { return f.look(ctx, f.photos[round%len(f.photos)]) }}
	case 4:
		return member(who, "work, signed in", work, `href="/`+studio+`"`, "/me")
	case 5:
		return member(owner, "dashboard", "/studio/"+home, "/studio/"+home+"/new")
	case 6:
		return member(who, "account", "/me", "</main>")
	case 7:
		return visits.Visit{Kind: writes + "like", Do: func(ctx context.Context) error { return f.like(ctx, round) }}
	case 8:
		return visits.Visit{Kind: writes + "comment", Do: func(ctx context.Context) error { return f.comment(ctx, who, work) }}
	}
	if round%4 == 3 {
		return visits.Visit{Kind: uploads, Do: func(ctx context.Context) error { return f.upload(ctx, owner) }}
	}
	return visits.Visit{Kind: writes + "draft", Do: func(ctx context.Context) error { return f.draft(ctx, owner) }}
}

// look asks the CDN for a picture.
func (f *fair) look(ctx context.Context, path string) error {
	a, err := f.cdn.Send(ctx, http.MethodGet, path, nil, nil)
	switch {
	case err != nil:
		return err
	case a.Shed():
		return visits.ErrShed
	case a.Status != http.StatusOK || !strings.HasPrefix(a.Header.Get("Content-Type"), "image/") || len(a.Body) < 100:
		return fmt.Errorf("%s: %d, %q, %d bytes", path, a.Status, a.Header.Get("Content-Type"), len(a.Body))
	}
	return nil
}

// send sends a form. A 303 is an acknowledgement.
func (f *fair) send(ctx context.Context, who, path string, form url.Values) error {
	a, err := f.people.Send(ctx, http.MethodPost, path, header(who, "Content-Type", "application/x-www-form-urlencoded"), strings.NewReader(form.Encode()))
	switch {
	case err != nil:
		return err
	case a.Shed():
		return visits.ErrShed
	case a.Status != http.StatusSeeOther || strings.HasPrefix(a.Header.Get("Location"), "/login"):
		return fmt.Errorf("%s: a form was answered with %d to %q", path, a.Status, a.Header.Get("Location"))
	}
	return nil
}

// like likes a work or takes that back: each pair of a person and a work has its
// turn in each round of all pairs.
func (f *fair) like(ctx context.Context, n int) error {
	pairs := len(f.fans) * len(f.works)
	pair, turn := n%pairs, n/pairs
	who, work := f.fans[pair%len(f.fans)], f.works[pair/len(f.fans)]
	act := []string{"like", "unlike"}[turn%2]
	key := strconv.Itoa(pair%len(f.fans)) + work[strings.LastIndexByte(work, '-'):]
	err := f.send(ctx, who, work+"/"+act, url.Values{"next": {work}})
	if err != nil {
		f.told.Note(toldLike, key, "") // nobody knows how far it came
		return err
	}
	f.told.Note(toldLike, key, act)
	return nil
}

func (f *fair) comment(ctx context.Context, who, work string) error {
	words := "Said to be found again: " + idem.NewKey()
	err := f.send(ctx, who, work+"/comments", url.Values{"body": {words}, "idempotency_key": {idem.NewKey()}})
	if err == nil {
		f.told.Note(toldComment, words, "")
	}
	return err
}

func (f *fair) draft(ctx context.Context, who string) error {
	key := idem.NewKey()
	title := "Kept " + key
	err := f.send(ctx, who, "/studio/"+home+"/new/"+key, url.Values{"form_key": {idem.NewKey()}, "edition": {"0"}, "idempotency_key": {idem.NewKey()},
		"intent": {"save"}, "title": {title}, "story": {"Written to be found again."}})
	if err == nil {
		f.told.Note(toldDraft, title, "")
	}
	return err
}

// errWaits is an upload that was told to go on later: it is refused, not failed.
var errWaits = fmt.Errorf("the file is told to wait: %w", visits.ErrShed)

// upload sends a photo as a browser's script does. The last 204 is an
// acknowledgement.
func (f *fair) upload(ctx context.Context, who string) error {
	content := append(bytes.Clone(f.photo), idem.NewKey()...) // behind the picture's end, where nobody looks
	b64 := base64.StdEncoding.EncodeToString
	a, err := f.people.Send(ctx, http.MethodPost, "/studio/"+home+"/uploads/", header(who, "Tus-Resumable", "1.0.0", "Upload-Length", strconv.Itoa(len(content)),
		"Upload-Metadata", "filename "+b64([]byte("found.jpg"))+",draft "+b64([]byte(idem.NewKey()))), nil)
	if err := asPromised(a, err, http.StatusCreated); err != nil {
		return err
	}
	path := a.Header.Get("Location")
	a, err = f.people.Send(ctx, http.MethodPatch, path, header(who, "Tus-Resumable", "1.0.0", "Upload-Offset", "0", "Content-Type", "application/offset+octet-stream"), bytes.NewReader(content))
	if err := asPromised(a, err, http.StatusNoContent); err != nil {
		return err
	}
	f.told.Note(toldFile, path[strings.LastIndexByte(path, '/')+1:], "")
	return nil
}

func asPromised(a visits.Answer, err error, want int) error {
	switch {
	case err != nil:
		return err
	case a.Status == want:
		return nil
	case a.Shed(), a.Status == http.StatusServiceUnavailable && strings.Contains(a.Body, "What has arrived is kept"):
		return errWaits
	}
	return fmt.Errorf("a part of an upload was answered with %d %s", a.Status, visits.Clip(a.Body, 200))
}

// lost looks up whatever was acknowledged, once everything is done.
func (f *fair) lost() (sums map[string]int, lost []string) {
	f.t.Helper()
	f.settle()
	sums = map[string]int{}
	for kind, there := range map[string]string{
		toldComment: "select count(*) from comments where body = $1",
		toldDraft:   "select count(*) from works where title = $1",
		toldFile:    "select count(*) from media m where m.id = $1::uuid and m.state = 'ready' and (select count(*) from renditions r where r.media_id = m.id) >= 3",
	} {
		for _, key := range f.told.Keys(kind) {
			sums[kind]++
			if n := f.count(there, key); n != 1 {
				lost = append(lost, fmt.Sprintf("%s %s is there %d times", kind, key, n))
			}
		}
	}
	for key, state := range f.told.States(toldLike) {
		if state == "" {
			continue
		}
		sums[toldLike]++
		who, work, _ := strings.Cut(key, "-")
		n := f.count(`select count(*) from likes l join works w on w.id = l.work_id where w.public_id = $2
			and l.user_id = (select id from users where email = (array['owner@studio.example', 'nadia@quay.example', 'ines@quay.example'])[$1::int + 1])`, who, work)
		if (n == 1) != (state == "like") {
			lost = append(lost, fmt.Sprintf("%s was told %q and has %d likes", key, state, n))
		}
	}
	return sums, lost
}

// settle waits until every event was delivered and every task is done, for as long
// as they become fewer.
func (f *fair) settle() {
	f.t.Helper()
	ids, err := json.Marshal(f.told.Keys(toldFile))
	if err != nil {
		f.t.Fatal(err)
	}
	waiting := func() int {
		return f.count("select (select count(*) from outbox where sent_at is null) + (select count(*) from tasks where state = 'ready')") +
			f.count("select count(*) from json_array_elements_text($1::json) u left join media m on m.id = u::uuid where m.state is distinct from 'ready'", string(ids))
	}
	for left := waiting(); left > 0; {
		f.Eventually(f.t, fmt.Sprintf("fewer than %d of the things that were sent to be left: %s", left, f.unsettled()), func() bool { return waiting() < left })
		left = waiting()
	}
}

// sum adds up what became of the visits whose kind begins so.
func sum(r *visits.Report, kind string) *visits.Kind {
	all := visits.NewReport()
	for _, name := range r.Kinds() {
		if strings.HasPrefix(name, kind) {
			k := r.Kind(name)
			for range k.Failed {
				all.Add(kind, 0, errors.New("failed"))
			}
			for range k.Shed {
				all.Add(kind, 0, visits.ErrShed)
			}
			for _, took := range k.Took {
				all.Add(kind, took, nil)
			}
		}
	}
	return all.Kind(kind)
}

// unsettled names some of what is not done.
func (f *fair) unsettled() (list string) {
	f.t.Helper()
	err := f.db.QueryRowContext(f.t.Context(), `select coalesce(string_agg(what, ', '), 'nothing') from (
		select 'event ' || event what from outbox where sent_at is null
		union all select subscriber || ' after ' || attempts || ' attempts, due in ' || (run_at - now()) from tasks where state = 'ready'
		union all select 'file ' || state || ' ' || failure from media where state <> 'ready' limit 5) w`).Scan(&list)
	if err != nil {
		f.t.Fatal(err)
	}
	return list
}
