package notices

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/works"
)

// firstHour is when the daily mail leaves until its person says otherwise.
const firstHour = 8

// Fields of the form.
const (
	FieldHour = "hour"
	FieldZone = "zone"
)

// Settings is what a person wants to hear, and when.
type Settings struct {
	Channels map[Kind]Channels // of every kind
	Hour     int               // of the daily mail, 0 to 23
	Zone     string            // IANA name; empty is that of their own studio
}

// Settings reads them; who chose nothing has what everybody has at first. Two
// queries.
func (s *Service) Settings(ctx context.Context, userID uuid.UUID) (out Settings, err error) {
	defer fault.Wrap(&err, "notices.Settings(%s)", userID)
	out = Settings{Channels: map[Kind]Channels{}, Hour: firstHour}
	rows, err := settingsOf(ctx, s.DB.Read(ctx), userID)
	if err != nil {
		return out, err
	}
	for _, k := range Kinds {
		out.Channels[k] = k.first()
	}
	for _, row := range rows {
		if row.Kind.Known() && !row.Kind.Fixed() {
			out.Channels[row.Kind] = row.channels()
		}
	}
	var hours []struct {
		Hour int
		Zone string
	}
	err = s.DB.Read(ctx).SQL(ctx).Raw(`select hour, zone from notice_hours where user_id = ?`, userID).Scan(&hours).Error
	for _, h := range hours {
		out.Hour, out.Zone = h.Hour, h.Zone
	}
	return out, err
}

// Choose saves what a person wants to hear. A daily mail that waits leaves at the
// new hour. Invalid names the fields hour and zone.
func (s *Service) Choose(ctx context.Context, userID uuid.UUID, form Settings) (err error) {
	defer fault.Wrap(&err, "notices.Choose(%s)", userID)
	problems := map[string]string{}
	if form.Hour < 0 || form.Hour > 23 {
		problems[FieldHour] = "Choose an hour of the day."
	}
	if form.Zone != "" && !slices.Contains(works.Zones[:], form.Zone) {
		problems[FieldZone] = "Choose one of the time zones in the list."
	}
	if err := fault.Fields(problems); err != nil {
		return err
	}
	zones, err := s.Studios.Zones(ctx, []uuid.UUID{userID})
	if err != nil {
		return err
	}
	return s.DB.Transact(ctx, func(tx db.Tx) error {
		for _, k := range Kinds {
			c, ok := form.Channels[k]
			if !ok || k.Fixed() {
				continue
			}
			if err := saveSetting(tx, setting{userID, k, c.Page, c.Mail, c.Daily}); err != nil {
				return err
			}
		}
		return tx.SQL().Exec(`insert into notice_hours as h (user_id, hour, zone) values (?, ?, ?)
			on conflict (user_id) do update set hour = excluded.hour, zone = excluded.zone,
			next_at = case when h.next_at is null then null else next_hour(cast(? as timestamptz), excluded.hour, coalesce(nullif(excluded.zone, ''), ?)) end`,
			userID, form.Hour, form.Zone, tx.Now(), zones[userID]).Error
	})
}
