-- +goose Up
create table works (
  id            uuid primary key,
  studio_id     uuid not null references studios (id),
  public_id     text not null,
  creation_key  text not null,
  state         text not null default 'draft',
  hidden        boolean not null default false, -- set by moderation, through works
  title         text not null default '',
  title_guessed boolean not null default false, -- from a file name; nobody has typed one yet
  slug          text not null default 'untitled',
  story         text not null default '',
  credits       text not null default '',       -- one per line, "Role: names"
  licence       text not null default 'reserved',
  year          smallint,
  sensitive     boolean not null default false,
  ai_made       boolean not null default false,
  noai          boolean not null default true,
  lang          text not null default '',        -- BCP 47; empty when not said
  tags          jsonb not null default '[]',     -- labels as the studio wrote them, private until published
  -- What a wall needs of the work's pictures, so that a page of works is one
  -- index scan. Kept by every write in the same transaction.
  cover_id      uuid,
  cover_alt     text not null default '',
  cover_focal   smallint not null default 0,
  media_count   integer not null default 0,      -- usable ones
  publish_at    timestamptz,                     -- when a scheduled work opens
  publish_zone  text not null default 'UTC',     -- the zone it was typed in, to show it again
  published_at  timestamptz,                     -- when it opened first; a later return keeps it
  created_by    uuid not null,
  created_at    timestamptz not null,
  updated_at    timestamptz not null,
  version       bigint not null default 1,       -- every change
  edition       bigint not null default 1,       -- changes of what people type; guards against stale forms
  form_key      text not null default '',        -- the open form that made the last edition
  constraint works_public_id unique (public_id),
  constraint works_studio_id_id unique (studio_id, id),
  constraint works_creation unique (studio_id, creation_key),
  constraint works_state check (state in ('draft', 'scheduled', 'published', 'unlisted', 'archived')),
  constraint works_scheduled check (state <> 'scheduled' or publish_at is not null),
  constraint works_opened check (state <> 'published' or published_at is not null),
  constraint works_lengths check (char_length(title) <= 200 and char_length(story) <= 10000 and char_length(credits) <= 1000
    and char_length(slug) <= 80 and char_length(creation_key) <= 64 and char_length(lang) <= 35 and char_length(publish_zone) <= 64),
  constraint works_licence check (licence in ('reserved', 'by', 'by-sa', 'by-nd', 'by-nc', 'by-nc-sa', 'by-nc-nd', 'zero')),
  constraint works_year check (year between 1000 and 2200),
  constraint works_tags check (jsonb_typeof(tags) = 'array' and jsonb_array_length(tags) <= 10),
  constraint works_focal check (cover_focal between 0 and 8),
  constraint works_cover foreign key (studio_id, cover_id) references media (studio_id, id) on delete set null (cover_id)
);
create index works_explore on works (published_at desc, id desc) where state = 'published' and not hidden;
create index works_studio_wall on works (studio_id, published_at desc, id desc) where state = 'published' and not hidden;
create index works_studio_states on works (studio_id, state, updated_at desc, id desc);
create index works_due on works (publish_at) where state = 'scheduled';
create index works_covers on works (studio_id, cover_id) where cover_id is not null;

create table work_media (
  studio_id uuid not null,
  work_id   uuid not null,
  media_id  uuid not null,
  position  integer not null,
  filename  text not null default '', -- as uploaded; shown to the studio only
  alt       text not null default '',
  caption   text not null default '',
  focal     smallint not null default 0, -- one of nine points, 0 is the centre
  replaces  uuid,                        -- takes the place of that file once it is usable
  primary key (work_id, media_id),
  -- Deferred, so that two pictures can change places in one statement.
  constraint work_media_order unique (work_id, position) deferrable initially deferred,
  constraint work_media_work foreign key (studio_id, work_id) references works (studio_id, id) on delete cascade,
  constraint work_media_media foreign key (studio_id, media_id) references media (studio_id, id) on delete cascade,
  constraint work_media_lengths check (char_length(alt) <= 1500 and char_length(caption) <= 1000),
  constraint work_media_focal check (focal between 0 and 8)
);
create index work_media_of_studio on work_media (studio_id, work_id, position);
create index work_media_by_media on work_media (studio_id, media_id);

-- Public rows only: a tag exists here once a published work carries it, so that
-- nothing of a draft can be guessed. No row-level security, hence its indexes
-- serve every reader.
create table tags (
  slug  text primary key check (char_length(slug) between 1 and 60),
  label text not null check (char_length(label) between 1 and 40)
);
create table work_tags (
  tag_slug     text not null references tags (slug),
  published_at timestamptz not null,
  work_id      uuid not null references works (id) on delete cascade,
  primary key (tag_slug, work_id)
);
create index work_tags_wall on work_tags (tag_slug, published_at desc, work_id desc);
create index work_tags_of_work on work_tags (work_id);

alter table works enable row level security;
create policy works_public on works for select to vitrine_app using (state = 'published' and not hidden);
create policy works_tenant on works to vitrine_app using (studio_id = current_studio()) with check (studio_id = current_studio());
create policy works_worker on works to vitrine_worker using (true) with check (true);

-- A picture's alt text and caption are as public as its work, by construction:
-- the subquery sees what the policies of works let the reader see.
alter table work_media enable row level security;
create policy work_media_public on work_media for select to vitrine_app
  using (exists (select from works w where w.id = work_media.work_id));
create policy work_media_tenant on work_media to vitrine_app using (studio_id = current_studio()) with check (studio_id = current_studio());
create policy work_media_worker on work_media to vitrine_worker using (true) with check (true);

grant select, insert, update, delete on works, work_media, work_tags to vitrine_app, vitrine_worker;
grant select, insert on tags to vitrine_app, vitrine_worker;

-- Whoever has the link of an unlisted work may look. The public policy must
-- not list unlisted works, and the visitor has no studio scope, so this is the
-- one question that is answered behind the policies: which studio holds this
-- public id (70 random bits). It gives an id and no content; the page is then
-- read in the scope of that studio. Hidden works are not answered.
-- +goose StatementBegin
create function unlisted_work_studio(wanted text) returns uuid
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$ select studio_id from public.works where public_id = wanted and state = 'unlisted' and not hidden $$;
-- +goose StatementEnd
revoke execute on function unlisted_work_studio(text) from public;
grant execute on function unlisted_work_studio(text) to vitrine_app, vitrine_worker;

-- +goose Down
drop function unlisted_work_studio(text);
drop table work_tags;
drop table tags;
drop table work_media;
drop table works;
