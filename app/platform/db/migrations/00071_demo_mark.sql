-- +goose Up
-- Pages mark what is demo. They read the studio anyway, so the mark is there.
alter table studios add column demo boolean not null default false;
update studios set demo = true where id in (select studio_id from demo_studios);

-- +goose Down
alter table studios drop column demo;
