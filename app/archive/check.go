package archive

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/accounts/closing"
	"vitrine/app/fault"
	"vitrine/app/media/originals"
	"vitrine/app/notifications/notices"
	"vitrine/app/platform/id"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/app/works/carry"
)

// Content is what an archive holds, as far as an import needs it in memory:
// words are read again when their work's turn comes.
type Content struct {
	Studio  *studios.ExportedStudio // nil in the archive of a person without a studio
	Account *closing.Account        // nil in the archive of a studio
	Members []studios.ExportedMember
	Asked   []studios.ExportedInvitation
	Chosen  []notices.Chosen // what the person wants to hear; empty in the archive of a studio
	Storage originals.Storage
	Works   int
	Files   map[uuid.UUID]originals.File // that have an original
	Bytes   int64                        // of the originals
	Missing int                          // files whose original is not in the archive
}

// Owner is the address of whom the archive's studio belongs to; empty when it
// does not say.
func (c Content) Owner() (email, name string) {
	if c.Account != nil {
		return c.Account.Email, c.Account.Name
	}
	for _, m := range c.Members {
		if m.Role == studios.Owner {
			return m.Email, m.Name
		}
	}
	return "", ""
}

// Verify reads all of an archive: each byte against its checksum, each record
// against the rules of what it becomes, each name that one record uses for
// another. Invalid with a sentence for the first thing that is wrong; then
// nothing of the archive was imported, and nothing should be. told is called as
// it goes.
func (r *Reading) Verify(ctx context.Context, told func(done, of int)) (c Content, err error) {
	defer fault.Wrap(&err, "archive.Verify(%s)", r.Manifest.ExportID)
	if err := r.verify(ctx, told); err != nil {
		return c, err
	}
	c.Files = map[uuid.UUID]originals.File{}
	if err := r.readStudio(&c); err != nil {
		return c, err
	}
	if c.Studio == nil && r.Manifest.Kind == Studio {
		return c, fault.New(fault.Invalid, "The archive of a studio has no record of the studio. Nothing was imported.")
	}
	if err := r.readFiles(&c); err != nil {
		return c, err
	}
	err = r.readWorks(&c)
	return c, err
}

func (r *Reading) readStudio(c *Content) error {
	err := each(r, accountDir+"account", func(a closing.Account) error {
		c.Account = &a
		return nil
	})
	if err != nil {
		return err
	}
	err = each(r, accountDir+"notice_settings", func(n notices.Chosen) error {
		if n.Kind.Known() {
			c.Chosen = append(c.Chosen, n)
		}
		return bounded(len(c.Chosen))
	})
	if err != nil {
		return err
	}
	err = each(r, studioDir+"studio", func(st studios.ExportedStudio) error {
		if c.Studio != nil || st.ID == uuid.Nil {
			return fault.New(fault.Invalid, "The archive has more than one studio, or one without an id. Nothing was imported.")
		}
		c.Studio = &st
		return st.Check()
	})
	if err != nil {
		return err
	}
	if err := each(r, studioDir+"members", func(m studios.ExportedMember) error {
		c.Members = append(c.Members, m)
		return bounded(len(c.Members))
	}); err != nil {
		return err
	}
	if err := each(r, studioDir+"invitations", func(v studios.ExportedInvitation) error {
		c.Asked = append(c.Asked, v)
		return bounded(len(c.Asked))
	}); err != nil {
		return err
	}
	return each(r, studioDir+"storage", func(st originals.Storage) error {
		c.Storage = st
		return nil
	})
}

// bounded keeps lists of people, which are held in memory, to a size that no
// studio has.
func bounded(n int) error {
	if n > 100_000 {
		return fault.New(fault.Invalid, "The archive names more people than any studio has. Nothing was imported.")
	}
	return nil
}

