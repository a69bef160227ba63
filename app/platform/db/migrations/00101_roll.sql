-- +goose Up
-- The members of a studio, page by page: by role, the owner first, and of one
-- role in the order of joining. The rank is a column, because under row-level
-- security an index serves leakproof comparisons alone, and no function.
alter table memberships add column rank smallint not null
  generated always as (case role when 'owner' then 1 when 'admin' then 2 when 'editor' then 3 else 4 end) stored;
create index memberships_roll on memberships (studio_id, rank, created_at, user_id);

-- +goose Down
drop index memberships_roll;
alter table memberships drop column rank;
