-- +goose Up
-- What is popular, and the leaderboard, as lists that were made at a moment: a
-- page and the next one are of the same list, however the numbers move. They hold
-- public works and studios only, by COPY and in bulk: no row-level security.
create table rankings (
  id      uuid primary key,
  list    text not null,
  made_at timestamptz not null,
  constraint rankings_list check (list in ('popular', 'works-week', 'works-month', 'works-all', 'studios-week', 'studios-month', 'studios-all'))
);
create index rankings_latest on rankings (list, made_at desc);
create table ranked (
  ranking_id  uuid not null references rankings (id) on delete cascade,
  position    integer not null,
  studio_id   uuid not null,
  studio_slug text not null,
  studio_name text not null,
  work_id     uuid,                        -- in a list of studios the work that did most for it
  score       double precision not null,
  likes       bigint not null,
  comments    bigint not null,
  followers   bigint not null default 0,   -- new ones, in a list of studios
  primary key (ranking_id, position),
  constraint ranked_position check (position > 0)
);
create index ranked_of_studio on ranked (studio_id);
grant select on rankings, ranked to vitrine_app;
grant select, insert, delete on rankings, ranked to vitrine_worker;

-- What was done lately, whoever did it.
create index likes_lately on likes (created_at);
create index comments_lately on comments (created_at);
create index follows_lately on follows (created_at);

-- +goose Down
drop index follows_lately, comments_lately, likes_lately;
drop table ranked;
drop table rankings;
