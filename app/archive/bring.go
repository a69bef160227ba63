package archive

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/media/originals"
	"vitrine/app/notifications/notices"
	"vitrine/app/platform/audit"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/app/works/carry"
	"vitrine/app/works/collections"
)

// lookEvery is how often files on their way are looked at.
const lookEvery = 200 * time.Millisecond

// People is what an import needs of accounts.
type People interface {
	Provision(ctx context.Context, tx db.Tx, people []accounts.Person) error
}

// Bringing is what whoever imports decides.
type Bringing struct {
	Owner  string // address of whose the studio will be; the archive's own when empty
	Invite bool   // sends invitations to the other members by mail
	People People
	Found  accounts.Founder // makes the own studio of a new person
	Say    func(format string, args ...any)
}

// Brought is what an archive has become.
type Brought struct {
	Slug     string
	Works    int
	Files    int
	NewOwner bool     // an account was made; a mail tells how to choose a password
	Notes    []string // what is not as it was, a sentence each
}

// importer is one import.
type importer struct {
	*Service
	r       *Reading
	c       Content
	o       Bringing
	studio  studios.Studio
	owner   uuid.UUID
	files   map[uuid.UUID]uuid.UUID // source id → media here
	out     Brought
	waiting []pending
}

// pending is a work whose files are on their way.
type pending struct {
	source carry.Work // without its words
	target works.Target
	files  []uuid.UUID
}

func (i *importer) actor() works.Actor {
	return works.Actor{UserID: i.owner, StudioID: i.studio.ID, Role: studios.Owner}
}

func (i *importer) note(format string, args ...any) {
	i.out.Notes = append(i.out.Notes, fmt.Sprintf(format, args...))
}

// Import makes the studio of a verified archive here: its words, states, dates
// and files, which go through the pipeline as everybody's do, so that jobs must
// be running. What an earlier run of the same archive made stays as it is, and
// what it did not come to is gone on with. It needs the worker's handle.
func (s *Service) Import(ctx context.Context, r *Reading, c Content, o Bringing) (out Brought, err error) {
	defer fault.Wrap(&err, "archive.Import(%s)", r.Manifest.ExportID)
	if c.Studio == nil {
		return out, fault.New(fault.Invalid, "The archive holds an account without a studio, so there is nothing to import.")
	}
	i := &importer{Service: s, r: r, c: c, o: o}
	if err := i.begin(ctx); err != nil {
		return out, err
	}
	if i.files, err = importedMedia(ctx, s.DB.Read(ctx), i.studio.ID); err != nil {
		return out, err
	}
	if err := each(r, studioDir+"works", func(w carry.Work) error { return i.bring(ctx, w) }); err != nil {
		return i.out, err
	}
	if err := i.bringRest(ctx); err != nil {
		return i.out, err
	}
	if err := i.bringCollections(ctx); err != nil {
		return i.out, err
	}
	if err := i.settleAll(ctx); err != nil {
		return i.out, err
	}
	if err := i.invite(ctx); err != nil {
		return i.out, err
	}
	if c.Missing > 0 {
		i.note("%d files were deleted while the archive was made, so they are not in it.", c.Missing)
	}
	err = s.DB.Transact(ctx, func(tx db.Tx) error {
		return tx.SQL().Exec(`update imports set finished_at = coalesce(finished_at, ?) where studio_id = ?`, tx.Now(), i.studio.ID).Error
	})
	return i.out, err
}

