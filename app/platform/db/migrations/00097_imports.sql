-- +goose Up
-- What an archive has become here, so that importing it again, or going on after
-- an interruption, makes nothing twice. The source is named as in the archive.
create table imports (
  source_studio uuid primary key,                -- its id where it was exported
  studio_id     uuid not null references studios (id) on delete cascade,
  owner_id      uuid not null,
  begun_at      timestamptz not null,
  finished_at   timestamptz
);
create index imports_studio on imports (studio_id);
create table imported_media (
  studio_id uuid not null references studios (id) on delete cascade,
  source_id uuid not null,
  media_id  uuid not null,
  primary key (studio_id, source_id)
);
create table imported_works (
  studio_id uuid not null references studios (id) on delete cascade,
  source_id text not null check (length(source_id) = 12), -- public id where it was exported
  public_id text not null,                                -- here
  done_at   timestamptz,                                  -- when it had its state
  primary key (studio_id, source_id)
);
-- Only `vitrine import` writes here, with the worker's role.
grant select, insert, update, delete on imports, imported_media, imported_works to vitrine_worker;

-- +goose Down
drop table imported_works;
drop table imported_media;
drop table imports;
