-- +goose Up
-- The mail log. A mail is composed exactly once (its row) and sent at least
-- once. Its text holds a secret link until it has left: the app's role, which
-- answers requests, has no business here.
create table mails (
  id         uuid primary key,
  kind       text not null,
  recipient  text not null,
  to_key     text not null,                      -- normalised, to count what one address got
  subject    text not null,
  text       text not null,
  html       text not null,
  secret     text not null default '',           -- cut out of text and html once the mail has left
  state      text not null default 'queued',
  attempts   integer not null default 0,         -- that failed
  error      text not null default '',
  created_at timestamptz not null,
  sent_at    timestamptz,
  constraint mails_state check (state in ('queued', 'sent', 'failed')),
  constraint mails_sent check ((state = 'sent') = (sent_at is not null)),
  constraint mails_lengths check (char_length(kind) between 1 and 60 and char_length(recipient) between 3 and 254
    and char_length(subject) between 1 and 200)
);
create index mails_newest on mails (created_at desc, id desc);
create index mails_recipient on mails (to_key, kind, created_at);

grant select, insert, update, delete on mails to vitrine_worker;

-- +goose Down
drop table mails;
