package studios_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/dbtest"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
)

type house struct {
	*dbtest.Database
	*studios.Service
}

func newHouse(t *testing.T) house {
	t.Helper()
	h := house{Database: dbtest.New(t)}
	var err error
	if h.Service, err = studios.New(studios.Config{DB: h.App, Outbox: bus.NewOutbox()}); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h house) open(t *testing.T, owner uuid.UUID, name string) studios.Studio {
	t.Helper()
	slug, err := h.Open(t.Context(), owner, studios.Opening{Key: idem.NewKey(), Name: name})
	if err != nil {
		t.Fatal(err)
	}
	st, err := h.BySlug(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// join makes somebody a member, as an invitation will.
func (h house) join(t *testing.T, studio, user uuid.UUID, role studios.Role) {
	t.Helper()
	h.Exec(t, "insert into memberships (studio_id, user_id, role, created_at, updated_at) values ($1, $2, $3, now(), now())", studio, user, string(role))
}

func profile(st studios.Studio) studios.Profile {
	return studios.Profile{Version: st.Version, Name: st.Name, Slug: st.Slug, Description: st.Description, Location: st.Location}
}

func want(t *testing.T, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Errorf("the error is %v, want one of kind %q", err, kind)
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	owner := uuid.New()
	form := studios.Opening{Key: idem.NewKey(), Name: "Harbour  & Field"}
	slug, err := h.Open(t.Context(), owner, form)
	if err != nil || slug != "harbour-field" {
		t.Fatalf("%q, %v", slug, err)
	}
	if again, err := h.Open(t.Context(), owner, form); err != nil || again != slug {
		t.Errorf("the same form gave %q, %v", again, err)
	}
	// Another person's form with the same key is another form.
	if other, err := h.Open(t.Context(), uuid.New(), form); err != nil || other != "harbour-field-2" {
		t.Errorf("another person's form gave %q, %v", other, err)
	}
	for _, name := range []string{"", " \t ", "\u200b", strings.Repeat("x", 81)} {
		_, err := h.Open(t.Context(), owner, studios.Opening{Key: idem.NewKey(), Name: name})
		if fault.FieldsOf(err)["name"] == "" {
			t.Errorf("%q gave %v", name, err)
		}
	}
	if n := h.Count(t, "select count(*) from outbox where event in ('studios.created.v1', 'studios.member_joined.v1')"); n != 4 {
		t.Errorf("%d events of two studios, want 4", n)
	}
}

func TestOpen_bounded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	owner := uuid.New()
	for i := range 20 {
		h.open(t, owner, fmt.Sprintf("Series %d", i))
	}
	_, err := h.Open(t.Context(), owner, studios.Opening{Key: idem.NewKey(), Name: "One more"})
	want(t, err, fault.Forbidden)
}

func TestOpen_race(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	type result struct {
		slug string
		err  error
	}
	results := make(chan result, 12)
	for range cap(results) {
		go func() {
			slug, err := h.Open(context.WithoutCancel(t.Context()), uuid.New(), studios.Opening{Key: idem.NewKey(), Name: "Kiln & Loom"})
			results <- result{slug, err}
		}()
	}
	seen := map[string]bool{}
	opened := 0
	for range cap(results) {
		r := <-results
		if r.err != nil || seen[r.slug] {
			t.Errorf("%q, %v", r.slug, r.err)
		}
		seen[r.slug] = true
		opened++
	}
	if n := h.Count(t, "select count(*) from studios s join studio_slugs n on n.studio_id = s.id and n.slug = s.slug"); n != opened {
		t.Errorf("%d studios with their slugs, want %d", n, opened)
	}
}

func TestFoundPersonal(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	user := uuid.New()
	var slug string
	found := func(tx db.Tx) (err error) {
		_, slug, err = h.FoundPersonal(t.Context(), tx, user, "管理者")
		return err
	}
	if err := h.App.Transact(t.Context(), found); err != nil {
		t.Fatal(err)
	}
	if slug != "studio-2" { // "studio" itself is a reserved word
		t.Errorf("the slug is %q", slug)
	}
	if err := h.App.Transact(t.Context(), found); err == nil {
		t.Error("a second personal studio was made")
	}
}

func TestBySlug(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	owner := uuid.New()
	st := h.open(t, owner, "Salt Office")
	p := profile(st)
	p.Slug = "@Salt-Works"
	changed, err := h.Update(t.Context(), owner, st.ID, p)
	if err != nil || changed.Slug != "salt-works" || changed.Version != st.Version+1 {
		t.Fatalf("%+v, %v", changed, err)
	}
	for _, asked := range []string{"salt-works", "salt-office", "SALT-Office"} {
		if got, err := h.BySlug(t.Context(), asked); err != nil || got.Slug != "salt-works" {
			t.Errorf("%s leads to %q, %v", asked, got.Slug, err)
		}
	}
	for _, bad := range []string{"", "a", "nobody", "none-such", strings.Repeat("x", 5000), "a b c", "salt\x00office", "sält", "../etc", "%", "'; drop table studios"} {
		_, err := h.BySlug(t.Context(), bad)
		want(t, err, fault.NotFound)
	}
	// Nobody else gets the former address, by name or by settings.
	other := h.open(t, uuid.New(), "Salt Office")
	if other.Slug != "salt-office-2" {
		t.Errorf("the former slug went to another studio as %q", other.Slug)
	}
	// Its own studio can take it back.
	back := profile(changed)
	back.Slug = "salt-office"
	if got, err := h.Update(t.Context(), owner, st.ID, back); err != nil || got.Slug != "salt-office" {
		t.Errorf("taking it back: %+v, %v", got, err)
	}
	if n := h.Count(t, `select count(*) from outbox where event = 'studios.renamed.v1'`); n != 2 {
		t.Errorf("%d renames were told, want 2", n)
	}
}

func TestUpdate_fields(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	owner := uuid.New()
	st := h.open(t, owner, "Atelier Nord")
	h.open(t, uuid.New(), "Taken Already")
	for _, c := range []struct {
		field  string
		change func(*studios.Profile)
	}{
		{"name", func(p *studios.Profile) { p.Name = "" }},
		{"name", func(p *studios.Profile) { p.Name = strings.Repeat("x", 81) }},
		{"slug", func(p *studios.Profile) { p.Slug = "" }},
		{"slug", func(p *studios.Profile) { p.Slug = "ab" }},
		{"slug", func(p *studios.Profile) { p.Slug = strings.Repeat("x", 41) }},
		{"slug", func(p *studios.Profile) { p.Slug = "atelier nord" }},
		{"slug", func(p *studios.Profile) { p.Slug = "-atelier" }},
		{"slug", func(p *studios.Profile) { p.Slug = "atelier--nord" }},
		{"slug", func(p *studios.Profile) { p.Slug = "атеlier" }},
		{"slug", func(p *studios.Profile) { p.Slug = "<script>" }},
		{"slug", func(p *studios.Profile) { p.Slug = "admin" }},
		{"slug", func(p *studios.Profile) { p.Slug = "taken-already" }},
		{"description", func(p *studios.Profile) { p.Description = strings.Repeat("ü", 1001) }},
		{"description", func(p *studios.Profile) { p.Description = strings.Repeat("x", 1<<20) }},
		{"location", func(p *studios.Profile) { p.Location = strings.Repeat("x", 81) }},
	} {
		p := profile(st)
		c.change(&p)
		_, err := h.Update(t.Context(), owner, st.ID, p)
		if fields := fault.FieldsOf(err); fields[c.field] == "" || len(fields) != 1 {
			t.Errorf("%.60v: %v, want something about %s", p, err, c.field)
		}
	}
	p := profile(st)
	p.Name, p.Description, p.Location = "أتيليه الشمال 👩‍🎨", "One\r\n\r\n\r\n\r\nTwo\x00 <b>bold</b>", " Tromsø\n"
	got, err := h.Update(t.Context(), owner, st.ID, p)
	if err != nil || got.Name != p.Name || got.Description != "One\n\nTwo <b>bold</b>" || got.Location != "Tromsø" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestUpdate_staleForm(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	owner := uuid.New()
	st := h.open(t, owner, "Two Hands")
	first, second := profile(st), profile(st)
	first.Description, second.Description = "mine", "theirs"
	for range 2 { // the second one is the double click
		if _, err := h.Update(t.Context(), owner, st.ID, first); err != nil {
			t.Fatal(err)
		}
	}
	_, err := h.Update(t.Context(), owner, st.ID, second)
	want(t, err, fault.Conflict)
	if n := h.Count(t, "select count(*) from outbox where event = 'studios.changed.v1'"); n != 1 {
		t.Errorf("%d changes were told, want 1", n)
	}
}

func TestUpdate_roles(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	owner := uuid.New()
	st := h.open(t, owner, "Roles")
	p := profile(st)
	p.Description = "changed"
	for role, kind := range map[studios.Role]fault.Kind{studios.Viewer: fault.Forbidden, studios.Editor: fault.Forbidden, studios.None: fault.NotFound} {
		user := uuid.New()
		if role != studios.None {
			h.join(t, st.ID, user, role)
		}
		_, err := h.Update(t.Context(), user, st.ID, p)
		want(t, err, kind)
		if got, err := h.Role(t.Context(), user, st.ID); got != role || err != nil {
			t.Errorf("Role = %q, %v, want %q", got, err, role)
		}
	}
	admin := uuid.New()
	h.join(t, st.ID, admin, studios.Admin)
	if _, err := h.Update(t.Context(), admin, st.ID, p); err != nil {
		t.Errorf("an admin: %v", err)
	}
}

func TestRole_can(t *testing.T) {
	t.Parallel()
	for role, can := range map[studios.Role]string{
		studios.Owner: "see edit settings members billing close", studios.Admin: "see edit settings members",
		studios.Editor: "see edit", studios.Viewer: "see", studios.None: "", "emperor": "",
	} {
		for _, a := range []studios.Action{studios.SeeStudio, studios.EditWorks, studios.ChangeSettings, studios.ManageMembers, studios.ManageBilling, studios.CloseStudio} {
			if got := role.Can(a); got != strings.Contains(" "+can+" ", " "+string(a)+" ") {
				t.Errorf("%q can %q: %v", role, a, got)
			}
		}
		if role.Can("fly") {
			t.Errorf("%q can do what nobody knows", role)
		}
	}
}

// TestMemberships_stayInTheirStudio is the second wall: whatever a query forgets
// to say, the database answers within the scope alone.
func TestMemberships_stayInTheirStudio(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	mara, noor := uuid.New(), uuid.New()
	ours, theirs := h.open(t, mara, "Ours"), h.open(t, noor, "Theirs")
	count := func(r db.Reader) (n int) {
		if err := r.SQL(t.Context()).Raw("select count(*) from memberships").Scan(&n).Error; err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := count(h.App.Read(t.Context())); n != 0 {
		t.Errorf("without a scope %d memberships are seen", n)
	}
	if n := count(h.Worker.Read(t.Context())); n != 2 {
		t.Errorf("the worker sees %d memberships, want 2", n)
	}
	for name, read := range map[string]func(func(db.Reader) error) error{
		"studio": func(fn func(db.Reader) error) error { return h.App.TenantRead(t.Context(), ours.ID, fn) },
		"person": func(fn func(db.Reader) error) error { return h.App.MemberRead(t.Context(), mara, fn) },
	} {
		if err := read(func(r db.Reader) error {
			if n := count(r); n != 1 {
				t.Errorf("in the scope of the %s %d memberships are seen, want 1", name, n)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	// Writes: into another studio from one's own, and into any from the scope of a person.
	insert := func(tx db.Tx) error {
		return tx.SQL().Exec("insert into memberships (studio_id, user_id, role, created_at, updated_at) values (?, ?, 'owner', now(), now())", theirs.ID, mara).Error
	}
	if err := h.App.Tenant(t.Context(), ours.ID, insert); err == nil {
		t.Error("a membership of another studio was written")
	}
	if err := h.App.Member(t.Context(), mara, insert); err == nil {
		t.Error("a person made themselves a member")
	}
	for _, q := range []string{"update memberships set role = 'owner', studio_id = studio_id", "delete from memberships"} {
		for name, write := range map[string]func(context.Context, uuid.UUID, func(db.Tx) error) error{"studio": h.App.Tenant, "person": h.App.Member} {
			scope, rows := ours.ID, int64(1)
			if name == "person" {
				scope, rows = mara, 0
			}
			stop := errors.New("roll back")
			if err := write(t.Context(), scope, func(tx db.Tx) error {
				res := tx.SQL().Exec(q)
				if res.Error != nil || res.RowsAffected != rows {
					t.Errorf("%q in the scope of a %s: %d rows, %v", q, name, res.RowsAffected, res.Error)
				}
				return stop
			}); !errors.Is(err, stop) {
				t.Fatal(err)
			}
		}
	}
	if members, err := h.Members(t.Context(), ours.ID); err != nil || len(members) != 1 || members[0].UserID != mara || time.Since(members[0].JoinedAt) > time.Minute {
		t.Errorf("%+v, %v", members, err)
	}
}

func TestByIDs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	a, b := h.open(t, uuid.New(), "One"), h.open(t, uuid.New(), "Two")
	got, err := h.ByIDs(t.Context(), []uuid.UUID{a.ID, b.ID, uuid.New()})
	if err != nil || len(got) != 2 || got[a.ID].Slug != "one" || got[b.ID].Name != "Two" {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := h.ByIDs(t.Context(), nil); err != nil || len(got) != 0 {
		t.Errorf("%+v, %v", got, err)
	}
	if one, err := h.ByID(t.Context(), a.ID); err != nil || one.Placement != "main" || one.PersonalOf != nil {
		t.Errorf("%+v, %v", one, err)
	}
	_, err = h.ByID(t.Context(), uuid.New())
	want(t, err, fault.NotFound)
}

func TestSlugify(t *testing.T) {
	t.Parallel()
	for name, slug := range map[string]string{
		"Harbour & Field": "harbour-field", "  Łódź Straße  ": "lodz-strasse", "O’Neill's": "oneills", "AB": "studio-ab",
		"日本": "studio", "🎨": "studio", "--": "studio", "Ünïcödé": "unicode", "a.b/c?d=e#f": "a-b-c-d-e-f",
		strings.Repeat("long ", 40): "long-long-long-long-long-long-long-long", strings.Repeat("x", 100): strings.Repeat("x", 40),
		"İstanbul": "istanbul",
	} {
		if got := studios.Slugify(name); got != slug {
			t.Errorf("%q gives %q, want %q", name, got, slug)
		}
	}
}
