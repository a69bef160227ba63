-- +goose Up
-- What went wrong, one row for each kind of failure. Its texts are redacted
-- before they come here; even so they are the worker's alone.
create table error_groups (
  fingerprint uuid primary key, -- of kind, place and title
  kind        text not null,
  place       text not null,               -- a route's pattern or a subscriber, never a URL
  title       text not null,               -- the chain of errors without its values
  message     text not null,               -- of the last occurrence
  stack       text not null default '',    -- of the last panic
  version     text not null default '',
  count       bigint not null,
  first_seen  timestamptz not null,
  last_seen   timestamptz not null,
  state       text not null default 'open',
  reopened    integer not null default 0,  -- how often it came again after it was resolved
  resolved_at timestamptz,
  resolved_by uuid,
  constraint error_groups_kind check (kind in ('internal', 'unavailable', 'panic', 'task')),
  constraint error_groups_state check (state in ('open', 'resolved')),
  constraint error_groups_resolved check (state <> 'resolved' or resolved_at is not null and resolved_by is not null),
  constraint error_groups_times check (first_seen <= last_seen and count > 0),
  constraint error_groups_lengths check (char_length(place) <= 200 and char_length(title) <= 400 and char_length(message) <= 2100 and char_length(stack) <= 8100)
) with (fillfactor = 70);
create index error_groups_seen on error_groups (state, last_seen desc, fingerprint desc);
create index error_groups_old on error_groups (last_seen);

grant select, insert, update, delete on error_groups to vitrine_worker;

-- +goose Down
drop table error_groups;
