-- +goose Up
-- What somebody reported: a work, a comment or a studio, with all reports of it
-- until moderators decide. The studio whose thing it is reads its own; the queue
-- over all studios is the worker's.
create table complaints (
  id         uuid primary key,
  studio_id  uuid not null references studios (id) on delete cascade,
  kind       text not null,
  subject_id uuid not null,                   -- of the work, the comment or the studio
  work_id    uuid,                            -- the work, or the one that the comment stands under
  author_id  uuid not null,                   -- who wrote the comment; all zeros: the studio answers for it
  public_id  text not null default '',        -- of that work
  title      text not null default '',        -- of the work, or the studio's name, when it was reported
  anchor     text not null default '',        -- public id of the comment
  quote      text not null default '',        -- what the comment said then
  claimant   text not null default '',        -- who says that the work is theirs, for the studio to read
  claim      text not null default '',        -- and what they say
  reports    integer not null default 0,
  state      text not null default 'open',
  opened_at  timestamptz not null,
  decided_at timestamptz,
  decided_by uuid,
  note       text not null default '',        -- of a moderator who dismissed it, for moderators
  constraint complaints_studio unique (studio_id, id),
  constraint complaints_kind check (kind in ('work', 'comment', 'studio') and (kind = 'studio') = (work_id is null)),
  constraint complaints_state check (state in ('open', 'acted', 'dismissed')),
  constraint complaints_decided check ((state = 'open') = (decided_at is null) and (decided_at is null) = (decided_by is null)),
  constraint complaints_lengths check (char_length(quote) <= 4000 and char_length(title) <= 200 and char_length(claimant) <= 400 and char_length(claim) <= 4000 and char_length(note) <= 1000)
);
create unique index complaints_open on complaints (kind, subject_id) where state = 'open';
create index complaints_queue on complaints (opened_at, id) where state = 'open';
create index complaints_decisions on complaints (decided_at desc, id desc) where state <> 'open';
create index complaints_of_subject on complaints (studio_id, subject_id, opened_at desc, id desc);
create index complaints_claims on complaints (studio_id, opened_at desc, id desc) where claim <> '';
create index complaints_author on complaints (author_id);

-- One report. Who reports is nobody's business but the moderators': requests may
-- write rows and read none.
create table reports (
  id           uuid primary key,
  studio_id    uuid not null,
  complaint_id uuid not null,
  reporter_id  uuid,                          -- a member
  email        text not null default '',      -- of a visitor
  reporter_key bytea not null,                -- a digest of either: one report of one person about one thing
  ground       text not null,
  words        text not null default '',
  at           timestamptz not null,
  constraint reports_complaint foreign key (studio_id, complaint_id) references complaints (studio_id, id) on delete cascade,
  constraint reports_once unique (complaint_id, reporter_key),
  constraint reports_who check ((reporter_id is null) <> (email = '')),
  constraint reports_ground check (ground in ('spam', 'rights', 'sexual', 'violence', 'hate', 'harassment', 'private', 'illegal', 'other')),
  constraint reports_lengths check (char_length(words) <= 2000 and char_length(email) <= 254)
);
create index reports_of_studio on reports (studio_id, complaint_id);
create index reports_reporter on reports (reporter_id) where reporter_id is not null;
create index reports_at on reports (at);

-- What a rights holder states, as they stated it: evidence, which outlives the
-- work and the studio. Requests may write rows and read none.
create table takedowns (
  id           uuid primary key,
  number       text not null,                 -- what both sides call it by
  studio_id    uuid not null,                 -- all zeros once the studio is gone
  complaint_id uuid not null,
  reporter_id  uuid,                          -- when a member sent it
  page         text not null,                 -- which page of ours, as typed
  name         text not null,
  holder       text not null,                 -- whose rights: the person, or the firm they speak for
  email        text not null,
  email_key    text not null,
  contact      text not null,                 -- postal address or telephone
  owned        text not null,                 -- what is theirs, and where it can be seen
  statement    text not null,                 -- why its use here is not allowed
  signature    text not null,
  sworn        boolean not null,              -- ticked: in good faith, accurate, entitled
  at           timestamptz not null,
  constraint takedowns_number unique (number),
  constraint takedowns_sworn check (sworn),
  constraint takedowns_lengths check (char_length(page) <= 2000 and char_length(name) between 1 and 200 and char_length(holder) between 1 and 200
    and char_length(email) <= 254 and char_length(contact) between 1 and 500 and char_length(owned) between 1 and 2000
    and char_length(statement) between 1 and 2000 and char_length(signature) between 1 and 200)
);
create index takedowns_complaint on takedowns (complaint_id, at, id);
create index takedowns_studio on takedowns (studio_id);
create index takedowns_reporter on takedowns (reporter_id) where reporter_id is not null;
create index takedowns_at on takedowns (at);

