-- What figures count, beside the documents: a claim's final outcome, the sums,
-- how the merchant was heard. Each count runs along one of these indexes
-- alone, in its order: period is the thirty days since 1970 in which a claim
-- was submitted, so that a span can be counted without sorting its claims.
-- +goose Up
ALTER TABLE claim ADD COLUMN ended text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE claim ADD COLUMN codes text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE claim ADD COLUMN currency text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE claim ADD COLUMN ask_amount bigint NOT NULL DEFAULT 0;
ALTER TABLE claim ADD COLUMN paid_amount bigint NOT NULL DEFAULT 0;
ALTER TABLE claim ADD COLUMN heard text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE claim ADD COLUMN answer_us bigint;
ALTER TABLE claim ADD COLUMN period bigint NOT NULL DEFAULT 0;
UPDATE claim SET
    ended = CASE WHEN state <> 'closed' THEN '' WHEN replace(doc, '\u0000', '\u0020')::json->>'closing' = 'withdrawn' THEN 'withdrawn'
        ELSE coalesce(replace(doc, '\u0000', '\u0020')::json->'decisions'->-1->>'outcome', '') END,
    codes = CASE WHEN state <> 'closed' THEN '' ELSE coalesce((SELECT string_agg(r, ',') FROM json_array_elements_text(CASE WHEN json_typeof(replace(doc, '\u0000', '\u0020')::json->'decisions'->-1->'reasons') = 'array' THEN replace(doc, '\u0000', '\u0020')::json->'decisions'->-1->'reasons' ELSE '[]' END) r), '') END,
    currency = coalesce(replace(doc, '\u0000', '\u0020')::json->'ask'->>'currency', ''),
    ask_amount = coalesce((replace(doc, '\u0000', '\u0020')::json->'ask'->>'amount')::bigint, 0),
    paid_amount = CASE WHEN replace(doc, '\u0000', '\u0020')::json->'remedy'->>'state' IN ('ordered', 'done') THEN coalesce((replace(doc, '\u0000', '\u0020')::json->'remedy'->'amount'->>'amount')::bigint, 0) ELSE 0 END,
    heard = coalesce(replace(doc, '\u0000', '\u0020')::json->'heard'->>'how', ''),
    period = coalesce(submitted_at / 2592000000000, 0);
