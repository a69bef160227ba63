-- +goose Up
-- Why a work is hidden, one bit for each reason, so that lifting one leaves the
-- others: 1 moderation, 2 waits for a moderator, 4 its studio is suspended,
-- 8 its studio is closing. hidden stays what policies and indexes test.
alter table works add column hidden_for smallint not null default 0;
update works set hidden_for = 1 where hidden;
alter table works add constraint works_hidden_for check (hidden_for between 0 and 15 and hidden = (hidden_for <> 0));

-- +goose Down
alter table works drop column hidden_for;
