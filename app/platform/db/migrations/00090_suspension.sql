-- +goose Up
-- Suspended people and studios, and why, in the words that they read themselves.
alter table users add column suspended_at timestamptz, add column suspended_reason text not null default '',
  add constraint users_suspended check ((suspended_at is not null) = (suspended_reason <> '') and char_length(suspended_reason) <= 1000);
alter table studios add column suspended_at timestamptz, add column suspended_reason text not null default '',
  add constraint studios_suspended check ((suspended_at is not null) = (suspended_reason <> '') and char_length(suspended_reason) <= 1000);
create index users_suspended_newest on users (created_at desc, id desc) where suspended_at is not null;
create index studios_suspended_newest on studios (created_at desc, id desc) where suspended_at is not null;

-- +goose Down
alter table studios drop column suspended_at, drop column suspended_reason;
alter table users drop column suspended_at, drop column suspended_reason;
