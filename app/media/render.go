package media

import (
	"context"
	"errors"
	"path/filepath"

	"vitrine/app/fault"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/mediatool"
	"vitrine/app/platform/tone"
)

// firstWidth is the size that is made first: large enough for a wall, and for a
// page until the others follow.
const firstWidth = 640

// OnAccepted makes the first WebP and JPEG of a photo, then it is usable, and
// leaves the other sizes to OnFirstMade: of ten photos that arrive together, all
// can be published before the first has every size. Of a film it makes all
// pictures of the poster and leaves the film to OnPosterMade. What exists is
// skipped, so an attempt goes on where the one before ended.
func (s *Service) OnAccepted(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[Accepted](env)
	if err != nil {
		return err
	}
	m, err := s.find(ctx, ev.Fact)
	if err != nil || m == nil || m.State != StateProcessing {
		return err
	}
	err = s.make(ctx, *m, func(j *making) error {
		if m.Kind == KindVideo {
			if err := j.sizes(ctx); err != nil {
				return err
			}
			return s.tellOnce(ctx, *m, env, PosterMade{m.fact()})
		}
		if err := j.first(ctx); err != nil {
			return err
		}
		return s.tellOnce(ctx, *m, env, FirstMade{m.fact()})
	})
	return s.judge(ctx, *m, err, env, RenderAttempts)
}

// OnFirstMade makes all other sizes of a photo; then it is ready.
func (s *Service) OnFirstMade(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[FirstMade](env)
	if err != nil {
		return err
	}
	return s.finishMaking(ctx, ev.Fact, env, (*making).sizes)
}

// OnPosterMade encodes a film. It has a queue apart from photos, because two
// films of half an hour would otherwise keep every photo waiting.
func (s *Service) OnPosterMade(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[PosterMade](env)
	if err != nil {
		return err
	}
	return s.finishMaking(ctx, ev.Fact, env, (*making).film)
}

// finishMaking is the last step of a media that is being processed.
func (s *Service) finishMaking(ctx context.Context, of Fact, env bus.Envelope, last func(*making, context.Context) error) error {
	m, err := s.find(ctx, of)
	if err != nil || m == nil || m.State != StateProcessing {
		return err
	}
	err = s.make(ctx, *m, func(j *making) error {
		if err := last(j, ctx); err != nil {
			return err
		}
		return s.markReady(ctx, *m)
	})
	return s.judge(ctx, *m, err, env, RenderAttempts)
}

// errGone means that the media was deleted while its sizes were made.
var errGone = errors.New("the media was deleted meanwhile")

// make gives fn the original and a directory of its own. A media that is deleted
// meanwhile is no error.
func (s *Service) make(ctx context.Context, m Media, fn func(*making) error) error {
	if s.tools == nil {
		return errNoTools
	}
	src, done, err := s.blobs.LocalIn(ctx, m.Store, originalKey(m.ID))
	if err != nil {
		return err
	}
	defer done()
	err = s.work.Within(func(dir string) error {
		j := &making{Service: s, m: m, src: src, picture: src, width: m.Width, height: m.Height, dir: dir, have: map[string]bool{}}
		for _, r := range m.Renditions {
			j.have[r.Name] = true
		}
		return fn(j)
	})
	if errors.Is(err, errGone) {
		return nil
	}
	return err
}

// making is the work on one media: what it is made from, and what exists.
type making struct {
	*Service
	m             Media
	src           string // the original
	picture       string // what sizes are made of: the original, or a film's poster
	width, height int    // of picture
	dir           string
	have          map[string]bool
}

// first makes the step of the ladder with which the file is usable.
func (j *making) first(ctx context.Context) error {
	ladder := mediatool.Ladder(j.width, j.height)
	first := ladder[len(ladder)-1]
	for _, w := range ladder {
		if w >= firstWidth {
			first = w
			break
		}
	}
	if err := j.both(ctx, first); err != nil {
		return err
	}
	return j.markUsable(ctx)
}

// sizes makes the WebP and JPEG ladder, the useful step first.
func (j *making) sizes(ctx context.Context) error {
	if j.m.Kind == KindVideo {
		poster, err := j.tools.Poster(ctx, j.src, filepath.Join(j.dir, "poster.png"))
		if err != nil {
			return err
		}
		j.picture, j.width, j.height = poster.Path, poster.Width, poster.Height
	}
	if err := j.first(ctx); err != nil {
		return err
	}
	for _, w := range mediatool.Ladder(j.width, j.height) {
		if err := j.both(ctx, w); err != nil {
			return err
		}
	}
	return nil
}

func (j *making) both(ctx context.Context, width int) error {
	if err := j.size(ctx, mediatool.FormatWebP, "webp", width); err != nil {
		return err
	}
	return j.size(ctx, mediatool.FormatJPEG, "jpg", width)
}

// size makes one size unless it exists.
func (j *making) size(ctx context.Context, format mediatool.Format, ext string, width int) error {
	name := sizeName(width, ext)
	if j.have[name] {
		return nil
	}
	made, err := j.tools.Thumbnail(ctx, j.picture, filepath.Join(j.dir, name), mediatool.Spec{Format: format, Width: width})
	if err != nil {
		return err
	}
	made.Width = width // what the name says, should the tool have rounded
	return j.keep(ctx, name, made)
}

