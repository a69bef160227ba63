package media

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"vitrine/app/fault"
	"vitrine/app/platform/blob"
	"vitrine/app/platform/db"
)

// File is an object as it is served.
type File struct {
	Name        string // of the download
	ContentType string
	ETag        string // strong, with its quotes
	Key         string
	Store       string    // where the row says it lies
	StudioID    uuid.UUID // whose it is, of a rendition
}

const notHere = "This picture is not here. It may have been taken down."

// contentTypes are the only ones that leave the store as renditions.
var contentTypes = map[string]string{"webp": "image/webp", "jpeg": "image/jpeg", "avif": "image/avif", "mp4": "video/mp4"}

// PublicFile finds a rendition that a public work shows. NotFound for every
// other one, whether it exists or not. One query, by primary key.
func (s *Service) PublicFile(ctx context.Context, mediaID uuid.UUID, name string) (File, error) {
	return fileOf(s.db.Read(ctx).SQL(ctx).Raw(`select r.name, r.format, r.sha256, r.key, r.store, r.studio_id from renditions r join media m on m.id = r.media_id
		where r.media_id = ? and r.name = ? and m.exposed`, mediaID, name))
}

// StudioFile finds any rendition of a studio's media, for its members: the
// caller has checked that the viewer is one.
func (s *Service) StudioFile(ctx context.Context, studioID, mediaID uuid.UUID, name string) (f File, err error) {
	err = s.db.TenantRead(ctx, studioID, func(r db.Reader) (err error) {
		f, err = fileOf(r.SQL(ctx).Raw(`select r.name, r.format, r.sha256, r.key, r.store, r.studio_id from renditions r join media m on m.id = r.media_id
			where r.studio_id = ? and r.media_id = ? and r.name = ? and m.deleted_at is null`, studioID, mediaID, name))
		return err
	})
	return f, err
}

func fileOf(query *gorm.DB) (File, error) {
	var row Rendition
	err := query.Take(&row).Error
	if db.NotFound(err) {
		return File{}, fault.New(fault.NotFound, notHere)
	}
	if err != nil {
		return File{}, err
	}
	return File{Name: row.Name, ContentType: contentTypes[row.Format], ETag: `"` + row.SHA256[:16] + `"`, Key: row.Key, Store: row.Store, StudioID: row.StudioID}, nil
}

// StudioOf tells which studio a media belongs to, for a member whose right to
// see it is asked next. NotFound when there is none.
func (s *Service) StudioOf(ctx context.Context, mediaID uuid.UUID) (uuid.UUID, error) {
	var found uuid.NullUUID
	if err := s.db.Read(ctx).SQL(ctx).Raw(`select media_studio(?)`, mediaID).Scan(&found).Error; err != nil {
		return uuid.Nil, err
	}
	if !found.Valid {
		return uuid.Nil, fault.New(fault.NotFound, notHere)
	}
	return found.UUID, nil
}

// Original finds the file as it was uploaded, for members alone.
func (s *Service) Original(ctx context.Context, studioID, mediaID uuid.UUID) (f File, err error) {
	defer fault.Wrap(&err, "media.Original(%s)", mediaID)
	err = s.db.TenantRead(ctx, studioID, func(r db.Reader) error {
		list, err := s.ByIDs(ctx, r, studioID, ids(mediaID))
		if err != nil {
			return err
		}
		if len(list) == 0 || list[0].Store == "" {
			return fault.New(fault.NotFound, "This file is not here any more.")
		}
		m := list[0]
		f = File{Name: m.Filename, ContentType: "application/octet-stream", Key: originalKey(m.ID), Store: m.Store}
		if m.SHA256 != "" {
			f.ETag = `"` + m.SHA256[:16] + `"`
		}
		return nil
	})
	return f, err
}

// Open opens a file that was found. The caller closes it.
func (s *Service) Open(ctx context.Context, f File) (blob.Object, error) {
	return s.blobs.OpenIn(ctx, f.Store, f.Key)
}
