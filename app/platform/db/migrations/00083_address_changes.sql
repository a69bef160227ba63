-- +goose Up
-- A person's wish for another address of mail. It holds both, because the old
-- one may have it back for a while.
create table address_changes (
  id           uuid primary key,
  user_id      uuid not null references users (id) on delete cascade,
  email        text not null,
  email_key    text not null,
  old_email    text not null,
  old_key      text not null,
  created_at   timestamptz not null,
  confirmed_at timestamptz,                      -- when the link in the new mailbox was used
  ended_at     timestamptz,                      -- replaced by a later wish, or undone, itself or one before it
  constraint address_changes_lengths check (char_length(email) between 3 and 254 and char_length(email_key) between 3 and 254
    and char_length(old_email) between 3 and 254 and char_length(old_key) between 3 and 254)
);
create index address_changes_user on address_changes (user_id, created_at);
create index address_changes_created on address_changes (created_at);

alter table links add column change_id uuid references address_changes (id) on delete cascade;
create index links_change on links (change_id) where change_id is not null;
alter table links drop constraint links_kind;
alter table links add constraint links_kind check (
  kind = 'verify' and signup_id is not null and user_id is null and change_id is null
  or kind = 'reset' and user_id is not null and signup_id is null and change_id is null
  or kind in ('address', 'undo') and change_id is not null and signup_id is null and user_id is null);

grant select, insert, update on address_changes to vitrine_app;
grant select, insert, update, delete on address_changes to vitrine_worker;

-- +goose Down
delete from links where kind in ('address', 'undo');
alter table links drop constraint links_kind;
alter table links drop column change_id;
alter table links add constraint links_kind check (kind = 'verify' and signup_id is not null and user_id is null
    or kind = 'reset' and user_id is not null and signup_id is null);
drop table address_changes;
