package compose

import (
	"strconv"
	"strings"

	"vitrine/app/media"
	"vitrine/app/works"
	"vitrine/web/show"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// Files is the part of the compose page that follows the files.
func Files(at Page, b works.Bench, f Form, bad map[string]string) views.FilesView {
	v := views.FilesView{Heading: ui.Count(len(b.Items), "file", "files")}
	if len(b.Items) == 0 {
		v.Heading = "No files yet"
	}
	if b.Work.TitleGuessed {
		v.Guess = b.Work.Title
	}
	ready, working, needy := 0, 0, 0
	cover := false
	for i, item := range b.Items {
		m, ok := b.Files[item.MediaID]
		if !ok {
			continue // deleted meanwhile; the next change of the work forgets it
		}
		switch {
		case m.State == media.StateFailed || m.State == media.StateDuplicate:
			needy++
		case m.Usable:
			ready++
		default:
			working++
		}
		v.Waiting = v.Waiting || !m.Settled()
		row := fileRow(at, b, item, m, f, bad)
		row.First, row.Last = i == 0, i == len(b.Items)-1
		row.Cover = m.Usable && !cover
		cover = cover || m.Usable
		v.Rows = append(v.Rows, row)
	}
	v.Counts = countsOf(ready, working, needy)
	v.Bar = barOf(b, f, bad, ready, working)
	return v
}

func countsOf(ready, working, needy int) string {
	var parts []string
	if ready > 0 {
		parts = append(parts, strconv.Itoa(ready)+" ready")
	}
	if working > 0 {
		parts = append(parts, strconv.Itoa(working)+" on their way")
	}
	if needy == 1 {
		parts = append(parts, "1 needs you")
	} else if needy > 1 {
		parts = append(parts, strconv.Itoa(needy)+" need you")
	}
	if working == 1 {
		return strings.Replace(strings.Join(parts, ", "), "1 on their way", "1 on its way", 1)
	}
	return strings.Join(parts, ", ")
}

// fileRow says how a file is doing, in words, and what can be done about it.
func fileRow(at Page, b works.Bench, item works.Item, m media.Media, f Form, bad map[string]string) ui.FileRow {
	alt, caption, focal := works.ItemField(works.FieldAlt, m.ID), works.ItemField(works.FieldCaption, m.ID), works.ItemField(works.FieldFocal, m.ID)
	row := ui.FileRow{
		ID: m.ID.String(), Name: m.Filename, AltName: alt, Alt: valueOr(f, alt, item.Alt), AltError: bad[alt], AltLang: b.Work.Lang, Offers: []ui.Offer{},
		More: views.MoreOfFile{
			Caption: ui.TextArea{Name: caption, Label: "Caption", Note: "shown under the picture", Rows: 2, Small: true, Value: valueOr(f, caption, item.Caption), Error: bad[caption]},
			Focal:   ui.Select{Name: focal, Label: "What a crop keeps", Value: valueOr(f, focal, strconv.Itoa(item.Focal)), Options: focals, Error: bad[focal]},
			Open:    bad[caption] != "" || bad[focal] != "",
		},
	}
	if p := m.Picture(); m.Usable && !p.Empty() {
		pic := show.Picture(p, "", "", item.Focal)
		row.Picture = &pic
	}
	describeFile(&row, m)
	if m.State == media.StateDuplicate && m.DuplicateOf != nil {
		if other, ok := b.Elsewhere[*m.DuplicateOf]; ok {
			row.Reason = "Already in your library, in"
			row.OtherTitle, row.OtherURL = other.Name(), show.EditPath(at.Slug, other.PublicID)
			if other.ID == b.Work.ID {
				row.Reason, row.OtherURL = "This work has it already.", ""
			}
		}
	}
	if item.Replaces.Valid && !m.Usable {
		row.Reason += " It takes the place of the one above as soon as it is ready."
	}
	return row
}

// valueOr is the form's value, or the stored one for a field that the form did
// not have yet.
func valueOr(f Form, name, stored string) string {
	if f.Values.Has(name) {
		return f.Get(name)
	}
	return stored
}

func describeFile(row *ui.FileRow, m media.Media) {
	switch m.State {
	case media.StateUploading:
		row.State, row.Fixed, row.AltName, row.More = ui.Uploading, true, "", nil
		if m.Upload != nil && m.Upload.Size > 0 {
			row.Detail = ui.Bytes(m.Upload.Received) + " of " + ui.Bytes(m.Upload.Size)
			row.Percent = int(m.Upload.Received * 100 / m.Upload.Size)
			row.Fingerprint = m.Upload.Fingerprint
		}
	case media.StateChecking:
		row.State, row.Detail, row.Reason = ui.Processing, ui.Bytes(m.Bytes), "Uploaded. It is being looked at."
	case media.StateProcessing:
		row.State, row.Detail, row.Reason = ui.Processing, show.FileSize(m), "Uploaded. Making the sizes."
		if m.Usable {
			row.Reason = "The first size is ready, the others follow. You can publish meanwhile."
		}
	case media.StateFailed:
		row.State, row.Detail, row.Reason, row.AltName, row.More = ui.Failed, "", m.Failure, "", nil
		row.Offers = []ui.Offer{ui.OfferRetry, ui.OfferReplace}
		if m.Refused {
			row.Offers = []ui.Offer{ui.OfferReplace}
		}
	case media.StateDuplicate:
		row.State, row.Detail, row.Reason, row.AltName, row.More = ui.Duplicate, ui.Bytes(m.Bytes), "Already in your library.", "", nil
		row.Offers = []ui.Offer{ui.OfferUse, ui.OfferKeep}
	default:
		row.State, row.Detail = ui.Ready, show.FileSize(m)
		row.Offers = []ui.Offer{ui.OfferReplace}
	}
}

// focals are the nine points, in the words of somebody who looks at a picture.
var focals = []ui.Option{
	{Value: "0", Label: "The middle"}, {Value: "2", Label: "The top"}, {Value: "7", Label: "The bottom"}, {Value: "4", Label: "The left side"},
	{Value: "5", Label: "The right side"}, {Value: "1", Label: "The top left corner"}, {Value: "3", Label: "The top right corner"},
	{Value: "6", Label: "The bottom left corner"}, {Value: "8", Label: "The bottom right corner"},
}
