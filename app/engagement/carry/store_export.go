package carry

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
)

func followsOf(ctx context.Context, r db.Reader, userID uuid.UUID, from place) (list []Followed, err error) {
	err = r.SQL(ctx).Raw(`select f.studio_id, coalesce(l.slug, '') as slug, coalesce(l.name, '') as name, f.created_at as at
		from follows f left join studio_labels l on l.studio_id = f.studio_id
		where f.user_id = ? and (f.created_at, f.studio_id) < (?, ?) order by f.created_at desc, f.studio_id desc limit ?`,
		userID, from.at, from.id, page).Scan(&list).Error
	return list, err
}

// marksOf reads likes or bookmarks; kind is one of the two words.
func marksOf(ctx context.Context, r db.Reader, kind string, userID uuid.UUID, from place) (list []Marked, err error) {
	err = r.SQL(ctx).Raw(`select work_id, studio_id, created_at as at from `+kind+`
		where user_id = ? and (created_at, work_id) < (?, ?) order by created_at desc, work_id desc limit ?`,
		userID, from.at, from.id, page).Scan(&list).Error
	return list, err
}

// commentsOf reads comments that have words; column is user_id or studio_id.
func commentsOf(ctx context.Context, r db.Reader, column string, of uuid.UUID, from place) (list []Comment, err error) {
	err = r.SQL(ctx).Raw(`select c.id as key, c.public_id as id, c.work_id, p.public_id as reply_to, coalesce(n.name, '') as author, c.by_member, c.body, c.hidden, c.created_at, c.edited_at
		from comments c left join comments p on p.id = c.parent_id left join commenters n on n.user_id = c.user_id
		where c.`+column+` = ? and c.deleted_at is null and (c.created_at, c.id) < (?, ?) order by c.created_at desc, c.id desc limit ?`,
		of, from.at, from.id, page).Scan(&list).Error
	return list, err
}

func shunnedBy(ctx context.Context, r db.Reader, userID uuid.UUID) (list []Shunned, err error) {
	err = r.SQL(ctx).Raw(`select 'block' as how, blocked_id as id, created_at as at from blocks where blocker_id = ?
		union all select 'mute_' || kind, subject_id, created_at from mutes where user_id = ? order by at, id`, userID, userID).Scan(&list).Error
	return list, err
}

func followersOf(ctx context.Context, r db.Reader, studioID uuid.UUID) (n int64, err error) {
	err = r.SQL(ctx).Raw(`select count(*) from follows where studio_id = ?`, studioID).Scan(&n).Error
	return n, err
}

func talliesOf(ctx context.Context, r db.Reader, studioID uuid.UUID) (list []Tally, err error) {
	err = r.SQL(ctx).Raw(`select coalesce(c.work_id, k.work_id) as work_id, coalesce(c.likes, 0) as likes, coalesce(c.comments, 0) as comments, k.work_id is not null as closed
		from (select * from work_counters where studio_id = ?) c full join (select * from comment_locks where studio_id = ?) k on k.work_id = c.work_id
		order by 1`, studioID, studioID).Scan(&list).Error
	return list, err
}
