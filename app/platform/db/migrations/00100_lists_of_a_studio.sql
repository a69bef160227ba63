-- +goose Up
-- What waits in a studio or needs somebody: a part of its files that stays small
-- while the others grow.
create index media_unsettled on media (studio_id, updated_at desc, id desc)
  where deleted_at is null and state in ('uploading', 'checking', 'processing', 'failed', 'duplicate');

-- A studio's works are counted from the index alone, if it also holds what the
-- policies ask: the hidden mark.
create index works_studio_states_seen on works (studio_id, state, updated_at desc, id desc) include (hidden);
drop index works_studio_states;
alter index works_studio_states_seen rename to works_studio_states;

-- +goose Down
create index works_studio_states_plain on works (studio_id, state, updated_at desc, id desc);
drop index works_studio_states;
alter index works_studio_states_plain rename to works_studio_states;
drop index media_unsettled;