func (r *Reading) readFiles(c *Content) error {
	return each(r, studioDir+"media", func(f originals.File) error {
		if f.Path == "" {
			return nil // it had never arrived
		}
		e, ok := r.entries[f.Path]
		switch {
		case f.ID == uuid.Nil || f.Path != mediaDir+f.ID.String()+f.Path[strings.LastIndexByte(f.Path, '.'):]:
			return fault.Newf(fault.Invalid, "The record of the file %s names another path than its own. Nothing was imported.", f.ID)
		case !ok:
			c.Missing++ // deleted while the archive was made
			return nil
		case f.SHA256 != "" && f.SHA256 != e.SHA256 || f.Bytes != e.Bytes:
			return fault.Newf(fault.Invalid, "The record of the file %s tells of other bytes than the archive holds. Nothing was imported.", f.ID)
		}
		if _, twice := c.Files[f.ID]; twice {
			return fault.Newf(fault.Invalid, "The file %s is recorded twice. Nothing was imported.", f.ID)
		}
		c.Files[f.ID] = f
		c.Bytes += e.Bytes
		return nil
	})
}

func (r *Reading) readWorks(c *Content) error {
	seen := map[string]bool{}
	return each(r, studioDir+"works", func(w carry.Work) error {
		if !id.ValidPublic(w.ID) || seen[w.ID] {
			return fault.Newf(fault.Invalid, "The archive has a work with an id that cannot be one, or that came before: %q. Nothing was imported.", w.ID)
		}
		seen[w.ID] = true
		c.Works++
		return checkWork(w)
	})
}

func checkWork(w carry.Work) error {
	wrong := func(why string) error {
		return fault.Newf(fault.Invalid, "The work %s cannot be imported: %s Nothing was imported.", w.ID, why)
	}
	switch {
	case !w.State.Known():
		return wrong("its state is not known.")
	case len(w.Media) > works.MaxFiles:
		return wrong(fmt.Sprintf("it has more than %d files.", works.MaxFiles))
	case w.State == works.StateScheduled && w.PublishAt == nil:
		return wrong("it is scheduled for no time.")
	case w.State == works.StatePublished && w.PublishedAt == nil:
		return wrong("it is published and has no date.")
	}
	files := map[uuid.UUID]uuid.UUID{}
	for _, item := range w.Media {
		if _, twice := files[item.ID]; twice {
			return wrong("it has a file twice.")
		}
		files[item.ID] = item.ID
	}
	if err := edit(w, files).Check(); err != nil {
		for _, why := range fault.FieldsOf(err) {
			return wrong(why)
		}
		return wrong(fault.MessageOf(err))
	}
	return nil
}

// edit is what people typed into a work, with the files that stand for its own.
func edit(w carry.Work, files map[uuid.UUID]uuid.UUID) works.Edit {
	e := works.Edit{
		FormKey: carry.CreationKey(w.ID), Title: w.Title, Story: w.Story, Tags: strings.Join(w.Tags, ", "), Credits: w.Credits, Licence: w.Licence,
		Lang: w.Lang, Sensitive: w.Sensitive, AIMade: w.AIMade, NoAI: w.NoAI, Items: map[uuid.UUID]works.ItemEdit{},
	}
	if w.TitleGuessed {
		e.Title = "" // it is guessed again
	}
	if w.Year != nil {
		e.Year = strconv.Itoa(*w.Year)
	}
	for _, item := range w.Media {
		if mediaID, ok := files[item.ID]; ok {
			e.Items[mediaID] = works.ItemEdit{Alt: item.Alt, Caption: item.Caption, Focal: strconv.Itoa(item.Focal)}
		}
	}
	return e
}

// ownerOf decides whose the imported studio will be: the address that whoever
// imports names, else the archive's own.
func ownerOf(c Content, wanted string) (typed, key, name string, err error) {
	email, name := c.Owner()
	if wanted != "" {
		email = wanted
	}
	if email == "" {
		return "", "", "", fault.New(fault.Invalid, "The archive does not say whose the studio is. Name the owner's address: --owner me@example.org")
	}
	typed, key, problem := accounts.NormalAddress(email)
	if problem != "" {
		return "", "", "", fault.Newf(fault.Invalid, "The owner's address %s cannot be used: %s", email, problem)
	}
	if strings.TrimSpace(name) == "" || wanted != "" {
		name = c.Studio.Name
	}
	return typed, key, name, nil
}
