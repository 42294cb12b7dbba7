-- The desk's state. Documents are JSON text; beside them stand only the
-- columns that something is found or ordered by. Times are microseconds since
-- 1970 in UTC, 0 or NULL for none; yes and no are 1 and 0. The names and the
-- order of columns are the same as for SQLite: an archive of one can be
-- restored into the other. Text compares by bytes (COLLATE "C"), as it does
-- there; it is not jsonb, which refuses what JSON allows and loses the bytes.
-- +goose Up
CREATE TABLE orders (
    id text COLLATE "C" PRIMARY KEY, merchant_id text COLLATE "C" NOT NULL, buyer_id text COLLATE "C" NOT NULL,
    placed_at bigint NOT NULL, doc text NOT NULL
);
CREATE INDEX orders_placed ON orders (placed_at, id);
CREATE INDEX orders_merchant ON orders (merchant_id, placed_at, id);
CREATE INDEX orders_buyer ON orders (buyer_id, placed_at, id);
CREATE TABLE merchant (id text COLLATE "C" PRIMARY KEY, doc text NOT NULL);
CREATE TABLE buyer (id text COLLATE "C" PRIMARY KEY, doc text NOT NULL);

CREATE TABLE claim (
    id text COLLATE "C" PRIMARY KEY, version bigint NOT NULL, order_id text COLLATE "C" NOT NULL,
    merchant_id text COLLATE "C" NOT NULL, buyer_id text COLLATE "C" NOT NULL, state text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL, kind text COLLATE "C" NOT NULL, opened_at bigint NOT NULL,
    submitted_at bigint, closed_at bigint,
    refunded bigint NOT NULL, confirmed bigint NOT NULL, doc text NOT NULL
);
CREATE INDEX claim_opened ON claim (opened_at, id);
CREATE INDEX claim_state ON claim (state, opened_at, id);
CREATE INDEX claim_reason ON claim (reason, opened_at, id);
CREATE INDEX claim_merchant_state ON claim (merchant_id, state, opened_at, id);
CREATE INDEX claim_merchant ON claim (merchant_id, opened_at, id);
CREATE INDEX claim_merchant_recent ON claim (merchant_id, submitted_at, id) WHERE submitted_at IS NOT NULL;
CREATE INDEX claim_buyer ON claim (buyer_id, opened_at, id);
CREATE INDEX claim_buyer_past ON claim (buyer_id, submitted_at, id, refunded, confirmed) WHERE submitted_at IS NOT NULL;
CREATE INDEX claim_order ON claim (order_id, opened_at, id);
CREATE INDEX claim_closed ON claim (closed_at, id) WHERE closed_at IS NOT NULL;