// begin finds or makes the owner and the studio, in one transaction.
func (i *importer) begin(ctx context.Context) error {
	typed, key, name, err := ownerOf(i.c, i.o.Owner)
	if err != nil {
		return err
	}
	known, err := importOf(ctx, i.DB.Read(ctx), i.c.Studio.ID)
	if err != nil {
		return err
	}
	if known.StudioID != uuid.Nil {
		if i.studio, err = i.Studios.ByID(ctx, known.StudioID); err != nil {
			return err
		}
		if i.studio.ClosingAt != nil {
			return fault.Newf(fault.Conflict, "This archive was imported as @%s, which is to be deleted. Keep that studio first, or wait until it is gone.", i.studio.Slug)
		}
		i.owner, i.out.Slug = known.OwnerID, i.studio.Slug
		return nil
	}
	owner, exists, err := i.Accounts.FindByKey(ctx, key)
	if err != nil {
		return err
	}
	source := *i.c.Studio
	source.Personal = source.Personal && !exists
	err = i.DB.Transact(ctx, func(tx db.Tx) error {
		if !exists {
			owner, i.out.NewOwner = id.New(), true
			if err := i.newOwner(ctx, tx, accounts.Person{ID: owner, Email: typed, Name: name}, source.Personal); err != nil {
				return err
			}
		}
		if i.studio, err = i.Studios.Restore(ctx, tx, owner, source); err != nil {
			return err
		}
		if err := i.Media.SetLimit(ctx, tx, i.studio.ID, room(i.c)); err != nil {
			return err
		}
		if err := insertImport(tx, source.ID, i.studio.ID, owner); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{StudioID: i.studio.ID, Action: "archive.imported", Note: "The studio was brought here from an archive of " + day(i.r.Manifest.AskedAt) + "."})
	})
	if err != nil {
		return err
	}
	i.owner, i.out.Slug = owner, i.studio.Slug
	if err := i.choose(ctx); err != nil {
		return err
	}
	if i.studio.Slug != source.Slug {
		i.note("The address @%s is not free here, so the studio has @%s.", source.Slug, i.studio.Slug)
	}
	return nil
}

// choose lets a new person hear what they wanted to hear where they come from.
// Whoever has an account here has chosen here.
func (i *importer) choose(ctx context.Context) error {
	if !i.out.NewOwner || len(i.c.Chosen) == 0 {
		return nil
	}
	set, err := i.Notices.Settings(ctx, i.owner)
	if err != nil {
		return err
	}
	for _, c := range i.c.Chosen {
		set.Channels[c.Kind] = notices.Channels{Page: c.Page, Mail: c.Mail, Daily: c.Daily}
	}
	return i.Notices.Choose(ctx, i.owner, set)
}

// newOwner makes an account that opens by the mail for a new password, with a
// studio of its own, which may be the one of the archive.
func (i *importer) newOwner(ctx context.Context, tx db.Tx, p accounts.Person, brings bool) error {
	if err := i.o.People.Provision(ctx, tx, []accounts.Person{p}); err != nil {
		return err
	}
	if !brings {
		if _, _, err := i.o.Found.FoundPersonal(ctx, tx, p.ID, p.Name); err != nil {
			return err
		}
	}
	return i.Outbox.Publish(ctx, tx, accounts.ResetAsked{UserID: &p.ID})
}

// room is the limit of storage that the studio gets: its own, or what its files
// need with all sizes, whichever is more. Limits that only the archive believes
// in are not taken over.
func room(c Content) int64 {
	need := media.DefaultLimit + 4*c.Bytes
	return max(media.DefaultLimit, min(c.Storage.Limit, need), 2*c.Bytes+media.DefaultLimit/5)
}

// bring makes the draft of a work with its files and its words.
func (i *importer) bring(ctx context.Context, w carry.Work) error {
	publicID, done, err := i.draft(ctx, w)
	if err != nil {
		return err
	}
	i.out.Works++
	if done {
		return nil
	}
	p := pending{source: carry.Work{ID: w.ID, State: w.State, Hidden: w.Hidden, PublishAt: w.PublishAt, PublishZone: w.PublishZone, PublishedAt: w.PublishedAt, Title: w.Title},
		target: works.Target{PublicID: publicID}}
	for _, item := range w.Media {
		f, ok := i.c.Files[item.ID]
		if !ok {
			i.note("A file of “%s” is not in the archive.", nameOf(w))
			continue
		}
		mediaID, known := i.files[f.ID]
		if known {
			if _, err := i.Works.AddMedia(ctx, i.actor(), p.target, nil, mediaID, ""); err != nil {
				if isGone(err) {
					continue // a file that was refused goes by itself after days
				}
				return err
			}
		} else if mediaID, err = i.send(ctx, f, item.Filename, carry.CreationKey(w.ID)); err != nil {
			return err
		}
		p.files = append(p.files, mediaID)
	}
	if _, err := i.Works.Save(ctx, i.actor(), p.target, edit(w, i.files)); err != nil {
		return fmt.Errorf("the work %s: %w", w.ID, err)
	}
	i.waiting = append(i.waiting, p)
	if i.out.Works%20 == 0 {
		i.o.Say("%d of %d works, %d of %d files are here.", i.out.Works, i.c.Works, len(i.files), len(i.c.Files))
	}
	return nil
}

