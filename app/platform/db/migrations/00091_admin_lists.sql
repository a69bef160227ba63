-- +goose Up
-- What the lists of people and studios for administrators are ordered by and
-- searched in: the beginning of an address, a name or a slug.
create index users_newest on users (created_at desc, id desc);
create index users_email_prefix on users (email_key text_pattern_ops);
create index users_name_prefix on users (lower(name) text_pattern_ops);
create index studios_newest on studios (created_at desc, id desc);
create index studios_slug_prefix on studios (slug text_pattern_ops);
create index studios_name_prefix on studios (lower(name) text_pattern_ops);

-- +goose Down
drop index users_newest, users_email_prefix, users_name_prefix, studios_newest, studios_slug_prefix, studios_name_prefix;
