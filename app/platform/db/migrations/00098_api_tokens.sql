-- +goose Up
-- Keys with which programs act for a person. They are found by the hash of a
-- secret before anybody is known, like sessions, so row-level security has
-- nothing to test here.
create table api_tokens (
  id         uuid primary key,
  user_id    uuid not null references users (id) on delete cascade,
  studio_id  uuid references studios (id) on delete cascade, -- the only studio it opens; null: all of the person's
  public_id  text not null,                                  -- the part that lists and logs may show
  hash       bytea not null,                                 -- of the whole token
  name       text not null,
  scopes     text not null,                                  -- separated by single spaces, in the order of accounts.Scopes
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at    timestamptz,                                    -- at most an hour behind
  constraint api_tokens_public_id unique (public_id),
  constraint api_tokens_hash unique (hash),
  constraint api_tokens_hash_length check (octet_length(hash) = 32),
  constraint api_tokens_lengths check (char_length(public_id) = 12 and char_length(name) between 1 and 60),
  constraint api_tokens_scopes check (scopes ~ '^(works:read|works:write|media:write)( (works:read|works:write|media:write))*$'),
  constraint api_tokens_life check (expires_at > created_at and expires_at <= created_at + interval '366 days')
);
create index api_tokens_user on api_tokens (user_id, id desc);
create index api_tokens_studio on api_tokens (studio_id) where studio_id is not null;
create index api_tokens_expires on api_tokens (expires_at);

grant select, insert, delete on api_tokens to vitrine_app;
grant update (used_at) on api_tokens to vitrine_app;
grant select, insert, update, delete on api_tokens to vitrine_worker;

-- +goose Down
drop table api_tokens;
