-- +goose Up
-- What looks for tasks that their carrier lost walks through those that wait, in
-- the order of their ids.
create index tasks_ready on tasks (id) where state = 'ready';

-- +goose Down
drop index tasks_ready;
