-- +goose Up
-- Where a studio's days begin and end: an IANA name, which Go checks.
alter table studios
  add column time_zone text not null default 'UTC',
  add constraint studios_time_zone check (char_length(time_zone) between 1 and 64);

-- +goose Down
alter table studios drop column time_zone;
