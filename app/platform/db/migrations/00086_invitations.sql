-- +goose Up
-- Who was asked by mail to belong to a studio. A row is open until it ends;
-- expires_at moves on when its mail is sent again.
create table invitations (
  id         uuid primary key,
  studio_id  uuid not null references studios (id) on delete cascade,
  email      text not null,                      -- as typed
  email_key  text not null,                      -- normalised
  role       text not null,
  invited_by uuid not null,
  created_at timestamptz not null,
  sent_at    timestamptz not null,               -- when its mail was asked for last
  sends      int not null default 1,
  expires_at timestamptz not null,
  ended_at   timestamptz,
  ended_as   text not null default '',
  joined_by  uuid,
  constraint invitations_tenant unique (studio_id, id),
  constraint invitations_role check (role in ('admin', 'editor', 'viewer')),
  constraint invitations_lengths check (length(email) between 3 and 254 and length(email_key) between 3 and 254),
  constraint invitations_end check (ended_as in ('', 'joined', 'withdrawn', 'expired') and (ended_at is null) = (ended_as = '')
    and (joined_by is not null) = (ended_as = 'joined'))
);
-- One open invitation of an address in a studio.
create unique index invitations_open on invitations (studio_id, email_key) where ended_at is null;
create index invitations_newest on invitations (studio_id, created_at desc, id desc) where ended_at is null;
create index invitations_sent on invitations (studio_id, sent_at);
create index invitations_by on invitations (invited_by, sent_at);
create index invitations_over on invitations (coalesce(ended_at, expires_at));

-- The links that were sent for an invitation, by the hash of their secret. They
-- are made while the mail is composed, so only the worker makes them.
create table invitation_links (
  hash          bytea primary key,
  studio_id     uuid not null,
  invitation_id uuid not null,
  created_at    timestamptz not null,
  constraint invitation_links_hash check (length(hash) = 32),
  constraint invitation_links_invitation foreign key (studio_id, invitation_id) references invitations (studio_id, id) on delete cascade
);
create index invitation_links_of on invitation_links (studio_id, invitation_id);

alter table invitations enable row level security;
create policy invitations_tenant on invitations to vitrine_app
  using (studio_id = current_studio()) with check (studio_id = current_studio());
-- Everybody sees the invitations they sent: they are counted across studios.
create policy invitations_mine on invitations for select to vitrine_app using (invited_by = current_member());
create policy invitations_worker on invitations to vitrine_worker using (true) with check (true);
alter table invitation_links enable row level security;
create policy invitation_links_tenant on invitation_links to vitrine_app
  using (studio_id = current_studio()) with check (studio_id = current_studio());
create policy invitation_links_worker on invitation_links to vitrine_worker using (true) with check (true);

grant select, insert, update on invitations to vitrine_app;
grant select on invitation_links to vitrine_app;
grant select, insert, update, delete on invitations, invitation_links to vitrine_worker;

-- Which studio a link of an invitation belongs to, for whoever holds its secret.
-- It gives an id and no content; the page is then read in that studio's scope.
-- +goose StatementBegin
create function invited_studio(link bytea) returns uuid
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$ select studio_id from public.invitation_links where hash = link $$;
-- +goose StatementEnd
revoke execute on function invited_studio(bytea) from public;
grant execute on function invited_studio(bytea) to vitrine_app, vitrine_worker;

-- +goose Down
drop function invited_studio(bytea);
drop table invitation_links;
drop table invitations;
