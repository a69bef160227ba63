-- +goose Up
-- Where each page of the sitemap begins. Public rows only: the page itself is
-- read live, from its beginning to that of the next, so this says nothing that
-- the walls do not.
create table sitemap_pages (
  kind       text not null,
  number     integer not null,                   -- from 1
  from_at    timestamptz not null,               -- the keyset of its first row
  from_id    uuid not null,
  urls       integer not null,
  changed_at timestamptz not null,               -- the latest change of what it lists
  primary key (kind, number),
  constraint sitemap_pages_kind check (kind in ('works', 'studios', 'collections')),
  constraint sitemap_pages_numbers check (number > 0 and urls > 0)
);
grant select on sitemap_pages to vitrine_app;
grant select, insert, update, delete on sitemap_pages to vitrine_worker;

-- +goose Down
drop table sitemap_pages;
