package views

import (
	"context"
	"io"

	"vitrine/web/ui"
)

// ComposeView is the page on which a work is made and edited. After a refused
// form it holds what the person typed.
type ComposeView struct {
	Action    string // where the form goes: the page's own address
	UploadURL string // of the tus protocol
	DraftKey  string
	FilesURL  string
	Autosave  bool // only where nobody outside the studio sees half a sentence

	Key     string // idempotency key
	FormKey string // names this open form
	Edition int64

	Status     string    // "Draft, saved 3 minutes ago"
	PublicURL  string    // of a work that can be seen
	Looked     *ui.Flash // how moderators stand to the work; nil when they are not asked
	Errors     ui.ErrorSummary
	Conflict   []Difference
	ReloadURL  string
	Title      ui.Field
	Drop       ui.DropZone
	Files      FilesView
	Story      ui.TextArea
	Tags       ui.Field
	Credits    ui.TextArea
	Licence    ui.Select
	Year       ui.Field
	Lang       ui.Select
	Sensitive  ui.Tick
	AIMade     ui.Tick
	NoAI       ui.Tick
	Visibility []ui.Button // other states that the work can take
	Delete     *ui.Confirm // nil while there is nothing to delete
	Shares     *Shares     // nil for a work that everybody can see anyway
}

// Shares are the links that show a work to whoever has them, and the button that
// leads to another.
type Shares struct {
	Rows   []ShareRow
	Button ui.Button
	AllURL string // of all links of the studio; empty without rows
	All    string
}

// ShareRow is a link that leads somewhere.
type ShareRow struct {
	Name  string // whom it is for
	Says  string // how long it lives and when it was used
	Share ui.Share
}

// FilesView is the part of the compose page that follows what happens to the
// files; it is also served by itself.
type FilesView struct {
	Heading string // "6 files"
	Counts  string // "2 ready, 2 on their way, 2 need you"
	Rows    []ui.FileRow
	Guess   string // a title taken from the first file, for a form that has none
	Bar     ui.PublishBar
	Waiting bool // something is on its way: whoever has no script looks again
}

// Difference is a field as somebody else saved it.
type Difference struct{ Label, Theirs string }

// MoreOfFile is a file's caption and the point that a crop keeps.
type MoreOfFile struct {
	Caption ui.TextArea
	Focal   ui.Select
	Open    bool
}

// Render implements templ.Component.
func (m MoreOfFile) Render(ctx context.Context, w io.Writer) error {
	return moreOfFile(m).Render(ctx, w)
}
