-- +goose Up
-- Infrastructure that holds no private data of a studio: no row-level security,
-- but least grants. The app writes events and remembers keys; everything after
-- the commit is the worker's.

-- What happened, written in the transaction in which it happened. Claimed by
-- "sent_at is null for update skip locked", never by a cursor over the id: a
-- transaction that commits late has an id that a cursor would have passed.
create table outbox (
  id         uuid primary key, -- UUIDv7; the event's id everywhere after this
  event      text not null check (event ~ '^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\.v[1-9][0-9]*$' and length(event) <= 100),
  payload    jsonb not null,
  priority   smallint not null default 0, -- negative waits behind everything that people wait for
  created_at timestamptz not null,
  sent_at    timestamptz,
  -- Sent while nobody subscribed. During a rolling change an older process may
  -- relay an event that only the newer one knows: that one opens it again.
  unheard    boolean not null default false,
  check (not unheard or sent_at is not null)
);
create index outbox_unsent on outbox (priority desc, id) where sent_at is null;
create index outbox_sent on outbox (sent_at) where sent_at is not null;
create index outbox_unheard on outbox (event, created_at) where unheard;

-- One row for each event and subscriber until its handler is done. Claiming
-- changes no indexed column, so that it rewrites no index.
create table tasks (
  id              uuid primary key,
  event_id        uuid not null,
  event           text not null,
  event_at        timestamptz not null,
  subscriber      text not null check (length(subscriber) between 1 and 100),
  queue           text not null check (length(queue) between 1 and 40),
  priority        smallint not null default 0,
  payload         jsonb not null,
  state           text not null default 'ready' check (state in ('ready', 'dead')),
  attempts        integer not null default 0 check (attempts >= 0), -- that failed; an interruption is none
  max_attempts    integer not null check (max_attempts > 0),
  takeovers       integer not null default 0, -- how often a runner died in the middle
  run_at          timestamptz not null,
  owner           text, -- the runner that holds the lease
  fence           bigint not null default 0, -- grows with each lease: a late answer of a former owner is refused
  leased_until    timestamptz,
  last_error      text not null default '',
  first_failed_at timestamptz,
  created_at      timestamptz not null,
  constraint tasks_event_subscriber unique (event_id, subscriber),
  constraint tasks_lease check ((owner is null) = (leased_until is null))
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
create index tasks_claim on tasks (queue, priority desc, run_at, id) where state = 'ready';
create index tasks_dead on tasks (id) where state = 'dead';

-- Which subscriber has had its effect for which event, written with the effect.
create table inbox (
  event_id   uuid not null,
  subscriber text not null,
  created_at timestamptz not null,
  primary key (event_id, subscriber)
);
create index inbox_created on inbox (created_at);

-- A schedule fires by inserting its slot: of two schedulers one succeeds.
create table schedule_slots (
  job        text not null,
  slot       timestamptz not null,
  created_at timestamptz not null,
  primary key (job, slot)
);

-- What a person's form has already done, see package idem.
create table idempotency_keys (
  scope      text not null check (length(scope) between 1 and 200),
  key        text not null check (length(key) between 16 and 64),
  result     text not null default '',
  created_at timestamptz not null,
  primary key (scope, key)
);
create index idempotency_keys_created on idempotency_keys (created_at);

grant insert on outbox to vitrine_app;
grant select, insert, update on idempotency_keys to vitrine_app;
grant select, insert, update, delete on outbox, tasks, inbox, schedule_slots, idempotency_keys to vitrine_worker;

-- +goose Down
drop table idempotency_keys;
drop table schedule_slots;
drop table inbox;
drop table tasks;
drop table outbox;
