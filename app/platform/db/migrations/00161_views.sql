-- +goose Up
-- Views are events: each is a row that is written by COPY and never changed.
-- There is no row-level security, since COPY is refused under it; the app's role
-- may only write. The time stands first in the key, so that the table can be
-- divided by months one day.
create table view_events (
  at        timestamptz not null,
  id        uuid not null,
  studio_id uuid not null,
  work_id   uuid not null,                       -- zero: the studio's own page
  visitor   bigint not null,                     -- keyed hash, of one studio and one day
  source    text not null default '',            -- host of the page that led here; empty: not told
  primary key (at, id),
  constraint view_events_source check (char_length(source) <= 100)
);
create index view_events_studio on view_events (studio_id, at);

-- What a visitor's hash is keyed with on one day. Once its day is over
-- everywhere the row goes, and nobody can tell whose hash is whose.
create table view_salts (
  day        date primary key,
  salt       bytea not null check (octet_length(salt) = 32),
  expires_at timestamptz not null
);

-- Likes and follows as events of engagement told them, without the person: one
-- row for each event, so that an event that comes twice counts once.
create table stat_acts (
  at        timestamptz not null,
  event_id  uuid not null,
  studio_id uuid not null,
  work_id   uuid not null,                       -- zero: the studio
  likes     smallint not null default 0,
  follows   smallint not null default 0,
  primary key (at, event_id)
);
create index stat_acts_studio on stat_acts (studio_id, at);

-- Times of a studio whose statistics must be made again. Appended with the
-- events in one transaction, taken by whoever adds up.
create table stat_marks (
  id        bigint generated always as identity primary key,
  studio_id uuid not null,
  since     timestamptz not null,
  until     timestamptz not null,
  check (since < until)
);
create index stat_marks_studio on stat_marks (studio_id);

grant insert on view_events, stat_marks to vitrine_app;
grant select, insert on view_salts to vitrine_app;
grant select, insert, delete on view_events, view_salts, stat_acts, stat_marks to vitrine_worker;

-- +goose Down
drop table stat_marks;
drop table stat_acts;
drop table view_salts;
drop table view_events;
