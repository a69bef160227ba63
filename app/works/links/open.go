package links

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts/throttle"
	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/works"
	"vitrine/app/works/collections"
)

// noLink is said of a link that never was as of one that has ended.
const noLink = "This link does not lead anywhere any more. It may have expired or been revoked; ask whoever sent it to you for a new one."

// Opened is a link in the hands of somebody. While it is Locked, nothing else is
// told of it.
type Opened struct {
	Locked bool
	Link   Link
	Work   string // public id, when it leads to a work
}

// Open finds the link of an address. key is what Unlock gave, empty for none.
// NotFound when it has ended. Two queries.
func (s *Service) Open(ctx context.Context, plain, key string) (o Opened, err error) {
	defer fault.Wrap(&err, "links.Open")
	row, err := s.find(ctx, plain)
	if err != nil {
		return o, err
	}
	if row.Guarded() && !hmac.Equal([]byte(key), []byte(keyOf(plain, row.Link))) {
		return Opened{Locked: true}, nil
	}
	return Opened{Link: row.Link, Work: row.PublicID}, nil
}

func (s *Service) find(ctx context.Context, plain string) (row opened, err error) {
	const length = 43 // of 32 bytes
	if len(plain) != length {
		return row, fault.New(fault.NotFound, noLink)
	}
	hash := id.HashToken(plain)
	studioID, err := studioOf(ctx, s.db.Read(ctx), hash)
	if err != nil {
		return row, err
	}
	err = s.db.TenantRead(ctx, studioID, func(r db.Reader) error {
		row, err = linkByHash(ctx, r, studioID, hash)
		return err
	})
	if err == nil && (!row.Live(s.clock()) || row.Hidden) {
		err = fault.New(fault.NotFound, noLink)
	}
	return row, err
}

// keyOf is what a browser keeps once it knew the password. It ends with the
// link, and nobody can make it without the stored hash, which no page shows.
func keyOf(plain string, l Link) string {
	mac := hmac.New(sha256.New, []byte(l.Password))
	mac.Write([]byte(plain))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Unlock gives the key of a link to whoever knows its password. Invalid names
// the field password; TooMany, with the time to wait, after a few wrong ones:
// they are counted for the link. NotFound when it has ended.
func (s *Service) Unlock(ctx context.Context, plain, password string) (key string, err error) {
	defer fault.Wrap(&err, "links.Unlock")
	row, err := s.find(ctx, plain)
	if err != nil || !row.Guarded() {
		return "", err
	}
	if password == "" || len(password) > 4*MaxPassword {
		return "", fault.Field("password", "Type the password that came with the link.")
	}
	bucket := "share:" + row.ID.String()
	if _, err := throttle.Take(ctx, s.db, bucket); err != nil {
		return "", err
	}
	right, _, err := s.hasher.Check(ctx, password, row.Password)
	if err != nil {
		throttle.Untried(ctx, s.db, bucket)
		return "", err
	}
	if !right {
		return "", fault.Field("password", "This is not the password of this link. Look at the message that it came with.")
	}
	if err := s.db.Transact(ctx, func(tx db.Tx) error { return throttle.Won(tx, bucket) }); err != nil {
		return "", err
	}
	return keyOf(plain, row.Link), nil
}

// usedEvery is how exact the last use of a link is: a page with fifty pictures
// is not fifty writes.
const usedEvery = 5 * time.Minute

// Used writes down that the link was used just now.
func (s *Service) Used(ctx context.Context, o Opened) (err error) {
	defer fault.Wrap(&err, "links.Used(%s)", o.Link.ID)
	if o.Locked || o.Link.UsedAt != nil && s.clock().Sub(*o.Link.UsedAt) < usedEvery {
		return nil
	}
	return s.db.Tenant(ctx, o.Link.StudioID, func(tx db.Tx) error { return used(tx, o.Link) })
}

// Work is a work that the link shows, with its pictures by the ids of the files:
// the one it leads to, or one of its collection. NotFound for every other, and
// for one that is hidden. At most five queries.
func (s *Service) Work(ctx context.Context, o Opened, publicID string) (p works.Page, pictures map[uuid.UUID]media.Picture, err error) {
	defer fault.Wrap(&err, "links.Work(%s)", publicID)
	gone := fault.New(fault.NotFound, "This work is not here any more.")
	if o.Locked {
		return p, nil, gone
	}
	p, files, err := s.works.Own(ctx, o.Link.StudioID, publicID)
	if err != nil {
		return p, nil, err
	}
	shows := o.Link.WorkID != nil && *o.Link.WorkID == p.Work.ID
	if o.Link.CollectionID != nil {
		err = s.db.TenantRead(ctx, o.Link.StudioID, func(r db.Reader) error {
			shows, err = holds(ctx, r, *o.Link.CollectionID, p.Work.ID)
			return err
		})
	}
	if err != nil || !shows || p.Work.Hidden {
		if err == nil {
			err = gone
		}
		return works.Page{}, nil, err
	}
	pictures = make(map[uuid.UUID]media.Picture, len(files))
	for mediaID, m := range files {
		if m.Usable {
			pictures[mediaID] = m.Picture()
		}
	}
	return p, pictures, nil
}

// Collection is the collection that the link leads to, with its works in any
// state but hidden, and their covers by the ids of the files. Three queries.
func (s *Service) Collection(ctx context.Context, o Opened) (c collections.Collection, members []collections.Member, covers map[uuid.UUID]media.Picture, err error) {
	defer fault.Wrap(&err, "links.Collection(%s)", o.Link.ID)
	if o.Locked || o.Link.CollectionID == nil {
		return c, nil, nil, fault.New(fault.NotFound, noLink)
	}
	err = s.db.TenantRead(ctx, o.Link.StudioID, func(r db.Reader) error {
		if c, err = collections.ByID(ctx, r, o.Link.StudioID, *o.Link.CollectionID); err != nil {
			return err
		}
		list, err := collections.Members(ctx, r, o.Link.StudioID, c.ID)
		if err != nil {
			return err
		}
		var ids []uuid.UUID
		for _, m := range list {
			if m.Hidden || m.CoverID == nil {
				continue
			}
			members, ids = append(members, m), append(ids, *m.CoverID)
		}
		covers, err = s.files.StudioPictures(ctx, r, o.Link.StudioID, ids)
		return err
	})
	return c, members, covers, err
}

// File is a rendition of a work that the link shows. NotFound for every other
// file. Two queries.
func (s *Service) File(ctx context.Context, o Opened, mediaID uuid.UUID, name string) (f media.File, err error) {
	defer fault.Wrap(&err, "links.File(%s)", mediaID)
	gone := fault.New(fault.NotFound, "This picture is not here. The link to it may have ended.")
	if o.Locked {
		return f, gone
	}
	err = s.db.TenantRead(ctx, o.Link.StudioID, func(r db.Reader) error {
		shown, err := shows(ctx, r, o.Link, mediaID)
		if err == nil && !shown {
			err = gone
		}
		return err
	})
	if err != nil {
		return f, err
	}
	return s.files.StudioFile(ctx, o.Link.StudioID, mediaID, name)
}
