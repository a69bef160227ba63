-- +goose Up
-- Studios are public. Ids of people are kept without a foreign key: a studio
-- may one day live on another shard (placement) than its members.
create table studios (
  id          uuid primary key,
  slug        text not null,                     -- the current one, also in studio_slugs
  name        text not null,
  description text not null default '',
  location    text not null default '',
  placement   text not null default 'main',      -- which shard holds its rows
  personal_of uuid,                              -- the person whose own studio it is
  created_at  timestamptz not null,
  updated_at  timestamptz not null,
  version     bigint not null default 1,
  constraint studios_slug unique (slug),
  constraint studios_personal_of unique (personal_of),
  constraint studios_slug_form check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) between 3 and 40),
  constraint studios_placement check (placement = 'main'),
  constraint studios_lengths check (char_length(name) between 1 and 80 and char_length(description) <= 1000 and char_length(location) <= 80)
);

-- Every slug that a studio has or had. A former one keeps leading to its studio
-- and is never given to another, so no old link ends at a stranger's page.
-- Its row is written before the studio's: this key alone decides who gets a slug.
create table studio_slugs (
  slug      text primary key,
  studio_id uuid not null references studios (id) on delete cascade deferrable initially deferred,
  since     timestamptz not null
);
create index studio_slugs_studio on studio_slugs (studio_id);

create table memberships (
  studio_id  uuid not null references studios (id) on delete cascade,
  user_id    uuid not null,
  role       text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version    bigint not null default 1,
  primary key (studio_id, user_id),
  constraint memberships_role check (role in ('owner', 'admin', 'editor', 'viewer'))
);
create index memberships_user on memberships (user_id, studio_id);

alter table memberships enable row level security;
-- Members of the studio see one another, and everybody sees where they belong.
-- Writing needs the studio's scope: nobody makes themselves a member.
create policy memberships_see on memberships for select to vitrine_app
  using (studio_id = current_studio() or user_id = current_member());
create policy memberships_add on memberships for insert to vitrine_app
  with check (studio_id = current_studio());
create policy memberships_change on memberships for update to vitrine_app
  using (studio_id = current_studio()) with check (studio_id = current_studio());
create policy memberships_remove on memberships for delete to vitrine_app
  using (studio_id = current_studio());
create policy memberships_worker on memberships to vitrine_worker using (true) with check (true);

grant select, insert, update on studios, studio_slugs to vitrine_app;
grant select, insert, update, delete on memberships to vitrine_app;
grant select, insert, update, delete on studios, studio_slugs, memberships to vitrine_worker;

-- +goose Down
drop table memberships;
drop table studio_slugs;
drop table studios;
