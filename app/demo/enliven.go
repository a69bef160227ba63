package demo

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/analytics"
	"vitrine/app/demo/catalog"
	"vitrine/app/demo/life"
	"vitrine/app/engagement/carry"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
)

// invite finds or makes the demo members and lets them follow the studios.
func (f *filler) invite(ctx context.Context) error {
	err := f.DB.Transact(ctx, func(tx db.Tx) error {
		// Held until the commit, as for a studio.
		if err := f.hold(tx); err != nil {
			return err
		}
		var err error
		if f.members, err = membersOf(tx); err != nil || len(f.members) > 0 {
			return err
		}
		people := make([]accounts.Person, 0, len(life.Names()))
		for n, name := range life.Names() {
			p := accounts.Person{ID: id.New(), Email: fmt.Sprintf("%s-%s@demo.example", localPart(name), id.Public()[:4]), Name: name}
			people = append(people, p)
			f.members = append(f.members, p.ID)
			if err := tx.SQL().Exec("insert into demo_members (number, user_id) values (?, ?)", n, p.ID).Error; err != nil {
				return err
			}
		}
		if err := f.Accounts.Provision(ctx, tx, people); err != nil {
			return err
		}
		return f.Notices.Silence(ctx, tx, f.members...)
	})
	if err != nil {
		return err
	}
	follows := life.Follows(catalog.Studios(), f.since)
	for _, st := range catalog.Studios() {
		if _, ok := f.owners[st.Slug]; !ok {
			continue
		}
		if err := f.wanted(ctx); err != nil {
			return err
		}
		past := carry.Past{StudioID: f.owners[st.Slug].ID}
		for _, fw := range follows {
			if fw.Studio == st.Slug {
				past.Follows = append(past.Follows, carry.Mark{UserID: f.members[fw.Who], At: fw.At})
			}
		}
		if err := f.bringPast(ctx, past); err != nil {
			return err
		}
	}
	return nil
}

// localPart is a name as an address has it: plain letters and dashes.
func localPart(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r < unicode.MaxASCII && unicode.IsLetter(r):
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

func membersOf(tx db.Tx) (ids []uuid.UUID, err error) {
	err = tx.SQL().Raw("select user_id from demo_members order by number").Scan(&ids).Error
	return ids, err
}

func (f *filler) bringPast(ctx context.Context, past carry.Past) error {
	err := f.DB.Tenant(ctx, past.StudioID, func(tx db.Tx) error { return f.past.Bring(ctx, tx, past) })
	if err == nil {
		_, err = f.Engage.Fold(ctx)
	}
	return err
}

// enliven brings in what happened to a published work. It may be repeated.
func (f *filler) enliven(ctx context.Context, n int, w catalog.Work) error {
	if w.State != catalog.Published {
		return nil
	}
	owner := f.owners[w.Studio]
	var row struct {
		ID          uuid.UUID
		PublishedAt time.Time
	}
	err := f.DB.TenantRead(ctx, owner.ID, func(r db.Reader) error {
		return r.SQL(ctx).Raw("select id, published_at from works where studio_id = ? and creation_key = ? and state = 'published'", owner.ID, key(n)).Scan(&row).Error
	})
	if err != nil || row.ID == uuid.Nil {
		return err
	}
	return f.bringPast(ctx, f.pastOf(owner, row.ID, w.Studio, life.Of(n, w, row.PublishedAt, f.since)))
}

// watch brings in the visitors of the last three months.
func (f *filler) watch(ctx context.Context) error {
	for _, st := range catalog.Studios() {
		if _, ok := f.owners[st.Slug]; !ok {
			continue
		}
		of := analytics.Imagined{StudioID: f.owners[st.Slug].ID, Since: f.since.Add(-90 * 24 * time.Hour)}
		err := f.DB.TenantRead(ctx, of.StudioID, func(r db.Reader) error {
			return r.SQL(ctx).Raw("select id as work_id, published_at as since from works where studio_id = ? and state = 'published' order by id", of.StudioID).Scan(&of.Works).Error
		})
		if err != nil {
			return err
		}
		if _, err := f.Views.Imagine(ctx, of); err != nil {
			return err
		}
		var acts []analytics.PastAct
		err = f.DB.Read(ctx).SQL(ctx).Raw(`select l.work_id, l.created_at as at from likes l join demo_members d using (user_id) where l.studio_id = @studio
			union all select cast(@none as uuid), f.created_at from follows f join demo_members d using (user_id) where f.studio_id = @studio order by 1, 2`, sql.Named("studio", of.StudioID), sql.Named("none", uuid.Nil)).Scan(&acts).Error
		if err != nil {
			return err
		}
		if err := f.Views.Remember(ctx, of.StudioID, acts); err != nil {
			return err
		}
	}
	return nil
}

// pastOf gives the life of a work its people and ids. The ids follow from the
// work's, so that repeating finds the same rows.
func (f *filler) pastOf(owner studio, workID uuid.UUID, slug string, l life.Life) carry.Past {
	past := carry.Past{StudioID: owner.ID}
	marks := func(list []life.Like) (out []carry.Mark) {
		for _, m := range list {
			out = append(out, carry.Mark{UserID: f.members[m.Who], WorkID: &workID, At: m.At})
		}
		return out
	}
	past.Likes, past.Bookmarks = marks(l.Likes), marks(l.Bookmarks)
	add := func(c life.Comment, parent *uuid.UUID) *uuid.UUID {
		s := carry.Said{ParentID: parent, WorkID: workID, Body: c.Text, At: c.At}
		s.ID, s.PublicID = derived(workID, len(past.Comments))
		if c.Who == life.Studio {
			s.UserID, s.Name, s.ByMember = owner.Owner, nameOf(slug), true
		} else {
			s.UserID, s.Name = f.members[c.Who], life.Names()[c.Who]
		}
		past.Comments = append(past.Comments, s)
		return &s.ID
	}
	for _, c := range l.Comments {
		at := add(c, nil)
		for _, reply := range c.Replies {
			add(reply, at)
		}
	}
	return past
}

func nameOf(slug string) string {
	for _, st := range catalog.Studios() {
		if st.Slug == slug {
			return st.Name
		}
	}
	return slug
}

// derivedPublic is the public id of the n-th thing of a kind that belongs to
// something.
func derivedPublic(of uuid.UUID, kind string, n int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %d", of, kind, n))
	public := make([]byte, id.PublicLength)
	for i := range public {
		public[i] = idLetters[int(sum[16+i])%len(idLetters)]
	}
	return string(public)
}

// derived is the id and the public id of the n-th comment below a work.
func derived(workID uuid.UUID, n int) (uuid.UUID, string) {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s comment %d", workID, n))
	row := uuid.UUID(sum[:16])
	row[6], row[8] = row[6]&0x0f|0x80, row[8]&0x3f|0x80 // version 8: made by a rule of ours
	return row, derivedPublic(workID, "comment", n)
}
