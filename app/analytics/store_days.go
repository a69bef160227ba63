package analytics

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
	"vitrine/app/platform/zone"
)

func markedStudios(ctx context.Context, r db.Reader, limit int) (ids []uuid.UUID, err error) {
	err = r.SQL(ctx).Raw(`select studio_id from stat_marks group by studio_id order by min(id) limit ?`, limit).Scan(&ids).Error
	return ids, err
}

type mark struct {
	ID    int64
	Since time.Time
	Until time.Time
}

func marksOf(ctx context.Context, r db.Reader, studioID uuid.UUID) (list []mark, err error) {
	err = r.SQL(ctx).Raw(`select id, since, until from stat_marks where studio_id = ? order by id limit 10000`, studioID).Scan(&list).Error
	return list, err
}

func deleteMarks(tx db.Tx, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	return tx.SQL().Exec(`delete from stat_marks where id in ?`, ids).Error
}

// zoneOf is the zone in which a studio's days were made; empty when none was.
func zoneOf(ctx context.Context, r db.Reader, studioID uuid.UUID) (name string, err error) {
	err = r.SQL(ctx).Raw(`select time_zone from stat_studios where studio_id = ?`, studioID).Scan(&name).Error
	return name, err
}

func storeZone(tx db.Tx, studioID uuid.UUID, name string) error {
	return tx.SQL().Exec(`insert into stat_studios (studio_id, time_zone, made_at) values (?, ?, ?)
		on conflict (studio_id) do update set time_zone = excluded.time_zone, made_at = excluded.made_at`, studioID, name, tx.Now()).Error
}

// sourcesKept is how many sources of a day are told apart: anybody can make up
// hosts.
const sourcesKept = 50

// OtherSources stands for the hosts of a day beyond the first ones.
const OtherSources = "*"

// dayStatements make a day of a studio again, in their order. Hours begin with
// the day, so that those of zones with half hours are their own.
var dayStatements = [...]string{
	`delete from stat_hours where studio_id = @studio and hour >= @from and hour < @to`,
	`insert into stat_hours (studio_id, hour, views, visitors)
		select @studio, date_bin('1 hour', at, @from), count(*), count(distinct visitor)
		from view_events where studio_id = @studio and at >= @from and at < @to group by 2`,
	`delete from stat_works where studio_id = @studio and day = cast(@day as date)`,
	`insert into stat_works (studio_id, day, work_id, views, visitors, likes)
		select @studio, cast(@day as date), work_id, sum(views), sum(visitors), sum(likes) from (
			select work_id, count(*) as views, count(distinct visitor) as visitors, 0 as likes
				from view_events where studio_id = @studio and at >= @from and at < @to group by work_id
			union all
			select work_id, 0, 0, sum(likes) from stat_acts where studio_id = @studio and at >= @from and at < @to and likes <> 0 group by work_id
		) of_works group by work_id`,
	`delete from stat_sources where studio_id = @studio and day = cast(@day as date)`,
	`insert into stat_sources (studio_id, day, source, views, visitors)
		select @studio, cast(@day as date), case when place <= @sources then source else @others end, sum(views), sum(visitors) from (
			select source, count(*) as views, count(distinct visitor) as visitors, row_number() over (order by count(*) desc, source) as place
				from view_events where studio_id = @studio and at >= @from and at < @to group by source
		) of_sources group by 3`,
	`insert into stat_days (studio_id, day, views, visitors, likes, follows)
		select @studio, cast(@day as date), v.views, v.visitors, a.likes, a.follows
		from (select count(*) as views, count(distinct visitor) as visitors from view_events where studio_id = @studio and at >= @from and at < @to) v,
			(select coalesce(sum(likes), 0) as likes, coalesce(sum(follows), 0) as follows from stat_acts where studio_id = @studio and at >= @from and at < @to) a
		on conflict (studio_id, day) do update set views = excluded.views, visitors = excluded.visitors, likes = excluded.likes, follows = excluded.follows`,
}

// makeDay makes a day again. Two who do it at once do it one after the other, so
// that the later one, who sees more, has the last word.
func makeDay(tx db.Tx, studioID uuid.UUID, day zone.Day, loc *time.Location) error {
	if err := tx.SQL().Exec(`select pg_advisory_xact_lock(hashtextextended(?, 0))`, "stat_days:"+studioID.String()).Error; err != nil {
		return err
	}
	args := []any{
		sql.Named("studio", studioID), sql.Named("day", day.String()), sql.Named("from", day.Starts(loc)), sql.Named("to", day.Ends(loc)),
		sql.Named("sources", sourcesKept), sql.Named("others", OtherSources),
	}
	for _, statement := range dayStatements {
		if err := tx.SQL().Exec(statement, args...).Error; err != nil {
			return err
		}
	}
	return nil
}
