package engagement

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
)

// seen selects comments under the name c as the viewer (@viewer) may see them;
// the column shown of what is named c with an x behind it tells whether the words
// are given at all. A name of its own lets one such query stand inside another.
func seen(c string) string { return strings.ReplaceAll(seenAs, "{c}", c) }

const seenAs = `select {c}.id, {c}.public_id, {c}.studio_id, {c}.work_id, {c}.parent_id, {c}.by_member, {c}.hidden, {c}.created_at, {c}.edited_at, {c}x.shown,
	case when {c}x.shown then {c}.user_id end as user_id, case when {c}x.shown then coalesce({c}p.name, '') else '' end as author,
	case when {c}x.shown then {c}.body else '' end as body
	from comments {c} left join commenters {c}p on {c}p.user_id = {c}.user_id cross join lateral (
	select {c}.deleted_at is null and not {c}.hidden and not coalesce({c}p.shut, false) and ` + readable + ` as shown) {c}x `

var errNoComment = fault.New(fault.NotFound, "This comment is not here any more. Its author or the studio may have deleted it.")

// A counter now is what was folded and what waits.
const (
	likesNow     = `coalesce((select likes from work_counters where work_id = @work), 0) + coalesce((select sum(likes) from counter_changes where work_id = @work), 0)`
	commentsNow  = `coalesce((select comments from work_counters where work_id = @work), 0) + coalesce((select sum(comments) from counter_changes where work_id = @work), 0)`
	followersNow = `coalesce((select followers from studio_counters where studio_id = @studio), 0)
		+ coalesce((select sum(followers) from counter_changes where studio_id = @studio and work_id is null), 0)`
	followingNow = `exists (select from follows where user_id = @viewer and studio_id = @studio)`
)

func nilOr(viewer *uuid.UUID) uuid.UUID {
	if viewer == nil {
		return uuid.Nil
	}
	return *viewer
}

func around(ctx context.Context, r db.Reader, viewer *uuid.UUID, workID, studioID uuid.UUID, from Cursor) (out Around, err error) {
	where, args := "", []any{
		sql.Named("viewer", nilOr(viewer)), sql.Named("work", workID), sql.Named("studio", studioID),
		sql.Named("threads", ThreadsPerPage+1), sql.Named("replies", RepliesShown+1),
	}
	if from.ID != uuid.Nil {
		where, args = "and (c.created_at, c.id) < (@at, @id)", append(args, sql.Named("at", from.At), sql.Named("id", from.ID))
	}
	var list []byte
	err = r.SQL(ctx).Raw(`select `+likesNow+`, `+commentsNow+`, `+followersNow+`,
		exists (select from likes where work_id = @work and user_id = @viewer),
		exists (select from bookmarks where work_id = @work and user_id = @viewer), `+followingNow+`,
		exists (select from comment_locks where work_id = @work),
		(select json_agg(t order by t.created_at desc, t.id desc) from (
			select c.*, a.replies from (`+seen("c")+` where c.work_id = @work and c.parent_id is null) c
			left join lateral (select json_agg(y order by y.created_at, y.id) as replies from (`+seen("r")+`
				where r.parent_id = c.id and rx.shown order by r.created_at desc, r.id desc limit @replies) y) a on true
			where (c.shown or a.replies is not null) `+where+` order by c.created_at desc, c.id desc limit @threads) t)`, args...).Row().
		Scan(&out.Likes, &out.Comments, &out.Followers, &out.Liked, &out.Bookmarked, &out.Following, &out.Locked, &list)
	if err != nil {
		return out, err
	}
	if list != nil {
		if err := json.Unmarshal(list, &out.Threads); err != nil {
			return out, err
		}
	}
	if len(out.Threads) > ThreadsPerPage {
		out.Threads = out.Threads[:ThreadsPerPage]
		last := out.Threads[ThreadsPerPage-1]
		out.Next = Cursor{At: last.CreatedAt, ID: last.ID}
	}
	for i := range out.Threads {
		if t := &out.Threads[i]; len(t.Replies) > RepliesShown {
			t.Replies, t.Earlier = t.Replies[1:], true
		}
	}
	return out, nil
}

