package archive_test

// rank puts the studio on a list.
func (h *house) rank(g gallery) {
	h.t.Helper()
	list := h.id("insert into rankings (id, list, made_at) values (gen_random_uuid(), 'studios-all', now()) returning id")
	h.Exec(h.t, "insert into ranked (ranking_id, position, studio_id, studio_slug, studio_name, score, likes, comments) values ($1, 1, $2, $3, 'Harbour & Field', 1, 1, 0)", list, g.studio, g.slug)
}
