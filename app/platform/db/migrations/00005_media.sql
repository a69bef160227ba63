-- +goose Up
create table media (
  id           uuid primary key,
  studio_id    uuid not null references studios (id),
  state        text not null default 'uploading',
  usable       boolean not null default false, -- its first size exists: it may be shown and published
  exposed      boolean not null default false, -- a public work shows it; only works says so
  kind         text not null default '',       -- '' until its bytes were looked at
  format       text not null default '',       -- of the original
  filename     text not null,                  -- cleaned, for people; never a path
  bytes        bigint not null,                -- of the original; as declared until it has arrived
  sha256       text not null default '',       -- of the original
  copy         integer not null default 0,     -- "upload anyway" makes the next one of the same bytes
  width        integer not null default 0,     -- upright
  height       integer not null default 0,
  duration_ms  bigint not null default 0,
  has_audio    boolean not null default false,
  tone         text not null default 'grey-3', -- placeholder colour, a name of package tone
  credit       text not null default '',
  copyright    text not null default '',
  failure      text not null default '',       -- the sentence for people
  refused      boolean not null default false, -- the file itself is the reason: trying again cannot help
  duplicate_of uuid,
  store        text not null default '',       -- that holds the original; '' until it has arrived
  -- What a public page needs of the renditions, derived from their rows in the
  -- transaction that adds one, so that a wall of pictures reads one table.
  served       jsonb not null default '{}',
  background   boolean not null default false, -- demo data: waits behind what people wait for
  created_by   uuid not null,
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  deleted_at   timestamptz,                    -- its objects go next, then the row
  version      bigint not null default 1,
  constraint media_studio_id_id unique (studio_id, id),
  constraint media_state check (state in ('uploading', 'checking', 'processing', 'ready', 'failed', 'duplicate')),
  constraint media_kind check (kind in ('', 'image', 'video')),
  constraint media_exposed check (not exposed or deleted_at is null),
  constraint media_failure check ((state = 'failed') = (failure <> '')),
  constraint media_duplicate check (state <> 'duplicate' or duplicate_of is not null),
  constraint media_numbers check (bytes >= 0 and copy >= 0 and width >= 0 and height >= 0 and duration_ms >= 0),
  constraint media_lengths check (char_length(filename) between 1 and 200 and char_length(credit) <= 200
    and char_length(copyright) <= 200 and char_length(failure) <= 500 and char_length(tone) <= 40
    and length(sha256) in (0, 64) and length(format) <= 10 and length(store) <= 40)
);
-- Two uploads of the same bytes at the same moment: one is accepted, the other
-- learns here that it is a duplicate.
create unique index media_same on media (studio_id, sha256, copy)
  where sha256 <> '' and state in ('processing', 'ready') and deleted_at is null;
create index media_library on media (studio_id, created_at desc, id desc) where deleted_at is null;
create index media_waiting on media (state, updated_at) where state in ('uploading', 'checking', 'processing', 'failed', 'duplicate');
create index media_deleted on media (deleted_at) where deleted_at is not null;

create table renditions (
  studio_id  uuid not null,
  media_id   uuid not null,
  name       text not null,  -- 'w640.webp', 'video.mp4'
  format     text not null,
  width      integer not null,
  height     integer not null,
  bytes      bigint not null,
  sha256     text not null,
  key        text not null,  -- in the store
  store      text not null,
  created_at timestamptz not null,
  primary key (media_id, name),
  constraint renditions_media foreign key (studio_id, media_id) references media (studio_id, id) on delete cascade,
  constraint renditions_form check (name ~ '^[a-z][a-z0-9]*\.[a-z0-9]+$' and length(name) <= 40 and length(sha256) = 64
    and width > 0 and height > 0 and bytes > 0)
);
create index renditions_of_studio on renditions (studio_id, media_id);

-- One row per upload, named as its media. It stays for a day after the last
-- byte, so that a browser that missed the answer learns that it is done.
create table uploads (
  id          uuid primary key,
  studio_id   uuid not null,
  size        bigint not null,
  received    bigint not null default 0, -- bytes that are on disk for certain
  draft_key   text not null default '',
  fingerprint text not null default '',  -- the browser's own, to find the file again
  created_by  uuid not null,
  created_at  timestamptz not null,
  updated_at  timestamptz not null,
  expires_at  timestamptz not null,
  finished_at timestamptz,
  constraint uploads_media foreign key (studio_id, id) references media (studio_id, id) on delete cascade,
  constraint uploads_bounds check (size > 0 and received between 0 and size and (finished_at is null or received = size)),
  constraint uploads_lengths check (char_length(draft_key) <= 64 and char_length(fingerprint) <= 300)
);
create index uploads_of_studio on uploads (studio_id, id);
create index uploads_expiry on uploads (expires_at);
create index uploads_open on uploads (updated_at) where finished_at is null;

