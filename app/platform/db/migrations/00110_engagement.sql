-- +goose Up
-- What people do with works and studios. Ids of people have no foreign key, as
-- in memberships. These rows are public, or their person's own: no row-level
-- security, every query names the work, the studio or the person.
create table follows (
  user_id    uuid not null,
  studio_id  uuid not null references studios (id) on delete cascade,
  created_at timestamptz not null,
  primary key (user_id, studio_id)
);
create index follows_of_user on follows (user_id, created_at desc, studio_id desc);
create index follows_of_studio on follows (studio_id, created_at desc, user_id desc);

create table likes (
  work_id    uuid not null,
  user_id    uuid not null,
  studio_id  uuid not null,
  created_at timestamptz not null,
  primary key (work_id, user_id),
  constraint likes_work foreign key (studio_id, work_id) references works (studio_id, id) on delete cascade
);
create index likes_of_user on likes (user_id, created_at desc, work_id desc);

create table bookmarks (
  user_id    uuid not null,
  work_id    uuid not null,
  studio_id  uuid not null,
  created_at timestamptz not null,
  primary key (user_id, work_id),
  constraint bookmarks_work foreign key (studio_id, work_id) references works (studio_id, id) on delete cascade
);
create index bookmarks_of_user on bookmarks (user_id, created_at desc, work_id desc);
create index bookmarks_of_work on bookmarks (work_id);

create table comments (
  id         uuid primary key,
  public_id  text not null,
  studio_id  uuid not null,
  work_id    uuid not null,
  user_id    uuid not null,                     -- nil once its person has left
  parent_id  uuid,                              -- of a reply; a comment that is replied to has none
  body       text not null,
  by_member  boolean not null default false,    -- of the work's studio, when it was written
  hidden     boolean not null default false,    -- by a moderator
  created_at timestamptz not null,
  edited_at  timestamptz,
  deleted_at timestamptz,                       -- the row stays while replies hang on it
  version    bigint not null default 1,
  constraint comments_public_id unique (public_id),
  constraint comments_work_id_id unique (studio_id, work_id, id),
  constraint comments_work foreign key (studio_id, work_id) references works (studio_id, id) on delete cascade,
  constraint comments_parent foreign key (studio_id, work_id, parent_id) references comments (studio_id, work_id, id) on delete cascade,
  constraint comments_body check (char_length(body) <= 2000 and (body = '') = (deleted_at is not null))
);
create index comments_of_work on comments (work_id, created_at desc, id desc) where parent_id is null;
create index comments_replies on comments (parent_id, created_at desc, id desc) where parent_id is not null;
create index comments_of_studio on comments (studio_id, created_at desc, id desc) where deleted_at is null;
create index comments_of_user on comments (user_id, created_at desc, id desc);

-- Works below which nobody may write any more.
create table comment_locks (
  work_id   uuid primary key,
  studio_id uuid not null,
  locked_at timestamptz not null,
  constraint comment_locks_work foreign key (studio_id, work_id) references works (studio_id, id) on delete cascade
);

-- The names beside comments, kept from the events of accounts. Whoever is
-- suspended is shut: their comments are not shown.
create table commenters (
  user_id uuid primary key,
  name    text not null check (char_length(name) between 1 and 80),
  shut    boolean not null default false
);

-- Counters are rows of their own, so that no act waits for another. An act makes
-- sure that the row exists and appends what changed; a job adds up.
create table work_counters (
  work_id   uuid primary key,
  studio_id uuid not null,
  likes     bigint not null default 0,
  comments  bigint not null default 0,
  constraint work_counters_work foreign key (studio_id, work_id) references works (studio_id, id) on delete cascade
);
create table studio_counters (
  studio_id uuid primary key references studios (id) on delete cascade,
  followers bigint not null default 0
);
create table counter_changes (
  id        bigint generated always as identity primary key,
  studio_id uuid not null,
  work_id   uuid,                               -- null when it is about the studio
  likes     integer not null default 0,
  comments  integer not null default 0,
  followers integer not null default 0
);
-- What waits is few, and is added to a counter when its page is made.
create index counter_changes_of_work on counter_changes (work_id) where work_id is not null;
create index counter_changes_of_studio on counter_changes (studio_id) where work_id is null;

grant select, insert, delete on follows, likes, bookmarks, comment_locks to vitrine_app;
grant select, insert, update, delete on comments to vitrine_app;
grant select, insert on commenters, work_counters, studio_counters to vitrine_app;
grant select, insert on counter_changes to vitrine_app;
grant select, insert, update, delete on follows, likes, bookmarks, comments, comment_locks, commenters, work_counters, studio_counters, counter_changes
  to vitrine_worker;

-- +goose Down
drop table counter_changes;
drop table studio_counters;
drop table work_counters;
drop table commenters;
drop table comment_locks;
drop table comments;
drop table bookmarks;
drop table likes;
drop table follows;