func thread(ctx context.Context, r db.Reader, viewer *uuid.UUID, workID uuid.UUID, publicID string, from Cursor) (out Thread, next Cursor, err error) {
	if !id.ValidPublic(publicID) {
		return out, next, errNoComment
	}
	var rows []Comment
	err = r.SQL(ctx).Raw(`with root as (select coalesce(parent_id, id) as id from comments where work_id = @work and public_id = @public)
		(`+seen("c")+` where c.id = (select id from root))
		union all (`+seen("c")+` where c.parent_id = (select id from root) and cx.shown and (c.created_at, c.id) > (@at, @id)
			order by c.created_at, c.id limit @limit) order by parent_id nulls first, created_at, id`,
		sql.Named("viewer", nilOr(viewer)), sql.Named("work", workID), sql.Named("public", publicID),
		sql.Named("at", from.At), sql.Named("id", from.ID), sql.Named("limit", RepliesPerPage+1)).Scan(&rows).Error
	switch {
	case err != nil:
		return out, next, err
	case len(rows) == 0 || !rows[0].Shown && len(rows) == 1 && from.ID == uuid.Nil:
		return out, next, errNoComment
	}
	out.Comment, out.Replies = rows[0], rows[1:]
	if len(out.Replies) > RepliesPerPage {
		out.Replies = out.Replies[:RepliesPerPage]
		last := out.Replies[RepliesPerPage-1]
		next = Cursor{At: last.CreatedAt, ID: last.ID}
	}
	out.Earlier = from.ID != uuid.Nil
	return out, next, nil
}

func orNoComment(c Comment, err error) (Comment, error) {
	if db.NotFound(err) {
		return c, errNoComment
	}
	return c, err
}

func ownComment(ctx context.Context, r db.Reader, userID, workID uuid.UUID, publicID string) (Comment, error) {
	return orNoComment(db.One[Comment](r.SQL(ctx).Raw(seen("c")+` where c.public_id = @public and c.work_id = @work and c.user_id = @viewer and cx.shown`,
		sql.Named("viewer", userID), sql.Named("work", workID), sql.Named("public", publicID))))
}

// stored selects comments that are not deleted, whoever may see them.
const stored = `select c.id, c.public_id, c.studio_id, c.work_id, c.parent_id, c.by_member, c.hidden, c.created_at, c.edited_at, c.user_id, c.body,
	not c.hidden and not coalesce(p.shut, false) as shown, coalesce(p.name, '') as author
	from comments c left join commenters p on p.user_id = c.user_id where c.deleted_at is null `

func commentByPublicID(ctx context.Context, r db.Reader, publicID string) (Comment, error) {
	return orNoComment(db.One[Comment](r.SQL(ctx).Raw(stored+`and c.public_id = ?`, publicID)))
}

