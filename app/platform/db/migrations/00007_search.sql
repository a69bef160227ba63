-- +goose Up
-- One document per public work, and nothing that is not public: there is no
-- row-level security here, because full-text and trigram operators are not
-- leakproof and their indexes would not be used under a policy.
create table search_documents (
  work_id      uuid primary key,
  studio_id    uuid not null,
  version      bigint not null,        -- of the work that the document was made from
  published_at timestamptz not null,
  title        text not null,
  tags         text not null default '',
  studio_name  text not null,
  studio_slug  text not null,
  excerpt      text not null default '', -- of the story
  document     tsvector not null,
  fuzzy        text not null           -- title, tags and studio, lower case, without accents: for typing errors
);
create index search_documents_text on search_documents using gin (document);
create index search_documents_fuzzy on search_documents using gin (fuzzy gin_trgm_ops);
create index search_documents_studio on search_documents (studio_id, published_at desc);
grant select on search_documents to vitrine_app;
grant select, insert, update, delete on search_documents to vitrine_worker;

-- +goose Down
drop table search_documents;
