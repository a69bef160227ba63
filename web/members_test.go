package web_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"vitrine/app/platform/idem"
)

// room is a studio of its own with people of each role, each in a browser.
type room struct {
	*site
	studio                       uuid.UUID
	at                           string // of its members
	owner, admin, editor, viewer *browser
}

func newRoom(t *testing.T) *room {
	t.Helper()
	r := &room{site: newSite(t)}
	r.owner = r.member(t, "Mara Otieno", "mara@harbour.example")
	v := r.owner.post("/studios/new", r.owner.get("/studios/new").fill(t, "/studios/new", map[string]string{"name": "Harbour & Field"}))
	v.leads(t, "/studio/harbour-field")
	r.at = "/studio/harbour-field/members"
	r.Row(t, "select id from studios where slug = 'harbour-field'")(&r.studio)
	for email, role := range map[string]string{"ada@harbour.example": "admin", "eno@harbour.example": "editor", "vera@harbour.example": "viewer"} {
		b := r.member(t, strings.ToUpper(email[:1])+email[1:strings.IndexByte(email, '@')], email)
		r.Exec(t, "insert into memberships (studio_id, user_id, role, created_at, updated_at) values ($1, $2, $3, now(), now())", r.studio, r.userOf(t, email), role)
		switch role {
		case "admin":
			r.admin = b
		case "editor":
			r.editor = b
		default:
			r.viewer = b
		}
	}
	return r
}

func (r *room) invite(t *testing.T, email, role string) {
	t.Helper()
	form := r.admin.get(r.at).fill(t, r.at+"/invite", map[string]string{"email": email, "role": role})
	for range 2 { // the second one is the double click
		r.admin.post(r.at+"/invite", form).leads(t, r.at)
	}
	r.admin.get(r.at).want(t, http.StatusOK, "An invitation is on its way to "+email+".")
}

func (r *room) roleOf(t *testing.T, email string) (role string) {
	t.Helper()
	r.Row(t, "select coalesce((select m.role from memberships m join users u on u.id = m.user_id where m.studio_id = $1 and u.email_key = $2), '')", r.studio, email)(&role)
	return role
}

func TestMembers_list(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.invite(t, "new@quarry.example", "editor")
	for who, b := range map[string]*browser{"owner": r.owner, "admin": r.admin, "editor": r.editor, "viewer": r.viewer} {
		v := b.get(r.at)
		v.want(t, http.StatusOK, "Mara Otieno")
		manages := who == "owner" || who == "admin"
		for what, shown := range map[string]bool{
			"eno@harbour.example": manages, "new@quarry.example": manages, "Invite somebody": manages, "Hand it on": who == "owner", "Leave the studio": who != "owner",
		} {
			if strings.Contains(v.text(), what) != shown {
				t.Errorf("%s sees %q: %v, want %v", who, what, !shown, shown)
			}
		}
		if n := v.Find(".people").First().Find("li").Length(); n != 4 {
			t.Errorf("%s sees %d members", who, n)
		}
		if owner := r.userOf(t, "mara@harbour.example"); v.Find(`form[action*="`+owner.String()+`"]`).Length() != 0 {
			t.Errorf("%s is offered to change the owner", who)
		}
		if n := v.Find(`nav.tabs[aria-label=Studio] a[aria-current=page]`).Length(); n != 1 || (v.Find(`nav.tabs[aria-label=Studio] a[href$="/audit"]`).Length() == 1) != manages {
			t.Errorf("%s has other tabs: %s", who, v.Find("nav.tabs[aria-label=Studio]").Text())
		}
	}
}

