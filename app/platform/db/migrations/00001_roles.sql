-- +goose Up
-- Two roles use the product; neither owns a table. Roles belong to the whole
-- server, so they may exist already when a second database is migrated.
-- vitrine_worker is not BYPASSRLS, which only a superuser can grant and no
-- managed PostgreSQL gives away: each private table has a policy for it.
-- +goose StatementBegin
do $$
declare r text;
begin
  foreach r in array array['vitrine_app', 'vitrine_worker'] loop
    begin
      if not exists (select from pg_roles where rolname = r) then
        execute format('create role %I nologin nosuperuser nocreatedb nocreaterole noreplication', r);
      end if;
    exception when duplicate_object or unique_violation then
      null; -- another database of this server was migrated at the same moment
    end;
  end loop;
end $$;
-- +goose StatementEnd

-- The wall behind the context of each call; PgBouncer refuses it as a start-up
-- parameter, so it is set on the role, for this database alone.
-- +goose StatementBegin
do $$
begin
  execute format('alter role vitrine_app in database %I set statement_timeout = %L', current_database(), '5s');
  execute format('alter role vitrine_worker in database %I set statement_timeout = %L', current_database(), '60s');
  execute format('alter role vitrine_app in database %I set idle_in_transaction_session_timeout = %L', current_database(), '10s');
  execute format('alter role vitrine_worker in database %I set idle_in_transaction_session_timeout = %L', current_database(), '120s');
  execute format('revoke all on database %I from public', current_database());
  execute format('grant connect, temporary on database %I to vitrine_app, vitrine_worker', current_database());
end $$;
-- +goose StatementEnd

revoke create on schema public from public;
grant usage on schema public to vitrine_app, vitrine_worker;

create extension if not exists pg_trgm;
create extension if not exists unaccent;

-- The scope of the transaction, null when none is set: then no private row
-- matches any policy.
create function current_studio() returns uuid language sql stable parallel safe
  return nullif(current_setting('vitrine.studio', true), '')::uuid;
create function current_member() returns uuid language sql stable parallel safe
  return nullif(current_setting('vitrine.user', true), '')::uuid;

-- +goose Down
drop function current_member();
drop function current_studio();
drop extension unaccent;
drop extension pg_trgm;
revoke usage on schema public from vitrine_app, vitrine_worker;
-- +goose StatementBegin
do $$
begin
  execute format('alter role vitrine_app in database %I reset all', current_database());
  execute format('alter role vitrine_worker in database %I reset all', current_database());
  execute format('revoke all on database %I from vitrine_app, vitrine_worker', current_database());
  execute format('grant connect, temporary on database %I to public', current_database());
end $$;
-- +goose StatementEnd
-- The roles stay: they belong to the server, and another database may use them.