CREATE TABLE evidence (
    id text COLLATE "C" PRIMARY KEY, claim_id text COLLATE "C" NOT NULL, order_id text COLLATE "C" NOT NULL,
    received_at bigint NOT NULL, doc text NOT NULL, screening text
);
CREATE INDEX evidence_claim ON evidence (claim_id, received_at, id) WHERE claim_id <> '';
CREATE INDEX evidence_order ON evidence (order_id, received_at, id) WHERE claim_id = '';
CREATE INDEX evidence_unscreened ON evidence (claim_id) WHERE screening IS NULL;
CREATE TABLE screening_result (key text COLLATE "C" PRIMARY KEY, data bytea NOT NULL);
CREATE TABLE fingerprint (
    seq bigint PRIMARY KEY, evidence_id text COLLATE "C" NOT NULL, sha256 text COLLATE "C" NOT NULL,
    pdq bytea NOT NULL, quality bigint NOT NULL, claim_id text COLLATE "C" NOT NULL, buyer_id text COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX fingerprint_once ON fingerprint (evidence_id, pdq);
CREATE INDEX fingerprint_sha ON fingerprint (sha256);

CREATE TABLE event (
    seq bigint PRIMARY KEY, id text COLLATE "C" NOT NULL, subject text COLLATE "C" NOT NULL,
    no bigint NOT NULL, kind text COLLATE "C" NOT NULL, at bigint NOT NULL, by_id text COLLATE "C" NOT NULL,
    by_role text COLLATE "C" NOT NULL, policy text COLLATE "C" NOT NULL, evidence text NOT NULL, body text NOT NULL,
    prev text COLLATE "C" NOT NULL, hash text COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX event_subject ON event (subject, no);
CREATE TABLE facts (digest text COLLATE "C" PRIMARY KEY, canonical bytea NOT NULL);

CREATE TABLE clock (
    id text COLLATE "C" PRIMARY KEY, claim_id text COLLATE "C" NOT NULL, kind text COLLATE "C" NOT NULL, due bigint NOT NULL,
    state bigint NOT NULL, ended_at bigint, doc text NOT NULL
);
CREATE UNIQUE INDEX clock_running ON clock (claim_id, kind) WHERE state = 0;
CREATE INDEX clock_due ON clock (due, id) WHERE state = 0;
CREATE INDEX clock_state ON clock (state);

CREATE TABLE review (
    claim_id text COLLATE "C" NOT NULL, round bigint NOT NULL, task text COLLATE "C" NOT NULL, rank bigint NOT NULL,
    senior bigint NOT NULL, merchant_id text COLLATE "C" NOT NULL, buyer_id text COLLATE "C" NOT NULL,
    exclude text COLLATE "C" NOT NULL, holder text COLLATE "C" NOT NULL, lease_until bigint NOT NULL, doc text NOT NULL,
    PRIMARY KEY (claim_id, round, task)
);
CREATE INDEX review_rank ON review (rank, claim_id, round, task);
CREATE TABLE reading (
    claim_id text COLLATE "C" NOT NULL, round bigint NOT NULL, by_id text COLLATE "C" NOT NULL, at bigint NOT NULL, doc text NOT NULL,
    PRIMARY KEY (claim_id, round, by_id)
);
CREATE INDEX reading_at ON reading (at);

CREATE TABLE policy_version (id text COLLATE "C" PRIMARY KEY, sha256 text COLLATE "C" NOT NULL, created_at bigint NOT NULL, doc text NOT NULL);
CREATE TABLE shadow (
    policy text COLLATE "C" NOT NULL, claim_id text COLLATE "C" NOT NULL, stage text COLLATE "C" NOT NULL, at bigint NOT NULL, doc text NOT NULL,
    PRIMARY KEY (policy, at, claim_id, stage)
);

CREATE TABLE message (id text COLLATE "C" PRIMARY KEY, topic text COLLATE "C" NOT NULL, subject text COLLATE "C" NOT NULL, at bigint NOT NULL, body text NOT NULL);
CREATE TABLE webhook (id text COLLATE "C" PRIMARY KEY, created_at bigint NOT NULL, secret text COLLATE "C" NOT NULL, doc text NOT NULL);
CREATE TABLE delivery (id text COLLATE "C" PRIMARY KEY, webhook_id text COLLATE "C" NOT NULL, created_at bigint NOT NULL, doc text NOT NULL);
CREATE INDEX delivery_webhook ON delivery (webhook_id, created_at, id);

CREATE TABLE private_text (
    id text COLLATE "C" PRIMARY KEY, subject text COLLATE "C" NOT NULL, claim_id text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL,
    salt bytea NOT NULL, body bytea NOT NULL, at bigint NOT NULL
);
CREATE INDEX private_subject ON private_text (subject, at, id);
CREATE INDEX private_claim ON private_text (claim_id, at, id);
CREATE TABLE erased (buyer_id text COLLATE "C" PRIMARY KEY, at bigint NOT NULL);

CREATE TABLE account (id text COLLATE "C" PRIMARY KEY, login text COLLATE "C" NOT NULL UNIQUE, oidc text COLLATE "C", created_at bigint NOT NULL, doc text NOT NULL);
CREATE UNIQUE INDEX account_oidc ON account (oidc) WHERE oidc IS NOT NULL;
CREATE TABLE session (
    id text COLLATE "C" PRIMARY KEY, user_id text COLLATE "C" NOT NULL, csrf text COLLATE "C" NOT NULL, created bigint NOT NULL,
    seen bigint NOT NULL, expires bigint NOT NULL, pending bigint NOT NULL
);
CREATE INDEX session_of_user ON session (user_id);
CREATE INDEX session_expires ON session (expires);
CREATE TABLE api_key (id text COLLATE "C" PRIMARY KEY, created_at bigint NOT NULL, hash text COLLATE "C" NOT NULL, doc text NOT NULL);
CREATE TABLE idempotent (
    key text COLLATE "C" PRIMARY KEY, request text COLLATE "C" NOT NULL, status bigint NOT NULL, header bytea, body bytea, at bigint NOT NULL
);
CREATE INDEX idempotent_at ON idempotent (at);
CREATE TABLE setting (name text COLLATE "C" PRIMARY KEY, value bytea NOT NULL);

-- A seq is base + 65536 x the transaction's id + a number within it, so that
-- what a reader may see is decided by comparing with the oldest transaction
-- still open. base is raised where an archive came from a busier cluster.
CREATE TABLE seq_base (base bigint NOT NULL);
INSERT INTO seq_base VALUES (0);

-- What the database itself needs to run: who ticks, which nodes live. Neither
-- is part of an archive.
CREATE TABLE node (id text COLLATE "C" PRIMARY KEY, seen bigint NOT NULL);
CREATE TABLE lease (name text COLLATE "C" PRIMARY KEY, holder text COLLATE "C" NOT NULL, until bigint NOT NULL);

-- The record is only ever added to, whoever asks.
-- +goose StatementBegin
CREATE FUNCTION evenhand_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the record is append-only'; END $$;
-- +goose StatementEnd
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION evenhand_refuse();
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event EXECUTE FUNCTION evenhand_refuse();
CREATE TRIGGER facts_append_only BEFORE UPDATE OR DELETE ON facts FOR EACH ROW EXECUTE FUNCTION evenhand_refuse();
CREATE TRIGGER facts_no_truncate BEFORE TRUNCATE ON facts EXECUTE FUNCTION evenhand_refuse();
