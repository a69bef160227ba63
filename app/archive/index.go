package archive

import (
	"archive/zip"
	"context"
	_ "embed"
	"html/template"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/works/carry"
)

//go:embed index.html.tmpl
var indexSource string

var indexTemplate = template.Must(template.New("index").Parse(indexSource))

const readme = `This is an archive from Vitrine.

Open index.html in a browser; it needs no network. Unpack all volumes of the
archive into the same folder first, so that every picture is found.

account/  what is known of a person (in archives of people)
studio/   a studio: its profile, members, works and files, one record per line
media/    the original files, named as in studio/media.jsonl

manifest-N.json lists what volume N holds, with checksums (SHA-256). To start
another installation with it: vitrine import ARCHIVE...
The form is described in docs/export-format.md of the project.
`

// shown is a work as the page of an archive shows it.
type shown struct {
	carry.Work
	Files []shownFile
}

type shownFile struct {
	carry.Item
	Path  string
	Image bool // browsers can show it
	Video bool
}

// head is what stands over the page.
type head struct {
	Name string
	At   string
	Kind Kind
}

func day(t time.Time) string { return t.UTC().Format("2 January 2006") }

// Day is the date of a work in words.
func (s shown) Day() string {
	if s.PublishedAt != nil {
		return day(*s.PublishedAt)
	}
	return day(s.CreatedAt)
}

// Name is the title, or what stands in its place.
func (s shown) Name() string {
	if s.Title == "" {
		return "Untitled"
	}
	return s.Title
}

// writeIndex writes the page that people open, and the note beside it.
func (s *Service) writeIndex(ctx context.Context, rec *recorder, e Export, studioID uuid.UUID, files map[uuid.UUID]string) error {
	w, err := rec.zip.CreateHeader(header("README.txt", rec.at, zip.Deflate))
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, readme); err != nil {
		return err
	}
	if w, err = rec.zip.CreateHeader(header("index.html", rec.at, zip.Deflate)); err != nil {
		return err
	}
	h := head{Name: "Your account", At: day(e.AskedAt), Kind: e.Kind}
	if studioID != uuid.Nil {
		st, err := s.Studios.ByID(ctx, studioID)
		if err != nil {
			return err
		}
		h.Name = st.Name
	}
	if err := indexTemplate.ExecuteTemplate(w, "head", h); err != nil {
		return err
	}
	if studioID != uuid.Nil {
		err = s.carry.Export(ctx, studioID, func(work carry.Work) error {
			return indexTemplate.ExecuteTemplate(w, "work", show(work, files))
		})
		if err != nil {
			return err
		}
	}
	return indexTemplate.ExecuteTemplate(w, "foot", h)
}

func show(w carry.Work, files map[uuid.UUID]string) shown {
	out := shown{Work: w}
	for _, item := range w.Media {
		path, ok := files[item.ID]
		if !ok {
			continue // it came after the files were listed, or never arrived
		}
		f := shownFile{Item: item, Path: path}
		switch path[strings.LastIndexByte(path, '.')+1:] {
		case "jpeg", "jpg", "png", "webp", "avif", "gif":
			f.Image = true
		case "mp4", "webm", "mov":
			f.Video = true
		}
		out.Files = append(out.Files, f)
	}
	return out
}
