-- +goose Up
-- The mail log is read by state and by address, newest first.
create index mails_state on mails (state, created_at desc, id desc);
create index mails_address on mails (to_key, created_at desc, id desc);
-- Tasks that failed and are tried again: few, among all that wait.
create index tasks_retried on tasks (run_at, id) where state = 'ready' and attempts > 0;

-- +goose Down
drop index tasks_retried;
drop index mails_address;
drop index mails_state;
