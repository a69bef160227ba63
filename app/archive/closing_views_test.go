package archive_test

// fillViews gives the studio a row of everything that tells how it does.
func (h *house) fillViews(g gallery) {
	h.t.Helper()
	for _, insert := range []string{
		"insert into view_events (at, id, studio_id, work_id, visitor) values (now() + interval '30 days', gen_random_uuid(), $1, $1, 1)",
		"insert into stat_acts (at, event_id, studio_id, work_id, likes) values (now() + interval '30 days', gen_random_uuid(), $1, $1, 1)",
		"insert into stat_marks (studio_id, since, until) values ($1, now(), now() + interval '1 hour')",
		"insert into stat_studios (studio_id, time_zone, made_at) values ($1, 'UTC', now())",
		"insert into stat_hours (studio_id, hour, views, visitors) values ($1, now(), 1, 1)",
		"insert into stat_days (studio_id, day, views, visitors, likes, follows) values ($1, now()::date, 1, 1, 1, 1)",
		"insert into stat_works (studio_id, day, work_id, views, visitors, likes) values ($1, now()::date, $1, 1, 1, 1)",
		"insert into stat_sources (studio_id, day, source, views, visitors) values ($1, now()::date, 'are.na', 1, 1)",
	} {
		h.Exec(h.t, insert, g.studio)
	}
	h.Exec(h.t, "insert into stat_reports (studio_id, id, asked_by, days, asked_at, expires_at) values ($1, $1, $2, 7, now(), now() + interval '90 days')", g.studio, g.owner.id)
	h.Exec(h.t, "insert into stat_report_parts (studio_id, report_id, name, number, content) values ($1, $1, 'days.csv', 1, 'x')", g.studio)
}
