-- A clock runs for a subject of any kind; those there are run for claims.
-- +goose Up
DROP INDEX clock_running;
ALTER TABLE clock RENAME COLUMN claim_id TO subject_id;
ALTER TABLE clock ADD COLUMN subject_kind text COLLATE "C" NOT NULL DEFAULT 'claim';
CREATE UNIQUE INDEX clock_running ON clock (subject_id, kind, subject_kind) WHERE state = 0;
