package archive

import (
	"archive/zip"
	"context"
	"encoding/json"
	"io"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/media/originals"
	"vitrine/app/notifications"
	"vitrine/app/notifications/notices"
	"vitrine/app/platform/audit"
	"vitrine/app/works/carry"
	"vitrine/app/works/collections"
)

// recorder writes records as JSON Lines into the entries of a zip file, one
// entry after the other, as they come.
type recorder struct {
	zip  *zip.Writer
	at   time.Time // of every entry, so that the same content gives the same bytes
	list string
	enc  *json.Encoder
}

func header(name string, at time.Time, method uint16) *zip.FileHeader {
	h := &zip.FileHeader{Name: name, Method: method, Modified: at.UTC().Truncate(time.Second)}
	h.SetMode(0o644)
	return h
}

// put gives the function that writes records into the lists of a folder.
func (r *recorder) put(dir string) func(list string, record any) error {
	return func(list string, record any) error {
		if name := dir + list + ".jsonl"; name != r.list {
			w, err := r.zip.CreateHeader(header(name, r.at, zip.Deflate))
			if err != nil {
				return err
			}
			r.list, r.enc = name, json.NewEncoder(w)
			r.enc.SetEscapeHTML(false)
		}
		return r.enc.Encode(record)
	}
}

// streamed stores what fill writes under a key, without holding it anywhere.
func (s *Service) streamed(ctx context.Context, key string, wrap func(io.Reader) io.Reader, fill func(w io.Writer) error) (int64, error) {
	pr, pw := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := fill(pw)
		pw.CloseWithError(err) // nil is the ordinary end
		ended <- err
	}()
	var r io.Reader = pr
	if wrap != nil {
		r = wrap(pr)
	}
	size, err := s.Blobs.Put(ctx, key, r)
	pr.CloseWithError(io.ErrClosedPipe)                                           // whoever still fills stops
	if ferr := <-ended; ferr != nil && (err == nil || ferr != io.ErrClosedPipe) { //nolint:errorlint // the very one from above
		err = ferr
	}
	return size, err
}

// record writes everything but the files into one object and decides which file
// stands in which volume. It may be repeated until the decision is stored.
func (s *Service) record(ctx context.Context, e Export) ([][]planned, error) {
	plan := &planner{limit: s.VolumeSize}
	_, err := s.streamed(ctx, recordsKey(e.ID), nil, func(w io.Writer) error {
		rec := &recorder{zip: zip.NewWriter(w), at: e.AskedAt}
		studioID := e.SubjectID
		if e.Kind == User {
			personal, err := s.recordAccount(ctx, rec, e.SubjectID)
			if err != nil {
				return err
			}
			studioID = personal
		}
		files := map[uuid.UUID]string{}
		if studioID != uuid.Nil {
			if err := s.recordStudio(ctx, rec, studioID, files, plan); err != nil {
				return err
			}
		}
		if err := s.writeIndex(ctx, rec, e, studioID, files); err != nil {
			return err
		}
		return rec.zip.Close()
	})
	return plan.volumes(), err
}

// recordAccount writes what is known of a person and gives their own studio.
func (s *Service) recordAccount(ctx context.Context, rec *recorder, userID uuid.UUID) (personal uuid.UUID, err error) {
	put := rec.put(accountDir)
	if err := s.Accounts.Export(ctx, userID, put); err != nil {
		return personal, err
	}
	memberships, personal, err := s.Studios.ExportMember(ctx, userID)
	if err != nil {
		return personal, err
	}
	for _, m := range memberships {
		if err := put("memberships", m); err != nil {
			return personal, err
		}
	}
	if err := s.engaged.ExportPerson(ctx, userID, put); err != nil {
		return personal, err
	}
	chosen, err := s.Notices.Export(ctx, userID, func(n notices.Exported) error { return put("notices", n) })
	if err != nil {
		return personal, err
	}
	for _, c := range chosen {
		if err := put("notice_settings", c); err != nil {
			return personal, err
		}
	}
	keys, err := s.Accounts.Keys(ctx, userID)
	if err != nil {
		return personal, err
	}
	if err := s.Mails.Export(ctx, keys, func(m notifications.Exported) error { return put("mails", m) }); err != nil {
		return personal, err
	}
	return personal, s.acts(ctx, audit.Filter{ActorID: userID}, func(a Act) error { return put("audit", a) })
}

// acts gives entries of the audit, the newest first.
func (s *Service) acts(ctx context.Context, f audit.Filter, put func(Act) error) error {
	const page = 200
	var before uuid.UUID
	for {
		rows, err := audit.All(ctx, s.DB.Read(ctx), f, before, page)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := put(act(r)); err != nil {
				return err
			}
			before = r.ID
		}
		if len(rows) < page {
			return nil
		}
	}
}

// recordStudio writes a studio and plans its files.
func (s *Service) recordStudio(ctx context.Context, rec *recorder, studioID uuid.UUID, files map[uuid.UUID]string, plan *planner) error {
	put := rec.put(studioDir)
	if err := s.Studios.Export(ctx, studioID, put); err != nil {
		return err
	}
	err := s.originals.Export(ctx, studioID, func(f originals.File) error {
		if f.Arrived() {
			f.Path = mediaPath(f)
			files[f.ID] = f.Path
			plan.add(planned{ID: f.ID, Path: f.Path, Bytes: f.Bytes})
		}
		return put("media", f)
	})
	if err != nil {
		return err
	}
	if err := s.carry.Export(ctx, studioID, func(w carry.Work) error { return put("works", w) }); err != nil {
		return err
	}
	if err := s.shelves.Export(ctx, studioID, func(c collections.Exported) error { return put("collections", c) }); err != nil {
		return err
	}
	named := func(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]string, error) {
		return s.carry.PublicIDs(ctx, studioID, ids)
	}
	if err := s.engaged.ExportStudio(ctx, studioID, put, named); err != nil {
		return err
	}
	storage, err := s.originals.Storage(ctx, studioID)
	if err != nil {
		return err
	}
	if err := put("storage", storage); err != nil {
		return err
	}
	if err := s.originals.Ledger(ctx, studioID, func(b originals.Booking) error { return put("ledger", b) }); err != nil {
		return err
	}
	return s.acts(ctx, audit.Filter{StudioID: studioID}, func(a Act) error { return put("audit", a) })
}

// planner fills volumes with files in the order in which they come.
type planner struct {
	limit int64
	done  [][]planned
	open  []planned
	bytes int64
}

func (p *planner) add(f planned) {
	if len(p.open) > 0 && p.bytes+f.Bytes > p.limit {
		p.done, p.open, p.bytes = append(p.done, p.open), nil, 0
	}
	p.open, p.bytes = append(p.open, f), p.bytes+f.Bytes
}

// volumes is what was planned: one volume at least, for the records.
func (p *planner) volumes() [][]planned {
	if len(p.open) == 0 && len(p.done) == 0 {
		return [][]planned{{}}
	}
	return append(p.done, p.open)
}

// isGone tells whether something was deleted while an archive was made.
func isGone(err error) bool { return fault.Is(err, fault.NotFound) }