func (i *importer) draft(ctx context.Context, w carry.Work) (publicID string, done bool, err error) {
	err = i.DB.Tenant(ctx, i.studio.ID, func(tx db.Tx) error {
		if publicID, done, err = importedWork(tx, i.studio.ID, w.ID); err != nil || publicID != "" {
			return err
		}
		if publicID, err = i.carry.Begin(ctx, tx, i.studio.ID, i.owner, w); err != nil {
			return err
		}
		return insertImportedWork(tx, i.studio.ID, w.ID, publicID)
	})
	if err == nil && publicID != w.ID && !done {
		i.note("The work “%s” has a new id, because its own is taken here: links to it do not work.", nameOf(w))
	}
	return publicID, done, err
}

func nameOf(w carry.Work) string {
	if w.Title == "" {
		return "Untitled"
	}
	return w.Title
}

// send sends a file of the archive in as an upload does. Its name in the archive
// is its key, so that a file on which an earlier run ended is not sent twice.
func (i *importer) send(ctx context.Context, f originals.File, filename, draft string) (mediaID uuid.UUID, err error) {
	entry := i.r.at[f.Path]
	rc, err := entry.Open()
	if err != nil {
		return mediaID, err
	}
	defer func() { _ = rc.Close() }()
	begin := media.Begin{Sender: media.Sender{StudioID: i.studio.ID, UserID: i.owner}, DraftKey: draft, Filename: filename,
		ContentType: contentType(f), Key: "import-" + f.ID.String(), Background: true}
	mediaID, err = i.Media.Import(ctx, begin, &until{ctx, rc})
	if isGone(err) { // what an earlier run began has been removed since
		begin.Key = id.New().String()
		if again, oerr := entry.Open(); oerr == nil {
			mediaID, err = i.Media.Import(ctx, begin, &until{ctx, again})
			_ = again.Close()
		}
	}
	if err != nil {
		return mediaID, fmt.Errorf("the file %s (%s): %w", f.Path, filename, err)
	}
	i.files[f.ID] = mediaID
	i.out.Files++
	return mediaID, i.DB.Tenant(ctx, i.studio.ID, func(tx db.Tx) error { return insertImportedMedia(tx, i.studio.ID, f.ID, mediaID) })
}

func contentType(f originals.File) string {
	if f.Kind == media.KindVideo {
		return "video/" + f.Format
	}
	return ""
}

// bringCollections puts the works that are here by now into their collections.
func (i *importer) bringCollections(ctx context.Context) error {
	here, err := importedWorks(ctx, i.DB.Read(ctx), i.studio.ID)
	if err != nil {
		return err
	}
	return each(i.r, studioDir+"collections", func(c collections.Exported) error {
		err := i.DB.Tenant(ctx, i.studio.ID, func(tx db.Tx) error { return i.shelves.Restore(ctx, tx, i.studio.ID, c, here) })
		if fault.Is(err, fault.Invalid) {
			i.note("The collection “%s” cannot be one here: %s", c.Title, sentenceOf(err))
			return nil
		}
		return err
	})
}

// bringRest sends the files that hang in no work.
func (i *importer) bringRest(ctx context.Context) error {
	return each(i.r, studioDir+"media", func(f originals.File) error {
		if _, here := i.c.Files[f.ID]; !here || i.files[f.ID] != uuid.Nil {
			return nil
		}
		_, err := i.send(ctx, f, f.Filename, "")
		return err
	})
}
