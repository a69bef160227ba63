-- +goose Up
-- How much of the demo data has been brought in: one that was filled before
-- people came to it gets what it lacks. 0 is works alone, or not known.
alter table demo add column generation smallint not null default 0;

-- +goose Down
alter table demo drop column generation;
