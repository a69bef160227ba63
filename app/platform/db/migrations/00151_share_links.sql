-- +goose Up
-- Links to a work or a collection for those who have the address: to a draft as
-- to anything else. The address is derived from the id with the secret of the
-- installation; here is only its hash, so this table opens nothing.
create table share_links (
  id            uuid primary key,
  studio_id     uuid not null references studios (id) on delete cascade,
  hash          bytea not null,
  work_id       uuid,
  collection_id uuid,
  note          text not null default '',        -- for whom; the studio's own
  password      text not null default '',        -- its hash; empty: none is asked
  expires_at    timestamptz,                     -- null: until somebody revokes it
  revoked_at    timestamptz,
  used_at       timestamptz,                     -- to within five minutes
  created_by    uuid not null,
  created_at    timestamptz not null,
  constraint share_links_hash unique (hash),
  constraint share_links_hash_form check (length(hash) = 32),
  constraint share_links_one_thing check ((work_id is null) <> (collection_id is null)),
  constraint share_links_lengths check (char_length(note) <= 120 and char_length(password) <= 200),
  constraint share_links_work foreign key (studio_id, work_id) references works (studio_id, id) on delete cascade,
  constraint share_links_collection foreign key (studio_id, collection_id) references collections (studio_id, id) on delete cascade
);
create index share_links_of_studio on share_links (studio_id, created_at desc, id desc);
create index share_links_of_work on share_links (studio_id, work_id) where work_id is not null;
create index share_links_of_collection on share_links (studio_id, collection_id) where collection_id is not null;
create index share_links_over on share_links (least(revoked_at, expires_at)) where revoked_at is not null or expires_at is not null;
create index share_links_author on share_links (created_by);

alter table share_links enable row level security;
create policy share_links_tenant on share_links to vitrine_app using (studio_id = current_studio()) with check (studio_id = current_studio());
create policy share_links_worker on share_links to vitrine_worker using (true) with check (true);

grant select, insert, update on share_links to vitrine_app;
grant select, insert, update, delete on share_links to vitrine_worker;

-- Which studio a link belongs to, for whoever holds its secret. It gives an id
-- and no content; the rest is then read in that studio's scope.
-- +goose StatementBegin
create function shared_studio(link bytea) returns uuid
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$ select studio_id from public.share_links where hash = link $$;
-- +goose StatementEnd
revoke execute on function shared_studio(bytea) from public;
grant execute on function shared_studio(bytea) to vitrine_app, vitrine_worker;

-- +goose Down
drop function shared_studio(bytea);
drop table share_links;
