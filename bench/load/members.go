package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"vitrine/app/platform/idem"
	"vitrine/bench/traffic"
)

// member is somebody who is signed in and has a studio.
type member struct {
	Email, Slug string
	cookie      string
	from        string // their address
}

// header is what the member's browser sends; a nil member is a visitor.
func (m *member) header() http.Header {
	h := http.Header{}
	if m != nil {
		h.Set("Cookie", m.cookie)
		h.Set("X-Forwarded-For", m.from)
	}
	return h
}

// What the product acknowledges, as the ledger's kinds.
const (
	draftSaved = "draft"  // by its title
	workTurned = "work"   // by its public id, with its last state
	fileTaken  = "upload" // by its id
)

// signIn opens a session for each of the members.
func (t *town) signIn(ctx context.Context, h *house) error {
	people, err := rows[member](ctx, h, `select u.email as "Email", s.slug as "Slug" from users u join studios s on s.personal_of = u.id
		where u.password_hash <> '!' and s.slug like 'bulk-%' order by s.created_at, s.slug limit `+strconv.Itoa(signedIn))
	if err != nil {
		return err
	}
	if len(people) == 0 {
		return errors.New("nobody can sign in: the set was seeded without a password; remove the data directory")
	}
	say("Signing in %d members.", len(people))
	for i := range people {
		m := &people[i]
		m.from = traffic.Address()
		form := url.Values{"email": {m.Email}, "password": {password}}
		a, err := t.people.Send(ctx, http.MethodPost, "/login", formHeader(m), strings.NewReader(form.Encode()))
		if err != nil {
			return err
		}
		for _, ck := range (&http.Response{Header: a.Header}).Cookies() {
			if ck.Name == "session" {
				m.cookie = "session=" + ck.Value
			}
		}
		if m.cookie == "" {
			return fmt.Errorf("%s cannot sign in: %d", m.Email, a.Status)
		}
		t.members = append(t.members, m)
	}
	return nil
}

func formHeader(m *member) http.Header {
	h := m.header()
	h.Set("Content-Type", "application/x-www-form-urlencoded")
	return h
}

func (t *town) anyMember() *member { return t.members[rand.IntN(len(t.members))] }

func (t *town) dashboard(ctx context.Context) error {
	m := t.anyMember()
	return t.page(ctx, m, "/studio/"+m.Slug, "</main>", "/studio/"+m.Slug+"/new")
}

// saveDraft makes a work. A 303 is an acknowledgement.
func (t *town) saveDraft(ctx context.Context) error {
	m, key := t.anyMember(), idem.NewKey()
	title := "Load " + key
	form := url.Values{"form_key": {idem.NewKey()}, "edition": {"0"}, "idempotency_key": {idem.NewKey()}, "intent": {"save"},
		"title": {title}, "story": {"Written by a measurement, and looked up afterwards."}, "tags": {"load"}}
	a, err := t.people.Send(ctx, http.MethodPost, "/studio/"+m.Slug+"/new/"+key, formHeader(m), strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	if err := seeOther(a); err != nil {
		return err
	}
	t.told.Note(draftSaved, title, "")
	return nil
}

func seeOther(a traffic.Answer) error {
	switch {
	case a.Status == http.StatusSeeOther && !strings.HasPrefix(a.Header.Get("Location"), "/login"):
		return nil
	case a.Status == http.StatusServiceUnavailable && a.Header.Get("Retry-After") != "":
		return traffic.ErrShed
	}
	return fmt.Errorf("a form was answered with %d to %q", a.Status, a.Header.Get("Location"))
}

// shown is a work of a member that goes to and fro between draft and published.
type shown struct {
	mu     sync.Mutex
	of     *member
	ID     string
	public bool
}

// turn publishes the work, or takes it back.
func (t *town) turn(ctx context.Context, w *shown) error {
	w.mu.Lock() // one person, one browser
	defer w.mu.Unlock()
	intent, state := "publish", "published"
	if w.public {
		intent, state = "draft", "draft"
	}
	form := url.Values{"intent": {intent}, "idempotency_key": {idem.NewKey()}}
	a, err := t.people.Send(ctx, http.MethodPost, "/studio/"+w.of.Slug+"/works/"+w.ID, formHeader(w.of), strings.NewReader(form.Encode()))
	if err == nil {
		err = seeOther(a)
	}
	if err != nil {
		t.told.Forget(workTurned, w.ID) // who went away before the answer does not know whether it was done
		return err
	}
	w.public = !w.public
	t.told.Note(workTurned, w.ID, state)
	return nil
}

// upload begins an upload of the tus protocol. draft is the creation key of the
// work that gets the file.
func (t *town) create(ctx context.Context, m *member, size int, name, draft string) (path string, err error) {
	h := m.header()
	h.Set("Tus-Resumable", "1.0.0")
	h.Set("Upload-Length", strconv.Itoa(size))
	b64 := base64.StdEncoding.EncodeToString
	h.Set("Upload-Metadata", "filename "+b64([]byte(name))+",draft "+b64([]byte(draft)))
	a, err := t.people.Send(ctx, http.MethodPost, "/studio/"+m.Slug+"/uploads/", h, nil)
	if err != nil {
		return "", err
	}
	if a.Status != http.StatusCreated || a.Header.Get("Location") == "" {
		return "", fmt.Errorf("an upload was not begun: %d %s", a.Status, traffic.Clip(a.Body, 200))
	}
	return a.Header.Get("Location"), nil
}

// chunk is what browsers send at once.
const chunk = 8 << 20

// transfer sends the bytes of an upload, and notes it as accepted.
func (t *town) transfer(ctx context.Context, m *member, path string, content []byte) error {
	for at := 0; at < len(content); at += chunk {
		h := m.header()
		h.Set("Tus-Resumable", "1.0.0")
		h.Set("Upload-Offset", strconv.Itoa(at))
		h.Set("Content-Type", "application/offset+octet-stream")
		a, err := t.people.Send(ctx, http.MethodPatch, path, h, bytes.NewReader(content[at:min(at+chunk, len(content))]))
		if err != nil {
			return err
		}
		if a.Status != http.StatusNoContent {
			return fmt.Errorf("bytes were not taken: %d %s", a.Status, traffic.Clip(a.Body, 200))
		}
	}
	t.told.Note(fileTaken, path[strings.LastIndexByte(path, '/')+1:], "")
	return nil
}
