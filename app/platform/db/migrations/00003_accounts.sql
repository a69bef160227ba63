-- +goose Up
-- People belong to no studio and are looked up before anybody is known (by
-- address, by cookie, by link), so row-level security has nothing to test here.
-- The wall is what is stored: hashes of passwords, sessions and links only.

create table users (
  id              uuid primary key,
  email           text not null,                 -- as typed; mail goes there
  email_key       text not null,                 -- lower case, domain in ASCII: one account per key
  name            text not null,
  password_hash   text not null,                 -- PHC string; '!' can never be signed in with
  password_set_at timestamptz not null,          -- when the person chose it; rehashing keeps it
  admin           boolean not null default false, -- of this installation
  verified_at     timestamptz not null,          -- a row exists only once the address is proven
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  version         bigint not null default 1,
  constraint users_email_key unique (email_key),
  constraint users_lengths check (char_length(email) between 3 and 254 and char_length(email_key) between 3 and 254
    and char_length(name) between 1 and 80 and char_length(password_hash) between 1 and 300)
);
create index users_admin on users (id) where admin;

-- What a sign-up form asked for. It becomes a user when the link of its own
-- mail is used: the name and the password are those of the form the link
-- belongs to, whatever others type for the same address before or afterwards.
create table signups (
  id            uuid primary key,
  email         text not null,
  email_key     text not null,
  name          text not null,
  password_hash text not null,
  created_at    timestamptz not null,
  closed_at     timestamptz,                     -- when this or another one of the address was used
  constraint signups_lengths check (char_length(email) between 3 and 254 and char_length(email_key) between 3 and 254
    and char_length(name) between 1 and 80 and char_length(password_hash) between 1 and 300)
);
create index signups_open on signups (email_key, created_at) where closed_at is null;
create index signups_created on signups (created_at);

-- Links that were sent by mail. Only the hash is kept.
create table links (
  id         uuid primary key,
  kind       text not null,
  hash       bytea not null,
  signup_id  uuid references signups (id) on delete cascade,
  user_id    uuid references users (id) on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at    timestamptz,
  constraint links_hash unique (hash),
  constraint links_hash_length check (octet_length(hash) = 32),
  constraint links_kind check (kind = 'verify' and signup_id is not null and user_id is null
    or kind = 'reset' and user_id is not null and signup_id is null)
);
create index links_signup on links (signup_id) where signup_id is not null;
create index links_user on links (user_id) where user_id is not null;
create index links_expires on links (expires_at);

create table sessions (
  id         uuid primary key,
  user_id    uuid not null references users (id) on delete cascade,
  hash       bytea not null,                     -- of the cookie
  device     text not null default '',           -- the browser's own words, shortened
  created_at timestamptz not null,
  seen_at    timestamptz not null,               -- at most an hour behind
  expires_at timestamptz not null,
  constraint sessions_hash unique (hash),
  constraint sessions_hash_length check (octet_length(hash) = 32),
  constraint sessions_device check (char_length(device) <= 300)
);
create index sessions_user on sessions (user_id, seen_at desc);
create index sessions_expires on sessions (expires_at);

-- The one-time setup token: one row, replaced at each start until it is used.
create table setup (
  single     boolean primary key default true check (single),
  hash       bytea not null check (octet_length(hash) = 32),
  created_at timestamptz not null,
  used_at    timestamptz
);

-- Forgetting people, sign-ups and links is the worker's task.
grant select, insert, update on users, signups, links, setup to vitrine_app;
grant select, insert, update, delete on sessions to vitrine_app;
grant select, insert, update, delete on users, signups, links, sessions, setup to vitrine_worker;

-- +goose Down
drop table setup;
drop table sessions;
drop table links;
drop table signups;
drop table users;
