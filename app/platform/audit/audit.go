// Package audit remembers who did what. An entry is written in the transaction
// of the act, so there is none without the other, and is never changed.
//
// What concerns a studio is kept with the studio, behind its row-level security,
// and its admins read it. The rest, people's own accounts and the running of the
// installation, only those who run the installation read: the app's role may
// write it and read none.
package audit

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
)

// Entry is one act. Notes hold no secrets and no addresses of mail: they
// outlive the account.
type Entry struct {
	ActorID  uuid.UUID // uuid.Nil: the product itself
	StudioID uuid.UUID // uuid.Nil: no studio is concerned
	Action   string    // "studios.member_removed": context, then what was done
	Subject  string    // what it was done to: "user:<id>", "work:<public id>", "task:<id>"; may be empty
	Note     string    // a sentence for people, such as a reason; at most 2,000 characters
}

// Row is an entry that was written.
type Row struct {
	Entry
	ID uuid.UUID // UUIDv7: newer rows have higher ones
	At time.Time
}

// Subject names a thing for Entry.Subject.
func Subject(kind string, what uuid.UUID) string { return kind + ":" + what.String() }

const noteLimit = 2000

// Write adds the entry. An entry of a studio needs the transaction to be in the
// studio's scope, or the worker's role.
func Write(_ context.Context, tx db.Tx, e Entry) error {
	if note := []rune(e.Note); len(note) > noteLimit {
		e.Note = string(note[:noteLimit])
	}
	if e.StudioID == uuid.Nil {
		return tx.SQL().Exec(`insert into audit (id, actor_id, action, subject, note, at) values (?, ?, ?, ?, ?, ?)`,
			id.New(), orNull(e.ActorID), e.Action, e.Subject, e.Note, tx.Now()).Error
	}
	return tx.SQL().Exec(`insert into studio_audit (id, studio_id, actor_id, action, subject, note, at) values (?, ?, ?, ?, ?, ?, ?)`,
		id.New(), e.StudioID, orNull(e.ActorID), e.Action, e.Subject, e.Note, tx.Now()).Error
}

func orNull(v uuid.UUID) *uuid.UUID {
	if v == uuid.Nil {
		return nil
	}
	return &v
}

// Filter narrows a list; its zero value narrows nothing.
type Filter struct {
	StudioID uuid.UUID
	ActorID  uuid.UUID
	Action   string
	Subject  string // of All alone
}

// most is the largest page.
const most = 200

// OfStudio lists a studio's entries, newest first, after the row of id before
// (uuid.Nil: from the newest), limit of them at most. The reader is in the
// studio's scope. Who may see them is the caller's to decide.
func OfStudio(ctx context.Context, r db.Reader, studioID uuid.UUID, f Filter, before uuid.UUID, limit int) ([]Row, error) {
	f.StudioID = studioID
	where, args := f.where(before)
	return rows(ctx, r, `select id, studio_id, actor_id, action, subject, note, at from studio_audit where `+where+` order by id desc limit ?`, append(args, min(limit, most)))
}

// All lists every entry of the installation, as OfStudio does. Only the
// worker's role may read them.
func All(ctx context.Context, r db.Reader, f Filter, before uuid.UUID, limit int) ([]Row, error) {
	limit = min(limit, most)
	where, args := f.where(before)
	if f.StudioID != uuid.Nil {
		return rows(ctx, r, `select id, studio_id, actor_id, action, subject, note, at from studio_audit where `+where+` order by id desc limit ?`, append(args, limit))
	}
	// Each side brings a page of its own by its index; the outer order has two
	// pages to sort.
	query := `select id, studio_id, actor_id, action, subject, note, at from (
		(select id, studio_id, actor_id, action, subject, note, at from studio_audit where ` + where + ` order by id desc limit ?)
		union all
		(select id, null, actor_id, action, subject, note, at from audit where ` + where + ` order by id desc limit ?)) e order by id desc limit ?`
	both := append(append(append([]any{}, args...), limit), args...)
	return rows(ctx, r, query, append(both, limit, limit))
}

func (f Filter) where(before uuid.UUID) (sql string, args []any) {
	sql = "true"
	add := func(condition string, arg any) { sql, args = sql+" and "+condition, append(args, arg) }
	if f.StudioID != uuid.Nil {
		add("studio_id = ?", f.StudioID)
	}
	if f.ActorID != uuid.Nil {
		add("actor_id = ?", f.ActorID)
	}
	if f.Action != "" {
		add("action = ?", f.Action)
	}
	if f.Subject != "" {
		add("subject = ?", f.Subject)
	}
	if before != uuid.Nil {
		add("id < ?", before)
	}
	return sql, args
}

// scanned is a row with what may be null.
type scanned struct {
	ID, StudioID, ActorID *uuid.UUID
	Action, Subject, Note string
	At                    time.Time
}

func rows(ctx context.Context, r db.Reader, query string, args []any) ([]Row, error) {
	var list []scanned
	if err := r.SQL(ctx).Raw(query, args...).Scan(&list).Error; err != nil {
		return nil, err
	}
	out := make([]Row, len(list))
	for i, s := range list {
		out[i] = Row{ID: orNil(s.ID), At: s.At, Entry: Entry{ActorID: orNil(s.ActorID), StudioID: orNil(s.StudioID), Action: s.Action, Subject: s.Subject, Note: s.Note}}
	}
	return out, nil
}

func orNil(v *uuid.UUID) uuid.UUID {
	if v == nil {
		return uuid.Nil
	}
	return *v
}
