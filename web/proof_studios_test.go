package web_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"vitrine/app/media"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// crossing is a caller of every use case and store function: somebody with a
// scope, and ids of somebody else.
type crossing struct {
	h      *house
	user   uuid.UUID  // who calls
	studio uuid.UUID  // in whose scope
	claims uuid.UUID  // the studio that is asked for
	work   works.Work // whose ids are used
	said   []any      // what was given to callbacks
}

// trusting are exported functions that take a studio from their caller, who has
// looked at the person's membership; the others find out by themselves.
var trusting = map[string]string{
	"media.Receive":     "the handler gives the studio of the viewer's membership",
	"works.AttachMedia": "runs in the transaction of an upload, in its studio's scope",
}

// welcoming are functions by which anybody leaves something at another's studio,
// and what.
var welcoming = map[string]string{
	"engagement.Like": "a like of a work that can be seen", "engagement.Unlike": "a like taken back", "engagement.Bookmark": "a bookmark of such a work", "engagement.Unbookmark": "a bookmark taken back",
	"engagement.Follow": "a follow", "engagement.Unfollow": "a follow taken back", "engagement.Comment": "a comment below such a work",
}

// lasting are functions after which little else works in a studio: called last.
var lasting = []string{"Unlist", "Unpublish", "Archive", "RemoveMedia", "MediaGone", "Delete", "Remove", "Leave", "TransferOwnership", "Withdraw", "HideStudio", "BeginClosing", "EndClosing", "Suspend", "Erase", "EraseMember"}

// use is one exported method of a context's service.
type use struct {
	name    string
	params  []string
	service reflect.Value
	method  reflect.Method
}

// uses are the use cases and store functions of all contexts, in an order in
// which they do not stand in each other's way. Subscribers are none of them: only
// the outbox calls them, with what it holds.
func (h *house) uses(t *testing.T) (out []use) {
	t.Helper()
	for pkg, service := range h.contexts() {
		params := methodsOf(t, pkg)
		for i := range service.NumMethod() {
			m := service.Type().Method(i)
			if asks(m) {
				out = append(out, use{path.Base(pkg) + "." + m.Name, params[m.Name], service, m})
			}
		}
	}
	slices.SortFunc(out, func(a, b use) int {
		return cmp.Or(cmp.Compare(slices.Index(lasting, a.method.Name), slices.Index(lasting, b.method.Name)), cmp.Compare(a.name, b.name))
	})
	return out
}

// sources parses a package of ours and those below it, which hold a part of its
// use cases.
func sources(t *testing.T, pkg string) (out []*ast.File) {
	t.Helper()
	set := token.NewFileSet()
	must(t, filepath.WalkDir(path.Join("..", pkg), func(at string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(at, ".go") || strings.HasSuffix(at, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(set, at, nil, 0)
		out = append(out, file)
		return err
	}))
	return out
}

// methodsOf are the exported methods of a package's service, those that it has
// from a package below included, with the names of their parameters.
func methodsOf(t *testing.T, pkg string) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, file := range sources(t, pkg) {
		for _, d := range file.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || !fn.Name.IsExported() {
				continue
			}
			own := typeName(fn.Recv.List[0].Type) == "Service"
			if below := file.Name.Name != path.Base(pkg); !own && (!below || out[fn.Name.Name] != nil) {
				continue
			}
			var names []string
			for _, field := range fn.Type.Params.List {
				for _, name := range field.Names {
					names = append(names, name.Name)
				}
				if len(field.Names) == 0 {
					names = append(names, "_")
				}
			}
			out[fn.Name.Name] = names
		}
	}
	return out
}

func typeName(e ast.Expr) string {
	if star, ok := e.(*ast.StarExpr); ok {
		e = star.X
	}
	if name, ok := e.(*ast.Ident); ok {
		return name.Name
	}
	return ""
}

// services gives each context's service by the name of its package.
func (s *site) contexts() map[string]reflect.Value {
	out := map[string]reflect.Value{}
	v := reflect.ValueOf(s.Services)
	for i := range v.NumField() {
		f := v.Field(i)
		if f.Kind() == reflect.Pointer && !f.IsNil() && f.Type().Elem().Name() == "Service" {
			out[strings.TrimPrefix(f.Type().Elem().PkgPath(), "vitrine/")] = f
		}
	}
	return out
}

