-- +goose Up
-- When the person last proved in this session who they are, by their password
-- and, if they have one, their second factor. Null: never.
alter table sessions add column proved_at timestamptz;

-- One second factor for each person, of one-time codes by the clock (RFC 6238).
create table second_factors (
  user_id      uuid primary key references users (id) on delete cascade,
  secret       bytea not null,                   -- sealed by a key that is not in the database
  last_step    bigint not null default 0,        -- of the last code that was used: each works once
  created_at   timestamptz not null,
  confirmed_at timestamptz,                      -- null until the first code was right: it asks nobody yet
  constraint second_factors_secret check (octet_length(secret) between 32 and 200)
);
create index second_factors_unconfirmed on second_factors (created_at) where confirmed_at is null;

create table recovery_codes (
  id         uuid primary key,
  user_id    uuid not null references second_factors (user_id) on delete cascade,
  hash       bytea not null,
  created_at timestamptz not null,
  used_at    timestamptz,
  constraint recovery_codes_once unique (user_id, hash),
  constraint recovery_codes_hash check (octet_length(hash) = 32)
);

-- A login whose password was right and which waits for the second factor.
create table pending_logins (
  id              uuid primary key,
  user_id         uuid not null references users (id) on delete cascade,
  hash            bytea not null,                -- of the cookie: it is bound to its browser
  password_set_at timestamptz not null,          -- another password since then ends it
  attempts        integer not null default 0,
  created_at      timestamptz not null,
  expires_at      timestamptz not null,
  constraint pending_logins_hash unique (hash),
  constraint pending_logins_hash_length check (octet_length(hash) = 32)
);
create index pending_logins_user on pending_logins (user_id);
create index pending_logins_expires on pending_logins (expires_at);

-- Browsers in which a person has signed in before: a sign-in from another one is
-- told by mail, and wrong passwords elsewhere do not keep these out.
create table known_browsers (
  id         uuid primary key,
  user_id    uuid not null references users (id) on delete cascade,
  hash       bytea not null,                     -- of a cookie that outlives the session
  created_at timestamptz not null,
  seen_at    timestamptz not null,
  constraint known_browsers_hash unique (hash),
  constraint known_browsers_hash_length check (octet_length(hash) = 32)
);
create index known_browsers_user on known_browsers (user_id, seen_at);
create index known_browsers_seen on known_browsers (seen_at);

grant select, insert, update, delete on second_factors, recovery_codes, pending_logins, known_browsers to vitrine_app, vitrine_worker;

-- +goose Down
drop table known_browsers;
drop table pending_logins;
drop table recovery_codes;
drop table second_factors;
alter table sessions drop column proved_at;
