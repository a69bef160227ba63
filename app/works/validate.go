package works

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"golang.org/x/text/language"

	"vitrine/app/fault"
	"vitrine/app/platform/text"
)

// typed is an Edit that has been checked.
type typed struct {
	title, story, credits, lang string
	licence                     Licence
	year                        *int
	tags                        Labels
	sensitive, aiMade, noAI     bool
	items                       map[uuid.UUID]Item
}

// Names of the form's fields in Invalid faults; an item's field carries the
// file's id behind an underscore ("alt_0190…").
const (
	FieldTitle   = "title"
	FieldStory   = "story"
	FieldTags    = "tags"
	FieldCredits = "credits"
	FieldLicence = "licence"
	FieldYear    = "year"
	FieldLang    = "lang"
	FieldWhen    = "publish_at"
	FieldZone    = "zone"
	FieldFiles   = "files"
	FieldAlt     = "alt"
	FieldCaption = "caption"
	FieldFocal   = "focal"
)

// ItemField names the field of one file.
func ItemField(field string, mediaID uuid.UUID) string { return field + "_" + mediaID.String() }

// Check is what Save would say of the words. Invalid names the fields.
func (e Edit) Check() error {
	_, err := e.check()
	return err
}

func (e Edit) check() (typed, error) {
	bad := map[string]string{}
	t := typed{
		title: text.Line(e.Title), story: text.Block(e.Story), credits: text.Block(e.Credits), licence: Licence(e.Licence),
		sensitive: e.Sensitive, aiMade: e.AIMade, noAI: e.NoAI, items: map[uuid.UUID]Item{},
	}
	tooLong(bad, FieldTitle, t.title, MaxTitle, "The title")
	tooLong(bad, FieldStory, t.story, MaxStory, "The story")
	tooLong(bad, FieldCredits, t.credits, MaxCredits, "The credits")
	if e.Licence == "" {
		t.licence = Reserved
	}
	if !t.licence.Known() {
		bad[FieldLicence] = "Choose one of the licences in the list."
	}
	t.tags = parseTags(bad, e.Tags)
	t.year = parseYear(bad, e.Year)
	t.lang = parseLang(bad, e.Lang)
	for id, it := range e.Items {
		t.items[id] = it.check(bad, id)
	}
	return t, fault.Fields(bad)
}

func (it ItemEdit) check(bad map[string]string, id uuid.UUID) Item {
	out := Item{Alt: text.Block(it.Alt), Caption: text.Block(it.Caption)}
	tooLong(bad, ItemField(FieldAlt, id), out.Alt, MaxAlt, "The description")
	tooLong(bad, ItemField(FieldCaption, id), out.Caption, MaxCaption, "The caption")
	if it.Focal != "" {
		n, err := strconv.Atoi(it.Focal)
		if err != nil || n < 0 || n > 8 {
			bad[ItemField(FieldFocal, id)] = "Choose one of the nine points."
		}
		out.Focal = n
	}
	return out
}

// apply puts the typed values into a work. An empty title does not wipe out a
// guessed one: the form may have been opened before there was a file to guess
// from.
func (t typed) apply(w *Work) {
	if t.title != w.Title && (t.title != "" || !w.TitleGuessed) {
		w.Title, w.TitleGuessed = t.title, false
	}
	w.Story, w.Credits, w.Lang, w.Licence, w.Year, w.Tags = t.story, t.credits, t.lang, t.licence, t.year, t.tags
	w.Sensitive, w.AIMade, w.NoAI = t.sensitive || w.SensitiveHeld, t.aiMade, t.noAI
}

func tooLong(bad map[string]string, field, value string, limit int, what string) {
	if n := text.Length(value); n > limit {
		bad[field] = fmt.Sprintf("%s is %s characters long; %s fit. Shorten it by %s.", what, thousands(n), thousands(limit), thousands(n-limit))
	}
}

func thousands(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}

func parseYear(bad map[string]string, s string) *int {
	s = strings.TrimSpace(s)
	if s == "" {
		return nil
	}
	y, err := strconv.Atoi(s)
	if err != nil || y < 1000 || y > 2200 {
		bad[FieldYear] = "The year needs four digits, such as 2024, or nothing."
		return nil
	}
	return &y
}

func parseLang(bad map[string]string, s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return ""
	}
	tag, err := language.Parse(s)
	if err != nil || len(s) > 35 {
		bad[FieldLang] = "Choose one of the languages in the list, or none."
		return ""
	}
	return tag.String()
}
