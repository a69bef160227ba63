-- +goose Up
-- A studio never has two owners, whatever runs beside each other. That it is
-- never without one is the rule of the only three statements that could end it,
-- all of them behind the lock of the studio's row.
create unique index memberships_one_owner on memberships (studio_id) where role = 'owner';

-- +goose Down
drop index memberships_one_owner;
