-- +goose Up
-- Where the bytes of an upload arrive: the machine's disk, or an object store as
-- parts that any process goes on with, named by its handle.
alter table uploads
  add column place text not null default 'disk',
  add column handle text not null default '',
  add constraint uploads_place check (length(place) between 1 and 40 and length(handle) <= 2000);

-- +goose Down
alter table uploads
  drop constraint uploads_place,
  drop column handle,
  drop column place;
