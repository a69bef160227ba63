-- 20,000 members, 100,000 works, and what has gathered around them: the large
-- set on which the plans of all pages are proven. One studio has 10,000 works
-- and 5,000 members. The works of the others are spread by Zipf's law.
set session_replication_role = replica; -- every key that points somewhere is made here
set synchronous_commit = off;
set maintenance_work_mem = '256MB';

-- A UUID for a row: the kind and its number, so that rows can name each other.
create function pg_temp.row_id(kind int, n bigint) returns uuid language sql immutable
  return (lpad(to_hex(kind), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid;

insert into users (id, email, email_key, name, password_hash, password_set_at, verified_at, created_at, updated_at)
  select pg_temp.row_id(1, n), 'member-' || n || '@large.example', 'member-' || n || '@large.example', 'Member ' || n, '!', at, at, at, at
  from generate_series(1, 20000) n, lateral (select now() - n * interval '20 minutes') x (at);
insert into sessions (id, user_id, hash, device, created_at, seen_at, expires_at)
  select pg_temp.row_id(2, n), pg_temp.row_id(1, n), sha256(('session ' || n)::bytea), 'Firefox', now() - interval '3 days', now() - interval '2 days', now() + interval '20 days'
  from generate_series(1, 20000) n;
insert into signups (id, email, email_key, name, password_hash, created_at, closed_at)
  select pg_temp.row_id(3, n), 'member-' || n || '@large.example', 'member-' || n || '@large.example', 'Member ' || n, '!', now() - n * interval '1 minute', case when n > 2000 then now() end
  from generate_series(1, 10000) n;
insert into links (id, kind, hash, signup_id, created_at, expires_at)
  select pg_temp.row_id(4, n), 'verify', sha256(('link ' || n)::bytea), pg_temp.row_id(3, n), now(), now() + interval '1 day' from generate_series(1, 10000) n;

insert into studios (id, slug, name, personal_of, created_at, updated_at)
  select pg_temp.row_id(5, n), 'large-' || n, 'Studio ' || n, case when n > 1 then pg_temp.row_id(1, n) end, at, at
  from generate_series(1, 20000) n, lateral (select now() - n * interval '20 minutes') x (at);
insert into studio_slugs (slug, studio_id, since) select slug, id, created_at from studios;
insert into studio_slugs (slug, studio_id, since) select 'formerly-' || slug, id, created_at from studios where right(slug, 1) = '7';
insert into memberships (studio_id, user_id, role, created_at, updated_at)
  select pg_temp.row_id(5, n), pg_temp.row_id(1, n), 'owner', now(), now() from generate_series(2, 20000) n
  union all
  select pg_temp.row_id(5, 1), pg_temp.row_id(1, n), (array['viewer', 'editor', 'admin'])[1 + n % 3], now() - n * interval '1 second', now() from generate_series(10001, 15000) n;
insert into storage_usage (studio_id, used, updated_at) select id, 1000000, now() from studios;

-- The first 10,000 works are of the large studio, in every state; the others are
-- public. A file is numbered like its work, and a thousand hang in none.
create temporary table planned as
  select n, case when n <= 10000 then 1 else 1 + floor(power(19999, random()))::int end as studio,
    case when n > 10000 then 'published' else (array['published', 'published', 'draft', 'unlisted', 'archived', 'scheduled'])[1 + n % 6] end as state,
    (array['Salt', 'Harbour', 'Kiln', 'Loom', 'Ridge', 'Tide', 'Glass', 'Ember', 'Slate', 'Moss'])[1 + n % 10] || ' ' ||
    (array['study', 'field', 'morning', 'house', 'line', 'garden', 'shadow'])[1 + n % 7] || ' ' || n as title,
    now() - n * interval '7 minutes' as at
  from generate_series(1, 100000) n;
insert into media (id, studio_id, state, usable, exposed, kind, format, filename, bytes, sha256, width, height, served, failure, store, created_by, created_at, updated_at)
  select pg_temp.row_id(6, n), pg_temp.row_id(5, studio), case when n % 100 = 7 and n <= 10000 then 'failed' else 'ready' end, true, state = 'published', 'image', 'jpeg', 'file-' || n || '.jpg', 1000000,
    encode(sha256(n::text::bytea), 'hex'), 3000, 2000, '{"widths": [320, 640], "formats": ["webp", "jpg"]}', case when n % 100 = 7 and n <= 10000 then 'The file is damaged.' else '' end, 'disk', pg_temp.row_id(1, studio), at, at
  from (select * from planned union all select n, 1, 'draft', '', now() - n * interval '7 minutes' from generate_series(100001, 101000) n) x;
insert into renditions (studio_id, media_id, name, format, width, height, bytes, sha256, key, store, created_at)
  select pg_temp.row_id(5, studio), pg_temp.row_id(6, n), 'w' || width || '.' || format, format, width, width * 2 / 3, 20000, repeat('a', 64), 'rendition/x', 'disk', at
  from planned, (values (320, 'webp'), (320, 'jpg'), (640, 'webp'), (640, 'jpg')) s (width, format);
insert into works (id, studio_id, public_id, creation_key, state, title, slug, story, tags, cover_id, cover_alt, media_count, publish_at, published_at, created_by, created_at, updated_at)
  select pg_temp.row_id(7, n), pg_temp.row_id(5, studio), 'large' || lpad(n::text, 7, '0'), 'large-key-' || n, state, title, 'large', 'Made in ' || (1990 + n % 35) || ' with patience and ' || (array['salt', 'light', 'wool', 'fire'])[1 + n % 4] || '.',
    jsonb_build_array('Tag ' || (1 + n % 7), 'Tag ' || (1 + n % 300)), pg_temp.row_id(6, n), 'A picture', 1, case when state = 'scheduled' then now() + n * interval '1 minute' end, at, pg_temp.row_id(1, studio), at, at
  from planned;
insert into work_media (studio_id, work_id, media_id, position, filename, alt)
  select pg_temp.row_id(5, studio), pg_temp.row_id(7, n), pg_temp.row_id(6, n), 0, 'file-' || n || '.jpg', 'A picture' from planned;
insert into tags (slug, label) select 'tag-' || n, 'Tag ' || n from generate_series(1, 300) n;
insert into work_tags (tag_slug, published_at, work_id)
  select distinct 'tag-' || t, at, pg_temp.row_id(7, n) from planned, lateral (values (1 + n % 7), (1 + n % 300)) x (t) where state = 'published';

-- The indexes of a search are made faster afterwards than along the way.
drop index search_documents_text, search_documents_newest, search_documents_studio;
insert into search_documents (work_id, studio_id, version, published_at, title, tags, studio_name, studio_slug, story, document, facets)
  select w.id, w.studio_id, 1, w.published_at, w.title, t.words, s.name, s.slug, w.story, search_document(w.title, t.words, s.name, w.story),
    search_facets(case when w.id::text like '%7' then 'video' else 'image' end, w.media_count, 3000, 2000, (array['sky-1', 'rose-2', 'grey-3', 'moss-2'])[1 + ascii(right(w.id::text, 1)) % 4], 1990 + ascii(right(w.id::text, 1)) % 30, (select array_agg(g.tag_slug) from work_tags g where g.work_id = w.id))
  from works w join studios s on s.id = w.studio_id cross join lateral (select (w.tags ->> 0) || ' ' || (w.tags ->> 1)) t (words) where w.state = 'published';
create index search_documents_text on search_documents using gin (document, facets, date_trunc('hour', published_at at time zone 'UTC')) with (gin_pending_list_limit = 64);
create index search_documents_newest on search_documents (published_at desc, work_id desc);
create index search_documents_studio on search_documents (studio_id, published_at desc, work_id desc);
select search_refill();

insert into storage_ledger (id, studio_id, media_id, account, entry, bytes, created_at)
  select pg_temp.row_id(8, n), pg_temp.row_id(5, studio), pg_temp.row_id(6, n), 'used', 'original', 1000000, at from planned;
insert into outbox (id, event, payload, created_at, sent_at)
  select pg_temp.row_id(9, n), 'works.published.v1', '{}', now() - n * interval '1 second', case when n > 100 then now() end from generate_series(1, 50000) n;
insert into tasks (id, event_id, event, event_at, subscriber, queue, payload, state, attempts, max_attempts, run_at, last_error, created_at)
  select pg_temp.row_id(10, n), pg_temp.row_id(9, n), 'works.published.v1', now(), 'search.index', 'default', '{}', case when n % 10 = 0 then 'dead' else 'ready' end, n % 5, 5, now() + interval '1 hour', 'it broke', now() - n * interval '1 second' from generate_series(1, 10000) n;
insert into inbox (event_id, subscriber, created_at) select pg_temp.row_id(9, n), 'search.index', now() from generate_series(1, 50000) n;
insert into idempotency_keys (scope, key, created_at) select 'large', 'large-key-number-' || n, now() - n * interval '1 second' from generate_series(1, 50000) n;
insert into mails (id, kind, recipient, to_key, subject, text, html, state, created_at, sent_at)
  select pg_temp.row_id(11, n), (array['verify', 'reset', 'welcome'])[1 + n % 3], 'member-' || n || '@large.example', 'member-' || n || '@large.example', 'A subject', 'Text', '<p>Text</p>', case when n % 50 = 0 then 'failed' else 'sent' end,
    now() - n * interval '1 minute', case when n % 50 <> 0 then now() end from generate_series(1, 20000) n;
insert into studio_audit (id, studio_id, actor_id, action, subject, note, at)
  select pg_temp.row_id(12, n), pg_temp.row_id(5, 1 + n % 2), pg_temp.row_id(1, 10001 + n % 5000), 'studios.role_changed', 'user:' || pg_temp.row_id(1, n), 'A role was changed.', now() - n * interval '1 minute'
  from generate_series(1, 20000) n;
insert into audit (id, actor_id, action, subject, note, at)
  select pg_temp.row_id(13, n), pg_temp.row_id(1, 1 + n % 50), 'accounts.suspended', 'user:' || pg_temp.row_id(1, n), 'Somebody was suspended.', now() - n * interval '1 minute' from generate_series(1, 20000) n;
insert into studio_labels (studio_id, slug, name, shown_at)
  select s.id, s.slug, s.name, (select max(w.published_at) from works w where w.studio_id = s.id and w.state = 'published') from studios s;
-- What people do: 20,000 follow the large studio, one work has 20,000 comments of
-- which one has 5,000 replies, and one person follows 2,000 studios.
insert into follows (user_id, studio_id, created_at)
  select pg_temp.row_id(1, n), pg_temp.row_id(5, 1), now() - n * interval '1 minute' from generate_series(2, 20000) n
  union all select pg_temp.row_id(1, 2), pg_temp.row_id(5, n), now() - n * interval '1 minute' from generate_series(3, 2002) n;
insert into likes (work_id, user_id, studio_id, created_at)
  select distinct on (p.n, u) pg_temp.row_id(7, p.n), pg_temp.row_id(1, u), pg_temp.row_id(5, p.studio), now() - (p.n % 50000) * interval '1 minute'
  from planned p, lateral (select 1 + (p.n::bigint * k * 7919) % 20000 as u from generate_series(1, 2) k) x where p.state = 'published' and p.n <= 20000;
insert into bookmarks (user_id, work_id, studio_id, created_at)
  select pg_temp.row_id(1, 1 + n % 50), pg_temp.row_id(7, n), pg_temp.row_id(5, studio), at from planned where n <= 10000;
insert into comments (id, public_id, studio_id, work_id, user_id, parent_id, body, created_at)
  select pg_temp.row_id(14, n), 'say' || lpad(translate(n::text, '0', 'A'), 9, 'z'), pg_temp.row_id(5, 1), pg_temp.row_id(7, case when n <= 25000 then 1 else n % 10000 + 1 end), pg_temp.row_id(1, 1 + n % 20000),
    case when n between 20001 and 25000 then pg_temp.row_id(14, 1) end, 'Words of comment ' || n, now() - (60000 - n) * interval '1 minute' from generate_series(1, 30000) n;
insert into commenters (user_id, name) select pg_temp.row_id(1, n), 'Person ' || n from generate_series(1, 20000) n;
insert into work_counters (work_id, studio_id, likes, comments)
  select pg_temp.row_id(7, n), pg_temp.row_id(5, studio), 3, 0 from planned where state = 'published';
insert into studio_counters (studio_id, followers) select pg_temp.row_id(5, n), 1 from generate_series(1, 20000) n;
insert into counter_changes (studio_id, work_id, likes) select pg_temp.row_id(5, 1), pg_temp.row_id(7, 1 + n % 100), 1 from generate_series(1, 2000) n;
set session_replication_role = origin;
