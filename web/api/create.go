package api

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/idem"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/web/site"
)

// CreateWork is POST /api/v1/works: a whole work in one request, as draft, with a
// date, or published at once. The same key and body again give the same work.
func (a *API) CreateWork(c *site.Context) error {
	b, err := allowed(c, accounts.WriteWorks)
	if err != nil {
		return err
	}
	if err := parametersOf(c).fault(); err != nil {
		return err
	}
	key, err := keyOf(c)
	if err != nil {
		return err
	}
	o, err := body(c)
	if err != nil {
		return err
	}
	slug, whole, err := readWork(o)
	if err != nil {
		return err
	}
	m, err := a.writesTo(c, b, slug, spot{Pointer: "/studio", Detail: "Name one of your studios; this token opens several."})
	if err != nil {
		return err
	}
	actor := works.Actor{UserID: b.UserID, StudioID: m.StudioID, Role: m.Role}
	w, again, err := a.Works.Create(c.Ctx(), actor, whole, key)
	switch {
	case errors.Is(err, works.ErrKeyReused):
		return &refusal{problem: keyReused, detail: fault.MessageOf(err), cause: err}
	case err != nil && len(fault.FieldsOf(err)) > 0:
		return refusedFields(err, whole.Media)
	case err != nil:
		return err
	}
	out, err := a.own(c, m, w.PublicID)
	if err != nil {
		return err
	}
	replayed(c, again)
	return a.made(c, worksPath+"/"+w.PublicID, out)
}

// writesTo is the studio that a write goes to. A token of one studio, or a person
// with one, need not name it.
func (a *API) writesTo(c *site.Context, b accounts.Bearer, slug string, missing spot) (studios.Membership, error) {
	if slug != "" {
		return a.member(c, b, slug, studios.EditWorks)
	}
	mine, err := a.memberships(c, b)
	if err != nil {
		return studios.Membership{}, err
	}
	if len(mine) != 1 {
		return studios.Membership{}, spotted(missing)
	}
	return mine[0], mine[0].Role.Check(studios.EditWorks)
}

// keyOf reads the idempotency key. The header's value is a string in quotes; many
// clients leave those out.
func keyOf(c *site.Context) (string, error) {
	values := c.Request().Header.Values("Idempotency-Key")
	if len(values) == 0 {
		return "", refuse(keyMissing, "Send a header Idempotency-Key, so that a retry makes nothing twice. A random UUID does.")
	}
	key := strings.TrimSpace(values[0])
	if len(key) >= 2 && strings.HasPrefix(key, `"`) && strings.HasSuffix(key, `"`) {
		key = key[1 : len(key)-1]
	}
	if len(values) > 1 || !idem.Valid(key) {
		return "", &refusal{problem: badRequest, detail: "An idempotency key has 16 to 64 letters, digits, hyphens or underscores.",
			spots: []spot{{Header: "Idempotency-Key", Detail: "It has another form."}}}
	}
	return key, nil
}

// replayed tells that nothing was made this time.
func replayed(c *site.Context, again bool) {
	if again {
		c.Header("Idempotency-Replayed", "true")
	}
}

// readWork reads the body of a new work.
func readWork(o object) (studio string, w works.Whole, err error) {
	o.known("studio", "state", "publish_at", "title", "story", "credits", "licence", "tags", "year", "language", "sensitive", "ai_made", "noai", "media")
	o.nullable("studio", "publish_at", "year")
	e := works.Edit{NoAI: true, FormKey: "api", Items: map[uuid.UUID]works.ItemEdit{}}
	state, publishAt, year, tags := string(works.StateDraft), "", 0, []string(nil)
	take(o, "studio", aText, &studio)
	take(o, "state", aText, &state)
	take(o, "publish_at", aText, &publishAt)
	take(o, "title", aText, &e.Title)
	take(o, "story", aText, &e.Story)
	take(o, "credits", aText, &e.Credits)
	take(o, "licence", aText, &e.Licence)
	take(o, "language", aText, &e.Lang)
	take(o, "sensitive", aFlag, &e.Sensitive)
	take(o, "ai_made", aFlag, &e.AIMade)
	take(o, "noai", aFlag, &e.NoAI)
	take(o, "tags", texts, &tags)
	take(o, "year", aNumber, &year)
	if _, given := o.members["year"]; given {
		e.Year = strconv.Itoa(year)
	}
	w = works.Whole{Edit: e, State: works.State(state)}
	w.Edit.Tags = o.tags(tags)
	w.Media = o.media(w.Edit.Items)
	switch w.State {
	case works.StateDraft, works.StatePublished:
		if publishAt != "" {
			o.say("publish_at", "Only a work that is scheduled has a date.")
		}
	case works.StateScheduled:
		if w.PublishAt, err = time.Parse(time.RFC3339, publishAt); err != nil {
			o.say("publish_at", "A scheduled work needs its date here, like 2026-11-26T09:00:00Z.")
		}
	default:
		o.say("state", "A work is made as draft, scheduled or published.")
	}
	return studio, w, o.fault()
}

// tags joins what the use case takes apart again.
func (o object) tags(list []string) string {
	for i, tag := range list {
		if strings.ContainsAny(tag, ",;،、，\r\n") {
			o.bads("/tags/"+strconv.Itoa(i), "A tag has no comma, semicolon or line break in it. Give two tags as two texts.")
		}
	}
	if len(list) > works.MaxTags*10 { // the exact limit is the use case's, after doubles are gone
		o.say("tags", "There are too many tags; 10 fit.")
		return ""
	}
	return strings.Join(list, ",")
}

func (o object) bads(pointer, sentence string) {
	*o.bad = append(*o.bad, spot{Pointer: o.at + pointer, Detail: sentence})
}

// media reads the files of a work and what is said of each.
func (o object) media(items map[uuid.UUID]works.ItemEdit) (ids []uuid.UUID) {
	for _, inner := range o.list("media", works.MaxFiles) {
		inner.known("id", "alt", "caption")
		var id string
		var item works.ItemEdit
		take(inner, "id", aText, &id)
		take(inner, "alt", aText, &item.Alt)
		take(inner, "caption", aText, &item.Caption)
		mediaID, ok := parseFileID(id)
		if !ok {
			inner.say("id", "The id of a file, as the answer to its upload says it, belongs here.")
			continue
		}
		ids = append(ids, mediaID)
		items[mediaID] = item
	}
	return ids
}

// refusedFields says which members of the body the use case cannot take.
func refusedFields(err error, media []uuid.UUID) error {
	r := &refusal{problem: invalid, cause: err}
	named := map[string]string{works.FieldLang: "/language", works.FieldFiles: "/media", works.FieldZone: "/publish_at"}
	for i, id := range media {
		at := "/media/" + strconv.Itoa(i)
		named[works.FileField(i)] = at
		named[works.ItemField(works.FieldAlt, id)], named[works.ItemField(works.FieldCaption, id)] = at+"/alt", at+"/caption"
	}
	for field, sentence := range fault.FieldsOf(err) {
		pointer, ok := named[field]
		if !ok {
			pointer = "/" + field
		}
		r.spots = append(r.spots, spot{Pointer: pointer, Detail: sentence})
	}
	sortSpots(r.spots)
	first := spotted(r.spots...)
	r.detail, r.spots = first.detail, first.spots
	return r
}
