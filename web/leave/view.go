package leave

import (
	"fmt"
	"strings"
	"time"

	"vitrine/app/archive"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// exportView is the page of an archive.
type exportView struct {
	Path      string
	Key       string
	Studio    bool
	Owns      bool // may end the studio
	DeleteURL string
	Busy      bool
	Failed    bool
	Counted   bool // how many files there are is known
	Files     int
	Done      int
	Volumes   []volumeView
	Until     string
	UntilAt   string
	Made      string
	Refusal   views.Refusal
}

// volumeView is one zip file that can be fetched.
type volumeView struct {
	Label string
	Size  string
	URL   string
}

func (v *exportView) fill(e archive.Export) {
	v.Busy, v.Failed = e.Busy(), e.State == archive.Failed
	v.Counted, v.Files, v.Done = e.State == archive.Working, e.Files, e.FilesDone
	v.Until, v.UntilAt, v.Made = day(e.ExpiresAt), machine(e.ExpiresAt), day(e.AskedAt)
	if e.State != archive.Ready {
		return
	}
	for _, x := range e.Volumes {
		label := "Everything"
		if len(e.Volumes) > 1 {
			label = fmt.Sprintf("Part %d of %d", x.Number, len(e.Volumes))
		}
		v.Volumes = append(v.Volumes, volumeView{Label: label, Size: inBytes(x.Bytes), URL: fmt.Sprintf("%s/%s/%d", v.Path, e.ID, x.Number)})
	}
}

// progress is how far the archive is, in words.
func (v exportView) progress() string {
	switch {
	case !v.Counted:
		return "It begins in a moment."
	case v.Files == 0:
		return "There are no files to pack; it is ready in a moment."
	}
	return ui.Thousands(v.Done) + " of " + ui.Thousands(v.Files) + " files are in."
}

func (v exportView) percent() int { return 100 * v.Done / max(1, v.Files) }

// askLabel is the button's, which makes another one when there is one.
func (v exportView) askLabel() string {
	if len(v.Volumes) > 0 {
		return "Make a new archive"
	}
	return "Make an archive"
}

func (v exportView) askLook() ui.Look {
	if len(v.Volumes) > 0 {
		return ui.Line
	}
	return ui.Ink
}

// studioLink is a studio that an ending touches.
type studioLink struct{ Name, URL string }

// endView is the page on which an account or a studio ends.
type endView struct {
	What    string // is typed to confirm: the address of mail, or of the studio
	Typed   string
	Path    string // of the studio
	Own     bool   // somebody's own studio, which ends with their account
	Until   string // when it ends; empty while nobody asked for that
	UntilAt string
	Alone   []studioLink // end with the account
	Shared  []studioLink // keep the account from ending
	Refusal views.Refusal
}

func (v *endView) until(at *time.Time) {
	if at != nil {
		v.Until, v.UntilAt = day(*at), machine(*at)
	}
}

// aloneNames are the studios that end with the account, as a list in words.
func (v endView) aloneNames() string {
	names := make([]string, len(v.Alone))
	for i, s := range v.Alone {
		names[i] = s.Name
	}
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}
