-- +goose Up
-- What a search can be narrowed by, and what makes it fast and forgiving. All of
-- it is made of public documents: nothing private can be guessed from it.
create extension if not exists fuzzystrmatch;
create extension if not exists btree_gin;

drop function search_similar(text[], integer);
alter table search_documents add column facets text[] not null default '{}'; -- "kind:film", "tag:low-tide", "year:2024"
drop index search_documents_text, search_documents_fuzzy, search_documents_studio;
alter table search_documents drop column fuzzy;
drop function search_fuzzy(text, text, text);
-- One index for words, facets and time: a rare word passes over the long list of
-- a common facet instead of reading it, and of a common word the newest are met
-- without the others. Each search reads all that waits to be sorted into it, so
-- little may wait (in kB).
create index search_documents_text on search_documents using gin (document, facets, date_trunc('hour', published_at at time zone 'UTC')) with (gin_pending_list_limit = 64);
create index search_documents_newest on search_documents (published_at desc, work_id desc);
create index search_documents_studio on search_documents (studio_id, published_at desc, work_id desc);

-- The words of titles, tags and studios' names, each once, to tell what a
-- mistyped one may have meant. Slips are the word itself and what is left of it
-- without any one letter: two words that are a letter apart have one in common.
create table search_words (
  word  text collate "C" primary key,
  slips text[] not null,
  works integer not null default 1 -- documents that have it, counted daily, up to 1,000
);
create index search_words_slips on search_words using gin (slips) with (gin_pending_list_limit = 64);

-- A studio is here while a document of it is.
create table search_studios (
  studio_id uuid primary key,
  slug      text not null,
  name      text not null,
  location  text not null default '',
  document  tsvector not null
);
create index search_studios_text on search_studios using gin (document) with (gin_pending_list_limit = 64);

-- A tag is here while a document has it.
create table search_tags (
  slug     text primary key,
  label    text not null,
  works    integer not null default 1, -- documents that have it, counted when one comes or goes, up to 1,000
  document tsvector not null
);
create index search_tags_text on search_tags using gin (document) with (gin_pending_list_limit = 64);
create index search_tags_works on search_tags (works desc, slug);

grant select on search_words, search_studios, search_tags to vitrine_app;
grant select, insert, update, delete on search_words, search_studios, search_tags to vitrine_worker;

-- The facets of a document. A panorama is twice as wide as high, a square
-- differs by a tenth at most.
-- +goose StatementBegin
create function search_facets(kind text, pictures integer, width integer, height integer, tone text, year integer, tags text[]) returns text[]
  language sql immutable parallel safe as $$
  select array_remove(array[
    case when kind = 'video' then 'kind:film' when pictures > 1 then 'kind:series' when kind = 'image' then 'kind:picture' end,
    case when width < 1 or height < 1 then null when width >= 2 * height then 'shape:panorama' when 10 * width > 11 * height then 'shape:landscape'
      when 10 * height > 11 * width then 'shape:portrait' else 'shape:square' end,
    'colour:' || nullif(split_part(tone, '-', 1), ''), 'year:' || year] || (select array_agg('tag:' || t) from unnest(tags) t), null) $$;
-- +goose StatementEnd

-- The words of a document that can be meant by a mistyped one.
-- +goose StatementBegin
create function search_words_of(title text, tags text, studio text) returns text[]
  language sql stable parallel safe as $$
  select coalesce(array_agg(w), '{}') from unnest(tsvector_to_array(to_tsvector('simple', unaccent(title || ' ' || tags || ' ' || studio)))) w
  where char_length(w) between 3 and 40 and w !~ '[-0-9./@_:]' $$;
create function search_slips(word text) returns text[]
  language sql immutable parallel safe as $$
  select array_agg(distinct s) from (select word union all select overlay(word placing '' from i for 1) from generate_series(1, char_length(word)) i) x (s) $$;
create function search_swaps(word text) returns text[]
  language sql immutable parallel safe as $$
  select coalesce(array_agg(overlay(word placing reverse(substr(word, i, 2)) from i for 2)), '{}') from generate_series(1, char_length(word) - 1) i $$;
