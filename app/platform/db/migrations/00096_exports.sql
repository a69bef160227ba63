-- +goose Up
-- An archive that is being made or can be fetched. Ids, counts and checksums
-- only: its content lies in the file store. A person's has no studio, so there
-- is no row-level security; who may see it is asked in the use case.
create table exports (
  id         uuid primary key,
  kind       text not null,
  subject_id uuid not null,                      -- the person or the studio
  asked_by   uuid not null,
  state      text not null default 'waiting',
  files      integer not null default 0,         -- originals to put in
  files_done integer not null default 0,
  bytes      bigint not null default 0,          -- of the originals
  asked_at   timestamptz not null,
  ready_at   timestamptz,
  expires_at timestamptz not null,               -- then objects and row go
  constraint exports_kind check (kind in ('user', 'studio')),
  constraint exports_state check (state in ('waiting', 'working', 'ready', 'failed')),
  constraint exports_ready check ((state = 'ready') = (ready_at is not null)),
  constraint exports_counts check (files >= 0 and bytes >= 0 and files_done between 0 and files)
);
-- One at a time; what was made before goes when the next one is asked for.
create unique index exports_one on exports (kind, subject_id) where state in ('waiting', 'working');
create index exports_of on exports (kind, subject_id, asked_at desc);
create index exports_expiry on exports (expires_at);

-- Its zip files. What stands in which is decided once, before the first is made:
-- whoever takes over after a crash makes the missing ones, and no other.
create table export_volumes (
  export_id  uuid not null references exports (id) on delete cascade,
  number     integer not null check (number > 0),
  plan       jsonb not null,                     -- ids, paths and sizes of the originals
  file_count integer not null default 0,
  bytes      bigint not null default 0,
  sha256     text not null default '',
  made_at    timestamptz,
  primary key (export_id, number),
  constraint export_volumes_made check ((made_at is null) = (sha256 = '') and length(sha256) in (0, 64))
);
grant select, insert on exports to vitrine_app;
grant select on export_volumes to vitrine_app;
grant select, insert, update, delete on exports, export_volumes to vitrine_worker;

-- +goose Down
drop table export_volumes;
drop table exports;
