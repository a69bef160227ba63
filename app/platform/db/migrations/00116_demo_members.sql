-- +goose Up
-- The demo members: people who like, follow and comment on the demo works, so
-- that they can be taken away with them.
create table demo_members (
  number  integer primary key, -- place in the catalogue of people
  user_id uuid not null
);
grant select on demo_members to vitrine_app;
grant select, insert, update, delete on demo_members to vitrine_worker;

-- +goose Down
drop table demo_members;
