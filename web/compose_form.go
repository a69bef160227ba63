package web

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/platform/idem"
	"vitrine/app/works"
)

// Limits of the compose form besides those of its files, in bytes. They are far
// above what fields hold, so that a text that is too long comes back in the form
// with a sentence. A work of 100 files has 300 fields of its own.
const (
	maxField    = 1 << 20
	maxFields   = 6 << 20
	maxParts    = 600
	composeTime = 6 * time.Hour // a film of 2 GB by a slow line, without scripts
)

// composeForm is what came with the form.
type composeForm struct {
	values   url.Values
	refused  []string                // a sentence per file that was not taken
	replaced map[uuid.UUID]uuid.UUID // file in the work → file that was sent for its place
	arrived  int
	theirs   []difference // of a stale form
}

type difference struct{ label, theirs string }

func (f composeForm) get(name string) string { return f.values.Get(name) }

func (f composeForm) refusals() string { return strings.Join(f.refused, " ") }

const brokenForm = "This form could not be read: it broke off on the way or holds too much. Go back, and send it again; what you typed is kept by your browser."

// readCompose reads the form as a stream. Fields come in any order, files go
// into the draft as they arrive, so that a form that fails later has lost none.
func (s *Server) readCompose(c *Context, at composing, draftKey string) (composeForm, error) {
	f := composeForm{values: url.Values{}, replaced: map[uuid.UUID]uuid.UUID{}}
	s.waitFor(c, composeTime)
	parts, err := c.Request().MultipartReader()
	if errors.Is(err, http.ErrNotMultipart) {
		return f, c.readPlain(&f)
	}
	if err != nil {
		return f, fault.Caused(fault.Invalid, brokenForm, err)
	}
	total := 0
	for n := 0; ; n++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			c.form = f.values
			return f, nil
		}
		if err != nil || n >= maxParts {
			return f, fault.Caused(fault.Invalid, brokenForm, err)
		}
		if part.FileName() != "" {
			if err := s.takeFile(c, at, draftKey, &f, part); err != nil {
				return f, err
			}
			continue
		}
		value, err := io.ReadAll(io.LimitReader(part, maxField+1))
		total += len(value)
		if err != nil || len(value) > maxField || total > maxFields {
			return f, fault.Caused(fault.Invalid, brokenForm, err)
		}
		if name := part.FormName(); name != "" && !hasFilename(part) {
			f.values.Add(clean(name), clean(string(value)))
		}
	}
}

// hasFilename tells a file field that was left empty from a field of text.
func hasFilename(part *multipart.Part) bool {
	return strings.Contains(part.Header.Get("Content-Disposition"), "filename=")
}

// readPlain reads the form as a script or a tool may send it, without files.
func (c *Context) readPlain(f *composeForm) error {
	r := c.Request()
	r.Body = http.MaxBytesReader(c.Response(), r.Body, maxFields)
	if err := r.ParseForm(); err != nil {
		return fault.Caused(fault.Invalid, brokenForm, err)
	}
	for name, list := range r.PostForm {
		for _, value := range list {
			f.values.Add(clean(name), clean(value))
		}
	}
	return nil
}

// takeFile lets media have a file. What media refuses is told at the end; the
// other files of the form go on.
func (s *Server) takeFile(c *Context, at composing, draftKey string, f *composeForm, part *multipart.Part) error {
	field := part.FormName()
	old, replaces := strings.CutPrefix(field, "file-")
	oldID, err := uuid.Parse(old)
	if field != "files" && (!replaces || err != nil) {
		return nil // a file that no field of ours asked for
	}
	id, err := s.Media.Import(c.Ctx(), media.Begin{
		Sender: media.Sender{StudioID: at.actor.StudioID, UserID: at.actor.UserID}, DraftKey: draftKey,
		Filename: part.FileName(), ContentType: part.Header.Get("Content-Type"), Key: fileKey(f, field),
	}, part)
	switch {
	case fault.Is(err, fault.Invalid):
		f.refused = append(f.refused, sentenceOf(err))
		return nil
	case fault.Is(err, fault.Unavailable) && c.Ctx().Err() == nil:
		// A full disk, say: the words that come after this file must not be lost.
		s.log().WarnContext(c.Ctx(), "a file was not taken", "route", c.Route(), "err", err)
		f.refused = append(f.refused, part.FileName()+" could not be taken, because the server takes no files at the moment. Choose it again in a while.")
		return nil
	case err != nil:
		return err
	}
	f.arrived++
	if replaces {
		f.replaced[oldID] = id
	}
	return nil
}

