-- +goose Up
-- Works of one studio that belong together, in an order made by hand. One that
-- is not shown is the studio's own; one that is shown is as public as a tag.
create table collections (
  id         uuid primary key,
  studio_id  uuid not null references studios (id) on delete cascade,
  public_id  text not null,
  title      text not null,
  slug       text not null,
  about      text not null default '',
  shown      boolean not null default false,
  cover_id   uuid,                               -- the work on the cover; null: the first that can be seen
  created_at timestamptz not null,
  updated_at timestamptz not null,               -- of words, order and works
  version    bigint not null default 1,
  constraint collections_public_id unique (public_id),
  constraint collections_studio_id_id unique (studio_id, id),
  constraint collections_lengths check (char_length(title) between 1 and 120 and char_length(slug) between 1 and 80 and char_length(about) <= 2000),
  constraint collections_cover foreign key (studio_id, cover_id) references works (studio_id, id) on delete set null (cover_id)
);
create index collections_of_studio on collections (studio_id, created_at desc, id desc);
create index collections_shown on collections (studio_id, created_at desc, id desc) where shown;
create index collections_listed on collections (id) where shown;
create index collections_covers on collections (studio_id, cover_id) where cover_id is not null;

create table collection_works (
  studio_id     uuid not null,
  collection_id uuid not null,
  work_id       uuid not null,
  position      integer not null,
  primary key (collection_id, work_id),
  -- Deferred, so that two works can change places in one statement.
  constraint collection_works_order unique (collection_id, position) deferrable initially deferred,
  constraint collection_works_collection foreign key (studio_id, collection_id) references collections (studio_id, id) on delete cascade,
  constraint collection_works_work foreign key (studio_id, work_id) references works (studio_id, id) on delete cascade,
  constraint collection_works_position check (position >= 0)
);
create index collection_works_of_work on collection_works (studio_id, work_id);
create index collection_works_by_work on collection_works (work_id, collection_id);
create index collection_works_of_studio on collection_works (studio_id, collection_id, position);

alter table collections enable row level security;
create policy collections_public on collections for select to vitrine_app using (shown);
create policy collections_tenant on collections to vitrine_app using (studio_id = current_studio()) with check (studio_id = current_studio());
create policy collections_worker on collections to vitrine_worker using (true) with check (true);

-- What a collection holds is as public as the collection, by construction: the
-- subquery sees what the policies of collections let the reader see. Whether a
-- work in it can be seen, the policies of works decide.
alter table collection_works enable row level security;
create policy collection_works_public on collection_works for select to vitrine_app
  using (exists (select from collections c where c.id = collection_works.collection_id));
create policy collection_works_tenant on collection_works to vitrine_app using (studio_id = current_studio()) with check (studio_id = current_studio());
create policy collection_works_worker on collection_works to vitrine_worker using (true) with check (true);

grant select, insert, update, delete on collections, collection_works to vitrine_app, vitrine_worker;

-- +goose Down
drop table collection_works;
drop table collections;
