-- +goose Up
-- The mail log is read by state and by address, newest first.
create index mails_state on mails (state, created_at desc, id desc);
create index mails_address on mails (to_key, created_at desc, id desc);

-- +goose Down
drop index mails_address;
drop index mails_state;
