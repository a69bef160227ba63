package sources

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
	"vitrine/app/studios"
)

// among is how many of the studios that published last are asked how many follow
// them, to suggest some.
const among = 60

type row struct {
	Source    `gorm:"embedded"`
	Muted     bool
	Suggested bool
}

// sourcesOf reads who is followed with their labels. The second half is not
// looked at when there is somebody in the first.
func sourcesOf(ctx context.Context, r db.Reader, member uuid.UUID, own []uuid.UUID, suggest int) (rows []row, err error) {
	err = r.SQL(ctx).Raw(`
		select f.studio_id, coalesce(l.slug, '') as slug, coalesce(l.name, '') as name, 0 as followers,
			exists (select from mutes m where m.user_id = f.user_id and m.kind = 'studio' and m.subject_id = f.studio_id) as muted, false as suggested
		from follows f left join studio_labels l on l.studio_id = f.studio_id where f.user_id = @member
		union all
		(select l.studio_id, l.slug, l.name, coalesce(c.followers, 0), false, true
		from (select * from studio_labels where shown_at is not null order by shown_at desc, studio_id desc limit @among) l
		left join studio_counters c on c.studio_id = l.studio_id
		where not exists (select from follows where user_id = @member) and l.studio_id <> all(cast(@own as uuid[]))
			and not exists (select from mutes m where m.user_id = @member and m.kind = 'studio' and m.subject_id = l.studio_id)
		order by coalesce(c.followers, 0) desc, l.shown_at desc limit @suggest)`,
		sql.Named("member", member), sql.Named("own", db.Array(own)), sql.Named("among", among), sql.Named("suggest", suggest)).Scan(&rows).Error
	return rows, err
}

// hold lets one transaction at a time keep the label of a studio.
func hold(tx db.Tx, studioID uuid.UUID) error {
	return tx.SQL().Exec("select pg_advisory_xact_lock(hashtextextended('studio_labels:' || ?, 0))", studioID.String()).Error
}

func storeLabel(tx db.Tx, st studios.Studio, shownAt *time.Time) error {
	return tx.SQL().Exec(`insert into studio_labels (studio_id, slug, name, shown_at)
		values (?, ?, ?, ?)
		on conflict (studio_id) do update set slug = excluded.slug, name = excluded.name, shown_at = excluded.shown_at
		where (studio_labels.slug, studio_labels.name, studio_labels.shown_at) is distinct from (excluded.slug, excluded.name, excluded.shown_at)`,
		st.ID, st.Slug, st.Name, shownAt).Error
}
