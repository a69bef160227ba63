-- +goose Up
-- Counts of attempts at one lock: passwords for an account, codes. In PostgreSQL, because a limit that a restart or a second
-- process forgets is none. A bucket names what is counted; addresses of mail
-- stand in it as digests only.
create table throttles (
  bucket  text primary key,
  count   integer not null,
  at      timestamptz not null,                  -- of the last attempt
  next_at timestamptz not null,                  -- no attempt is looked at before
  constraint throttles_bucket check (length(bucket) between 3 and 100)
);
create index throttles_at on throttles (at);

grant select, insert, update, delete on throttles to vitrine_app, vitrine_worker;

-- +goose Down
drop table throttles;
