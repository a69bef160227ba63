-- +goose Up
-- Whose days the statistics are: the zone in which they were added up.
create table stat_studios (
  studio_id uuid primary key,
  time_zone text not null,
  made_at   timestamptz not null
);

-- Statistics of a studio by the hour, by the day, by work and by source. All of
-- them can be made again from the events, as long as those are kept.
create table stat_hours (
  studio_id uuid not null,
  hour      timestamptz not null,                -- when it begins
  views     integer not null,
  visitors  integer not null,
  primary key (studio_id, hour)
);
create table stat_days (
  studio_id uuid not null,
  day       date not null,                       -- in the studio's zone
  views     integer not null,
  visitors  integer not null,
  likes     integer not null,                    -- given less taken back
  follows   integer not null,
  primary key (studio_id, day)
);
create table stat_works (
  studio_id uuid not null,
  day       date not null,
  work_id   uuid not null,                       -- zero: the studio's own page
  views     integer not null,
  visitors  integer not null,
  likes     integer not null,
  primary key (studio_id, day, work_id)
);
create table stat_sources (
  studio_id uuid not null,
  day       date not null,
  source    text not null,                       -- a host; empty: not told; '*': all others
  views     integer not null,
  visitors  integer not null,
  primary key (studio_id, day, source)
);
create index stat_hours_age on stat_hours (hour);

alter table stat_studios enable row level security;
create policy stat_studios_tenant on stat_studios to vitrine_app using (studio_id = current_studio()) with check (studio_id = current_studio());
create policy stat_studios_worker on stat_studios to vitrine_worker using (true) with check (true);
alter table stat_hours enable row level security;
create policy stat_hours_tenant on stat_hours to vitrine_app using (studio_id = current_studio()) with check (studio_id = current_studio());
create policy stat_hours_worker on stat_hours to vitrine_worker using (true) with check (true);
alter table stat_days enable row level security;
create policy stat_days_tenant on stat_days to vitrine_app using (studio_id = current_studio()) with check (studio_id = current_studio());
create policy stat_days_worker on stat_days to vitrine_worker using (true) with check (true);
alter table stat_works enable row level security;
create policy stat_works_tenant on stat_works to vitrine_app using (studio_id = current_studio()) with check (studio_id = current_studio());
create policy stat_works_worker on stat_works to vitrine_worker using (true) with check (true);
alter table stat_sources enable row level security;
create policy stat_sources_tenant on stat_sources to vitrine_app using (studio_id = current_studio()) with check (studio_id = current_studio());
create policy stat_sources_worker on stat_sources to vitrine_worker using (true) with check (true);

grant select on stat_studios, stat_hours, stat_days, stat_works, stat_sources to vitrine_app;
grant select, insert, update, delete on stat_studios, stat_hours, stat_days, stat_works, stat_sources to vitrine_worker;

-- +goose Down
drop table stat_sources;
drop table stat_works;
drop table stat_days;
drop table stat_hours;
drop table stat_studios;
