package compose

import (
	"strconv"
	"strings"
	"time"

	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/works"
	"vitrine/web/show"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// order is the order of the form's fields, for the summary of errors.
var order = []string{
	works.FieldTitle, works.FieldFiles, works.FieldStory, works.FieldTags, works.FieldCredits, works.FieldYear,
	works.FieldLang, works.FieldLicence, works.FieldWhen, works.FieldZone,
}

// View is the compose page: the work as it is stored, under what was typed. The
// cause is why a form was refused, nil for a page that was just opened.
func View(at Page, b works.Bench, f Form, cause error, now time.Time) views.ComposeView {
	w := b.Work
	bad := fault.FieldsOf(cause)
	v := views.ComposeView{
		Action: at.Path, UploadURL: "/studio/" + at.Slug + "/uploads/", DraftKey: w.CreationKey, FilesURL: at.Path + "/files",
		Autosave: !w.State.Reachable(), Key: f.Get("idempotency_key"), FormKey: f.Get("form_key"), Edition: editionOf(f, w),
		Status: Status(w, now), ReloadURL: at.Path, Files: Files(at, b, f, bad),
	}
	if cause != nil {
		v.Errors = ui.ErrorsOf(bad, order...)
		v.Errors.Message = fault.MessageOf(cause)
	}
	if len(f.Theirs) > 0 {
		v.Conflict, v.Edition = f.Theirs, w.Edition
	}
	if w.Visible() {
		v.PublicURL = show.WorkPath(at.Slug, w.Slug, w.PublicID)
	}
	composeFields(&v, w, f, bad)
	v.Drop = ui.DropZone{
		Name: "files", Accept: Accepted, Limits: Limits(b.Usage), Error: bad[works.FieldFiles], Upload: true,
	}
	if w.PublicID != "" {
		v.Visibility = otherStates(w)
		v.Delete = &ui.Confirm{
			Label: "Delete", Icon: ui.IconTrash, Small: true, Question: deleteQuestion(b),
			Act: ui.Button{Label: "Delete for good", Small: true, Name: "intent", Value: "delete", Skip: true},
		}
	}
	return v
}

// editionOf is the one that the form was made from. Works of which nobody has
// the form open yet count from the stored one.
func editionOf(f Form, w works.Work) int64 {
	if n, err := strconv.ParseInt(f.Get("edition"), 10, 64); err == nil {
		return n
	}
	return w.Edition
}

func deleteQuestion(b works.Bench) string {
	files := ""
	if n := len(b.Items); n > 0 {
		files = " and its " + ui.Count(n, "file", "files")
	}
	return "Delete this work" + files + "? This cannot be undone. To take it down for a while, archive it."
}

// Accepted is what file choosers offer; the server looks at the bytes.
const Accepted = "image/jpeg,image/png,image/webp,image/avif,image/gif,image/heic,image/heif,video/mp4,video/quicktime,video/webm,.heic,.heif,.avif,.mov"

// Limits tells what may be uploaded, before a file is chosen.
func Limits(u media.Usage) string {
	return "JPEG, PNG, WebP, AVIF, GIF, HEIC to " + ui.Bytes(media.MaxImageBytes) + ". MP4, MOV, WebM to " + ui.Bytes(media.MaxVideoBytes) +
		". You have " + ui.Bytes(u.Left()) + " left."
}

func composeFields(v *views.ComposeView, w works.Work, f Form, bad map[string]string) {
	hint := ""
	if w.TitleGuessed && f.Get(works.FieldTitle) == w.Title {
		hint = "Guessed from the first file. Make it yours."
	}
	lang := w.Lang
	v.Title = ui.Field{
		Name: works.FieldTitle, Label: "Title", HideLabel: true, Title: true, Placeholder: "Title", Value: f.Get(works.FieldTitle),
		Error: bad[works.FieldTitle], Hint: hint, Autocomplete: "off",
	}
	v.Story = ui.TextArea{Name: works.FieldStory, Label: "Story", Note: "optional", Rows: 6, Value: f.Get(works.FieldStory), Error: bad[works.FieldStory], Lang: lang}
	v.Tags = ui.Field{
		Name: works.FieldTags, Label: "Tags", Note: "up to ten", Hint: "Separated by commas: landscape, rain", Value: f.Get(works.FieldTags),
		Error: bad[works.FieldTags], Plain: true, Autocomplete: "off",
	}
	v.Credits = ui.TextArea{
		Name: works.FieldCredits, Label: "Credits", Note: "one per line", Hint: "Photographs: Teresa Lima", Rows: 3, Value: f.Get(works.FieldCredits), Error: bad[works.FieldCredits],
	}
	v.Year = ui.Field{Name: works.FieldYear, Label: "Year", Note: "optional", InputMode: "numeric", Value: f.Get(works.FieldYear), Error: bad[works.FieldYear], Autocomplete: "off"}
	v.Lang = ui.Select{Name: works.FieldLang, Label: "Language of the words", Note: "optional", Value: f.Get(works.FieldLang), Options: languages(f.Get(works.FieldLang)), Error: bad[works.FieldLang]}
	v.Licence = ui.Select{Name: works.FieldLicence, Label: "Licence", Value: f.Get(works.FieldLicence), Error: bad[works.FieldLicence]}
	for _, l := range works.Licences {
		v.Licence.Options = append(v.Licence.Options, ui.Option{Value: string(l), Label: l.Words()})
	}
	v.Sensitive = ui.Tick{Name: "sensitive", Label: "Sensitive: cover it until a visitor asks", Checked: f.Get("sensitive") != ""}
	v.AIMade = ui.Tick{Name: "ai_made", Label: "Made with the help of a generative model", Checked: f.Get("ai_made") != ""}
	v.NoAI = ui.Tick{Name: "noai", Label: "Ask machines not to train on it", Checked: f.Get("noai") != ""}
}

// spoken are the languages of the form by their own names; any BCP 47 tag is
// understood.
var spoken = []ui.Option{
	{Value: "", Label: "Not said"}, {Value: "ar", Label: "العربية"}, {Value: "bn", Label: "বাংলা"}, {Value: "ca", Label: "Català"}, {Value: "cs", Label: "Čeština"},
	{Value: "da", Label: "Dansk"}, {Value: "de", Label: "Deutsch"}, {Value: "el", Label: "Ελληνικά"}, {Value: "en", Label: "English"},
	{Value: "es", Label: "Español"}, {Value: "fa", Label: "فارسی"}, {Value: "fi", Label: "Suomi"}, {Value: "fr", Label: "Français"},
	{Value: "he", Label: "עברית"}, {Value: "hi", Label: "हिन्दी"}, {Value: "hu", Label: "Magyar"}, {Value: "id", Label: "Bahasa Indonesia"},
	{Value: "it", Label: "Italiano"}, {Value: "ja", Label: "日本語"}, {Value: "ko", Label: "한국어"}, {Value: "nl", Label: "Nederlands"},
	{Value: "no", Label: "Norsk"}, {Value: "pl", Label: "Polski"}, {Value: "pt", Label: "Português"}, {Value: "ro", Label: "Română"},
	{Value: "ru", Label: "Русский"}, {Value: "sv", Label: "Svenska"}, {Value: "th", Label: "ไทย"}, {Value: "tr", Label: "Türkçe"},
	{Value: "uk", Label: "Українська"}, {Value: "ur", Label: "اردو"}, {Value: "vi", Label: "Tiếng Việt"}, {Value: "zh", Label: "中文"},
}

// languages keeps a language that the form does not offer.
func languages(chosen string) []ui.Option {
	for _, o := range spoken {
		if o.Value == chosen {
			return spoken
		}
	}
	return append(spoken[:len(spoken):len(spoken)], ui.Option{Value: chosen, Label: chosen})
}

// otherStates are the buttons beside publishing.
func otherStates(w works.Work) (out []ui.Button) {
	add := func(label, Intent string, icon ui.Icon) {
		out = append(out, ui.Button{Label: label, Icon: icon, Small: true, Name: "intent", Value: Intent, Skip: true})
	}
	if w.State != works.StateUnlisted {
		add("Only with the link", "unlist", ui.IconLink)
	}
	if w.State != works.StateDraft {
		add("Make it a draft", "draft", ui.IconEdit)
	}
	if w.State != works.StateArchived {
		add("Archive", "archive", ui.IconLock)
	}
	return out
}

// Status is the line above the title.
func Status(w works.Work, now time.Time) string {
	if w.PublicID == "" {
		return "New work. It is kept from the first file or word on."
	}
	ago := show.Since(now.Sub(w.UpdatedAt))
	word := ui.State(w.State).Word()
	switch {
	case w.Hidden:
		return word + ", " + show.HiddenWords(w) + ". Saved " + ago
	case w.State == works.StateScheduled:
		return "Scheduled, opens " + show.Opening(w) + ". Saved " + ago
	case w.State == works.StateUnlisted:
		return "Unlisted, for those who have the link. Saved " + ago
	}
	return word + ", saved " + ago
}

// barOf is the foot of the page: what publishing would show, and the buttons.
func barOf(b works.Bench, f Form, bad map[string]string, ready, working int) ui.PublishBar {
	w := b.Work
	total := len(b.Items)
	bar := ui.PublishBar{Summary: strconv.Itoa(ready) + " of " + strconv.Itoa(total) + " ready."}
	switch {
	case w.State.Reachable() && w.Hidden:
		bar.Note = "Nobody outside the studio sees it yet."
	case w.State.Reachable():
		bar.Note = "What you save is seen at once."
	case total == 0:
		bar.Summary, bar.Note = "No files yet.", "Add a photo or a film, then publish."
	case ready == 0 && working == 0:
		bar.Note = "Look at what the files say, or add another."
	case ready == 0:
		bar.Note = "You can publish as soon as the first one is ready."
	case ready < total && working == 0:
		bar.Note = "Publishing now shows " + theseReady(ready) + "; the rest need you first."
	case ready < total:
		bar.Note = "Publishing now shows " + theseReady(ready) + "; what is on its way follows by itself."
	default:
		bar.Note = "Everything is ready to hang."
	}
	save := ui.Button{Label: "Save draft", Look: ui.Ghost, Name: "intent", Value: "save", Skip: true}
	publish := ui.Button{Label: "Publish", Look: ui.Ink, Name: "intent", Value: "publish", Skip: true, Disabled: ready == 0}
	if w.State.Reachable() && w.HiddenFor.Has(works.HiddenByModeration) && !w.HiddenFor.Has(works.HiddenForReview) {
		// The button that made the work public asks the moderators again.
		save.Label, publish.Label = "Save changes", "Ask again"
		if w.State == works.StateUnlisted {
			publish.Value = "unlist"
		}
		bar.Others, bar.Main = []ui.Button{save}, publish
		return bar
	}
	switch w.State {
	case works.StatePublished:
		save.Label, save.Look = "Save changes", ui.Ink
		bar.Main = save
		return bar
	case works.StateUnlisted:
		save.Label = "Save changes"
		bar.Others, bar.Main = []ui.Button{save}, publish
		return bar
	case works.StateScheduled:
		bar.Summary, bar.Note = "Opens "+show.Opening(w)+".", ""
		publish.Label, save.Label = "Publish now", "Save"
	case works.StateArchived:
		save.Label = "Save"
	}
	bar.Others, bar.Main = []ui.Button{save}, publish
	bar.Schedule = scheduleOf(f, bad)
	return bar
}

func theseReady(n int) string {
	if n == 1 {
		return "this one"
	}
	return "these " + strconv.Itoa(n)
}

func scheduleOf(f Form, bad map[string]string) *ui.Schedule {
	zone := f.Get(works.FieldZone)
	options := make([]ui.Option, 0, len(works.Zones)+1)
	known := zone == ""
	for _, z := range &works.Zones {
		options = append(options, ui.Option{Value: z, Label: strings.ReplaceAll(z, "_", " ")})
		known = known || z == zone
	}
	if !known {
		options = append(options, ui.Option{Value: zone, Label: zone})
	}
	return &ui.Schedule{
		Field: ui.Field{
			Name: works.FieldWhen, Kind: ui.DateTime, Label: "Opens at", Hint: "By the clock of the time zone below.",
			Value: f.Get(works.FieldWhen), Error: bad[works.FieldWhen],
		},
		Zone:   ui.Select{Name: works.FieldZone, Label: "Time zone", Value: zone, Options: options, Error: bad[works.FieldZone]},
		Button: ui.Button{Label: "Schedule it", Look: ui.Ink, Name: "intent", Value: "schedule", Skip: true},
		Open:   bad[works.FieldWhen] != "" || bad[works.FieldZone] != "",
	}
}