CREATE INDEX claim_submitted ON claim (submitted_at) WHERE submitted_at IS NOT NULL;
CREATE INDEX claim_figures ON claim (period, reason, ended, currency, submitted_at, ask_amount, paid_amount);
CREATE INDEX claim_figures_merchant ON claim (period, merchant_id, ended, submitted_at);
CREATE INDEX claim_merchant_closed ON claim (merchant_id, closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX claim_figures_shop ON claim (merchant_id, submitted_at, reason, ended, codes, currency, ask_amount, paid_amount, heard, answer_us) WHERE submitted_at IS NOT NULL;

-- A claim's findings by kind, and what became of them in the end.
CREATE TABLE claim_finding (
    claim_id text COLLATE "C" NOT NULL, code text COLLATE "C" NOT NULL, strength text COLLATE "C" NOT NULL, stance text COLLATE "C" NOT NULL,
    findings bigint NOT NULL, one_in bigint NOT NULL, merchant_id text COLLATE "C" NOT NULL, filed_at bigint NOT NULL, period bigint NOT NULL, verdict text COLLATE "C" NOT NULL,
    PRIMARY KEY (claim_id, code, strength, stance)
);
INSERT INTO claim_finding (claim_id, code, strength, stance, findings, one_in, merchant_id, filed_at, period, verdict)
    SELECT c.id, f->>'code', f->>'strength', f->>'stance', count(*),
        coalesce(max((1 / nullif((f->>'false_alarm')::float8, 0))::bigint), 0), c.merchant_id, coalesce(c.submitted_at, 0), c.period, CASE WHEN c.state = 'closed' THEN 'undecided' ELSE 'open' END
    FROM claim c JOIN evidence e ON e.claim_id = c.id AND e.claim_id <> '' CROSS JOIN LATERAL json_array_elements(CASE WHEN json_typeof(replace(e.screening, '\u0000', '\u0020')::json->'findings') = 'array' THEN replace(e.screening, '\u0000', '\u0020')::json->'findings' ELSE '[]' END) f
    WHERE e.screening IS NOT NULL GROUP BY c.id, 2, 3, 4;
CREATE INDEX claim_finding_figures ON claim_finding (period, code, strength, stance, verdict, filed_at, findings, one_in);
CREATE INDEX claim_finding_shop ON claim_finding (merchant_id, filed_at, code, strength, stance, verdict, findings, one_in);
UPDATE claim_finding SET verdict = CASE
        WHEN stance = 'against' AND o.outcome = 'refused' AND o.cited LIKE '%"' || code || '"%' THEN 'upheld'
        WHEN stance = 'against' AND (o.outcome = 'granted' OR o.outcome = 'partly' AND o.cited NOT LIKE '%"' || code || '"%') THEN 'overturned'
        WHEN stance = 'for' AND o.outcome IN ('granted', 'partly') AND o.cited LIKE '%"' || code || '"%' THEN 'upheld'
        WHEN stance = 'for' AND o.outcome = 'refused' THEN 'overturned'
        ELSE 'undecided' END
    FROM (SELECT id, ended AS outcome, coalesce((replace(doc, '\u0000', '\u0020')::json->'decisions'->-1->'findings')::text, '') AS cited FROM claim) o
    WHERE o.id = claim_id AND verdict = 'undecided';

-- Who handled which case, when they were done, and how long they held it: in
-- tenths of a minute, from ten minutes on whole ones; -1 where it is not known.
ALTER TABLE review ADD COLUMN taken_at bigint NOT NULL DEFAULT 0;
CREATE TABLE handling (
    claim_id text COLLATE "C" NOT NULL, round bigint NOT NULL, act text COLLATE "C" NOT NULL, by_id text COLLATE "C" NOT NULL,
    at bigint NOT NULL, took bigint NOT NULL, overturned bigint NOT NULL, period bigint NOT NULL,
    PRIMARY KEY (claim_id, round, act, by_id)
);
INSERT INTO handling (claim_id, round, act, by_id, at, took, overturned, period)
    SELECT substr(e.subject, 7), coalesce((replace(e.body, '\u0000', '\u0020')::json->>'round')::bigint, 1),
        CASE WHEN e.kind = 'claim.proposal_returned' THEN 'return' ELSE 'decide' END, e.by_id, min(e.at), -1, 0, min(e.at) / 2592000000000
    FROM event e WHERE e.kind IN ('claim.decision_proposed', 'claim.proposal_returned', 'claim.decided') AND e.by_role IN ('reviewer', 'senior_reviewer') GROUP BY 1, 2, 3, 4;
INSERT INTO handling (claim_id, round, act, by_id, at, took, overturned, period)
    SELECT substr(e.subject, 7), coalesce((replace(e.body, '\u0000', '\u0020')::json->>'round')::bigint, 1), 'confirm', replace(e.body, '\u0000', '\u0020')::json->'second'->>'id', min(e.at), -1, 0, min(e.at) / 2592000000000
    FROM event e WHERE e.kind = 'claim.decided' AND replace(e.body, '\u0000', '\u0020')::json->'second'->>'id' IS NOT NULL
        AND EXISTS (SELECT 1 FROM event p WHERE p.subject = e.subject AND p.kind = 'claim.decision_proposed' AND p.by_id = e.by_id) GROUP BY 1, 2, 3, 4;
CREATE INDEX handling_figures ON handling (period, by_id, act, overturned, took, at);

-- The record, read from its newest end.
CREATE INDEX event_at ON event (at, seq);
CREATE INDEX event_by ON event (by_id, at, seq);
CREATE INDEX event_kind ON event (kind, at, seq, by_id);
CREATE INDEX event_office ON event (at, seq, subject) WHERE NOT (subject >= 'claim/' AND subject < 'claim0');
