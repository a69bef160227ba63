package archive

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
)

// MakeAttempts is how often an archive is tried before it is called failed; its
// subscription has the same number. A worker that was killed is no attempt.
const MakeAttempts = 5

// errUnwanted ends the making of an archive whose subject or row is gone.
var errUnwanted = errors.New("the archive is not wanted any more")

// OnAsked makes an archive. Interrupted, it goes on: volumes that are recorded
// are whole and stay, the others follow.
func (s *Service) OnAsked(ctx context.Context, env bus.Envelope) (err error) {
	defer fault.Wrap(&err, "archive.OnAsked")
	ev, err := bus.Decode[Asked](env)
	if err != nil {
		return err
	}
	e, ok, err := exportByID(ctx, s.DB.Read(ctx), ev.ExportID)
	if err != nil || !ok || !e.Busy() {
		return err
	}
	err = s.make(ctx, e)
	switch {
	case err == nil || errors.Is(err, errUnwanted):
		return nil
	case ctx.Err() == nil && env.Attempt >= MakeAttempts:
		s.Log.LogAttrs(ctx, slog.LevelError, "An archive could not be made", slog.String("export", e.ID.String()), slog.Any("error", err))
		return s.DB.Transact(ctx, func(tx db.Tx) error { return storeFailed(tx, e.ID) })
	}
	return err
}

func (s *Service) make(ctx context.Context, e Export) error {
	if err := s.dropOthers(ctx, e); err != nil {
		return err
	}
	volumes, err := volumesOf(ctx, s.DB.Read(ctx), e.ID)
	if err != nil {
		return err
	}
	if len(volumes) == 0 {
		plan, err := s.record(ctx, e)
		if isGone(err) {
			return errors.Join(errUnwanted, s.drop(ctx, e.ID))
		}
		if err != nil {
			return err
		}
		if err := s.DB.Transact(ctx, func(tx db.Tx) error { return storePlan(tx, e.ID, plan) }); err != nil {
			return err
		}
		if volumes, err = volumesOf(ctx, s.DB.Read(ctx), e.ID); err != nil {
			return err
		}
	}
	done := 0
	for _, v := range volumes {
		if v.MadeAt == nil {
			if err := s.makeVolume(ctx, e, v, len(volumes), done); err != nil {
				return err
			}
		}
		done += v.FileCount
	}
	return s.finish(ctx, e)
}

// finish tells that the archive can be fetched; what it was made from goes.
func (s *Service) finish(ctx context.Context, e Export) error {
	page := "/me/export"
	if e.Kind == Studio {
		st, err := s.Studios.ByID(ctx, e.SubjectID)
		if isGone(err) {
			return errUnwanted
		}
		if err != nil {
			return err
		}
		page = "/studio/" + st.Slug + "/export"
	}
	err := s.DB.Transact(ctx, func(tx db.Tx) error {
		first, err := storeReady(tx, e.ID)
		if err != nil || !first {
			return err
		}
		return s.Outbox.Publish(ctx, tx, Made{ExportID: e.ID, UserID: e.AskedBy, Page: page})
	})
	if err != nil {
		return err
	}
	return s.Blobs.Delete(ctx, recordsKey(e.ID))
}

// makeVolume streams one zip file into the store and records it.
func (s *Service) makeVolume(ctx context.Context, e Export, v Volume, of, done int) error {
	plan, err := planOf(ctx, s.DB.Read(ctx), e.ID, v.Number)
	if err != nil {
		return err
	}
	studioID := e.SubjectID
	if e.Kind == User {
		if _, studioID, err = s.Studios.ExportMember(ctx, e.SubjectID); err != nil {
			return err
		}
	}
	vw := &volumeWriter{s: s, export: e, studioID: studioID, done: done, told: s.Clock(), manifest: Manifest{
		Format: Format, Version: FormatVersion, Kind: e.Kind, ExportID: e.ID, Subject: e.SubjectID, AskedAt: e.AskedAt.UTC(),
		Volume: v.Number, Volumes: of, Entries: []Entry{}, Missing: []string{},
	}}
	sum := sha256.New()
	v.Bytes, err = s.streamed(ctx, volumeKey(e.ID, v.Number), func(r io.Reader) io.Reader { return io.TeeReader(r, sum) },
		func(w io.Writer) error { return vw.write(ctx, w, plan) })
	if err != nil {
		return err
	}
	v.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return s.DB.Transact(ctx, func(tx db.Tx) error {
		if err := storeVolume(tx, v); err != nil {
			return err
		}
		wanted, err := storeProgress(tx, e.ID, done+v.FileCount)
		if err == nil && !wanted {
			return errUnwanted
		}
		return err
	})
}

