-- What figures count, beside the documents: a claim's final outcome, the sums,
-- how the merchant was heard. Each count runs along one of these indexes
-- alone, in its order: period is the thirty days since 1970 in which a claim
-- was submitted, so that a span can be counted without sorting its claims.
-- +goose Up
ALTER TABLE claim ADD COLUMN ended TEXT NOT NULL DEFAULT '';
ALTER TABLE claim ADD COLUMN codes TEXT NOT NULL DEFAULT '';
ALTER TABLE claim ADD COLUMN currency TEXT NOT NULL DEFAULT '';
ALTER TABLE claim ADD COLUMN ask_amount INTEGER NOT NULL DEFAULT 0;
ALTER TABLE claim ADD COLUMN paid_amount INTEGER NOT NULL DEFAULT 0;
ALTER TABLE claim ADD COLUMN heard TEXT NOT NULL DEFAULT '';
ALTER TABLE claim ADD COLUMN answer_us INTEGER;
ALTER TABLE claim ADD COLUMN period INTEGER NOT NULL DEFAULT 0;
UPDATE claim SET
    ended = CASE WHEN state <> 'closed' THEN '' WHEN json_extract(doc, '$.closing') = 'withdrawn' THEN 'withdrawn'
        ELSE coalesce(json_extract(doc, '$.decisions[#-1].outcome'), '') END,
    codes = CASE WHEN state <> 'closed' THEN '' ELSE coalesce((SELECT group_concat(r.value, ',') FROM json_each(doc, '$.decisions[#-1].reasons') r), '') END,
    currency = coalesce(json_extract(doc, '$.ask.currency'), ''),
    ask_amount = coalesce(json_extract(doc, '$.ask.amount'), 0),
    paid_amount = CASE WHEN json_extract(doc, '$.remedy.state') IN ('ordered', 'done') THEN coalesce(json_extract(doc, '$.remedy.amount.amount'), 0) ELSE 0 END,
    heard = coalesce(json_extract(doc, '$.heard.how'), ''),
    period = coalesce(submitted_at / 2592000000000, 0);
CREATE INDEX claim_submitted ON claim (submitted_at) WHERE submitted_at IS NOT NULL;
CREATE INDEX claim_figures ON claim (period, reason, ended, currency, submitted_at, ask_amount, paid_amount);
CREATE INDEX claim_figures_merchant ON claim (period, merchant_id, ended, submitted_at);
CREATE INDEX claim_merchant_closed ON claim (merchant_id, closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX claim_figures_shop ON claim (merchant_id, submitted_at, reason, ended, codes, currency, ask_amount, paid_amount, heard, answer_us) WHERE submitted_at IS NOT NULL;

-- A claim's findings by kind, and what became of them in the end.
CREATE TABLE claim_finding (
    claim_id TEXT NOT NULL, code TEXT NOT NULL, strength TEXT NOT NULL, stance TEXT NOT NULL,
    findings INTEGER NOT NULL, one_in INTEGER NOT NULL, merchant_id TEXT NOT NULL, filed_at INTEGER NOT NULL, period INTEGER NOT NULL, verdict TEXT NOT NULL,
    PRIMARY KEY (claim_id, code, strength, stance)
) WITHOUT ROWID;
INSERT INTO claim_finding (claim_id, code, strength, stance, findings, one_in, merchant_id, filed_at, period, verdict)
    SELECT c.id, json_extract(f.value, '$.code'), json_extract(f.value, '$.strength'), json_extract(f.value, '$.stance'), count(*),
        coalesce(max(CAST(1 / nullif(json_extract(f.value, '$.false_alarm'), 0) AS INTEGER)), 0), c.merchant_id, coalesce(c.submitted_at, 0), c.period, CASE WHEN c.state = 'closed' THEN 'undecided' ELSE 'open' END
    FROM claim c JOIN evidence e ON e.claim_id = c.id AND e.claim_id <> '', json_each(e.screening, '$.findings') f
    WHERE e.screening IS NOT NULL GROUP BY 1, 2, 3, 4;
CREATE INDEX claim_finding_figures ON claim_finding (period, code, strength, stance, verdict, filed_at, findings, one_in);
CREATE INDEX claim_finding_shop ON claim_finding (merchant_id, filed_at, code, strength, stance, verdict, findings, one_in);
UPDATE claim_finding SET verdict = (
    SELECT CASE
        WHEN stance = 'against' AND o.outcome = 'refused' AND o.cited THEN 'upheld'
        WHEN stance = 'against' AND (o.outcome = 'granted' OR o.outcome = 'partly' AND NOT o.cited) THEN 'overturned'
        WHEN stance = 'for' AND o.outcome IN ('granted', 'partly') AND o.cited THEN 'upheld'
        WHEN stance = 'for' AND o.outcome = 'refused' THEN 'overturned'
        ELSE 'undecided' END
    FROM (SELECT c.ended AS outcome, EXISTS (SELECT 1 FROM json_each(c.doc, '$.decisions[#-1].findings') x WHERE json_extract(x.value, '$.code') = claim_finding.code) AS cited
        FROM claim c WHERE c.id = claim_finding.claim_id) o)
    WHERE verdict = 'undecided';

-- Who handled which case, when they were done, and how long they held it: in
-- tenths of a minute, from ten minutes on whole ones; -1 where it is not known.
ALTER TABLE review ADD COLUMN taken_at INTEGER NOT NULL DEFAULT 0;
CREATE TABLE handling (
    claim_id TEXT NOT NULL, round INTEGER NOT NULL, act TEXT NOT NULL, by_id TEXT NOT NULL,
    at INTEGER NOT NULL, took INTEGER NOT NULL, overturned INTEGER NOT NULL, period INTEGER NOT NULL,
    PRIMARY KEY (claim_id, round, act, by_id)
) WITHOUT ROWID;
INSERT INTO handling (claim_id, round, act, by_id, at, took, overturned, period)
    SELECT substr(e.subject, 7), coalesce(json_extract(e.body, '$.round'), 1),
        CASE WHEN e.kind = 'claim.proposal_returned' THEN 'return' ELSE 'decide' END, e.by_id, min(e.at), -1, 0, min(e.at) / 2592000000000
    FROM event e WHERE e.kind IN ('claim.decision_proposed', 'claim.proposal_returned', 'claim.decided') AND e.by_role IN ('reviewer', 'senior_reviewer') GROUP BY 1, 2, 3, 4;
INSERT INTO handling (claim_id, round, act, by_id, at, took, overturned, period)
    SELECT substr(e.subject, 7), coalesce(json_extract(e.body, '$.round'), 1), 'confirm', json_extract(e.body, '$.second.id'), min(e.at), -1, 0, min(e.at) / 2592000000000
    FROM event e WHERE e.kind = 'claim.decided' AND json_extract(e.body, '$.second.id') IS NOT NULL
        AND EXISTS (SELECT 1 FROM event p WHERE p.subject = e.subject AND p.kind = 'claim.decision_proposed' AND p.by_id = e.by_id) GROUP BY 1, 2, 3, 4;
CREATE INDEX handling_figures ON handling (period, by_id, act, overturned, took, at);

-- The record, read from its newest end.
CREATE INDEX event_at ON event (at, seq);
CREATE INDEX event_by ON event (by_id, at, seq);
CREATE INDEX event_kind ON event (kind, at, seq, by_id);
CREATE INDEX event_office ON event (at, seq, subject) WHERE NOT (subject >= 'claim/' AND subject < 'claim0');
