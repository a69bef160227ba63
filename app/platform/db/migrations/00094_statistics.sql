-- +goose Up
-- PostgreSQL's own count of statements, when this server offers it and lets us:
-- on others an administrator switches it on, and the functions below find it.
-- It lives in a schema that the product's roles may not enter, since by itself
-- it lets everybody read what everybody runs.
-- +goose StatementBegin
do $$
begin
  if exists (select from pg_available_extensions where name = 'pg_stat_statements' and installed_version is null) then
    create schema statistics;
    create extension pg_stat_statements schema statistics;
    comment on extension pg_stat_statements is 'made by the migration 00094_statistics';
  end if;
exception when insufficient_privilege then
  null; -- the schema is gone again, too
end $$;
-- +goose StatementEnd

-- 'on', or what is missing: 'extension', 'library' (it is not preloaded, so it
-- counts nothing), 'right' (the owner of the tables may not read others' statements).
-- +goose StatementBegin
create function statement_statistics_state() returns text language plpgsql stable security definer
  set search_path = pg_catalog, public, pg_temp as $$
declare
  place text;
  foreign_text boolean;
begin
  select quote_ident(n.nspname) into place from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_stat_statements';
  if place is null then
    return 'extension';
  end if;
  -- Without texts, which lie in a file: a statement that may not be read has no id.
  execute format('select exists (select from %s.pg_stat_statements(false) where queryid is null)', place) into foreign_text;
  return case when foreign_text then 'right' else 'on' end;
exception when object_not_in_prerequisite_state then
  return 'library';
end $$;
-- +goose StatementEnd

-- The statements of this database that took most time in all: their texts
-- without values, never whose they were.
-- +goose StatementBegin
create function statement_statistics(most integer)
  returns table (query text, calls bigint, row_count bigint, total_ms double precision, mean_ms double precision, max_ms double precision)
  language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  place text;
begin
  select quote_ident(n.nspname) into place from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_stat_statements';
  if place is null then
    return;
  end if;
  return query execute format('select left(s.query, 2000), s.calls, s.rows, s.total_exec_time, s.mean_exec_time, s.max_exec_time
    from %s.pg_stat_statements s where s.dbid = (select oid from pg_database where datname = current_database()) and s.toplevel
    order by s.total_exec_time desc limit $1', place) using least(greatest(most, 0), 100);
exception when object_not_in_prerequisite_state then
  return;
end $$;
-- +goose StatementEnd
revoke execute on function statement_statistics_state(), statement_statistics(integer) from public;
grant execute on function statement_statistics_state(), statement_statistics(integer) to vitrine_worker;

-- +goose Down
drop function statement_statistics(integer);
drop function statement_statistics_state();
-- +goose StatementBegin
do $$
begin
  if exists (select from pg_extension e where extname = 'pg_stat_statements'
      and obj_description(e.oid, 'pg_extension') = 'made by the migration 00094_statistics') then
    drop extension pg_stat_statements;
    drop schema statistics;
  end if;
end $$;
-- +goose StatementEnd
