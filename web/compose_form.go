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
	"vitrine/web/compose"
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

const brokenForm = "This form could not be read: it broke off on the way or holds too much. Go back, and send it again; what you typed is kept by your browser."

// readCompose reads the form as a stream. Fields come in any order, files go
// into the draft as they arrive, so that a form that fails later has lost none.
func (s *Server) readCompose(c *Context, at composing, draftKey string) (compose.Form, error) {
	f := compose.Form{Values: url.Values{}, Replaced: map[uuid.UUID]uuid.UUID{}}
	s.waitFor(c, composeTime)
	parts, err := c.Request().MultipartReader()
	if errors.Is(err, http.ErrNotMultipart) {
		err = c.readPlain(&f)
		return f, err
	}
	if err != nil {
		return f, fault.Caused(fault.Invalid, brokenForm, err)
	}
	total := 0
	for n := 0; ; n++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			c.form = f.Values
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
			f.Values.Add(clean(name), clean(string(value)))
		}
	}
}

// hasFilename tells a file field that was left empty from a field of text.
func hasFilename(part *multipart.Part) bool {
	return strings.Contains(part.Header.Get("Content-Disposition"), "filename=")
}

// readPlain reads the form as a script or a tool may send it, without files.
func (c *Context) readPlain(f *compose.Form) error {
	r := c.Request()
	r.Body = http.MaxBytesReader(c.Response(), r.Body, maxFields)
	if err := r.ParseForm(); err != nil {
		return fault.Caused(fault.Invalid, brokenForm, err)
	}
	for name, list := range r.PostForm {
		for _, value := range list {
			f.Values.Add(clean(name), clean(value))
		}
	}
	return nil
}

// takeFile lets media have a file. What media refuses is told at the end; the
// other files of the form go on.
func (s *Server) takeFile(c *Context, at composing, draftKey string, f *compose.Form, part *multipart.Part) error {
	field := part.FormName()
	oldID, replaces := replacing(field)
	if field != "files" && !replaces {
		return nil // a file that no field of ours asked for
	}
	id, err := s.Media.Import(c.Ctx(), media.Begin{
		Sender: media.Sender{StudioID: at.actor.StudioID, UserID: at.actor.UserID}, DraftKey: draftKey,
		Filename: part.FileName(), ContentType: part.Header.Get("Content-Type"), Key: fileKey(f, field),
	}, part)
	switch {
	case fault.Is(err, fault.Invalid), fault.Is(err, fault.TooMany):
		f.Refused = append(f.Refused, sentenceOf(err))
		return nil
	case fault.Is(err, fault.Unavailable) && c.Ctx().Err() == nil:
		// A full disk, say: the words that come after this file must not be lost.
		s.log().WarnContext(c.Ctx(), "a file was not taken", "route", c.Route(), "err", err)
		f.Refused = append(f.Refused, part.FileName()+" could not be taken, because the server takes no files at the moment. Choose it again in a while.")
		return nil
	case err != nil:
		return err
	}
	f.Arrived++
	if replaces {
		f.Replaced[oldID] = id
	}
	return nil
}

// replacing reads the name of a field that takes another file instead of one.
func replacing(field string) (old uuid.UUID, ok bool) {
	rest, ok := strings.CutPrefix(field, "file-")
	old, err := uuid.Parse(rest)
	return old, ok && err == nil
}

// fileKey makes the idempotency key of a file from that of the form, which
// stands before the files in it: a form that is sent twice brings each once.
func fileKey(f *compose.Form, field string) string {
	key := f.Get("idempotency_key")
	if !idem.Valid(key) {
		return ""
	}
	n := f.Arrived + len(f.Refused)
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
