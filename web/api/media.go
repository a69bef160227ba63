package api

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/web/site"
)

// uploadTime is how long the body of one file may take in all, as long as bytes
// keep coming.
const uploadTime = time.Hour

// fileKinds are the media types that an upload may name. What a file is, its
// bytes say; the name only gives it its limit.
var fileKinds = []string{"image/jpeg", "image/png", "image/webp", "image/avif", "image/gif", "image/heic", "image/heif",
	"video/mp4", "video/quicktime", "video/webm", "application/octet-stream"}

// UploadMedia is POST /api/v1/media: one file as the body, for works that are made
// afterwards. The same key and file again give the same answer. Sizes are made in
// the background.
func (a *API) UploadMedia(c *site.Context) error {
	b, err := allowed(c, accounts.WriteMedia)
	if err != nil {
		return err
	}
	p := parametersOf(c, "studio", "filename")
	if p.Get("filename") == "" {
		p.say("filename", "Say what the file is called; its ending may tell a film from a photo.")
	}
	if err := p.fault(); err != nil {
		return err
	}
	key, err := keyOf(c)
	if err != nil {
		return err
	}
	kind, err := fileKind(c.Request())
	if err != nil {
		return err
	}
	m, err := a.writesTo(c, b, p.Get("studio"), spot{Parameter: "studio", Detail: "Name one of your studios; this token opens several."})
	if err != nil {
		return err
	}
	a.WaitFor(c, uploadTime)
	seen := &summing{r: c.Request().Body, sum: sha256.New(), began: time.Now()}
	id, err := a.Media.Import(c.Ctx(), media.Begin{Sender: media.Sender{StudioID: m.StudioID, UserID: b.UserID},
		Filename: c.Query("filename"), ContentType: kind, Key: key}, seen)
	if err != nil {
		return err
	}
	file, err := a.Works.File(c.Ctx(), m.StudioID, id)
	if err != nil {
		return err
	}
	if !seen.made(file) {
		return refuse(keyReused, "This key was used for another file. A new file needs a new key.")
	}
	replayed(c, file.CreatedAt.Before(seen.began))
	return a.made(c, mediaPath+"/"+fileID(id), a.file(file))
}

// fileKind refuses bodies that are no file, before they are read: what curl sends
// as a form by itself, and what says that it is larger than its kind may be.
func fileKind(r *http.Request) (string, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || !slices.Contains(fileKinds, kind) {
		return "", refuse(unsupported, "Send the file itself as the body, with its Content-Type: "+strings.Join(fileKinds, ", ")+".")
	}
	if r.ContentLength > media.MaxVideoBytes || r.ContentLength > media.MaxImageBytes && strings.HasPrefix(kind, "image/") {
		return "", refuse(tooLarge, "Films may have up to 2 GB, photos up to 50 MB.")
	}
	return kind, nil
}

// ShowMedia is GET /api/v1/media/{id}: how a file of a studio of the token's
// person stands. Five queries.
func (a *API) ShowMedia(c *site.Context) error {
	b, err := allowed(c, accounts.WriteMedia, accounts.ReadWorks)
	if err != nil {
		return err
	}
	if err := parametersOf(c).fault(); err != nil {
		return err
	}
	id, m, err := a.fileOf(c, b)
	if err != nil {
		return err
	}
	file, err := a.Works.File(c.Ctx(), m.StudioID, id)
	if err != nil {
		return err
	}
	return a.show(c, a.file(file))
}

// DropMedia is DELETE /api/v1/media/{id}: a file that no work has taken up, or not
// any more.
func (a *API) DropMedia(c *site.Context) error {
	b, err := allowed(c, accounts.WriteMedia)
	if err != nil {
		return err
	}
	if err := parametersOf(c).fault(); err != nil {
		return err
	}
	id, m, err := a.fileOf(c, b)
	if err != nil {
		return err
	}
	if err := a.Works.Discard(c.Ctx(), works.Actor{UserID: b.UserID, StudioID: m.StudioID, Role: m.Role}, id); err != nil {
		return err
	}
	common(c)
	return c.NoContent(http.StatusNoContent)
}

// fileOf finds which studio of the token's person holds the file of the path. To
// everybody else there is none. Two queries.
func (a *API) fileOf(c *site.Context, b accounts.Bearer) (id uuid.UUID, m studios.Membership, err error) {
	missing := fault.New(fault.NotFound, "There is no such file, or it is not open to this token.")
	id, ok := parseFileID(c.Param("id"))
	if !ok {
		return id, m, missing
	}
	studioID, err := a.Media.StudioOf(c.Ctx(), id)
	if fault.Is(err, fault.NotFound) {
		return id, m, missing
	}
	if err != nil {
		return id, m, err
	}
	mine, err := a.memberships(c, b)
	if err != nil {
		return id, m, err
	}
	for _, m := range mine {
		if m.StudioID == studioID && m.Role.Can(studios.SeeStudio) {
			return id, m, nil
		}
	}
	return id, m, missing
}

// summing sums up what passes, so that a key that comes again with another file
// is noticed.
type summing struct {
	r     io.Reader
	n     int64
	sum   hash.Hash
	began time.Time
}

// Read reads on.
func (s *summing) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	s.n += int64(n)
	_, _ = s.sum.Write(p[:n]) // a hash never fails
	return n, err
}

// made tells whether a file was made of what passed: its size tells, and its sum
// once somebody has looked at it.
func (s *summing) made(m media.Media) bool {
	return s.n == m.Bytes && (m.SHA256 == "" || m.SHA256 == hex.EncodeToString(s.sum.Sum(nil)))
}
