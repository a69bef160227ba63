package analytics

import (
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
	"vitrine/app/platform/zone"
)

func eventRows(list []view) db.Rows {
	rows := db.Rows{Table: "view_events", Columns: []string{"at", "id", "studio_id", "work_id", "visitor", "source"}, Values: make([][]any, len(list))}
	for i, v := range list {
		rows.Values[i] = []any{v.at, [16]byte(v.id), [16]byte(v.studioID), [16]byte(v.workID), v.visitor, v.source}
	}
	return rows
}

// markRows has one mark for each studio of a batch.
func markRows(list []view) db.Rows {
	spans := map[uuid.UUID]span{}
	for _, v := range list {
		spans[v.studioID] = spans[v.studioID].with(v.at)
	}
	rows := db.Rows{Table: "stat_marks", Columns: []string{"studio_id", "since", "until"}}
	for studioID, s := range spans {
		rows.Values = append(rows.Values, []any{[16]byte(studioID), s.Since, s.Until})
	}
	return rows
}

// span is a time of which statistics are to be made again; Until is not in it.
type span struct{ Since, Until time.Time }

func (s span) with(at time.Time) span {
	end := at.Add(time.Microsecond) // the finest that PostgreSQL tells apart
	if s.Since.IsZero() {
		return span{at, end}
	}
	if at.Before(s.Since) {
		s.Since = at
	}
	if end.After(s.Until) {
		s.Until = end
	}
	return s
}

func insertSalt(tx db.Tx, day zone.Day, salt []byte) error {
	return tx.SQL().Exec(`insert into view_salts (day, expires_at, salt) values (cast(? as date), ?, ?) on conflict do nothing`, day.String(), saltEnds(day), salt).Error
}

func saltsFrom(tx db.Tx, first zone.Day) (map[zone.Day][]byte, error) {
	var rows []struct {
		Day  time.Time
		Salt []byte
	}
	err := tx.SQL().Raw(`select day, salt from view_salts where day >= cast(? as date)`, first.String()).Scan(&rows).Error
	found := make(map[zone.Day][]byte, len(rows))
	for _, row := range rows {
		found[zone.Of(row.Day, time.UTC)] = row.Salt
	}
	return found, err
}

// act is a like or a follow, or one taken back.
type act struct {
	At       time.Time
	StudioID uuid.UUID
	WorkID   uuid.UUID
	Likes    int
	Follows  int
}

// insertAct keeps an act once for its event. Whoever calls marks its time.
func insertAct(tx db.Tx, eventID uuid.UUID, a act) (added bool, err error) {
	res := tx.SQL().Exec(`insert into stat_acts (at, event_id, studio_id, work_id, likes, follows) values (?, ?, ?, ?, ?, ?) on conflict do nothing`,
		a.At.UTC().Truncate(time.Microsecond), eventID, a.StudioID, a.WorkID, a.Likes, a.Follows)
	return res.RowsAffected == 1, res.Error
}

func insertMark(tx db.Tx, studioID uuid.UUID, s span) error {
	return tx.SQL().Exec(`insert into stat_marks (studio_id, since, until) values (?, ?, ?)`, studioID, s.Since, s.Until).Error
}