// fileKey makes the idempotency key of a file from that of the form, which
// stands before the files in it: a form that is sent twice brings each once.
func fileKey(f *composeForm, field string) string {
	key := f.get("idempotency_key")
	if !idem.Valid(key) {
		return ""
	}
	n := f.arrived + len(f.refused)
	sum := sha256.Sum256([]byte(key + ":" + field + ":" + strconv.Itoa(n)))
	return hex.EncodeToString(sum[:])
}

// sentenceOf is what a fault tells people, in one line.
func sentenceOf(err error) string {
	if m := fault.MessageOf(err); m != "" {
		return m
	}
	var all []string
	for _, m := range fault.FieldsOf(err) {
		all = append(all, m)
	}
	return strings.Join(all, " ")
}

// edit is the form's fields as works takes them; nil when the form has none, as
// that of the dashboard, which only takes files.
func (f composeForm) edit() *works.Edit {
	if !f.values.Has("form_key") {
		return nil
	}
	edition, _ := strconv.ParseInt(f.get("edition"), 10, 64) // what is no number is a form of nobody's
	e := &works.Edit{
		Edition: edition, FormKey: f.get("form_key"), Title: f.get(works.FieldTitle), Story: f.get(works.FieldStory),
		Tags: f.get(works.FieldTags), Credits: f.get(works.FieldCredits), Licence: f.get(works.FieldLicence),
		Year: f.get(works.FieldYear), Lang: f.get(works.FieldLang),
		Sensitive: f.get("sensitive") != "", AIMade: f.get("ai_made") != "", NoAI: f.get("noai") != "",
		Items: map[uuid.UUID]works.ItemEdit{},
	}
	if len(e.FormKey) > 64 {
		e.FormKey = ""
	}
	for name := range f.values {
		rest, ok := strings.CutPrefix(name, works.FieldAlt+"_")
		if !ok {
			continue
		}
		if id, err := uuid.Parse(rest); err == nil {
			e.Items[id] = works.ItemEdit{
				Alt: f.get(name), Caption: f.get(works.ItemField(works.FieldCaption, id)), Focal: f.get(works.ItemField(works.FieldFocal, id)),
			}
		}
	}
	return e
}

// formOf is the form as it stands in the work.
func formOf(b works.Bench) composeForm {
	w := b.Work
	f := composeForm{values: url.Values{}}
	set := f.values.Set
	set("idempotency_key", idem.NewKey())
	set("form_key", idem.NewKey())
	set("edition", strconv.FormatInt(w.Edition, 10))
	set(works.FieldTitle, w.Title)
	set(works.FieldStory, w.Story)
	set(works.FieldTags, strings.Join(w.Tags, ", "))
	set(works.FieldCredits, w.Credits)
	set(works.FieldLicence, string(w.Licence))
	if w.Year != nil {
		set(works.FieldYear, strconv.Itoa(*w.Year))
	}
	set(works.FieldLang, w.Lang)
	for name, on := range map[string]bool{"sensitive": w.Sensitive, "ai_made": w.AIMade, "noai": w.NoAI} {
		if on {
			set(name, "on")
		}
	}
	zone := w.PublishZone
	if zone == "" {
		zone = "UTC"
	}
	set(works.FieldZone, zone)
	if w.PublishAt != nil {
		set(works.FieldWhen, inZone(*w.PublishAt, zone).Format("2006-01-02T15:04"))
	}
	for _, item := range b.Items {
		set(works.ItemField(works.FieldAlt, item.MediaID), item.Alt)
		set(works.ItemField(works.FieldCaption, item.MediaID), item.Caption)
		set(works.ItemField(works.FieldFocal, item.MediaID), strconv.Itoa(item.Focal))
	}
	return f
}

// inZone shows a time in a zone; one that is not known any more shows UTC.
func inZone(t time.Time, zone string) time.Time {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return t.UTC()
	}
	return t.In(loc)
}

// differences lists what the work holds by now where the form says otherwise.
func differences(b works.Bench, mine composeForm) (out []difference) {
	theirs := formOf(b)
	compare := func(field, label string) {
		if normal(mine.get(field)) != normal(theirs.get(field)) {
			out = append(out, difference{label, theirs.get(field)})
		}
	}
	compare(works.FieldTitle, "Title")
	compare(works.FieldStory, "Story")
	compare(works.FieldTags, "Tags")
	compare(works.FieldCredits, "Credits")
	compare(works.FieldYear, "Year")
	compare(works.FieldLang, "Language")
	compare(works.FieldLicence, "Licence")
	compare("sensitive", "Sensitive")
	compare("ai_made", "Made with a model")
	compare("noai", "No training")
	for _, item := range b.Items {
		compare(works.ItemField(works.FieldAlt, item.MediaID), "Description of "+item.Filename)
		compare(works.ItemField(works.FieldCaption, item.MediaID), "Caption of "+item.Filename)
	}
	return out
}

// normal makes the browser's line ends ours.
func normal(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }
