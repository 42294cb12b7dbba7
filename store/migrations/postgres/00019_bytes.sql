-- Whose the bytes in the evidence store are, and how many were kept for whom:
-- a blob that no row names here is nobody's and is swept away in time.
-- +goose Up
ALTER TABLE evidence ADD COLUMN sha256 text COLLATE "C" NOT NULL DEFAULT '';
UPDATE evidence SET sha256 = coalesce(replace(doc, '\u0000', '\u0020')::json->>'sha256', '');
CREATE INDEX evidence_sha256 ON evidence (sha256);
CREATE TABLE kept_bytes (subject text COLLATE "C" NOT NULL, day bigint NOT NULL, bytes bigint NOT NULL, PRIMARY KEY (subject, day));
CREATE INDEX kept_bytes_day ON kept_bytes (day) WHERE day > 0;
INSERT INTO kept_bytes (subject, day, bytes)
    SELECT CASE WHEN claim_id <> '' THEN 'claim/' || claim_id ELSE 'order/' || order_id END, 0,
        sum(coalesce((replace(doc, '\u0000', '\u0020')::json->>'size')::bigint, 0))
    FROM evidence GROUP BY 1;
