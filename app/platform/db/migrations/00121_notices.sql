-- +goose Up
-- What people are told. A notice is a group: while it is unread, everything of
-- its kind about the same subject joins it. Its parts say what happened, each
-- once: their key is the natural one, so an event that comes twice has one effect.
create table notices (
  id         uuid primary key,
  user_id    uuid not null,                       -- who is told
  kind       text not null,
  shelf      text not null,                       -- the tab
  subject_id uuid not null,                       -- a work, a comment, a studio
  studio_id  uuid not null,                       -- that it happened in
  work_id    uuid,                                -- that all of it is about
  standing   text not null default 'public',      -- of that work: whether it can be seen
  people     integer not null default 0,          -- different actors of its parts
  things     integer not null default 0,          -- its parts that count; 0: nothing is left to tell
  on_page    boolean not null,                    -- false: for mail alone
  digest     boolean not null default false,      -- waits for the daily mail
  created_at timestamptz not null,
  updated_at timestamptz not null,                -- of the newest part
  read_at    timestamptz,
  constraint notices_shelf check (shelf in ('comments', 'likes', 'follows', 'studio')),
  constraint notices_standing check (standing in ('public', 'link', 'none')),
  constraint notices_counts check (people >= 0 and things >= 0),
  constraint notices_kind check (char_length(kind) between 1 and 30)
);
create unique index notices_group on notices (user_id, kind, subject_id) where read_at is null;
create index notices_newest on notices (user_id, updated_at desc, id desc) where on_page and things > 0 and standing <> 'none';
create index notices_shelf_newest on notices (user_id, shelf, updated_at desc, id desc) where on_page and things > 0 and standing <> 'none';
create index notices_unread on notices (user_id, shelf) where read_at is null and on_page and things > 0 and standing <> 'none';
create index notices_digest on notices (user_id, updated_at desc, id desc) where digest;
create index notices_work on notices (work_id) where work_id is not null;
create index notices_studio on notices (studio_id);
create index notices_old on notices (updated_at);

create table notice_parts (
  user_id   uuid not null,
  kind      text not null,
  ref_id    uuid not null,                        -- what happened: a work, a comment, a file, a review
  actor_id  uuid not null,                        -- who did it: a person or a studio
  notice_id uuid references notices (id) on delete cascade,
  label     text not null default '',             -- what it was called then, for what has no public page
  note      text not null default '',
  path      text not null default '',
  at        timestamptz not null,
  gone      boolean not null default false,       -- taken back, deleted, hidden
  primary key (user_id, kind, ref_id, actor_id),
  constraint notice_parts_lengths check (char_length(label) <= 300 and char_length(note) <= 2000 and char_length(path) <= 500)
);
create index notice_parts_newest on notice_parts (notice_id, at desc) where not gone;
create index notice_parts_notice on notice_parts (notice_id);
create index notice_parts_ref on notice_parts (ref_id, kind);
create index notice_parts_actor on notice_parts (actor_id, kind);

-- What people want to hear, where it differs from what is said at first.
create table notice_settings (
  user_id uuid not null,
  kind    text not null,
  page    boolean not null,
  mail    boolean not null,
  daily   boolean not null,
  primary key (user_id, kind)
);

-- When the daily mail leaves, by the clock of the person.
create table notice_hours (
  user_id uuid primary key,
  hour    smallint not null default 8,
  zone    text not null default '',               -- IANA name; empty is UTC
  next_at timestamptz,                            -- null while nothing waits
  constraint notice_hours_hour check (hour between 0 and 23),
  constraint notice_hours_zone check (char_length(zone) <= 64)
);
create index notice_hours_due on notice_hours (next_at) where next_at is not null;

-- The next time at which a clock in the zone shows the hour.
-- +goose StatementBegin
create function next_hour(now timestamptz, hour integer, zone text) returns timestamptz language sql stable as $$
  select case when today > now then today else tomorrow end
  from (select (day + make_interval(hours => hour)) at time zone z as today, (day + interval '1 day' + make_interval(hours => hour)) at time zone z as tomorrow
    from (select date_trunc('day', now at time zone z) as day, z from (select coalesce(nullif(zone, ''), 'UTC') as z) a) b) c
$$;
-- +goose StatementEnd

grant select on notices, notice_parts to vitrine_app;
grant update (read_at) on notices to vitrine_app;
grant select, insert, update, delete on notice_settings to vitrine_app;
grant select, insert, update on notice_hours to vitrine_app;
grant select, insert, update, delete on notices, notice_parts, notice_settings, notice_hours to vitrine_worker;

-- +goose Down
drop function next_hour;
drop table notice_hours;
drop table notice_settings;
drop table notice_parts;
drop table notices;
