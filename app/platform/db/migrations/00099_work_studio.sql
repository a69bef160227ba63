-- +goose Up
-- A program that asks for a draft by its id names no studio. This answers which
-- one holds the id, and nothing of the work: whether the person behind the
-- token belongs there is asked next, and the work is read in that scope.
-- +goose StatementBegin
create function work_studio(wanted text) returns uuid
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$ select studio_id from public.works where public_id = wanted $$;
-- +goose StatementEnd
revoke execute on function work_studio(text) from public;
grant execute on function work_studio(text) to vitrine_app, vitrine_worker;

-- +goose Down
drop function work_studio(text);
