-- +goose Up
-- How often a mail was being handed to the server when its process ended: nobody
-- knows whether it arrived. After two such ends it is not sent a third time.
-- unsubscribe is the link of a mail that can be unsubscribed from (RFC 8058).
alter table mails
  add column unsure      smallint not null default 0,
  add column unsubscribe text     not null default '',
  add constraint mails_unsure check (unsure between 0 and 2);

-- +goose Down
alter table mails drop constraint mails_unsure, drop column unsubscribe, drop column unsure;
