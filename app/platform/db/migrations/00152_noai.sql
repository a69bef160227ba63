-- +goose Up
-- Whether a studio asks machines not to train on anything of it, whatever its
-- works say by themselves.
alter table studios add column noai boolean not null default false;

-- +goose Down
alter table studios drop column noai;