// film makes the H.264 of a film unless it exists.
func (j *making) film(ctx context.Context) error {
	if j.have[videoName] {
		return nil
	}
	made, err := j.tools.Transcode(ctx, j.src, filepath.Join(j.dir, videoName), nil)
	if err != nil {
		return err
	}
	return j.keep(ctx, videoName, made)
}

// keep puts a finished rendition into the store and then, in one transaction,
// into the rows. Killed in between, the object has no row: the next attempt
// makes the same bytes again and puts them under the same key. The key names the
// bytes, so of two attempts that overlap neither can replace what the other's
// row describes.
func (j *making) keep(ctx context.Context, name string, made mediatool.Result) error {
	r := Rendition{StudioID: j.m.StudioID, MediaID: j.m.ID, Name: name, Format: string(made.Format), Width: made.Width, Height: made.Height,
		Bytes: made.Bytes, SHA256: made.SHA256, Store: j.blobs.Name()}
	if name == videoName {
		r.Format = "mp4"
	}
	r.Key = renditionPrefix(j.m.ID) + made.SHA256[:12] + "-" + name
	if _, err := j.blobs.Adopt(ctx, r.Key, made.Path); err != nil {
		return err
	}
	kept, err := j.addRendition(ctx, r)
	if err != nil && !errors.Is(err, errGone) {
		return err
	}
	if kept != r.Key {
		err = errors.Join(err, j.blobs.Delete(ctx, r.Key))
	}
	if err == nil {
		j.have[name] = true
	}
	return err
}

// addRendition writes the row, the ledger entry and what pages read, once. It
// gives the key of the row that stands: of two attempts, the first one's.
func (s *Service) addRendition(ctx context.Context, r Rendition) (key string, err error) {
	err = s.db.Tenant(ctx, r.StudioID, func(tx db.Tx) error {
		m, err := lock(tx, r.StudioID, r.MediaID)
		if fault.Is(err, fault.NotFound) {
			return errGone
		}
		if err != nil {
			return err
		}
		r.CreatedAt = tx.Now()
		res := tx.SQL().Exec(`insert into renditions (studio_id, media_id, name, format, width, height, bytes, sha256, key, store, created_at)
			values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing`,
			r.StudioID, r.MediaID, r.Name, r.Format, r.Width, r.Height, r.Bytes, r.SHA256, r.Key, r.Store, r.CreatedAt)
		if res.Error != nil {
			return res.Error
		}
		if err := tx.SQL().Raw(`select key from renditions where media_id = ? and name = ?`, r.MediaID, r.Name).Scan(&key).Error; err != nil {
			return err
		}
		if res.RowsAffected == 0 {
			return nil
		}
		if err := book(tx, r.StudioID, r.MediaID, accountUsed, entryRendition, r.Name, r.Bytes); err != nil {
			return err
		}
		if m.Served, err = served(tx, r); err != nil {
			return err
		}
		return save(tx, &m)
	})
	return key, err
}

// served gathers what exists of a media for pages.
func served(tx db.Tx, of Rendition) (Served, error) {
	var rows []Rendition
	err := tx.SQL().Raw(`select name, format, width, height from renditions where studio_id = ? and media_id = ? order by width`, of.StudioID, of.MediaID).Scan(&rows).Error
	var out Served
	for _, r := range rows {
		switch r.Format {
		case "webp":
			out.WebP = append(out.WebP, r.Width)
		case "jpeg":
			out.JPEG = append(out.JPEG, r.Width)
		case "avif":
			out.AVIF = append(out.AVIF, r.Width)
		case "mp4":
			out.Video = &Size{Width: r.Width, Height: r.Height}
		}
	}
	return out, err
}

// markUsable lets the file be shown and published, with its placeholder colour.
func (j *making) markUsable(ctx context.Context) error {
	if j.m.Usable {
		return nil
	}
	name := noTone
	if c, err := j.tools.DominantColour(ctx, j.picture); err == nil {
		name = tone.Nearest(c.R, c.G, c.B)
	} else if ctx.Err() != nil {
		return err
	}
	return j.advance(ctx, j.m, func(m *Media) bool {
		changed := !m.Usable
		m.Usable, m.Tone = true, name
		return changed
	}, func(f Fact) bus.Event { return Usable{f} })
}

func (s *Service) markReady(ctx context.Context, m Media) error {
	return s.advance(ctx, m, func(m *Media) bool { m.State = StateReady; return true }, func(f Fact) bus.Event { return Processed{f} })
}

// tellOnce starts the next step, once for each time that the file was accepted.
func (s *Service) tellOnce(ctx context.Context, of Media, env bus.Envelope, next bus.Event) error {
	return s.db.Tenant(ctx, of.StudioID, func(tx db.Tx) error {
		first, err := bus.Once(ctx, tx, env.ID, "media.render")
		if err != nil || !first {
			return err
		}
		return s.outbox.Publish(ctx, tx, next)
	})
}

// advance changes a media that is still being processed and tells of it, in one
// transaction; nothing when step says that there is nothing to change.
func (s *Service) advance(ctx context.Context, of Media, step func(*Media) bool, told func(Fact) bus.Event) error {
	return s.db.Tenant(ctx, of.StudioID, func(tx db.Tx) error {
		m, err := lock(tx, of.StudioID, of.ID)
		if fault.Is(err, fault.NotFound) {
			return errGone
		}
		if err != nil || m.State != StateProcessing || !step(&m) {
			return err
		}
		if err := save(tx, &m); err != nil {
			return err
		}
		return s.outbox.Publish(ctx, tx, told(m.fact()))
	})
}