func TestMembers_changes(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	of := func(email string) string { return r.at + "/" + r.userOf(t, email).String() }
	role := of("eno@harbour.example") + "/role"
	r.admin.post(role, r.admin.get(r.at).fill(t, role, map[string]string{"role": "admin"})).leads(t, r.at)
	if got := r.roleOf(t, "eno@harbour.example"); got != "admin" {
		t.Errorf("the editor is %q", got)
	}
	r.admin.post(role, url.Values{"role": {"owner"}}).want(t, http.StatusUnprocessableEntity, "Choose admin, editor or viewer.")
	r.admin.post(of("mara@harbour.example")+"/role", url.Values{"role": {"viewer"}}).want(t, http.StatusForbidden, "A studio always has an owner.")
	r.admin.post(of("mara@harbour.example")+"/remove", url.Values{}).want(t, http.StatusForbidden, "A studio always has an owner.")
	r.viewer.post(role, url.Values{"role": {"admin"}}).want(t, http.StatusForbidden, "Your role in this studio is viewer")
	r.admin.post(r.at+"/none/role", url.Values{"role": {"admin"}}).want(t, http.StatusNotFound, "")

	// Whoever is removed is a stranger at the next request, and their upload ends.
	up := "/studio/harbour-field/uploads/"
	begin := func(b *browser) view {
		b.header.Set("Tus-Resumable", "1.0.0")
		b.header.Set("Upload-Length", "10")
		defer b.header.Del("Upload-Length")
		return b.do(http.MethodPost, up, "", nil)
	}
	begun := begin(r.editor)
	if begun.status != http.StatusCreated {
		t.Fatalf("no upload was begun: %d %s", begun.status, begun.body)
	}
	away := of("eno@harbour.example") + "/remove"
	form := r.admin.get(r.at).fill(t, away, nil)
	for range 2 {
		r.admin.post(away, form).leads(t, r.at)
	}
	for _, path := range []string{"/studio/harbour-field", r.at, "/studio/harbour-field/new", "/studio/harbour-field/audit"} {
		r.editor.get(path).want(t, http.StatusNotFound, "")
	}
	r.editor.header.Set("Upload-Offset", "0")
	for what, v := range map[string]view{
		"goes on": r.editor.do(http.MethodPatch, begun.location, "application/offset+octet-stream", strings.NewReader("0123456789")),
		"begins":  begin(r.editor), "cancels": r.editor.do(http.MethodDelete, begun.location, "", nil),
	} {
		if v.status != http.StatusNotFound {
			t.Errorf("whoever was removed %s: %d %s", what, v.status, v.body)
		}
	}
	if n := r.Count(t, "select count(*) from uploads where received = 0"); n != 1 {
		t.Errorf("%d uploads stand where they were", n)
	}

	// Leaving, and what the owner is told.
	r.owner.post(r.at+"/leave", url.Values{}).want(t, http.StatusForbidden, "A studio always has an owner.")
	r.viewer.post(r.at+"/leave", r.viewer.get(r.at).fill(t, r.at+"/leave", nil)).leads(t, "/studio")
	r.viewer.get(r.at).want(t, http.StatusNotFound, "")

	r.deliverMails(t)
	for kind, to := range map[string]string{"role_changed": "eno@harbour.example", "member_removed": "eno@harbour.example"} {
		if n := r.Count(t, "select count(*) from mails where kind = $1 and to_key = $2", kind, to); n != 1 {
			t.Errorf("%d mails of %s to %s", n, kind, to)
		}
	}
	if n := r.Count(t, "select count(*) from mails where kind = 'member_removed'"); n != 1 {
		t.Errorf("whoever left was told that they were removed")
	}
}

