package ui

import (
	"context"
	"fmt"
	"io"
)

// Icon is one sign, drawn in line with the text around it and hidden from screen
// readers: the words beside it, or the control's label, say the same. The zero
// value draws nothing.
type Icon string

// The signs.
const (
	IconNone   Icon = ""
	IconSearch Icon = "search"
	IconPlus   Icon = "plus"
	IconMenu   Icon = "menu"
	IconMore   Icon = "more"
	IconNext   Icon = "next"
	IconBack   Icon = "back"
	IconUp     Icon = "up"
	IconDown   Icon = "down"
	IconChev   Icon = "chev"
	IconClose  Icon = "close"
	IconCheck  Icon = "check"
	IconInfo   Icon = "info"
	IconAlert  Icon = "alert"
	IconClock  Icon = "clock"
	IconCopies Icon = "copies"
	IconImage  Icon = "image"
	IconPlay   Icon = "play"
	IconEye    Icon = "eye"
	IconShare  Icon = "share"
	IconLink   Icon = "link"
	IconRetry  Icon = "retry"
	IconFeed   Icon = "feed"
	IconEdit   Icon = "edit"
	IconTrash  Icon = "trash"
	IconMail   Icon = "mail"
	IconOut    Icon = "out"
	IconLock   Icon = "lock"
	IconBell   Icon = "bell"
	IconKeep   Icon = "keep"
)

// Icons returns every sign, for the sheet of components.
func Icons() []Icon {
	return []Icon{
		IconSearch, IconPlus, IconMenu, IconMore, IconNext, IconBack, IconUp, IconDown, IconChev, IconClose,
		IconCheck, IconInfo, IconAlert, IconClock, IconCopies, IconImage, IconPlay, IconEye, IconShare,
		IconLink, IconRetry, IconFeed, IconEdit, IconTrash, IconMail, IconOut, IconLock, IconBell, IconKeep,
	}
}

// shape is what the sign looks like on a ground of 20 × 20.
func (i Icon) shape() string {
	switch i {
	case IconSearch:
		return `<circle cx="9" cy="9" r="5.5"/><path d="m13.2 13.2 4.3 4.3"/>`
	case IconPlus:
		return `<path d="M10 4v12M4 10h12"/>`
	case IconMenu:
		return `<path d="M3 6.5h14M3 13.5h14"/>`
	case IconMore:
		return `<path d="M4.5 10h.1M10 10h.1M15.5 10h.1" stroke-width="2.5"/>`
	case IconNext:
		return `<path d="M4 10h12M11 5l5 5-5 5"/>`
	case IconBack:
		return `<path d="M16 10H4M9 5l-5 5 5 5"/>`
	case IconUp:
		return `<path d="M10 16V5M5.5 9 10 4.5 14.5 9"/>`
	case IconDown:
		return `<path d="M10 4v11M5.5 11l4.5 4.5 4.5-4.5"/>`
	case IconChev:
		return `<path d="m5 7.5 5 5 5-5"/>`
	case IconClose:
		return `<path d="m5 5 10 10M15 5 5 15"/>`
	case IconCheck:
		return `<path d="m4 10.5 4 4 8-9"/>`
	case IconInfo:
		return `<circle cx="10" cy="10" r="7"/><path d="M10 9.2V14M10 6.4v.1"/>`
	case IconAlert:
		return `<path d="M10 3 2.5 16.5h15zM10 8.5v3.5M10 14.2v.1"/>`
	case IconClock:
		return `<circle cx="10" cy="10" r="7"/><path d="M10 6v4.2l2.8 1.8"/>`
	case IconCopies:
		return `<rect x="7" y="7" width="9.5" height="9.5" rx="1.5"/><path d="M13 4H5a1.5 1.5 0 0 0-1.5 1.5V13"/>`
	case IconImage:
		return `<rect x="3" y="4" width="14" height="12" rx="1"/><path d="m3 13 4-4 4 4 2.5-2.5L17 14"/>`
	default:
		return i.moreShapes()
	}
}

func (i Icon) moreShapes() string {
	switch i {
	case IconPlay:
		return `<path d="M6 4v12l10-6z"/>`
	case IconEye:
		return `<path d="M2 10s3-5.5 8-5.5S18 10 18 10s-3 5.5-8 5.5S2 10 2 10z"/><circle cx="10" cy="10" r="2.3"/>`
	case IconShare:
		return `<path d="M10 12V3M6.5 6 10 2.5 13.5 6M5 9.5H4v8h12v-8h-1"/>`
	case IconLink:
		return `<path d="M8.5 11.5a3.2 3.2 0 0 0 4.6 0l3-3a3.2 3.2 0 0 0-4.6-4.6l-1 1M11.5 8.5a3.2 3.2 0 0 0-4.6 0l-3 3a3.2 3.2 0 0 0 4.6 4.6l1-1"/>`
	case IconRetry:
		return `<path d="M16 10a6 6 0 1 1-2-4.5L16.5 8M16.5 4v4h-4"/>`
	case IconFeed:
		return `<path d="M4 9.5a6.5 6.5 0 0 1 6.5 6.5M4 4a12 12 0 0 1 12 12M4.8 15.3h.1"/><circle cx="5" cy="15" r="1"/>`
	case IconEdit:
		return `<path d="m4 13.5-.7 3.2 3.2-.7L16.2 6.3 13.7 3.8zM11.8 5.7l2.5 2.5"/>`
	case IconTrash:
		return `<path d="M3.5 5.5h13M8 5.5v-2h4v2M5 5.5l.8 11h8.4l.8-11M8.5 8.5v5M11.5 8.5v5"/>`
	case IconMail:
		return `<rect x="2.5" y="4.5" width="15" height="11" rx="1.5"/><path d="m3 5.5 7 5.5 7-5.5"/>`
	case IconOut:
		return `<path d="M12 3.5H4.5v13H12M9 10h8.5M14 6.5l3.5 3.5-3.5 3.5"/>`
	case IconKeep:
		return `<path d="M5.5 3h9v14L10 13.5 5.5 17z"/>`
	case IconBell:
		return `<path d="M5 13.5V9a5 5 0 0 1 10 0v4.5l1.5 1.5h-13zM8.2 17.5h3.6"/>`
	case IconLock:
		return `<rect x="4" y="9" width="12" height="8" rx="1.5"/><path d="M6.5 9V6.5a3.5 3.5 0 0 1 7 0V9"/>`
	default:
		return ""
	}
}

// Render implements templ.Component.
func (i Icon) Render(_ context.Context, w io.Writer) error { return i.draw(w, "icon") }

// draw writes the sign with the given classes.
func (i Icon) draw(w io.Writer, class string) error {
	shape := i.shape()
	if shape == "" {
		return nil
	}
	_, err := fmt.Fprintf(w, `<svg class="%s" viewBox="0 0 20 20" aria-hidden="true">%s</svg>`, class, shape)
	return err
}

// chevron is the sign of a menu; it turns when the menu is open.
type chevron struct{}

func (chevron) Render(_ context.Context, w io.Writer) error { return IconChev.draw(w, "icon chev") }
