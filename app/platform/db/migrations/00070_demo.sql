-- +goose Up
-- What the demo data is, so that it can be taken away again. The worker fills
-- and removes it; the app only asks whether it is there.
create table demo (
  single     boolean primary key default true check (single),
  state      text not null,
  started_at timestamptz not null, -- works are dated back from here, also after a restart
  constraint demo_state check (state in ('filling', 'full', 'removing', 'removed'))
);
create table demo_studios (
  slug      text primary key,      -- in the catalogue; the studio may be renamed
  studio_id uuid not null,
  owner_id  uuid not null
);
grant select on demo, demo_studios to vitrine_app;
grant select, insert, update, delete on demo, demo_studios to vitrine_worker;
-- Removing a studio for good takes its account of storage with it.
grant delete on storage_ledger, storage_usage to vitrine_worker;

-- +goose Down
revoke delete on storage_ledger, storage_usage from vitrine_worker;
drop table demo_studios;
drop table demo;
