-- +goose Up
-- One document per public work, and nothing that is not public: there is no
-- row-level security here, because full-text and trigram operators are not
-- leakproof and their indexes would not be used under a policy.
create table search_documents (
  work_id      uuid primary key,
  studio_id    uuid not null,
  version      bigint not null,        -- of the work that the document was made from
  published_at timestamptz not null,
  title        text not null,
  tags         text not null default '',
  studio_name  text not null,
  studio_slug  text not null,
  story        text not null default '', -- its beginning
  document     tsvector not null,
  fuzzy        text not null           -- title, tags and studio, lower case, without accents: for typing errors
);
create index search_documents_text on search_documents using gin (document);
create index search_documents_fuzzy on search_documents using gin (fuzzy gin_trgm_ops);
create index search_documents_studio on search_documents (studio_id);
grant select on search_documents to vitrine_app;
grant select, insert, update, delete on search_documents to vitrine_worker;

-- What is found: words in the title weigh most, then tags and the studio, then
-- the story. "simple" because works come in every language.
create function search_document(title text, tags text, studio text, story text) returns tsvector
  language sql stable parallel safe as $$
  select setweight(to_tsvector('simple', unaccent(title)), 'A') || setweight(to_tsvector('simple', unaccent(tags)), 'B')
      || setweight(to_tsvector('simple', unaccent(studio)), 'B') || setweight(to_tsvector('simple', unaccent(story)), 'D') $$;
create function search_fuzzy(title text, tags text, studio text) returns text
  language sql stable parallel safe as $$ select lower(unaccent(title || ' ' || tags || ' ' || studio)) $$;

-- The last word may be unfinished. It is quoted, since removing accents can make
-- an apostrophe of a letter.
create function search_prefix(word text) returns tsquery
  language sql stable parallel safe as $$
  select case when word = '' then ''::tsquery
    else to_tsquery('simple', '''' || replace(replace(unaccent(word), '\', '\\'), '''', '''''') || ''':*') end $$;

-- Works whose words resemble the wanted ones. The threshold is a setting of the
-- operator, so it is set for the function alone; "harbur" and "harbour" are 0.57
-- alike, and the default of 0.6 would not see it. The library must be loaded
-- before its setting can be named.
select word_similarity('load', 'load');
-- +goose StatementBegin
create function search_similar(wanted text[], most integer) returns table (work_id uuid, alike double precision)
  language sql stable parallel safe set pg_trgm.word_similarity_threshold = 0.45 as $$
  select m.work_id, sum(m.alike) / cardinality(wanted) as alike
  from unnest(wanted) w (word) cross join lateral (
    -- A word of the title counts more than one of the studio's name.
    select d.work_id, 0.7 * word_similarity(lower(unaccent(w.word)), d.fuzzy)
      + 0.3 * word_similarity(lower(unaccent(w.word)), lower(unaccent(d.title))) as alike
    -- A word like one that every work has would compare all of them: of many
    -- only some are ranked.
    from (select * from search_documents where lower(unaccent(w.word)) <% fuzzy limit 2000) d
    order by 2 desc, 1 desc limit most) m
  group by m.work_id order by 2 desc, 1 desc limit most $$;
-- +goose StatementEnd
grant execute on function search_document(text, text, text, text), search_fuzzy(text, text, text),
  search_prefix(text), search_similar(text[], integer) to vitrine_app, vitrine_worker;

-- +goose Down
drop function search_similar(text[], integer);
drop function search_prefix(text);
drop function search_fuzzy(text, text, text);
drop function search_document(text, text, text, text);
drop table search_documents;
