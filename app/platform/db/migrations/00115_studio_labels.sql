-- +goose Up
-- What a follower's pages say of a studio, and when it published last: a read
-- model of engagement, kept from the events of studios and works, so that a list
-- of followed studios names them without asking each. Public rows only.
create table studio_labels (
  studio_id uuid primary key references studios (id) on delete cascade,
  slug      text not null,
  name      text not null,
  shown_at  timestamptz -- its newest public work; null while nothing of it hangs
);
create index studio_labels_shown on studio_labels (shown_at desc, studio_id desc) where shown_at is not null;
insert into studio_labels (studio_id, slug, name, shown_at)
  select s.id, s.slug, s.name, (select max(w.published_at) from works w where w.studio_id = s.id and w.state = 'published' and not w.hidden) from studios s;
grant select on studio_labels to vitrine_app;
grant select, insert, update, delete on studio_labels to vitrine_worker;

-- +goose Down
drop table studio_labels;