// volumeWriter writes one volume.
type volumeWriter struct {
	s        *Service
	export   Export
	studioID uuid.UUID
	manifest Manifest
	zip      *zip.Writer
	done     int // files in, those of former volumes included
	told     time.Time
}

func (v *volumeWriter) write(ctx context.Context, w io.Writer, plan []planned) error {
	v.zip = zip.NewWriter(w)
	if v.manifest.Volume == 1 {
		if err := v.copyRecords(ctx); err != nil {
			return err
		}
	}
	for _, p := range plan {
		if err := v.add(ctx, p); err != nil {
			return err
		}
		if err := v.tell(ctx); err != nil {
			return err
		}
	}
	entry, err := v.zip.CreateHeader(header(manifestName(v.manifest.Volume), v.export.AskedAt, zip.Deflate))
	if err != nil {
		return err
	}
	enc := json.NewEncoder(entry)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v.manifest); err != nil {
		return err
	}
	return v.zip.Close()
}

// copyRecords takes the records over as they are, compressed already.
func (v *volumeWriter) copyRecords(ctx context.Context) error {
	local, release, err := v.s.Blobs.Local(ctx, recordsKey(v.export.ID))
	if err != nil {
		return err
	}
	defer release()
	records, err := zip.OpenReader(local)
	if err != nil {
		return err
	}
	defer func() { _ = records.Close() }()
	for _, f := range records.File {
		r, err := f.Open()
		if err != nil {
			return err
		}
		sum := sha256.New()
		n, err := io.Copy(sum, r)
		_ = r.Close()
		if err != nil {
			return err
		}
		if err := v.zip.Copy(f); err != nil {
			return err
		}
		v.note(f.Name, n, sum)
	}
	return nil
}

// add streams one original. What was deleted since the plan is noted as missing.
func (v *volumeWriter) add(ctx context.Context, p planned) error {
	o, err := v.s.originals.Open(ctx, v.studioID, p.ID)
	if isGone(err) {
		v.manifest.Missing = append(v.manifest.Missing, p.Path)
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { _ = o.Close() }()
	// Photos and films are compressed already.
	entry, err := v.zip.CreateHeader(header(p.Path, v.export.AskedAt, zip.Store))
	if err != nil {
		return err
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(entry, sum), &until{ctx, o})
	if err != nil {
		return err
	}
	v.note(p.Path, n, sum)
	return nil
}

func (v *volumeWriter) note(path string, bytes int64, sum hash.Hash) {
	v.manifest.Entries = append(v.manifest.Entries, Entry{Path: path, Bytes: bytes, SHA256: hex.EncodeToString(sum.Sum(nil))})
}

// tell writes down how far the archive is, about each second, and learns whether
// it is still wanted.
func (v *volumeWriter) tell(ctx context.Context) error {
	v.done++
	now := v.s.Clock()
	if now.Sub(v.told) < time.Second {
		return nil
	}
	v.told = now
	return v.s.DB.Transact(ctx, func(tx db.Tx) error {
		wanted, err := storeProgress(tx, v.export.ID, v.done)
		if err == nil && !wanted {
			return errUnwanted
		}
		return err
	})
}

// until is a reader that ends with its context.
type until struct {
	ctx context.Context //nolint:containedctx // lives as long as one copy
	r   io.Reader
}

func (u *until) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(p)
}
