package search

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"

	"github.com/google/uuid"

	"vitrine/app/media"
	"vitrine/app/platform/db"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// maxStory is how much of a story is searched, in characters.
const maxStory = 2000

// former is what a document said before it was written anew or removed, as JSON
// arrays: what nothing says any more is forgotten.
type former struct{ Words, Facets string }

const formerly = `coalesce(cast(to_jsonb(search_words_of(title, tags, studio_name)) as text), '[]') as words, cast(to_jsonb(facets) as text) as facets`

// label is a tag as it is kept.
type label struct {
	Slug  string `json:"slug"`
	Label string `json:"label"`
}

// write writes a document unless a newer one is there, and with it the studio,
// the tags and the words that it brings. The studio is held.
func write(tx db.Tx, w works.Snapshot, st studios.Studio, cover media.Picture) error {
	story := w.Story
	if runes := []rune(story); len(runes) > maxStory {
		story = string(runes[:maxStory])
	}
	year := w.PublishedAt.UTC().Year()
	if w.Year != nil {
		year = *w.Year
	}
	labels, slugs := []label{}, []string{}
	for _, l := range w.Tags {
		slug := works.TagSlug(l)
		labels, slugs = append(labels, label{slug, l}), append(slugs, slug)
	}
	tags, err := json.Marshal(labels)
	if err != nil {
		return err
	}
	args := []any{
		sql.Named("id", w.ID), sql.Named("studio", w.StudioID), sql.Named("version", w.Version), sql.Named("at", w.PublishedAt), sql.Named("title", w.Title),
		sql.Named("tags", strings.Join(w.Tags, " ")), sql.Named("name", st.Name), sql.Named("slug", st.Slug), sql.Named("location", st.Location), sql.Named("story", story),
		sql.Named("kind", string(cover.Kind)), sql.Named("count", w.MediaCount), sql.Named("width", cover.Width), sql.Named("height", cover.Height), sql.Named("tone", cover.Tone),
		sql.Named("year", year), sql.Named("slugs", list(slugs)), sql.Named("labels", string(tags)),
	}
	var old former
	err = tx.SQL().Raw(`
		with old as materialized (select `+formerly+` from search_documents where work_id = @id),
		written as (
			insert into search_documents as d (work_id, studio_id, version, published_at, title, tags, studio_name, studio_slug, story, document, facets)
			values (@id, @studio, @version, @at, @title, @tags, @name, @slug, @story, search_document(@title, @tags, @name, @story),
				search_facets(@kind, @count, @width, @height, @tone, @year, `+textArray("slugs")+`))
			on conflict (work_id) do update set version = excluded.version, published_at = excluded.published_at, title = excluded.title,
				tags = excluded.tags, studio_name = excluded.studio_name, studio_slug = excluded.studio_slug, story = excluded.story,
				document = excluded.document, facets = excluded.facets
			where d.version <= excluded.version),
		words as (insert into search_words (word, slips) select w, search_slips(w) from unnest(search_words_of(@title, @tags, @name)) w on conflict do nothing),
		labels as (insert into search_tags (slug, label, document)
			select l ->> 'slug', l ->> 'label', to_tsvector('simple', unaccent(l ->> 'label')) from jsonb_array_elements(cast(@labels as jsonb)) l on conflict do nothing),
		studio as (insert into search_studios (studio_id, slug, name, location, document)
			values (@studio, @slug, @name, @location, to_tsvector('simple', unaccent(@name))) on conflict do nothing)
		select words, facets from old`, args...).Scan(&old).Error
	if err != nil {
		return err
	}
	return settle(tx, old, `select unnest(search_words_of(@title, @tags, @name))`, textSet("slugs"), args...)
}

// settle makes words and tags what they are after a document was written or
// removed: words and slugs are queries for what it has now.
func settle(tx db.Tx, old former, words, slugs string, args ...any) error {
	if old.Words == "" {
		old = former{Words: "[]", Facets: "[]"} // there was no document
	}
	args = append(args, sql.Named("old_words", old.Words), sql.Named("old_facets", old.Facets))
	return tx.SQL().Exec(`
		with old (tag) as (select substr(f, 5) from jsonb_array_elements_text(cast(@old_facets as jsonb)) f where f like 'tag:%'), now (tag) as (`+slugs+`)
		select search_settle(array(`+textSet("old_words")+` except `+words+`),
			array((select tag from old except select tag from now) union all (select tag from now except select tag from old)))`, args...).Error
}