func TestInvitation_known(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	noor := r.member(t, "Noor <b>Said</b>", "noor@quarry.example")
	r.invite(t, "Noor@Quarry.example", "editor")
	path := r.linkTo(t, "noor@quarry.example")
	if !strings.HasPrefix(path, "/join/") {
		t.Fatalf("the mail leads to %q", path)
	}
	for range 2 { // opening it changes nothing
		r.browser(t).get(path).want(t, http.StatusOK, "Ada asks you to join this studio as an editor")
	}
	login := r.browser(t).get(path).Find(`a[href^="/login?next=/join/"]`)
	if login.Length() != 1 {
		t.Error("a visitor is not led to the door")
	}
	// Somebody else is told, and offered the way out and back.
	other := r.member(t, "Jon Aas", "jon@quarry.example")
	v := other.get(path)
	v.want(t, http.StatusOK, "You are signed in as jon@quarry.example.")
	other.post(path, url.Values{}).want(t, http.StatusForbidden, "This invitation was sent to another address")
	if next := v.Find("main form[action='/logout'] input[name=next]").AttrOr("value", ""); next != path {
		t.Errorf("signing out leads to %q", next)
	}
	other.post("/logout", url.Values{"next": {path}}).leads(t, path)
	if r.roleOf(t, "jon@quarry.example") != "" {
		t.Error("somebody else was let in")
	}
	join := noor.get(path).fill(t, path, nil)
	other.post("/logout", url.Values{"next": {"https://evil.example/"}}).leads(t, "/")
	for range 2 {
		noor.post(path, join).leads(t, "/studio/harbour-field")
	}
	if r.roleOf(t, "noor@quarry.example") != "editor" {
		t.Error("she did not become an editor")
	}
	r.browser(t).get(path).want(t, http.StatusGone, "This invitation has been accepted")
	r.linkTo(t, "noor@quarry.example")
	if n := r.Count(t, "select count(*) from mails where kind = 'member_joined' and to_key = 'ada@harbour.example'"); n != 1 {
		t.Errorf("whoever invited her got %d mails", n)
	}
	r.admin.get(r.at).want(t, http.StatusOK, "Noor <b>Said</b>")
	r.admin.post(r.at+"/invite", url.Values{"email": {"noor@quarry.example"}, "role": {"viewer"}, "idempotency_key": {idem.NewKey()}}).
		want(t, http.StatusUnprocessableEntity, "Whoever has this address belongs to the studio already.")
	if n := r.Count(t, "select count(*) from mails where concat(subject, text, html) ~ 'Harbour (&|&amp;) Field|Noor|Ada|Mara' and kind in ('invitation', 'member_joined')"); n != 0 {
		t.Errorf("%d mails hold what somebody typed", n)
	}
	var secrets int
	r.Row(t, "select count(*) from outbox where payload::text like '%' || $1 || '%'", strings.TrimPrefix(path, "/join/"))(&secrets)
	if secrets != 0 {
		t.Error("the secret stands in the outbox")
	}
}

// TestInvitation_unknown: an address without an account is answered and written
// to like one that has one, and its sign-up leads back.
func TestInvitation_unknown(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.invite(t, "fresh@quarry.example", "viewer")
	path := r.linkTo(t, "fresh@quarry.example")
	b := r.browser(t)
	b.get(path).want(t, http.StatusOK, "Open an account first")
	b.post("/signup", b.get("/signup").fill(t, "/signup", map[string]string{"name": "Fresh", "email": "fresh@quarry.example", "password": password})).leads(t, "/signup/sent")
	verify := r.linkTo(t, "fresh@quarry.example")
	b.post(verify, b.get(verify).fill(t, verify, nil)).leads(t, path)
	again := b.get(path)
	again.want(t, http.StatusOK, "Here is the invitation again.")
	b.post(path, again.fill(t, path, nil)).leads(t, "/studio/harbour-field")
	b.get(r.at).want(t, http.StatusOK, "Fresh")
	if r.roleOf(t, "fresh@quarry.example") != "viewer" {
		t.Error("they did not become a viewer")
	}
}

func TestInvitation_over(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	noor := r.member(t, "Noor Said", "noor@quarry.example")
	r.invite(t, "noor@quarry.example", "editor")
	path := r.linkTo(t, "noor@quarry.example")
	var id uuid.UUID
	r.Row(t, "select id from invitations")(&id)
	at := r.at + "/invitations/" + id.String()
	r.admin.post(at+"/again", r.admin.get(r.at).fill(t, at+"/again", nil)).want(t, http.StatusTooManyRequests, "Give it ten minutes to arrive.")
	r.Exec(t, "update invitations set sent_at = now() - interval '8 days', expires_at = now() - interval '1 day'")
	noor.get(path).want(t, http.StatusGone, "This invitation has expired")
	noor.post(path, url.Values{}).want(t, http.StatusGone, "This invitation has expired")
	r.admin.get(r.at).want(t, http.StatusOK, "Expired on")
	r.admin.post(at+"/again", r.admin.get(r.at).fill(t, at+"/again", nil)).leads(t, r.at)
	noor.get(path).want(t, http.StatusOK, "Join the studio")
	r.admin.post(at+"/withdraw", r.admin.get(r.at).fill(t, at+"/withdraw", nil)).leads(t, r.at)
	noor.get(path).want(t, http.StatusGone, "This invitation was withdrawn")
	noor.post(path, url.Values{}).want(t, http.StatusGone, "This invitation was withdrawn")
	if r.roleOf(t, "noor@quarry.example") != "" {
		t.Error("she was let in")
	}
}