-- What moderators did about a complaint, with the reason that the author reads.
create table moderation_actions (
  id           uuid primary key,
  studio_id    uuid not null,
  complaint_id uuid not null,
  kind         text not null,
  subject_id   uuid not null,
  work_id      uuid,
  author_id    uuid not null,                 -- as in complaints
  public_id    text not null default '',
  title        text not null default '',
  anchor       text not null default '',
  quote        text not null default '',
  action       text not null,
  reason       text not null,
  acted_by     uuid not null,
  acted_at     timestamptz not null,
  lifted_at    timestamptz,
  constraint actions_studio unique (studio_id, id),
  constraint actions_complaint foreign key (studio_id, complaint_id) references complaints (studio_id, id) on delete cascade,
  constraint actions_action check (action in ('hidden', 'sensitive', 'warned', 'suspended')),
  constraint actions_reason check (char_length(reason) between 1 and 1000)
);
create index actions_of_studio on moderation_actions (studio_id, acted_at desc, id desc);
create index actions_of_author on moderation_actions (author_id, acted_at desc, id desc);
create index actions_of_subject on moderation_actions (studio_id, subject_id, acted_at desc, id desc);
create index actions_of_complaint on moderation_actions (studio_id, complaint_id);

-- The author's answer to an action, once for each.
create table appeals (
  action_id   uuid primary key,
  studio_id   uuid not null,
  by_id       uuid not null,
  words       text not null,
  at          timestamptz not null,
  outcome     text not null default 'waiting',
  answer      text not null default '',
  answered_by uuid,
  answered_at timestamptz,
  constraint appeals_action foreign key (studio_id, action_id) references moderation_actions (studio_id, id) on delete cascade,
  constraint appeals_outcome check (outcome in ('waiting', 'kept', 'lifted', 'changed') and (outcome = 'waiting') = (answered_at is null)
    and (answered_at is null) = (answered_by is null)),
  constraint appeals_lengths check (char_length(words) between 1 and 2000 and char_length(answer) <= 1000 and (outcome = 'waiting' or answer <> ''))
);
create index appeals_queue on appeals (at, action_id) where outcome = 'waiting';
create index appeals_of_studio on appeals (studio_id, action_id);
create index appeals_of_author on appeals (by_id);

alter table complaints enable row level security;
create policy complaints_tenant on complaints to vitrine_app using (studio_id = current_studio()) with check (studio_id = current_studio());
create policy complaints_worker on complaints to vitrine_worker using (true) with check (true);
alter table moderation_actions enable row level security;
create policy actions_tenant on moderation_actions to vitrine_app using (studio_id = current_studio()) with check (studio_id = current_studio());
create policy actions_author on moderation_actions for select to vitrine_app using (author_id = current_member());
create policy actions_worker on moderation_actions to vitrine_worker using (true) with check (true);
alter table appeals enable row level security;
create policy appeals_tenant on appeals to vitrine_app using (studio_id = current_studio()) with check (studio_id = current_studio());
create policy appeals_author on appeals for select to vitrine_app using (by_id = current_member());
create policy appeals_worker on appeals to vitrine_worker using (true) with check (true);

grant select, insert, update on complaints to vitrine_app;
grant insert on reports, takedowns to vitrine_app;
grant select on moderation_actions to vitrine_app;
grant select, insert on appeals to vitrine_app;
grant select, insert, update, delete on complaints, reports, takedowns, moderation_actions, appeals to vitrine_worker;

-- A work can be hidden by an action, which its author answers, and marked as
-- sensitive by one, which its author cannot undo.
alter table works add column sensitive_held boolean not null default false;
alter table works drop constraint works_hidden_for;
alter table works add constraint works_hidden_for check (hidden_for between 0 and 31 and hidden = (hidden_for <> 0));
alter table works add constraint works_sensitive_held check (sensitive or not sensitive_held);

-- +goose Down
alter table works drop constraint works_sensitive_held;
update works set hidden_for = hidden_for & 15 | 1 where hidden_for & 16 <> 0;
alter table works drop constraint works_hidden_for;
alter table works add constraint works_hidden_for check (hidden_for between 0 and 15 and hidden = (hidden_for <> 0));
alter table works drop column sensitive_held;
drop table appeals;
drop table moderation_actions;
drop table takedowns;
drop table reports;
drop table complaints;