var errNoValue = errors.New("this test has no value for it; add one")

// value makes an argument by its type and its name.
func (c *crossing) value(t reflect.Type, name string, tx *db.Tx) (reflect.Value, error) {
	give := func(v any) (reflect.Value, error) { return reflect.ValueOf(v), nil }
	switch t {
	case reflect.TypeFor[context.Context]():
		return give(db.Guard(context.Background()))
	case reflect.TypeFor[db.Tx]():
		return give(*tx)
	case reflect.TypeFor[db.Reader]():
		return give(tx.Reader())
	case reflect.TypeFor[works.Actor]():
		return give(works.Actor{UserID: c.user, StudioID: c.studio, Role: studios.Owner})
	case reflect.TypeFor[media.Sender]():
		return give(media.Sender{UserID: c.user, StudioID: c.studio})
	case reflect.TypeFor[works.Target]():
		return give(works.Target{PublicID: c.work.PublicID})
	case reflect.TypeFor[works.Edit]():
		return give(works.Edit{Title: "Taken", FormKey: "taken", Licence: "reserved", Edition: c.work.Edition})
	case reflect.TypeFor[uuid.UUID]():
		return give(c.id(name))
	case reflect.TypeFor[[]uuid.UUID]():
		return give([]uuid.UUID{c.id(strings.TrimSuffix(name, "s"))})
	case reflect.TypeFor[time.Time]():
		return give(time.Now().Add(time.Hour))
	case reflect.TypeFor[io.Reader]():
		return give(strings.NewReader("bytes"))
	case reflect.TypeFor[bus.Envelope]():
		return give(bus.Envelope{ID: uuid.New(), Name: "a.b.v1", Payload: json.RawMessage(fmt.Sprintf(`{"studio_id":%q,"media_id":%q,"work_id":%q}`, c.studio, c.h.media, c.work.ID)), Attempt: 1})
	}
	return c.byKind(t, name, tx)
}

func (c *crossing) byKind(t reflect.Type, name string, tx *db.Tx) (reflect.Value, error) {
	out := reflect.New(t).Elem()
	switch t.Kind() { //nolint:exhaustive // the others have no value
	case reflect.String:
		out.SetString(c.text(t, name))
	case reflect.Int, reflect.Int16, reflect.Int32, reflect.Int64:
		out.SetInt(10)
	case reflect.Uint8, reflect.Uint64:
		out.SetUint(1)
	case reflect.Float64, reflect.Bool:
	case reflect.Pointer:
		v, err := c.value(t.Elem(), name, tx)
		if err != nil {
			return out, err
		}
		out.Set(reflect.New(t.Elem()))
		out.Elem().Set(v)
	case reflect.Slice:
		v, err := c.value(t.Elem(), strings.TrimSuffix(name, "s"), tx)
		if err != nil {
			return out, err
		}
		out = reflect.Append(out, v)
	case reflect.Map:
		out.Set(reflect.MakeMap(t))
	case reflect.Struct:
		for i := range t.NumField() {
			if !t.Field(i).IsExported() || t.Field(i).Type == reflect.TypeFor[json.RawMessage]() {
				continue
			}
			v, err := c.value(t.Field(i).Type, t.Field(i).Name, tx)
			if err != nil {
				return out, fmt.Errorf("%s: %w", t.Field(i).Name, err)
			}
			out.Field(i).Set(v.Convert(t.Field(i).Type))
		}
	case reflect.Func:
		out = reflect.MakeFunc(t, func(args []reflect.Value) (results []reflect.Value) {
			for _, a := range args {
				c.said = append(c.said, a.Interface())
			}
			for i := range t.NumOut() {
				results = append(results, reflect.Zero(t.Out(i)))
			}
			return results
		})
	case reflect.Interface: // one context's view of another
		for _, service := range c.h.contexts() {
			if service.Type().Implements(t) {
				return service, nil
			}
		}
		return out, errNoValue
	default:
		return out, errNoValue
	}
	return out, nil
}

// id chooses an id by what it names: who calls is the caller, everything else is
// the other's.
func (c *crossing) id(name string) uuid.UUID {
	switch strings.ToLower(strings.TrimSuffix(strings.TrimSuffix(name, "ID"), "Id")) {
	case "actor", "user", "by", "owner", "admin":
		return c.user
	case "studio":
		return c.claims
	case "work":
		return c.work.ID
	case "invitation":
		return c.h.invitation
	}
	return c.h.media
}