// nothing is a query that gives no text.
const nothing = `select cast(null as text) where false`

// remove takes a document away, with what it alone said. The studio is held.
func remove(tx db.Tx, studioID, workID uuid.UUID) error {
	var old former
	err := tx.SQL().Raw(`delete from search_documents where work_id = ? returning `+formerly, workID).Scan(&old).Error
	if err != nil {
		return err
	}
	if err := tx.SQL().Exec(`delete from search_studios s where studio_id = ? and not exists (select from search_documents d where d.studio_id = s.studio_id)`, studioID).Error; err != nil {
		return err
	}
	return settle(tx, old, nothing, nothing)
}

// removeAll takes all documents of a studio away. The studio is held.
func removeAll(tx db.Tx, studioID uuid.UUID) error {
	var old former
	err := tx.SQL().Raw(`
		with gone as materialized (select title, tags, studio_name, facets from search_documents where studio_id = @id),
		removed as (delete from search_documents where studio_id = @id),
		studio as (delete from search_studios where studio_id = @id)
		select coalesce((select cast(jsonb_agg(distinct w) as text) from gone cross join unnest(search_words_of(title, tags, studio_name)) w), '[]') as words,
			coalesce((select cast(jsonb_agg(distinct f) as text) from gone cross join unnest(facets) f), '[]') as facets`, sql.Named("id", studioID)).Scan(&old).Error
	if err != nil {
		return err
	}
	return settle(tx, old, nothing, nothing)
}

// rename writes what a studio is called now into its documents. The studio is
// held.
func rename(tx db.Tx, st studios.Studio) error {
	args := []any{sql.Named("id", st.ID), sql.Named("name", st.Name), sql.Named("slug", st.Slug), sql.Named("location", st.Location)}
	var old former
	err := tx.SQL().Raw(`
		with old as materialized (select name from search_studios where studio_id = @id),
		studio as (update search_studios set name = @name, slug = @slug, location = @location, document = to_tsvector('simple', unaccent(@name)) where studio_id = @id),
		words as (insert into search_words (word, slips) select w, search_slips(w) from old cross join unnest(search_words_of('', '', @name)) w on conflict do nothing),
		documents as (update search_documents set studio_name = @name, studio_slug = @slug, document = search_document(title, tags, @name, story)
			where studio_id = @id and (studio_name <> @name or studio_slug <> @slug))
		select cast(to_jsonb(search_words_of('', '', name)) as text) as words, '[]' as facets from old`, args...).Scan(&old).Error
	if err != nil {
		return err
	}
	return settle(tx, old, `select unnest(search_words_of('', '', @name))`, nothing, args...)
}

// holdStudio lets one task at a time write documents of a studio, so that a
// name that was read before a renaming is not written after it.
func holdStudio(tx db.Tx, studioID uuid.UUID) error {
	return tx.SQL().Exec("select pg_advisory_xact_lock(hashtextextended(?, 7))", studioID.String()).Error
}

// listedOf gives the works of a studio that have a document.
func listedOf(ctx context.Context, r db.Reader, studioID uuid.UUID) (ids []uuid.UUID, err error) {
	err = r.SQL(ctx).Raw("select work_id from search_documents where studio_id = ?", studioID).Scan(&ids).Error
	return ids, err
}

// recount counts the documents of the next words, or tags, after one and removes
// those that none has. It gives the last that it looked at, empty at the end.
func recount(tx db.Tx, what recounted, after string) (last string, err error) {
	err = tx.SQL().Raw(`
		with batch as materialized (select `+what.key+` as key from `+what.table+` where `+what.key+` > @after order by 1 limit @batch),
		counted as materialized (select key, search_count(`+what.asked+`, @most) as works from batch),
		gone as (delete from `+what.table+` x using counted c where x.`+what.key+` = c.key and c.works = 0),
		known as (update `+what.table+` x set works = c.works from counted c where x.`+what.key+` = c.key and c.works > 0 and x.works <> c.works)
		select coalesce(max(key), '') from batch`, sql.Named("after", after), sql.Named("batch", recountBatch), sql.Named("most", Most)).Scan(&last).Error
	return last, err
}

// recounted is a table whose rows are counted, and how a row is asked for.
type recounted struct{ table, key, asked string }

var everyWord = recounted{"search_words", "word", "search_term(key), '{}'"}
var everyTag = recounted{"search_tags", "slug", "cast('' as tsquery), array['tag:' || key]"}
