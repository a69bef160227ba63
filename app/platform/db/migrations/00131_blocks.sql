-- +goose Up
-- Whom a person blocks, and what they do not want to hear of. Ids of people have
-- no foreign key, as in memberships. These rows are their person's own: every
-- query names the person.
create table blocks (
  blocker_id uuid not null,
  blocked_id uuid not null,
  created_at timestamptz not null,
  primary key (blocker_id, blocked_id),
  constraint blocks_others check (blocker_id <> blocked_id)
);
create index blocks_newest on blocks (blocker_id, created_at desc, blocked_id desc);
create index blocks_of_blocked on blocks (blocked_id);

create table mutes (
  user_id    uuid not null,
  kind       text not null check (kind in ('person', 'studio')),
  subject_id uuid not null,
  created_at timestamptz not null,
  primary key (user_id, kind, subject_id)
);
create index mutes_newest on mutes (user_id, created_at desc, subject_id desc);
create index mutes_subject on mutes (subject_id);

grant select, insert, delete on blocks, mutes to vitrine_app;
grant select, insert, update, delete on blocks, mutes to vitrine_worker;

-- +goose Down
drop table mutes;
drop table blocks;