func (c *crossing) text(t reflect.Type, name string) string {
	switch t {
	case reflect.TypeFor[works.State]():
		return string(works.StateDraft)
	case reflect.TypeFor[studios.Role]():
		return string(studios.Viewer)
	}
	switch lower := strings.ToLower(name); {
	case strings.Contains(lower, "key"):
		return idem.NewKey()
	case lower == "publicid":
		return c.work.PublicID
	case lower == "slug":
		return c.h.slug
	case strings.Contains(lower, "email"):
		return "taken@harbour.example"
	case lower == "token" || lower == "code" || lower == "plain":
		plain, _ := id.Token()
		return plain
	}
	return "Taken"
}

// call calls one method and gives what it returned and said, as JSON.
func (c *crossing) call(u use) (answer string, err error) {
	method := u.method
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	c.said = nil
	var out []reflect.Value
	run := func(tx *db.Tx) error {
		args := []reflect.Value{u.service}
		for i := 1; i < method.Type.NumIn(); i++ {
			of := method.Type.In(i)
			if method.Type.IsVariadic() && i == method.Type.NumIn()-1 {
				of = of.Elem()
			}
			v, err := c.value(of, u.params[i-1], tx)
			if err != nil {
				return fmt.Errorf("parameter %s: %w", u.params[i-1], err)
			}
			args = append(args, v)
		}
		out = method.Func.Call(args)
		if n := len(out); n > 0 {
			if err, failed := out[n-1].Interface().(error); failed {
				return err
			}
		}
		return nil
	}
	if inTx(method) {
		err = c.h.App.Tenant(context.Background(), c.studio, func(tx db.Tx) error { return run(&tx) })
	} else {
		err = run(nil)
	}
	var all []any
	for _, v := range out {
		all = append(all, v.Interface())
	}
	raw, jsonErr := json.Marshal(append(all, c.said))
	if jsonErr != nil {
		raw = fmt.Appendf(nil, "%+v", all)
	}
	return string(raw), err
}

func inTx(method reflect.Method) bool {
	for i := range method.Type.NumIn() {
		if of := method.Type.In(i); of == reflect.TypeFor[db.Tx]() || of == reflect.TypeFor[db.Reader]() {
			return true
		}
	}
	return false
}

func asks(method reflect.Method) bool {
	of := method.Type
	if of.NumIn() == 3 && of.In(2) == reflect.TypeFor[bus.Envelope]() {
		return false
	}
	return inTx(method) || of.NumIn() > 1 && of.In(1) == reflect.TypeFor[context.Context]()
}

// digest is the sum of all rows that belong to a studio, its members or its
// works, and of what was said of it in events.
func (h *house) digest(t *testing.T, studio uuid.UUID) string {
	t.Helper()
	return h.digestBy(t, studio, "studio_id", "user_id")
}

// digestBy is that of the tables with these columns.
func (h *house) digestBy(t *testing.T, studio uuid.UUID, columns ...string) (out string) {
	t.Helper()
	var parts []string
	for _, at := range h.strings(t, `select table_name || ' ' || column_name from information_schema.columns
		where table_schema = 'public' and column_name = any($1) and table_name <> 'search_documents' order by 1`, columns) {
		table, column, _ := strings.Cut(at, " ")
		whose := "$1::uuid"
		if column == "user_id" {
			whose = "user_id from memberships where studio_id = $1"
		}
		parts = append(parts, fmt.Sprintf("select md5(coalesce(string_agg(x::text, ',' order by x::text), '')) from %s x where %s in (select %s)", table, column, whose))
	}
	if len(parts) < 9*len(columns) {
		t.Fatalf("only %d tables hold what belongs to somebody", len(parts))
	}
	parts = append(parts, "select md5(string_agg(x::text, ',')) from studios x where id = $1", "select md5(string_agg(x::text, ',' order by x::text)) from outbox x where payload::text like '%' || $1::text || '%'",
		"select md5(string_agg(x::text, ',' order by x::text)) from work_tags x", "select md5(string_agg(u::text, ',' order by u.id)) from users u join memberships m on m.user_id = u.id and m.studio_id = $1")
	h.Row(t, "select string_agg(coalesce(md5, ''), ' ') from ("+strings.Join(parts, " union all ")+") x (md5)", studio)(&out)
	return out
}

