-- +goose Up
-- A collection can be reported, and hidden by moderators. Whether it is shown
-- follows from that and from what its studio wants, so that whoever asks whether
-- it is shown needs to know of one column alone.
drop policy collections_public on collections;
drop index collections_shown;
drop index collections_listed;
alter table collections rename column shown to wanted;
alter table collections add column hidden boolean not null default false;  -- by moderators
alter table collections add column shown boolean not null generated always as (wanted and not hidden) stored;
create index collections_shown on collections (studio_id, created_at desc, id desc) where shown;
create index collections_listed on collections (id) where shown;
create policy collections_public on collections for select to vitrine_app using (shown);

alter table complaints drop constraint complaints_kind;
alter table complaints add constraint complaints_kind check (kind in ('work', 'comment', 'studio', 'collection') and (kind in ('studio', 'collection')) = (work_id is null));

-- +goose Down
-- What concerns collections alone has no place any more; its reports and actions
-- go with it.
delete from complaints where kind = 'collection';
alter table complaints drop constraint complaints_kind;
alter table complaints add constraint complaints_kind check (kind in ('work', 'comment', 'studio') and (kind = 'studio') = (work_id is null));

drop policy collections_public on collections;
drop index collections_listed;
drop index collections_shown;
alter table collections drop column shown;
update collections set wanted = false where hidden;
alter table collections drop column hidden;
alter table collections rename column wanted to shown;
create index collections_shown on collections (studio_id, created_at desc, id desc) where shown;
create index collections_listed on collections (id) where shown;
create policy collections_public on collections for select to vitrine_app using (shown);
