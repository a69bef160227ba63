// Package compose is the form on which a work is made and edited: what came with
// it, and the page that shows it again, filled in. It asks nobody anything.
package compose

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"vitrine/app/platform/idem"
	"vitrine/app/works"
	"vitrine/web/show"
	"vitrine/web/views"
)

// Page is where a compose page is.
type Page struct {
	Slug string // of the studio
	Path string // of the page itself
}

// Form is what came with the form.
type Form struct {
	Values   url.Values
	Refused  []string                // a sentence per file that was not taken
	Replaced map[uuid.UUID]uuid.UUID // file in the work → file that was sent for its place
	Arrived  int                     // files that were taken
	Theirs   []Difference            // of a stale form
}

// Difference is a field as somebody else saved it.
type Difference = views.Difference

// Refusals are the sentences of the files that were not taken.
func (f Form) Refusals() string { return strings.Join(f.Refused, " ") }

// Get is the value of a field, empty when there is none.
func (f Form) Get(name string) string { return f.Values.Get(name) }

// Edit is the form's fields as works takes them; nil when the form has none, as
// that of the dashboard, which only takes files.
func (f Form) Edit() *works.Edit {
	if !f.Values.Has("form_key") {
		return nil
	}
	edition, _ := strconv.ParseInt(f.Get("edition"), 10, 64) // what is no number is a form of nobody's
	e := &works.Edit{
		Edition: edition, FormKey: f.Get("form_key"), Title: f.Get(works.FieldTitle), Story: f.Get(works.FieldStory),
		Tags: f.Get(works.FieldTags), Credits: f.Get(works.FieldCredits), Licence: f.Get(works.FieldLicence),
		Year: f.Get(works.FieldYear), Lang: f.Get(works.FieldLang),
		Sensitive: f.Get("sensitive") != "", AIMade: f.Get("ai_made") != "", NoAI: f.Get("noai") != "",
		Items: map[uuid.UUID]works.ItemEdit{},
	}
	if len(e.FormKey) > 64 {
		e.FormKey = ""
	}
	for name := range f.Values {
		rest, ok := strings.CutPrefix(name, works.FieldAlt+"_")
		if !ok {
			continue
		}
		if id, err := uuid.Parse(rest); err == nil {
			e.Items[id] = works.ItemEdit{
				Alt: f.Get(name), Caption: f.Get(works.ItemField(works.FieldCaption, id)), Focal: f.Get(works.ItemField(works.FieldFocal, id)),
			}
		}
	}
	return e
}

// FormOf is the form as it stands in the work.
func FormOf(b works.Bench) Form {
	w := b.Work
	f := Form{Values: url.Values{}}
	set := f.Values.Set
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
		set(works.FieldWhen, show.InZone(*w.PublishAt, zone).Format("2006-01-02T15:04"))
	}
	for _, item := range b.Items {
		set(works.ItemField(works.FieldAlt, item.MediaID), item.Alt)
		set(works.ItemField(works.FieldCaption, item.MediaID), item.Caption)
		set(works.ItemField(works.FieldFocal, item.MediaID), strconv.Itoa(item.Focal))
	}
	return f
}

// Differences lists what the work holds by now where the form says otherwise.
func Differences(b works.Bench, mine Form) (out []Difference) {
	theirs := FormOf(b)
	compare := func(field, label string) {
		if normal(mine.Get(field)) != normal(theirs.Get(field)) {
			out = append(out, Difference{Label: label, Theirs: theirs.Get(field)})
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

// Intent reads the pressed button: a verb, and the file that it is about.
func Intent(value string) (verb string, file uuid.UUID, err error) {
	verb, rest, about := strings.Cut(value, ":")
	if about {
		file, err = uuid.Parse(rest)
	}
	return verb, file, err
}