-- Who writes to an upload right now. The fence grows with each new holder, and
-- every commit of bytes names it. Ids and times only: no row-level security,
-- since the lock is taken before the upload's studio is looked at.
create table upload_locks (
  upload_id    uuid primary key references uploads (id) on delete cascade,
  owner        text not null default '',
  fence        bigint not null default 0,
  leased_until timestamptz,  -- null: free
  wanted       boolean not null default false, -- another process waits for it
  constraint upload_locks_owner check (length(owner) <= 100)
);

-- Every change of what a studio stores, never changed afterwards. The unique
-- constraint is what makes an entry that is tried twice count once.
create table storage_ledger (
  id         uuid primary key,
  studio_id  uuid not null,
  media_id   uuid,
  account    text not null,
  entry      text not null,
  name       text not null default '', -- of the rendition
  bytes      bigint not null,
  created_at timestamptz not null,
  constraint storage_ledger_once unique (studio_id, media_id, account, entry, name),
  constraint storage_ledger_account check (account in ('reserved', 'used')),
  constraint storage_ledger_entry check (entry in ('reserve', 'original', 'rendition', 'release', 'correction'))
);
create index storage_ledger_of_studio on storage_ledger (studio_id, created_at, id);

create table storage_usage (
  studio_id  uuid primary key references studios (id),
  used       bigint not null default 0,
  reserved   bigint not null default 0,
  byte_limit bigint not null default 5000000000,
  updated_at timestamptz not null,
  constraint storage_usage_bounds check (used >= 0 and reserved >= 0 and byte_limit >= 0)
);

alter table media enable row level security;
create policy media_public on media for select to vitrine_app using (exposed);
create policy media_tenant on media to vitrine_app using (studio_id = current_studio()) with check (studio_id = current_studio());
create policy media_worker on media to vitrine_worker using (true) with check (true);

-- A rendition is as public as its media, by construction.
alter table renditions enable row level security;
create policy renditions_public on renditions for select to vitrine_app
  using (exists (select from media m where m.id = renditions.media_id and m.exposed));
create policy renditions_tenant on renditions to vitrine_app using (studio_id = current_studio()) with check (studio_id = current_studio());
create policy renditions_worker on renditions to vitrine_worker using (true) with check (true);

alter table uploads enable row level security;
create policy uploads_tenant on uploads to vitrine_app using (studio_id = current_studio()) with check (studio_id = current_studio());
create policy uploads_worker on uploads to vitrine_worker using (true) with check (true);

alter table storage_ledger enable row level security;
create policy storage_ledger_tenant on storage_ledger to vitrine_app using (studio_id = current_studio()) with check (studio_id = current_studio());
create policy storage_ledger_worker on storage_ledger to vitrine_worker using (true) with check (true);

alter table storage_usage enable row level security;
create policy storage_usage_tenant on storage_usage to vitrine_app using (studio_id = current_studio()) with check (studio_id = current_studio());
create policy storage_usage_worker on storage_usage to vitrine_worker using (true) with check (true);

-- The app marks what is deleted; rows go with their objects, by the worker.
grant select, insert, update on media, uploads, upload_locks to vitrine_app;
grant select, insert, update, delete on media, uploads, upload_locks to vitrine_worker;
grant select on renditions to vitrine_app;
grant select, insert, update, delete on renditions to vitrine_worker;
grant select, insert on storage_ledger to vitrine_app, vitrine_worker;
grant select, insert, update on storage_usage to vitrine_app, vitrine_worker;

-- A member looks at a picture that is not public by its id alone. This tells
-- which studio it belongs to, an id and no content; the rows are then read in
-- the scope of that studio, if the person is a member of it.
-- +goose StatementBegin
create function media_studio(wanted uuid) returns uuid
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$ select studio_id from public.media where id = wanted and deleted_at is null $$;
-- +goose StatementEnd
revoke execute on function media_studio(uuid) from public;
grant execute on function media_studio(uuid) to vitrine_app, vitrine_worker;

-- Whether anybody is sending a file right now, across studios: background work
-- makes room for people. One bit, no content.
-- +goose StatementBegin
create function uploads_since(moment timestamptz) returns boolean
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$ select exists (select from public.uploads u join public.media m on m.id = u.id
    where u.finished_at is null and u.updated_at >= moment and not m.background) $$;
-- +goose StatementEnd
revoke execute on function uploads_since(timestamptz) from public;
grant execute on function uploads_since(timestamptz) to vitrine_app, vitrine_worker;

-- +goose Down
drop function uploads_since(timestamptz);
drop function media_studio(uuid);
drop table storage_usage;
drop table storage_ledger;
drop table upload_locks;
drop table uploads;
drop table renditions;
drop table media;
