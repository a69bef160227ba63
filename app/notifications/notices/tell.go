package notices

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
)

// news is one thing that happened, told to several people.
type news struct {
	Kind     Kind
	Subject  uuid.UUID // what it is grouped by
	Ref      uuid.UUID // what happened, once
	Actor    uuid.UUID // who did it, a person or a studio
	Person   bool      // the actor is a person
	StudioID uuid.UUID
	WorkID   *uuid.UUID // that every part of the group is about
	Standing standing
	Label    string
	Note     string
	Path     string // of the studio's own page about it
	At       time.Time
	zones    map[uuid.UUID]string // of those who are told
}

// standing is how a work stands to the public.
type standing string

const (
	public standing = "public"
	byLink standing = "link"
	none   standing = "none"
)

// MailWanted tells that a notice should be mailed at once.
type MailWanted struct {
	NoticeID uuid.UUID `json:"notice_id"`
	UserID   uuid.UUID `json:"user_id"`
}

// EventName names the event.
func (MailWanted) EventName() string { return "notifications.mail_wanted.v1" }

// tell writes news for people in one transaction and rings their bells after it;
// also may add to it. Doing it again changes nothing.
func (s *Service) tell(ctx context.Context, n news, to []uuid.UUID, also func(tx db.Tx) error) error {
	to, err := s.hearing(ctx, n, to)
	if err != nil {
		return err
	}
	if n.zones, err = s.Studios.Zones(ctx, to); err != nil {
		return err
	}
	var rung []uuid.UUID
	err = s.DB.Transact(ctx, func(tx db.Tx) (err error) {
		if len(to) > 0 {
			if rung, err = s.write(ctx, tx, n, to); err != nil {
				return err
			}
		}
		if also != nil {
			return also(tx)
		}
		return nil
	})
	if err == nil {
		s.ring(ctx, rung)
	}
	return err
}