-- A word of a title, a tag or a studio, to be looked up.
create function search_term(word text) returns tsquery
  language sql stable parallel safe as $$
  select to_tsquery('simple', '''' || replace(replace(word, '\', '\\'), '''', '''''') || ''':AB') $$;

-- What a word may have meant: itself when it is known (to a story, or as the
-- beginning of a word if it may be unfinished), else the nearest known word. Two
-- letters that changed places are one slip; up to five letters are forgiven one
-- slip, longer words two.
create function search_meant(typed text, unfinished boolean) returns text
  language plpgsql stable parallel safe set plan_cache_mode = 'force_generic_plan' set enable_seqscan = off as $$
declare
  asked text := lower(unaccent(typed));
  told tsquery := phraseto_tsquery('simple', asked);
  parts text[] := search_slips(asked);
  meant text;
begin
  if char_length(asked) < 3 or asked ~ '[0-9]' or exists (select from search_words w where w.word = asked)
    or unfinished and (select starts_with(x.word, asked) from (select w.word from search_words w where w.word > asked order by w.word limit 1) x)
    or exists (select from search_documents d where d.document @@ told) then
    return typed;
  end if;
  select w.word into meant from (
    select w.word, w.works, case when w.word = any (search_swaps(asked)) then 1 else levenshtein(w.word, asked) end as slips
    from search_words w where w.slips && parts) w
  where w.slips <= case when char_length(asked) > 5 then 2 else 1 end
    and (char_length(asked) > 3 or w.word = any (search_swaps(asked)))
  order by w.slips, left(w.word, 1) <> left(asked, 1), w.works desc, w.word limit 1;
  return coalesce(meant, typed);
end $$;

-- What a document has to meet, on parameters 1 to 3.
create function search_where(asked tsquery, narrowed text[], since timestamp) returns text
  language sql immutable parallel safe as $$
  select concat_ws(' and ', 'true', case when numnode(asked) > 0 then 'd.document @@ $1' end, case when cardinality(narrowed) > 0 then 'd.facets @> $2' end,
    case when since is not null then $w$date_trunc('hour', d.published_at at time zone 'UTC') >= $3$w$ end) $$;

-- How many documents match, counted up to a limit, by the inverted index alone.
create function search_count(asked tsquery, narrowed text[], most integer) returns integer
  language plpgsql stable parallel safe set enable_seqscan = off set enable_indexscan = off as $$
declare n integer;
begin
  execute 'select count(*) from (select from search_documents d where ' || search_where(asked, narrowed, null) || ' limit $3) x' into n using asked, narrowed, most;
  return n;
end $$;

-- The way to the newest documents that match, told from how many of the newest
-- 300 do: going through the newest until there are enough (words that many have),
-- the index since a time (common words), or the index as a whole (neither is set).
-- Costs are counted in rows that the index found. Trying one of the newest costs a
-- quarter of that where they lie together, half where they are scattered; passing
-- over one in the index a twentieth; and for the beginning of a word the index gathers
-- all that match in any case. What the newest are like is of the last analysis.
-- The planner cannot be left to choose: two common words that no document has
-- together look like many matches to it.
create function search_way(asked tsquery, narrowed text[], most integer, out tries integer, out since timestamp)
  language plpgsql stable parallel safe set plan_cache_mode = 'force_generic_plan' set enable_seqscan = off as $$
declare
  documents double precision := (select greatest(reltuples, 1) from pg_class where oid = 'search_documents'::regclass);
  worded boolean := numnode(asked) > 0;
  bound boolean := cardinality(narrowed) > 0;
  tried double precision;
  met double precision;
  share double precision;
  reach double precision; -- rows that have enough matches, and some to spare
  whole double precision; -- cost of the index as a whole
  part double precision;  -- and of what it has since a time
  newest record;
begin
  select count(*), count(*) filter (where (not worded or x.document @@ asked) and (not bound or x.facets @> narrowed)) into tried, met
    from (select d.document, d.facets from search_documents d order by d.published_at desc, d.work_id desc limit 300) x;
  if met = 0 then
    return;
  end if;
  share := met / tried;
  reach := most / share * (1 + 2 / sqrt(met));
  whole := documents * share;
  part := reach * (share + 0.05);
  select s.histogram_bounds::text::timestamptz[] as bounds, abs(s.correlation) as together into newest
    from pg_stats s where s.schemaname = 'public' and s.tablename = 'search_documents' and s.attname = 'published_at';
  if most / share * (0.5 - coalesce(newest.together, 0) / 4) < least(whole, part) + (case when asked::text like '%:*%' then whole / 4 else 0 end) then
    tries := ceil(2 * reach); -- it ends when there are enough
  elsif part < whole then
    since := date_trunc('hour', newest.bounds[greatest(1, floor((1 - reach / documents) * (cardinality(newest.bounds) - 1))::integer)] at time zone 'UTC');
  end if;
end $$;

-- The newest documents that match, as rows of the table as this statement sees it.
create function search_newest(asked tsquery, narrowed text[], most integer) returns tid[]
  language plpgsql stable parallel safe set enable_seqscan = off as $$
declare
  way record := search_way(asked, narrowed, most);
  found tid[];
begin
  if way.tries is not null then
    execute 'select array_agg(x.at) from (select d.ctid as at from (select n.ctid, n.document, n.facets from search_documents n order by n.published_at desc, n.work_id desc limit $5) d where '
      || search_where(asked, narrowed, null) || ' limit $4) x' into found using asked, narrowed, null::timestamp, most, way.tries;
  elsif way.since is not null then
    execute 'select array_agg(x.at) from (select m.at from (select d.ctid as at, d.published_at, d.work_id from search_documents d where '
      || search_where(asked, narrowed, way.since) || ' offset 0) m order by m.published_at desc, m.work_id desc limit $4) x' into found using asked, narrowed, way.since, most;
  end if;
  if cardinality(found) = most then
    return found;
  end if;
  execute 'select array_agg(x.at) from (select m.at from (select d.ctid as at, d.published_at, d.work_id from search_documents d where '
    || search_where(asked, narrowed, null) || ' offset 0) m order by m.published_at desc, m.work_id desc limit $4) x' into found using asked, narrowed, null::timestamp, most;
  return coalesce(found, '{}');
end $$;

-- A page of the works that match, with how many of them have which facet. Of more
-- than the limit the newest are ranked and counted. A page of nothing only counts.
create function search_page(asked tsquery, narrowed text[], most integer, after_score double precision, after_id uuid, page integer) returns jsonb
  language plpgsql stable parallel safe set plan_cache_mode = 'force_generic_plan' set enable_seqscan = off as $$
declare
  met tid[] := search_newest(asked, narrowed, most);
  worded boolean := numnode(asked) > 0;
begin
  if page = 0 or cardinality(met) = 0 then
    return jsonb_build_object('total', cardinality(met));
  end if;
  return (
    with m as materialized (
      select d.ctid as at, d.work_id, d.facets, case when worded then ts_rank(d.document, asked)::double precision else extract(epoch from d.published_at)::double precision end as score
      from search_documents d where d.ctid = any (met)),
    hits as (select m.at, m.work_id, m.score from m where after_id is null or (m.score, m.work_id) < (after_score, after_id) order by m.score desc, m.work_id desc limit page),
    counted as (select f, count(*) as works from (select unnest(m.facets) as f from m) x group by f),
    listed as (select f, works from counted where f not like 'tag:%' union all
      (select f, works from counted where f like 'tag:%' order by works desc, f limit 12))
    select jsonb_build_object('total', cardinality(met),
      'hits', (select jsonb_agg(jsonb_build_object('id', h.work_id, 'studio_name', d.studio_name, 'studio_slug', d.studio_slug, 'score', h.score) order by h.score desc, h.work_id desc)
        from hits h join search_documents d on d.ctid = h.at),
      'facets', (select jsonb_object_agg(f, works) from listed)));
end $$;

-- Studios whose name has the words, all of them or else some, with how many works
-- they show and the newest of these.
create function search_studios_like(every tsquery, either tsquery, most integer, shown integer) returns jsonb
  language plpgsql stable parallel safe set plan_cache_mode = 'force_generic_plan' set enable_seqscan = off as $$
declare
  asked tsquery;
  found jsonb;
begin
  foreach asked in array array[every, either] loop
    with met as materialized (select s.studio_id, s.slug, s.name, s.location, ts_rank(s.document, asked) as score from search_studios s where s.document @@ asked limit most),
    listed as (select * from met order by score desc, char_length(name), studio_id limit shown)
    select jsonb_build_object('total', (select count(*) from met), 'list', coalesce((select jsonb_agg(jsonb_build_object('id', l.studio_id, 'slug', l.slug, 'name', l.name, 'location', l.location,
      'works', (select count(*) from (select from search_documents d where d.studio_id = l.studio_id limit most) x),
      'samples', (select jsonb_agg(x.work_id) from (select d.work_id from search_documents d where d.studio_id = l.studio_id order by d.published_at desc, d.work_id desc limit 3) x))
      order by l.score desc, char_length(l.name), l.studio_id) from listed l), '[]')) into found;
    exit when found -> 'total' <> '0' or every = either;
  end loop;
  return found;
end $$;

-- Tags that have the words, as above, each with two works to show that it has
-- any. Without words, the tags of most works.
create function search_tags_like(every tsquery, either tsquery, most integer, shown integer) returns jsonb
  language plpgsql stable parallel safe set plan_cache_mode = 'force_generic_plan' set enable_seqscan = off as $$
declare
  asked tsquery;
  total integer;
  slugs text[];
begin
  if numnode(every) = 0 then
    slugs := array(select g.slug from search_tags g order by g.works desc, g.slug limit shown);
    total := cardinality(slugs);
  else
    foreach asked in array array[every, either] loop
      with met as materialized (select g.slug, g.works, ts_rank(g.document, asked) as score from search_tags g where g.document @@ asked limit most)
      select (select count(*) from met), array(select slug from met order by score desc, works desc, slug limit shown) into total, slugs;
      exit when total > 0 or every = either;
    end loop;
  end if;
  return jsonb_build_object('total', total, 'list', coalesce((select jsonb_agg(jsonb_build_object('slug', g.slug, 'label', g.label, 'works', g.works, 'samples',
      case when g.works < 1000 then -- as counted; of more, two are met soon
        (select jsonb_agg(x.work_id) from (select d.work_id from search_documents d where d.facets @> array['tag:' || g.slug] limit 2) x)
      else
        (select jsonb_agg(x.work_id) from (select d.work_id from search_documents d where d.facets @> array['tag:' || g.slug] order by d.published_at desc, d.work_id desc limit 2) x) end)
    order by o.n) from unnest(slugs) with ordinality o (slug, n) join search_tags g on g.slug = o.slug), '[]'));
end $$;

-- Everything that the search page shows, in one question. When nothing has what
-- was asked for: all the words that may have been meant, then some of them. What
-- is found without the narrowing is counted, to say so.
create function search_found(head text, tail text, words text[], narrowed text[], most integer, after_score double precision, after_id uuid,
  page integer, studios integer, tags integer) returns jsonb
  language plpgsql stable parallel safe as $$
declare
  asked tsquery := websearch_to_tsquery('simple', unaccent(head)) && search_prefix(tail);
  every tsquery := '';
  either tsquery := '';
  part tsquery;
  meant text[] := words;
  found jsonb := '{"total": 0}';
  broad integer := 0;
  before tsquery;
  how text;
  n integer;
begin
  foreach how in array array['exact', 'meant', 'some'] loop
    if how = 'meant' then
      exit when cardinality(words) = 0;
      select array_agg(search_meant(w, tail <> '' and i = cardinality(words)) order by i) into meant from unnest(words) with ordinality x (w, i);
    end if;
    if how <> 'some' then
      every := '';
      either := '';
      for n in 1 .. cardinality(meant) loop
        part := case when tail <> '' and n = cardinality(meant) and meant[n] = words[n] then search_prefix(meant[n]) else phraseto_tsquery('simple', unaccent(meant[n])) end;
        every := every && part;
        either := either || part;
      end loop;
    end if;
    asked := case how when 'exact' then asked when 'meant' then every else either end;
    continue when numnode(asked) = 0 and (cardinality(words) > 0 or cardinality(narrowed) = 0) or asked = before;
    before := asked;
    found := search_page(asked, narrowed, most, after_score, after_id, page);
    exit when (found ->> 'total')::integer > 0;
    if cardinality(narrowed) > 0 then
      broad := cardinality(search_newest(asked, '{}', most));
      exit when broad > 0;
    end if;
  end loop;
  return found || jsonb_build_object('how', how, 'broad', broad, 'meant', to_jsonb(meant),
    'studios', case when numnode(every) > 0 and studios > 0 then search_studios_like(every, either, most, studios) end,
    'tags', case when tags > 0 and (numnode(every) > 0 or (found ->> 'total')::integer = 0) then
      search_tags_like(case when (found ->> 'total')::integer + broad > 0 then every else '' end, either, most, tags) end);
end $$;

-- Removes words that no document has any more, and counts the tags that a
-- document came to or left. A search that is under way may have read a word that
-- goes; what it suggests is shown only with a work that has it. In order, so that
-- no two of these wait for each other.
create function search_settle(old_words text[], touched_tags text[]) returns void
  language plpgsql volatile set plan_cache_mode = 'force_custom_plan' as $$
declare
  one text;
  n integer;
begin
  for one in select w from unnest(old_words) w order by w loop
    delete from search_words w where w.word = one and not exists (select from search_documents d where d.document @@ search_term(one));
  end loop;
  for one in select distinct t from unnest(touched_tags) t order by t loop
    perform from search_tags t where t.slug = one for update;
    n := search_count('', array['tag:' || one], 1000);
    delete from search_tags t where t.slug = one and n = 0;
    update search_tags t set works = n where t.slug = one and t.works <> n;
  end loop;
end $$;

-- Makes words and studios of all documents, and tags with the labels of the works
-- that are public: after documents were written without them.
create function search_refill() returns void
  language sql volatile as $$
  insert into search_words (word, slips, works)
    select word, search_slips(word), least(ndoc, 1000) from ts_stat('select document from search_documents', 'ab')
    where char_length(word) between 3 and 40 and word !~ '[-0-9./@_:]'
    on conflict (word) do update set works = excluded.works;
  insert into search_studios (studio_id, slug, name, location, document)
    select s.id, s.slug, s.name, s.location, to_tsvector('simple', unaccent(s.name)) from studios s
    where exists (select from search_documents d where d.studio_id = s.id)
    on conflict (studio_id) do nothing;
  insert into search_tags (slug, label, works, document)
    select t.slug, t.label, least(c.works, 1000), to_tsvector('simple', unaccent(t.label)) from tags t
      join (select substr(f, 5) as slug, count(*) as works from search_documents d cross join unnest(d.facets) f where f like 'tag:%' group by f) c on c.slug = t.slug
    on conflict (slug) do update set works = excluded.works $$;
-- +goose StatementEnd
revoke execute on function search_refill() from public;

update search_documents d set facets = search_facets(m.kind, w.media_count, m.width, m.height, m.tone,
    coalesce(w.year, extract(year from w.published_at at time zone 'UTC'))::integer, (select array_agg(t.tag_slug) from work_tags t where t.work_id = w.id))
  from works w join media m on m.id = w.cover_id where w.id = d.work_id;
select search_refill();

-- +goose Down
drop function search_refill();
drop function search_settle(text[], text[]);
drop function search_found(text, text, text[], text[], integer, double precision, uuid, integer, integer, integer);
drop function search_tags_like(tsquery, tsquery, integer, integer);
drop function search_studios_like(tsquery, tsquery, integer, integer);
drop function search_page(tsquery, text[], integer, double precision, uuid, integer);
drop function search_newest(tsquery, text[], integer);
drop function search_way(tsquery, text[], integer);
drop function search_count(tsquery, text[], integer);
drop function search_where(tsquery, text[], timestamp);
drop function search_meant(text, boolean);
drop function search_term(text);
drop function search_swaps(text);
drop function search_slips(text);
drop function search_words_of(text, text, text);
drop function search_facets(text, integer, integer, integer, text, integer, text[]);
drop table search_tags;
drop table search_studios;
drop table search_words;
drop index search_documents_studio, search_documents_newest, search_documents_text;
create function search_fuzzy(title text, tags text, studio text) returns text
  language sql stable parallel safe as $$ select lower(unaccent(title || ' ' || tags || ' ' || studio)) $$;
alter table search_documents add column fuzzy text;
update search_documents set fuzzy = search_fuzzy(title, tags, studio_name);
alter table search_documents alter column fuzzy set not null;
alter table search_documents drop column facets;
create index search_documents_text on search_documents using gin (document);
create index search_documents_fuzzy on search_documents using gin (fuzzy gin_trgm_ops);
create index search_documents_studio on search_documents (studio_id);
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
grant execute on function search_fuzzy(text, text, text), search_similar(text[], integer) to vitrine_app, vitrine_worker;
drop extension btree_gin;
drop extension fuzzystrmatch;
