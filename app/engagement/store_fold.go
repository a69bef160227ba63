package engagement

import (
	"vitrine/app/platform/db"
)

// folding is the key of the lock that lets one fold run at a time. Without it two
// would lock the counters of the same works in different orders.
const folding = 7_310_001

// fold takes changes and adds them up. A counter whose work or studio is gone has
// no row, and its changes go with it.
func fold(tx db.Tx, limit int) (n int, err error) {
	if err := tx.SQL().Exec(`select pg_advisory_xact_lock(?)`, folding).Error; err != nil {
		return 0, err
	}
	err = tx.SQL().Raw(`
		with taken as (delete from counter_changes where id in (select id from counter_changes order by id limit ?)
			returning studio_id, work_id, likes, comments, followers),
		ofworks as (select work_id, sum(likes) as likes, sum(comments) as comments from taken where work_id is not null group by work_id),
		ofstudios as (select studio_id, sum(followers) as followers from taken where work_id is null group by studio_id),
		works as (update work_counters c set likes = c.likes + o.likes, comments = c.comments + o.comments from ofworks o where c.work_id = o.work_id),
		studios as (update studio_counters c set followers = c.followers + o.followers from ofstudios o where c.studio_id = o.studio_id)
		select count(*) from taken`, limit).Scan(&n).Error
	return n, err
}

// countAgain locks out acts: what they note would be counted twice.
func countAgain(tx db.Tx) error {
	for _, statement := range []string{
		`lock table likes, follows, comments, counter_changes in share row exclusive mode`,
		`delete from counter_changes`,
		`insert into work_counters (work_id, studio_id)
			select distinct work_id, studio_id from (select work_id, studio_id from likes union all select work_id, studio_id from comments) r on conflict do nothing`,
		`insert into studio_counters (studio_id) select distinct studio_id from follows on conflict do nothing`,
		`update work_counters w set likes = coalesce(l.n, 0), comments = coalesce(c.n, 0) from work_counters k
			left join (select work_id, count(*) as n from likes group by 1) l on l.work_id = k.work_id
			left join (select work_id, count(*) as n from comments where deleted_at is null and not hidden group by 1) c on c.work_id = k.work_id
			where w.work_id = k.work_id and (w.likes, w.comments) <> (coalesce(l.n, 0), coalesce(c.n, 0))`,
		`update studio_counters s set followers = coalesce(f.n, 0) from studio_counters k
			left join (select studio_id, count(*) as n from follows group by 1) f on f.studio_id = k.studio_id
			where s.studio_id = k.studio_id and s.followers <> coalesce(f.n, 0)`,
	} {
		if err := tx.SQL().Exec(statement).Error; err != nil {
			return err
		}
	}
	return nil
}
