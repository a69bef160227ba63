package compose

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

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/idem"
	"vitrine/web/wire"
)

// Limits of the compose form besides those of its files, in bytes. They are far
// above what fields hold, so that a text that is too long comes back in the form
// with a sentence. A work of 100 files has 300 fields of its own.
const (
	maxField  = 1 << 20
	maxFields = 6 << 20
	maxParts  = 600
)

const brokenForm = "This form could not be read: it broke off on the way or holds too much. Go back, and send it again; what you typed is kept by your browser."

// File is a file of the form, while it arrives.
type File struct {
	Name, ContentType string // as the browser says
	Key               string // idempotency key: a form that is sent twice brings each file once
	Body              io.Reader
}

// Take has a file kept. A file that is not taken is a sentence and no error: the
// other files of the form go on.
type Take func(f File) (id uuid.UUID, refused string, err error)

// Read reads the form as a stream. Fields come in any order, files are taken as
// they arrive, so that a form that fails later has lost none. whole tells that
// all of it was read here and the request's body is gone. A form that cannot be
// read is Invalid with a sentence.
func Read(w http.ResponseWriter, r *http.Request, take Take) (f Form, whole bool, err error) {
	f = Form{Values: url.Values{}, Replaced: map[uuid.UUID]uuid.UUID{}}
	parts, err := r.MultipartReader()
	if errors.Is(err, http.ErrNotMultipart) {
		err = f.readPlain(w, r)
		return f, false, err
	}
	if err != nil {
		return f, false, fault.Caused(fault.Invalid, brokenForm, err)
	}
	total := 0
	for n := 0; ; n++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return f, true, nil
		}
		if err != nil || n >= maxParts {
			return f, false, fault.Caused(fault.Invalid, brokenForm, err)
		}
		if part.FileName() != "" {
			if err := f.take(part, take); err != nil {
				return f, false, err
			}
			continue
		}
		value, err := io.ReadAll(io.LimitReader(part, maxField+1))
		total += len(value)
		if err != nil || len(value) > maxField || total > maxFields {
			return f, false, fault.Caused(fault.Invalid, brokenForm, err)
		}
		if name := part.FormName(); name != "" && !hasFilename(part) {
			f.Values.Add(wire.Clean(name), wire.Clean(string(value)))
		}
	}
}

// hasFilename tells a file field that was left empty from a field of text.
func hasFilename(part *multipart.Part) bool {
	return strings.Contains(part.Header.Get("Content-Disposition"), "filename=")
}

// readPlain reads the form as a script or a tool may send it, without files.
func (f *Form) readPlain(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxFields)
	if err := r.ParseForm(); err != nil {
		return fault.Caused(fault.Invalid, brokenForm, err)
	}
	for name, list := range r.PostForm {
		for _, value := range list {
			f.Values.Add(wire.Clean(name), wire.Clean(value))
		}
	}
	return nil
}

func (f *Form) take(part *multipart.Part, take Take) error {
	field := part.FormName()
	oldID, replaces := replacing(field)
	if field != "files" && !replaces {
		return nil // a file that no field of ours asked for
	}
	id, refused, err := take(File{Name: part.FileName(), ContentType: part.Header.Get("Content-Type"), Key: f.fileKey(field), Body: part})
	switch {
	case err != nil:
		return err
	case refused != "":
		f.Refused = append(f.Refused, refused)
		return nil
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
// stands before the files in it.
func (f *Form) fileKey(field string) string {
	key := f.Get("idempotency_key")
	if !idem.Valid(key) {
		return ""
	}
	n := f.Arrived + len(f.Refused)
	sum := sha256.Sum256([]byte(key + ":" + field + ":" + strconv.Itoa(n)))
	return hex.EncodeToString(sum[:])
}
