-- +goose Up
-- A work that a moderator is asked about, with why, and what was decided. The
-- studio reads its own; the queue over all studios is the worker's.
create table reviews (
  id         uuid primary key,
  studio_id  uuid not null,
  work_id    uuid not null,
  asked_by   uuid not null,                    -- who published, and gets the mail
  round      smallint not null default 1,      -- how often it was asked for this work
  state      text not null default 'waiting',
  score      smallint not null,
  findings   jsonb not null default '[]',      -- what the check found: rule, points, detail; for moderators
  asked_at   timestamptz not null,
  decided_at timestamptz,
  decided_by uuid,
  note       text not null default '',         -- why, for the author
  constraint reviews_work foreign key (studio_id, work_id) references works (studio_id, id) on delete cascade,
  constraint reviews_state check (state in ('waiting', 'approved', 'refused', 'withdrawn')),
  constraint reviews_decided check ((state in ('approved', 'refused')) = (decided_at is not null and decided_by is not null)),
  constraint reviews_note check (char_length(note) <= 1000 and (state <> 'refused' or note <> '')),
  constraint reviews_findings check (jsonb_typeof(findings) = 'array')
);
create unique index reviews_waiting on reviews (work_id) where state = 'waiting';
create index reviews_queue on reviews (asked_at, id) where state = 'waiting';
create index reviews_decisions on reviews (decided_at desc, id desc) where state in ('approved', 'refused');
create index reviews_of_work on reviews (studio_id, work_id, asked_at desc, id desc);

alter table reviews enable row level security;
create policy reviews_tenant on reviews to vitrine_app using (studio_id = current_studio()) with check (studio_id = current_studio());
create policy reviews_worker on reviews to vitrine_worker using (true) with check (true);
grant select, insert, update on reviews to vitrine_app;
grant select, insert, update, delete on reviews to vitrine_worker;

-- What new accounts wrote, as hashes, so that the same text under many names is
-- noticed. It is looked up across studios; no text can be read back from it.
create table post_prints (
  hash    bytea not null check (octet_length(hash) = 32),
  user_id uuid not null references users (id) on delete cascade,
  at      timestamptz not null,
  primary key (hash, user_id)
);
create index post_prints_user on post_prints (user_id);
create index post_prints_at on post_prints (at);
grant select, insert on post_prints to vitrine_app;
grant select, insert, update, delete on post_prints to vitrine_worker;

-- +goose Down
drop table post_prints;
drop table reviews;