func commentsByIDs(ctx context.Context, r db.Reader, ids []uuid.UUID) (map[uuid.UUID]Comment, error) {
	out := map[uuid.UUID]Comment{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []Comment
	err := r.SQL(ctx).Raw(stored+`and c.id in ?`, ids).Scan(&rows).Error
	for _, c := range rows {
		out[c.ID] = c
	}
	return out, err
}

func commentsOfStudio(ctx context.Context, r db.Reader, studioID uuid.UUID, from Cursor, limit int) (list []Comment, next Cursor, err error) {
	where, args := behind("c.created_at, c.id", from, studioID)
	err = r.SQL(ctx).Raw(stored+`and c.studio_id = ? `+where+`order by c.created_at desc, c.id desc limit ?`, append(args, limit+1)...).Scan(&list).Error
	if len(list) > limit {
		list = list[:limit]
		next = Cursor{At: list[limit-1].CreatedAt, ID: list[limit-1].ID}
	}
	return list, next, err
}

// behind is the part of a keyset query that starts behind a cursor.
func behind(columns string, from Cursor, first any) (where string, args []any) {
	if from.ID == uuid.Nil {
		return "", []any{first}
	}
	return "and (" + columns + ") < (?, ?) ", []any{first, from.At, from.ID}
}

func aboutStudio(ctx context.Context, r db.Reader, viewer *uuid.UUID, studioID uuid.UUID) (int, bool, error) {
	row, err := db.One[struct {
		Followers int
		Following bool
	}](r.SQL(ctx).Raw(`select `+followersNow+` as followers, `+followingNow+` as following`, sql.Named("viewer", nilOr(viewer)), sql.Named("studio", studioID)))
	return row.Followers, row.Following, err
}

func aboutWork(ctx context.Context, r db.Reader, workID uuid.UUID) (Counts, error) {
	return db.One[Counts](r.SQL(ctx).Raw(`select `+likesNow+` as likes, `+commentsNow+` as comments`, sql.Named("work", workID)))
}

func countsOf(ctx context.Context, r db.Reader, workIDs []uuid.UUID) (map[uuid.UUID]Counts, error) {
	out := make(map[uuid.UUID]Counts, len(workIDs))
	if len(workIDs) == 0 {
		return out, nil
	}
	var rows []struct {
		WorkID          uuid.UUID
		Likes, Comments int
	}
	err := r.SQL(ctx).Raw(`select work_id, likes, comments from work_counters where work_id in ?`, workIDs).Scan(&rows).Error
	for _, row := range rows {
		out[row.WorkID] = Counts{Likes: row.Likes, Comments: row.Comments}
	}
	return out, err
}

func marksOf(ctx context.Context, r db.Reader, userID uuid.UUID, workIDs []uuid.UUID) (map[uuid.UUID]Marks, error) {
	out := map[uuid.UUID]Marks{}
	if len(workIDs) == 0 {
		return out, nil
	}
	var rows []struct {
		WorkID uuid.UUID
		Liked  bool
	}
	err := r.SQL(ctx).Raw(`select work_id, true as liked from likes where user_id = ? and work_id in ?
		union all select work_id, false from bookmarks where user_id = ? and work_id in ?`, userID, workIDs, userID, workIDs).Scan(&rows).Error
	for _, row := range rows {
		m := out[row.WorkID]
		m.Liked, m.Bookmarked = m.Liked || row.Liked, m.Bookmarked || !row.Liked
		out[row.WorkID] = m
	}
	return out, err
}

func lockedOf(ctx context.Context, r db.Reader, workIDs []uuid.UUID) (map[uuid.UUID]bool, error) {
	out := map[uuid.UUID]bool{}
	if len(workIDs) == 0 {
		return out, nil
	}
	var ids []uuid.UUID
	err := r.SQL(ctx).Raw(`select work_id from comment_locks where work_id in ?`, workIDs).Scan(&ids).Error
	for _, workID := range ids {
		out[workID] = true
	}
	return out, err
}

func followsOf(ctx context.Context, r db.Reader, userID uuid.UUID, from Cursor, limit int) (list []Follow, next Cursor, err error) {
	where, args := behind("created_at, studio_id", from, userID)
	err = r.SQL(ctx).Raw(`select user_id, studio_id, created_at as at from follows where user_id = ? `+where+
		`order by created_at desc, studio_id desc limit ?`, append(args, limit+1)...).Scan(&list).Error
	if len(list) > limit {
		list = list[:limit]
		next = Cursor{At: list[limit-1].At, ID: list[limit-1].StudioID}
	}
	return list, next, err
}

func followersOf(ctx context.Context, r db.Reader, studioID uuid.UUID, from Cursor, limit int) (list []Follow, next Cursor, err error) {
	where, args := behind("created_at, user_id", from, studioID)
	err = r.SQL(ctx).Raw(`select user_id, studio_id, created_at as at from follows where studio_id = ? `+where+
		`order by created_at desc, user_id desc limit ?`, append(args, limit+1)...).Scan(&list).Error
	if len(list) > limit {
		list = list[:limit]
		next = Cursor{At: list[limit-1].At, ID: list[limit-1].UserID}
	}
	return list, next, err
}

func bookmarksOf(ctx context.Context, r db.Reader, userID uuid.UUID, from Cursor, limit int) (ids []uuid.UUID, next Cursor, err error) {
	var rows []struct {
		WorkID uuid.UUID
		At     time.Time
	}
	where, args := behind("created_at, work_id", from, userID)
	err = r.SQL(ctx).Raw(`select work_id, created_at as at from bookmarks where user_id = ? `+where+
		`order by created_at desc, work_id desc limit ?`, append(args, limit+1)...).Scan(&rows).Error
	if len(rows) > limit {
		rows = rows[:limit]
		next = Cursor{At: rows[limit-1].At, ID: rows[limit-1].WorkID}
	}
	for _, row := range rows {
		ids = append(ids, row.WorkID)
	}
	return ids, next, err
}