// hearing leaves out whoever did it, and whoever does not want to hear of them.
func (s *Service) hearing(ctx context.Context, n news, to []uuid.UUID) ([]uuid.UUID, error) {
	to = slices.DeleteFunc(slices.Clone(to), func(u uuid.UUID) bool { return u == n.Actor || u == uuid.Nil })
	slices.SortFunc(to, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	to = slices.Compact(to) // sorted, so that two chunks never wait for each other in a circle
	if n.Kind.fromHouse() {
		return to, nil
	}
	actor := n.Actor
	if !n.Person {
		actor = uuid.Nil
	}
	deaf, err := s.Engagement.Muted(ctx, s.DB.Read(ctx), to, actor, n.StudioID)
	return slices.DeleteFunc(to, func(u uuid.UUID) bool { return deaf[u] }), err
}

// write sorts people by what they want to hear and writes for each of them; it
// says whose bells ring.
func (s *Service) write(ctx context.Context, tx db.Tx, n news, to []uuid.UUID) (rung []uuid.UUID, err error) {
	chosen, err := channelsOf(ctx, tx.Reader(), n.Kind, to)
	if err != nil {
		return nil, err
	}
	groups := map[Channels][]uuid.UUID{}
	for _, userID := range to {
		c, ok := chosen[userID]
		if !ok || n.Kind.Fixed() {
			c = n.Kind.first()
		}
		if !c.None() {
			groups[c] = append(groups[c], userID)
		}
	}
	for c, people := range groups {
		told, err := s.writeTo(ctx, tx, n, c, people)
		if err != nil {
			return nil, err
		}
		if c.Page {
			rung = append(rung, told...)
		}
	}
	return rung, nil
}

// writeTo writes for people who want the same, and says who had not heard of it.
func (s *Service) writeTo(ctx context.Context, tx db.Tx, n news, c Channels, people []uuid.UUID) ([]uuid.UUID, error) {
	heard, err := insertParts(tx, n, people)
	if err != nil || len(heard) == 0 {
		return nil, err
	}
	groups, err := joinGroups(tx, n, c, heard)
	if err != nil {
		return nil, err
	}
	if err := bindParts(tx, n, groups); err != nil {
		return nil, err
	}
	if c.Daily && !c.Mail {
		if err := expectDigest(tx, heard, n.zones); err != nil {
			return nil, err
		}
	}
	if c.Mail {
		for _, g := range groups {
			if !g.Fresh {
				continue // one mail for a group
			}
			if err := s.Outbox.Publish(ctx, tx, MailWanted{NoticeID: g.ID, UserID: g.UserID}); err != nil {
				return nil, err
			}
		}
	}
	return heard, nil
}

// group is a notice that a part joins; fresh when it is its first.
type group struct {
	ID     uuid.UUID
	UserID uuid.UUID
	Fresh  bool
}

// insertParts writes what happened for each person, and gives those who had not
// heard of it. It waits for another transaction that tells the same.
func insertParts(tx db.Tx, n news, people []uuid.UUID) (heard []uuid.UUID, err error) {
	err = tx.SQL().Raw(`insert into notice_parts (user_id, kind, ref_id, actor_id, label, note, path, at)
		select u, ?, cast(? as uuid), cast(? as uuid), ?, ?, ?, cast(? as timestamptz) from unnest(cast(? as uuid[])) u
		on conflict do nothing returning user_id`, n.Kind, n.Ref, n.Actor, n.Label, n.Note, n.Path, n.At, db.Array(people)).Scan(&heard).Error
	return heard, err
}

// joinGroups adds one part to the unread notice of each person, or begins one.
func joinGroups(tx db.Tx, n news, c Channels, people []uuid.UUID) (out []group, err error) {
	ids := make([]uuid.UUID, len(people))
	for i := range ids {
		ids[i] = id.New()
	}
	err = tx.SQL().Raw(`insert into notices as n (id, user_id, kind, shelf, subject_id, studio_id, work_id, standing, people, things, on_page, digest, created_at, updated_at)
		select i, u, ?, ?, cast(? as uuid), cast(? as uuid), cast(? as uuid), ?, 1, 1, ?, ?, cast(? as timestamptz), cast(? as timestamptz)
		from unnest(cast(? as uuid[]), cast(? as uuid[])) as x (i, u)
		on conflict (user_id, kind, subject_id) where read_at is null do update set
			people = n.people + case when exists (select from notice_parts p where p.notice_id = n.id and p.actor_id = ? and not p.gone) then 0 else 1 end,
			things = n.things + 1, updated_at = greatest(n.updated_at, excluded.updated_at),
			on_page = n.on_page or excluded.on_page, digest = n.digest or excluded.digest, standing = excluded.standing
		returning id, user_id, things = 1 as fresh`,
		n.Kind, n.Kind.shelf(), n.Subject, n.StudioID, n.WorkID, n.Standing, c.Page, c.Daily && !c.Mail, n.At, n.At, db.Array(ids), db.Array(people), n.Actor).Scan(&out).Error
	return out, err
}

// bindParts says which notice each new part belongs to.
func bindParts(tx db.Tx, n news, groups []group) error {
	ids, people := make([]uuid.UUID, len(groups)), make([]uuid.UUID, len(groups))
	for i, g := range groups {
		ids[i], people[i] = g.ID, g.UserID
	}
	return tx.SQL().Exec(`update notice_parts p set notice_id = x.i from unnest(cast(? as uuid[]), cast(? as uuid[])) as x (i, u)
		where p.user_id = x.u and p.kind = ? and p.ref_id = ? and p.actor_id = ?`, db.Array(ids), db.Array(people), n.Kind, n.Ref, n.Actor).Error
}

// drop takes parts back, everywhere, a batch at a time: each where names them by
// their columns. The notices that they were in tell less, or nothing.
func (s *Service) drop(ctx context.Context, gone bool, where string, args ...any) error {
	for {
		n, err := s.dropSome(ctx, gone, where, args...)
		if err != nil || n < eraseBatch {
			return err
		}
	}
}

func (s *Service) dropSome(ctx context.Context, gone bool, where string, args ...any) (n int, err error) {
	var rung []uuid.UUID
	err = s.DB.Transact(ctx, func(tx db.Tx) error {
		var ids []uuid.UUID
		err := tx.SQL().Raw(`update notice_parts p set gone = ? from (select user_id, kind, ref_id, actor_id from notice_parts
				where gone <> ? and `+where+` order by user_id limit ?) x
			where p.user_id = x.user_id and p.kind = x.kind and p.ref_id = x.ref_id and p.actor_id = x.actor_id returning p.notice_id`,
			slices.Concat([]any{gone, gone}, args, []any{eraseBatch})...).Scan(&ids).Error
		if n = len(ids); err != nil || n == 0 {
			return err
		}
		rung, err = recount(tx, ids)
		return err
	})
	if err == nil {
		s.ring(ctx, rung)
	}
	return n, err
}

// recount counts the parts of notices again, and says whose they are.
func recount(tx db.Tx, ids []uuid.UUID) (people []uuid.UUID, err error) {
	// Held first, counted afterwards: what joins meanwhile waits, or is counted.
	if err := tx.SQL().Exec(`select from notices where id = any(cast(? as uuid[])) order by id for update`, db.Array(ids)).Error; err != nil {
		return nil, err
	}
	err = tx.SQL().Raw(`update notices n set things = c.things, people = c.people
		from (select i, count(p.ref_id) as things, count(distinct p.actor_id) as people
			from (select distinct unnest(cast(? as uuid[])) as i) x left join notice_parts p on p.notice_id = i and not p.gone group by i) c
		where n.id = c.i returning n.user_id`, db.Array(ids)).Scan(&people).Error
	return people, err
}
