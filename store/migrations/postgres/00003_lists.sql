-- +goose Up
-- What lists are narrowed and ordered by: when a claim's next window ends, how
-- it was decided, what a case in the queue is about. due is NULL where no
-- window runs; a case's due follows from its rank, which is due less six hours
-- for each step of stakes. Legal JSON may hold a NUL, which this database cannot
-- read out of it; a blank stands for it while we look.
ALTER TABLE claim ADD COLUMN due bigint;
ALTER TABLE claim ADD COLUMN outcome text COLLATE "C" NOT NULL DEFAULT '';
UPDATE claim SET due = (SELECT min(clock.due) FROM clock WHERE clock.claim_id = claim.id AND clock.state = 0),
    outcome = coalesce(replace(doc, '\u0000', '\u0020')::json -> 'decisions' -> -1 ->> 'outcome', '');
CREATE INDEX claim_due ON claim (due, id) WHERE due IS NOT NULL;
CREATE INDEX claim_merchant_due ON claim (merchant_id, due, id) WHERE due IS NOT NULL;
CREATE INDEX claim_outcome ON claim (outcome, opened_at, id);
CREATE INDEX claim_merchant_outcome ON claim (merchant_id, outcome, opened_at, id);

ALTER TABLE review ADD COLUMN kind text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE review ADD COLUMN reason text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE review ADD COLUMN stakes bigint NOT NULL DEFAULT 0;
ALTER TABLE review ADD COLUMN amount bigint NOT NULL DEFAULT 0;
ALTER TABLE review ADD COLUMN due bigint NOT NULL DEFAULT 0;
UPDATE review SET stakes = coalesce((replace(doc, '\u0000', '\u0020')::json ->> 'stakes')::bigint, 0), amount = coalesce((replace(doc, '\u0000', '\u0020')::json ->> 'amount')::bigint, 0),
    kind = coalesce((SELECT claim.kind FROM claim WHERE claim.id = review.claim_id), ''),
    reason = coalesce((SELECT claim.reason FROM claim WHERE claim.id = review.claim_id), '');
UPDATE review SET due = rank + stakes * 21600000000;

CREATE TABLE saved_view (
    id text COLLATE "C" PRIMARY KEY, user_id text COLLATE "C" NOT NULL, place text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL,
    query text NOT NULL, created_at bigint NOT NULL
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
