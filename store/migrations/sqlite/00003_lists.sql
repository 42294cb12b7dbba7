-- +goose Up
-- What lists are narrowed and ordered by: when a claim's next window ends, how
-- it was decided, what a case in the queue is about. due is NULL where no
-- window runs; a case's due follows from its rank, which is due less six hours
-- for each step of stakes.
ALTER TABLE claim ADD COLUMN due INTEGER;
ALTER TABLE claim ADD COLUMN outcome TEXT NOT NULL DEFAULT '';
UPDATE claim SET due = (SELECT min(clock.due) FROM clock WHERE clock.claim_id = claim.id AND clock.state = 0),
    outcome = coalesce(json_extract(doc, '$.decisions[#-1].outcome'), '');
CREATE INDEX claim_due ON claim (due, id) WHERE due IS NOT NULL;
CREATE INDEX claim_merchant_due ON claim (merchant_id, due, id) WHERE due IS NOT NULL;
CREATE INDEX claim_outcome ON claim (outcome, opened_at, id);
CREATE INDEX claim_merchant_outcome ON claim (merchant_id, outcome, opened_at, id);

ALTER TABLE review ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE review ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE review ADD COLUMN stakes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE review ADD COLUMN amount INTEGER NOT NULL DEFAULT 0;
ALTER TABLE review ADD COLUMN due INTEGER NOT NULL DEFAULT 0;
UPDATE review SET stakes = coalesce(json_extract(doc, '$.stakes'), 0), amount = coalesce(json_extract(doc, '$.amount'), 0),
    kind = coalesce((SELECT claim.kind FROM claim WHERE claim.id = review.claim_id), ''),
    reason = coalesce((SELECT claim.reason FROM claim WHERE claim.id = review.claim_id), '');
UPDATE review SET due = rank + stakes * 21600000000;

CREATE TABLE saved_view (
    id TEXT PRIMARY KEY, user_id TEXT NOT NULL, place TEXT NOT NULL, name TEXT NOT NULL,
    query TEXT NOT NULL, created_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX saved_view_name ON saved_view (user_id, place, name);

-- +goose Down
DROP TABLE saved_view;
ALTER TABLE review DROP COLUMN due;
ALTER TABLE review DROP COLUMN amount;
ALTER TABLE review DROP COLUMN stakes;
ALTER TABLE review DROP COLUMN reason;
ALTER TABLE review DROP COLUMN kind;
DROP INDEX claim_merchant_outcome;
DROP INDEX claim_outcome;
DROP INDEX claim_merchant_due;
DROP INDEX claim_due;
ALTER TABLE claim DROP COLUMN outcome;
ALTER TABLE claim DROP COLUMN due;
