-- +goose Up
-- A report of a studio's statistics that is being made or can be fetched.
create table stat_reports (
  studio_id  uuid not null,
  id         uuid not null,
  asked_by   uuid not null,
  days       integer not null,
  state      text not null default 'waiting',
  percent    integer not null default 0,
  asked_at   timestamptz not null,
  ready_at   timestamptz,
  expires_at timestamptz not null,               -- then it goes
  primary key (studio_id, id),
  constraint stat_reports_state check (state in ('waiting', 'working', 'ready', 'failed')),
  constraint stat_reports_ready check ((state = 'ready') = (ready_at is not null)),
  constraint stat_reports_percent check (percent between 0 and 100 and days > 0)
);
-- One at a time.
create unique index stat_reports_one on stat_reports (studio_id) where state in ('waiting', 'working');
create index stat_reports_of on stat_reports (studio_id, asked_at desc);
create index stat_reports_expiry on stat_reports (expires_at);

-- Its files, in parts that fit into memory.
create table stat_report_parts (
  studio_id uuid not null,
  report_id uuid not null,
  name      text not null,
  number    integer not null,
  content   bytea not null,
  primary key (studio_id, report_id, name, number),
  foreign key (studio_id, report_id) references stat_reports (studio_id, id) on delete cascade,
  constraint stat_report_parts_size check (number > 0 and octet_length(content) <= 1048576)
);

alter table stat_reports enable row level security;
create policy stat_reports_tenant on stat_reports to vitrine_app using (studio_id = current_studio()) with check (studio_id = current_studio());
create policy stat_reports_worker on stat_reports to vitrine_worker using (true) with check (true);
alter table stat_report_parts enable row level security;
create policy stat_report_parts_tenant on stat_report_parts to vitrine_app using (studio_id = current_studio()) with check (studio_id = current_studio());
create policy stat_report_parts_worker on stat_report_parts to vitrine_worker using (true) with check (true);

grant select, insert on stat_reports to vitrine_app;
grant select on stat_report_parts to vitrine_app;
grant select, insert, update, delete on stat_reports, stat_report_parts to vitrine_worker;

-- +goose Down
drop table stat_report_parts;
drop table stat_reports;
