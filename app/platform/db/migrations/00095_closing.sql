-- +goose Up
-- Whoever closes an account or a studio may think better of it until closing_at;
-- then jobs remove everything. closing_warned_at notes the last mail before.
alter table users
  add column closing_asked_at  timestamptz,
  add column closing_at        timestamptz,
  add column closing_warned_at timestamptz,
  add constraint users_closing check ((closing_at is null) = (closing_asked_at is null) and (closing_at is not null or closing_warned_at is null));
create index users_closing_due on users (closing_at) where closing_at is not null;

alter table studios
  add column closing_asked_at  timestamptz,
  add column closing_at        timestamptz,
  add column closing_by        uuid,             -- who asked
  add column closing_warned_at timestamptz,
  add constraint studios_closing check ((closing_at is null) = (closing_asked_at is null) and (closing_at is not null or closing_by is null and closing_warned_at is null));
create index studios_closing_due on studios (closing_at) where closing_at is not null;

-- The addresses of studios that are gone, as hashes: an old link must not lead
-- to a stranger who took the address the next day. Retention frees them.
create table closed_slugs (
  hash      bytea primary key check (octet_length(hash) = 32),
  closed_at timestamptz not null
);
create index closed_slugs_closed on closed_slugs (closed_at);
grant select on closed_slugs to vitrine_app;
grant select, insert, delete on closed_slugs to vitrine_worker;

-- What others did to or with somebody who has left stays, without their id.
grant update (actor_id, subject, note) on audit, studio_audit to vitrine_worker;
-- A tag that no work carries any more was somebody's word.
grant delete on tags to vitrine_worker;

-- +goose Down
revoke delete on tags from vitrine_worker;
revoke update (actor_id, subject, note) on audit, studio_audit from vitrine_worker;
drop table closed_slugs;
alter table studios drop column closing_asked_at, drop column closing_at, drop column closing_by, drop column closing_warned_at;
alter table users drop column closing_asked_at, drop column closing_at, drop column closing_warned_at;
