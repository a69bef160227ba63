package search

import (
	"context"
	"database/sql"
	"strings"

	"github.com/google/uuid"

	"vitrine/app/platform/db"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// row is a document that was found.
type row struct {
	WorkID     uuid.UUID
	StudioName string
	StudioSlug string
	Fuzzy      string
	Score      float64
	Similar    bool
	Total      int
}

// find looks for the words and, only when nothing has them, for words like them.
// A score above 1 is an exact one. Of more than MaxHits works that match, the
// rest is not ranked: nobody reads so far, and ranking reads every row.
func find(ctx context.Context, r db.Reader, head, last string, words []string, from Cursor, limit int) (rows []row, err error) {
	after := ""
	args := []any{sql.Named("head", head), sql.Named("last", last), sql.Named("words", "{"+quoted(words)+"}"), sql.Named("max", MaxHits), sql.Named("limit", limit)}
	if from.ID != uuid.Nil {
		after = "where (f.score, f.work_id) < (@score, @id)"
		args = append(args, sql.Named("score", from.Score), sql.Named("id", from.ID))
	}
	err = r.SQL(ctx).Raw(`
		with wanted as materialized (
			select websearch_to_tsquery('simple', unaccent(@head)) && search_prefix(@last) as q),
		exact as materialized (
			select d.work_id, 1 + ts_rank(d.document, (select q from wanted))::double precision as score
			from search_documents d where d.document @@ (select q from wanted) limit @max),
		found as materialized (
			select work_id, score, false as similar from exact
			union all
			select work_id, alike, true from search_similar(cast(@words as text[]), 100) where not exists (select from exact))
		select f.work_id, f.score, f.similar, d.studio_name, d.studio_slug, d.fuzzy, (select count(*) from found) as total
		from (select * from found f `+after+` order by f.score desc, f.work_id desc limit @limit) f
		join search_documents d on d.work_id = f.work_id order by f.score desc, f.work_id desc`, args...).Scan(&rows).Error
	return rows, err
}

// quoted writes words as the elements of an array literal. They hold letters,
// digits and marks only.
func quoted(words []string) string {
	var out []string
	for _, w := range words {
		if len([]rune(w)) >= 3 {
			out = append(out, `"`+w+`"`)
		}
	}
	return strings.Join(out, ",")
}

// maxStory is how much of a story is searched, in characters.
const maxStory = 2000

// store writes a document unless a newer one is there.
func store(tx db.Tx, w works.Snapshot, st studios.Studio) error {
	story := w.Story
	if runes := []rune(story); len(runes) > maxStory {
		story = string(runes[:maxStory])
	}
	return tx.SQL().Exec(`
		insert into search_documents as d (work_id, studio_id, version, published_at, title, tags, studio_name, studio_slug, story, document, fuzzy)
		values (@id, @studio, @version, @at, @title, @tags, @name, @slug, @story,
			search_document(@title, @tags, @name, @story), search_fuzzy(@title, @tags, @name))
		on conflict (work_id) do update set version = excluded.version, published_at = excluded.published_at, title = excluded.title,
			tags = excluded.tags, studio_name = excluded.studio_name, studio_slug = excluded.studio_slug, story = excluded.story,
			document = excluded.document, fuzzy = excluded.fuzzy
		where d.version <= excluded.version`,
		sql.Named("id", w.ID), sql.Named("studio", w.StudioID), sql.Named("version", w.Version), sql.Named("at", w.PublishedAt), sql.Named("title", w.Title), sql.Named("tags", strings.Join(w.Tags, " ")), sql.Named("name", st.Name), sql.Named("slug", st.Slug), sql.Named("story", story)).Error
}

func remove(tx db.Tx, workID uuid.UUID) error {
	return tx.SQL().Exec("delete from search_documents where work_id = ?", workID).Error
}

// rename writes a studio's name into its documents.
func rename(tx db.Tx, st studios.Studio) error {
	return tx.SQL().Exec(`
		update search_documents set studio_name = @name, studio_slug = @slug,
			document = search_document(title, tags, @name, story), fuzzy = search_fuzzy(title, tags, @name)
		where studio_id = @id and (studio_name <> @name or studio_slug <> @slug)`,
		sql.Named("id", st.ID), sql.Named("name", st.Name), sql.Named("slug", st.Slug)).Error
}

// holdStudio lets one task at a time write documents of a studio, so that a
// name that was read before a renaming is not written after it.
func holdStudio(tx db.Tx, studioID uuid.UUID) error {
	return tx.SQL().Exec("select pg_advisory_xact_lock(hashtextextended(?, 7))", studioID.String()).Error
}

func removeAll(tx db.Tx, studioID uuid.UUID) error {
	return tx.SQL().Exec("delete from search_documents where studio_id = ?", studioID).Error
}

// listedOf gives the works of a studio that have a document.
func listedOf(ctx context.Context, r db.Reader, studioID uuid.UUID) (ids []uuid.UUID, err error) {
	err = r.SQL(ctx).Raw("select work_id from search_documents where studio_id = ?", studioID).Scan(&ids).Error
	return ids, err
}