// TestServices_crossNoStudio calls every exported use case and store function of
// every context as the owner of one studio, in its scope, with the ids of
// another: nothing of that is read, and nothing written. A new function is
// called, too.
func TestServices_crossNoStudio(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	owner := h.userOf(t, "owner@harbour.example")
	h.Exec(t, "update storage_usage set byte_limit = 7777777771 where studio_id = $1", h.studio)
	_, err := h.Studios.Invite(t.Context(), owner, h.studio, studios.Invite{Key: idem.NewKey(), Email: "guest@harbour.example", Role: studios.Viewer})
	must(t, err)
	h.Row(t, "select id from invitations where studio_id = $1", h.studio)(&h.invitation)
	secrets := []string{"guest@harbour.example", draftTitle, fileName, "owner@harbour.example", "viewer@harbour.example", "7777777771", h.userOf(t, "viewer@harbour.example").String()}
	stranger := h.userOf(t, "stranger@harbour.example")
	h.everyContext(t)
	before := h.digest(t, h.studio)
	uses := h.uses(t)
	for _, u := range uses {
		for _, c := range []crossing{
			{h: h, user: stranger, studio: h.foreign, claims: h.foreign, work: h.draft},
			{h: h, user: stranger, studio: h.foreign, claims: h.foreign, work: h.hung},
			{h: h, user: stranger, studio: h.foreign, claims: h.studio, work: h.draft},
		} {
			trusts := trusting[u.name] != "" || !inTx(u.method) && !slices.ContainsFunc(u.params, func(n string) bool { return slices.Contains([]string{"actor", "userID", "by", "a"}, n) })
			if c.claims == h.studio && trusts {
				continue // who calls it has checked that the person belongs to the studio
			}
			answer, err := c.call(u)
			if err != nil && (errors.Is(err, errNoValue) || strings.HasPrefix(err.Error(), "panic")) {
				t.Errorf("%s: %v", u.name, err)
			}
			for _, secret := range secrets {
				if strings.Contains(answer, secret) {
					t.Errorf("%s gives %q of another studio away: %.300s", u.name, secret, answer)
				}
			}
			if after := h.digest(t, h.studio); after != before {
				if welcoming[u.name] == "" {
					t.Errorf("%s changes another studio (as if it were %v), and says %v", u.name, c.claims == h.studio, err)
				}
				before = after
			}
		}
	}
	h.own(t, uses, owner, secrets)
}

// everyContext fails when a package with a service is not called.
func (h *house) everyContext(t *testing.T) {
	t.Helper()
	contexts := h.contexts()
	dirs, err := os.ReadDir("../app")
	must(t, err)
	for _, d := range dirs {
		pkg := "app/" + d.Name()
		if !d.IsDir() || slices.Contains([]string{"app/platform", "app/fault", "app/notifications", "app/demo"}, pkg) { // the worker's own: no request reaches them with ids
			continue
		}
		if _, has := contexts[pkg]; !has && len(methodsOf(t, pkg)) > 0 {
			t.Errorf("%s has a service that the site of these tests does not hold", pkg)
		}
	}
}

// own calls the same with the ids of the caller's own studio, to see that the
// questions are good ones.
func (h *house) own(t *testing.T, uses []use, owner uuid.UUID, secrets []string) {
	t.Helper()
	var shown, wrote []string
	for _, u := range uses {
		if strings.HasPrefix(u.name, "accounts.") {
			continue
		}
		c := crossing{h: h, user: owner, studio: h.studio, claims: h.studio, work: h.draft}
		before := h.digest(t, h.studio)
		h.Row(t, "select coalesce(max(edition), 0) from works where id = $1", h.draft.ID)(&c.work.Edition) // an earlier call would make the form stale
		answer, err := c.call(u)
		if slices.ContainsFunc(secrets, func(s string) bool { return strings.Contains(answer, s) }) {
			shown = append(shown, u.name)
		}
		if h.digest(t, h.studio) != before {
			wrote = append(wrote, u.name)
		} else if err != nil {
			t.Logf("%s refuses its own studio: %v", u.name, err)
		}
	}
	t.Logf("%d functions; of their own studio %d show something: %v\n%d write: %v", len(uses), len(shown), shown, len(wrote), wrote)
	if len(shown) < 8 || len(wrote) < 25 {
		t.Error("these are no good questions")
	}
}
