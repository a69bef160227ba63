package engagement

import (
	"context"
	"database/sql"

	"vitrine/app/platform/db"
)

// done is one row for each act on a work in the span, with its weight now.
const done = `
	acts as (
		select l.work_id, l.studio_id, l.created_at as at, cast(@like as double precision) as weight, 1 as likes, 0 as comments
		from likes l where l.created_at > @from and l.created_at <= @to and not exists (select from commenters p where p.user_id = l.user_id and p.shut)
		union all
		select c.work_id, c.studio_id, min(c.created_at), cast(@comment as double precision), 0, 1
		from comments c where c.created_at > @from and c.created_at <= @to and c.deleted_at is null and not c.hidden and not c.by_member
			and not exists (select from commenters p where p.user_id = c.user_id and p.shut)
		group by c.work_id, c.studio_id, c.user_id),
	works_done as (
		select work_id, studio_id, sum(weight * ` + fading + `) as score, sum(likes) as likes, sum(comments) as comments
		from acts group by work_id, studio_id)`

// fading halves with each half-life; an act from a clock that is ahead counts as
// one of now.
const fading = `case when cast(@half as double precision) > 0 then power(0.5, greatest(extract(epoch from cast(@to as timestamptz) - at), 0) / @half) else 1 end`

// ever is the same of all time, by the counters.
const ever = `
	works_done as (
		select work_id, studio_id, @like * likes + @comment * comments as score, likes, comments from work_counters where likes > 0 or comments > 0)`

func spanArgs(span Span, w Weights, limit int) []any {
	return []any{sql.Named("from", span.From), sql.Named("to", span.To), sql.Named("half", span.HalfLife.Seconds()),
		sql.Named("like", w.Like), sql.Named("comment", w.Comment), sql.Named("follow", w.Follow), sql.Named("limit", limit)}
}

func busiestWorks(ctx context.Context, r db.Reader, span Span, w Weights, limit int) (out []WorkActivity, err error) {
	counted := done
	if span.From.IsZero() {
		counted = ever
	}
	err = r.SQL(ctx).Raw(`with `+counted+` select * from works_done order by score desc, work_id desc limit @limit`, spanArgs(span, w, limit)...).Scan(&out).Error
	return out, err
}

func busiestStudios(ctx context.Context, r db.Reader, span Span, w Weights, limit int) (out []StudioActivity, err error) {
	counted, followed := done, `
	followed as (select f.studio_id, sum(@follow * `+fading+`) as score, count(*) as followers from (
		select studio_id, user_id, created_at as at from follows where created_at > @from and created_at <= @to) f
		where not exists (select from commenters p where p.user_id = f.user_id and p.shut) group by f.studio_id)`
	if span.From.IsZero() {
		counted, followed = ever, `
	followed as (select studio_id, @follow * followers as score, followers from studio_counters where followers > 0)`
	}
	err = r.SQL(ctx).Raw(`with `+counted+`,`+followed+`,
		shown as (select studio_id, sum(score) as score, sum(likes) as likes, sum(comments) as comments, (array_agg(work_id order by score desc, work_id desc))[1] as work_id
			from works_done group by studio_id)
		select coalesce(s.studio_id, f.studio_id) as studio_id, s.work_id, coalesce(s.score, 0) + coalesce(f.score, 0) as score, coalesce(s.likes, 0) as likes,
			coalesce(s.comments, 0) as comments, coalesce(f.followers, 0) as followers
		from shown s full join followed f on f.studio_id = s.studio_id order by 3 desc, 1 desc limit @limit`, spanArgs(span, w, limit)...).Scan(&out).Error
	return out, err
}