func TestTransfer(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	at := r.at + "/transfer"
	r.admin.get(at).want(t, http.StatusForbidden, "this needs owner")
	r.Exec(t, "update sessions set proved_at = null")
	if v := r.owner.get(at); v.status != http.StatusSeeOther || !strings.HasPrefix(v.location, "/me/confirm?next=") {
		t.Errorf("without a proof: %d to %q", v.status, v.location)
	}
	r.Exec(t, "update sessions set proved_at = now()")
	form := r.owner.get(at).fill(t, at, map[string]string{"to": r.userOf(t, "vera@harbour.example").String()})
	r.owner.post(at, form).leads(t, r.at)
	if r.roleOf(t, "vera@harbour.example") != "owner" || r.roleOf(t, "mara@harbour.example") != "admin" {
		t.Error("the studio was not handed on")
	}
	r.deliverMails(t)
	for _, who := range []string{"mara", "ada", "vera"} {
		if n := r.Count(t, "select count(*) from mails where kind = 'ownership_transferred' and to_key = $1", who+"@harbour.example"); n != 1 {
			t.Errorf("%s got %d mails", who, n)
		}
	}
	if n := r.Count(t, "select count(*) from mails where kind = 'ownership_transferred'"); n != 3 {
		t.Errorf("%d mails", n)
	}
	var personal string
	r.Row(t, "select slug from studios where personal_of = $1", r.userOf(t, "mara@harbour.example"))(&personal)
	r.owner.get("/studio/"+personal+"/members/transfer").want(t, http.StatusOK, "This is your personal studio")
}

func TestAudit(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	at := "/studio/harbour-field/audit"
	r.admin.get(at).want(t, http.StatusOK, "Nothing has happened yet")
	r.invite(t, "new@quarry.example", "editor")
	eno := r.userOf(t, "eno@harbour.example")
	r.owner.post(r.at+"/"+eno.String()+"/role", url.Values{"role": {"viewer"}}).leads(t, r.at)
	ada := r.userOf(t, "ada@harbour.example")
	r.Exec(t, "update users set name = '=cmd()<i>' where id = $1", ada)
	v := r.admin.get(at)
	v.want(t, http.StatusOK, "Mara Otieno changed the role of EnoFrom editor to viewer.")
	v.want(t, http.StatusOK, "=cmd()<i> invited somebody As editor.")
	if strings.Contains(v.text(), "new@quarry.example") {
		t.Error("an address stands in the audit")
	}
	for query, rows := range map[string]int{"?action=studios.role_changed": 1, "?person=" + ada.String(): 1, "?action=studios.member_left": 0, "?person=none": 2, "?action=%00%27": 0} {
		if n := r.admin.get(at + query).Find(".journal li").Length(); n != rows {
			t.Errorf("%s lists %d entries, want %d", query, n, rows)
		}
	}
	for i := range 260 {
		r.Exec(t, "insert into studio_audit (id, studio_id, actor_id, action, note, at) values ($1, $2, $3, 'studios.settings_changed', $4, now())", uuid.Must(uuid.NewV7()), r.studio, ada, fmt.Sprint("@note ", i))
	}
	seen := 0
	for path := at; path != ""; {
		v := r.admin.get(path)
		seen += v.Find(".journal li").Length()
		path, _ = v.Find("a[rel=next]").Attr("href")
	}
	if seen != 262 {
		t.Errorf("the pages list %d entries, want 262", seen)
	}
	file := r.admin.get(at + ".csv")
	table, err := csv.NewReader(strings.NewReader(file.body)).ReadAll()
	if err != nil || len(table) != 263 || !strings.Contains(file.header.Get("Content-Disposition"), "harbour-field-audit.csv") {
		t.Fatalf("%d lines, %v, %v", len(table), err, file.header)
	}
	if first := table[1]; first[1] != "'=cmd()<i>" || first[2] != ada.String() || first[5] != "'@note 259" {
		t.Errorf("the file begins %v", first)
	}
	if table, err := csv.NewReader(strings.NewReader(r.admin.get(at + ".csv?action=studios.invited").body)).ReadAll(); err != nil || len(table) != 2 {
		t.Errorf("the filtered file has %d lines, %v", len(table), err)
	}
	for _, b := range []*browser{r.editor, r.viewer} {
		b.get(at).want(t, http.StatusForbidden, "")
		b.get(at+".csv").want(t, http.StatusForbidden, "")
	}
}
