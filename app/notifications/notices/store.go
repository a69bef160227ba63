package notices

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
)

// counted are the notices that a person can see; the indexes say the same.
const counted = `on_page and things > 0 and standing <> 'none'`

func unreadOf(ctx context.Context, r db.Reader, userID uuid.UUID) (Unread, error) {
	var rows []struct {
		Shelf Shelf
		N     int
	}
	err := r.SQL(ctx).Raw(`select shelf, count(*) as n from notices where user_id = ? and read_at is null and `+counted+` group by shelf`, userID).Scan(&rows).Error
	out := Unread{}
	for _, row := range rows {
		out[row.Shelf] = row.N
	}
	return out, err
}

func unreadCounts(ctx context.Context, r db.Reader, people []uuid.UUID) (map[uuid.UUID]int, error) {
	var rows []struct {
		UserID uuid.UUID
		N      int
	}
	err := r.SQL(ctx).Raw(`select user_id, count(*) as n from notices where user_id = any(cast(? as uuid[])) and read_at is null and `+counted+` group by user_id`, db.Array(people)).Scan(&rows).Error
	out := map[uuid.UUID]int{}
	for _, row := range rows {
		out[row.UserID] = row.N
	}
	return out, err
}

// part is one thing that happened, as a line shows it.
type part struct {
	RefID   uuid.UUID `json:"ref_id"`
	ActorID uuid.UUID `json:"actor_id"`
	Label   string    `json:"label"`
	Note    string    `json:"note"`
	Path    string    `json:"path"`
}

type parts []part

// Value writes the list as JSON. gorm takes a list for a relation without it.
func (p parts) Value() (driver.Value, error) {
	raw, err := json.Marshal([]part(p))
	return string(raw), err
}

// Scan reads the list from the database.
func (p *parts) Scan(src any) error {
	switch v := src.(type) {
	case []byte:
		return json.Unmarshal(v, (*[]part)(p))
	case string:
		return json.Unmarshal([]byte(v), (*[]part)(p))
	case nil:
		return nil
	}
	return fmt.Errorf("a JSON column came as %T", src)
}

// row is a notice with its newest parts.
type row struct {
	ID        uuid.UUID
	UserID    uuid.UUID
	Kind      Kind
	Shelf     Shelf
	SubjectID uuid.UUID
	StudioID  uuid.UUID
	WorkID    *uuid.UUID
	Standing  standing
	People    int
	Things    int
	OnPage    bool
	UpdatedAt time.Time
	ReadAt    *time.Time
	Parts     parts
	Zone      string
}

// newestParts are the two newest by different people, and the newest of all.
const rowSQL = `select n.id, n.user_id, n.kind, n.shelf, n.subject_id, n.studio_id, n.work_id, n.standing, n.people, n.things, n.on_page, n.updated_at, n.read_at,
	(select json_agg(p) from (select ref_id, actor_id, label, note, path from notice_parts where notice_id = n.id and not gone order by at desc, ref_id limit 4) p) as parts,
	coalesce((select zone from notice_hours h where h.user_id = n.user_id), '') as zone from notices n where `

// pageSQL is a page of a person's notices.
func pageSQL(userID uuid.UUID, shelf Shelf, from Place, limit int) (query string, args []any) {
	query, args = rowSQL+`n.user_id = ? and `+counted, []any{userID}
	if shelf != All {
		query, args = query+` and n.shelf = ?`, append(args, shelf)
	}
	if !from.At.IsZero() {
		query, args = query+` and (n.updated_at, n.id) < (cast(? as timestamptz), cast(? as uuid))`, append(args, from.At, from.ID)
	}
	return query + ` order by n.updated_at desc, n.id desc limit ?`, append(args, limit)
}

func pageOf(ctx context.Context, r db.Reader, userID uuid.UUID, shelf Shelf, from Place, limit int) (rows []row, err error) {
	query, args := pageSQL(userID, shelf, from, limit)
	err = r.SQL(ctx).Raw(query, args...).Scan(&rows).Error
	return rows, err
}

func rowByID(ctx context.Context, r db.Reader, noticeID uuid.UUID) (rows []row, err error) {
	err = r.SQL(ctx).Raw(rowSQL+`n.id = ?`, noticeID).Scan(&rows).Error
	return rows, err
}

func digestRows(ctx context.Context, r db.Reader, userID uuid.UUID, limit int) (rows []row, err error) {
	err = r.SQL(ctx).Raw(rowSQL+`n.user_id = ? and n.digest and n.read_at is null and n.things > 0 and n.standing <> 'none' order by n.updated_at desc, n.id desc limit ?`,
		userID, limit).Scan(&rows).Error
	return rows, err
}

type setting struct {
	UserID uuid.UUID
	Kind   Kind
	Page   bool
	Mail   bool
	Daily  bool
}

func (s setting) channels() Channels { return Channels{Page: s.Page, Mail: s.Mail, Daily: s.Daily} }

// channelsOf is what people chose for a kind; who chose nothing is missing.
func channelsOf(ctx context.Context, r db.Reader, k Kind, people []uuid.UUID) (map[uuid.UUID]Channels, error) {
	var rows []setting
	err := r.SQL(ctx).Raw(`select user_id, page, mail, daily from notice_settings where user_id = any(cast(? as uuid[])) and kind = ?`, db.Array(people), k).Scan(&rows).Error
	out := map[uuid.UUID]Channels{}
	for _, s := range rows {
		out[s.UserID] = s.channels()
	}
	return out, err
}

func settingsOf(ctx context.Context, r db.Reader, userID uuid.UUID) (rows []setting, err error) {
	err = r.SQL(ctx).Raw(`select kind, page, mail, daily from notice_settings where user_id = ?`, userID).Scan(&rows).Error
	return rows, err
}

func saveSetting(tx db.Tx, s setting) error {
	return tx.SQL().Exec(`insert into notice_settings (user_id, kind, page, mail, daily) values (?, ?, ?, ?, ?)
		on conflict (user_id, kind) do update set page = excluded.page, mail = excluded.mail, daily = excluded.daily`, s.UserID, s.Kind, s.Page, s.Mail, s.Daily).Error
}

// expectDigest lets the daily mail of people leave at their hour: in the zone that
// they chose, else in that of their own studio.
func expectDigest(tx db.Tx, people []uuid.UUID, zones map[uuid.UUID]string) error {
	names := make([]string, len(people))
	for i, userID := range people {
		names[i] = `"` + zones[userID] + `"`
	}
	return tx.SQL().Exec(`insert into notice_hours as h (user_id, next_at)
		select u, next_hour(cast(@now as timestamptz), coalesce(o.hour, @hour), coalesce(nullif(o.zone, ''), z))
		from unnest(cast(@people as uuid[]), cast(@zones as text[])) x (u, z) left join notice_hours o on o.user_id = u
		on conflict (user_id) do update set next_at = excluded.next_at where h.next_at is null`,
		sql.Named("now", tx.Now()), sql.Named("hour", firstHour), sql.Named("people", db.Array(people)), sql.Named("zones", "{"+strings.Join(names, ",")+"}")).Error
}
