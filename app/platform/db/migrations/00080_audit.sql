-- +goose Up
-- Who did what, written in the transaction in which it was done and never
-- changed. What concerns a studio is the studio's to read; the rest (people's
-- own accounts, the installation) only those who run the installation read, so
-- there the app's role may insert and nothing else.
create table studio_audit (
  id        uuid primary key,                    -- UUIDv7: its order is that of time
  studio_id uuid not null references studios (id) on delete cascade,
  actor_id  uuid,                                -- null: the product itself
  action    text not null,
  subject   text not null default '',            -- "user:<id>", "work:<public id>"
  note      text not null default '',            -- a sentence for people
  at        timestamptz not null,
  constraint studio_audit_form check (action ~ '^[a-z_]+\.[a-z_]+$' and length(action) <= 100
    and length(subject) <= 200 and char_length(note) <= 2000)
);
create index studio_audit_newest on studio_audit (studio_id, id desc);
create index studio_audit_action on studio_audit (studio_id, action, id desc);
create index studio_audit_actor on studio_audit (studio_id, actor_id, id desc);
create index studio_audit_subject on studio_audit (subject, id desc);
create index studio_audit_by on studio_audit (actor_id, id desc) where actor_id is not null;

alter table studio_audit enable row level security;
create policy studio_audit_tenant on studio_audit to vitrine_app
  using (studio_id = current_studio()) with check (studio_id = current_studio());
create policy studio_audit_worker on studio_audit to vitrine_worker using (true) with check (true);

create table audit (
  id       uuid primary key,
  actor_id uuid,
  action   text not null,
  subject  text not null default '',
  note     text not null default '',
  at       timestamptz not null,
  constraint audit_form check (action ~ '^[a-z_]+\.[a-z_]+$' and length(action) <= 100
    and length(subject) <= 200 and char_length(note) <= 2000)
);
create index audit_actor on audit (actor_id, id desc) where actor_id is not null;
create index audit_action on audit (action, id desc);
create index audit_subject on audit (subject, id desc);

-- Nobody changes a row. The worker removes what is too old, or a person's who
-- has left.
grant select, insert on studio_audit to vitrine_app;
grant insert on audit to vitrine_app;
grant select, insert, delete on studio_audit, audit to vitrine_worker;

-- +goose Down
drop table audit;
drop table studio_audit;
