-- The desk's state. Documents are JSON text; beside them stand only the
-- columns that something is found or ordered by. Times are microseconds since
-- 1970 in UTC, 0 or NULL for none; yes and no are 1 and 0. The names and the
-- order of columns are the same as for PostgreSQL: an archive of one can be
-- restored into the other.
-- +goose Up
CREATE TABLE orders (
    id TEXT PRIMARY KEY, merchant_id TEXT NOT NULL, buyer_id TEXT NOT NULL,
    placed_at INTEGER NOT NULL, doc TEXT NOT NULL
);
CREATE INDEX orders_placed ON orders (placed_at, id);
CREATE INDEX orders_merchant ON orders (merchant_id, placed_at, id);
CREATE INDEX orders_buyer ON orders (buyer_id, placed_at, id);
CREATE TABLE merchant (id TEXT PRIMARY KEY, doc TEXT NOT NULL);
CREATE TABLE buyer (id TEXT PRIMARY KEY, doc TEXT NOT NULL);

CREATE TABLE claim (
    id TEXT PRIMARY KEY, version INTEGER NOT NULL, order_id TEXT NOT NULL,
    merchant_id TEXT NOT NULL, buyer_id TEXT NOT NULL, state TEXT NOT NULL,
    reason TEXT NOT NULL, kind TEXT NOT NULL, opened_at INTEGER NOT NULL,
    submitted_at INTEGER, closed_at INTEGER,
    refunded INTEGER NOT NULL, confirmed INTEGER NOT NULL, doc TEXT NOT NULL
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
    id TEXT PRIMARY KEY, claim_id TEXT NOT NULL, order_id TEXT NOT NULL,
    received_at INTEGER NOT NULL, doc TEXT NOT NULL, screening TEXT
);
CREATE INDEX evidence_claim ON evidence (claim_id, received_at, id) WHERE claim_id <> '';
CREATE INDEX evidence_order ON evidence (order_id, received_at, id) WHERE claim_id = '';
CREATE INDEX evidence_unscreened ON evidence (claim_id) WHERE screening IS NULL;
CREATE TABLE screening_result (key TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE fingerprint (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, evidence_id TEXT NOT NULL, sha256 TEXT NOT NULL,
    pdq BLOB NOT NULL, quality INTEGER NOT NULL, claim_id TEXT NOT NULL, buyer_id TEXT NOT NULL
);
CREATE UNIQUE INDEX fingerprint_once ON fingerprint (evidence_id, pdq);
CREATE INDEX fingerprint_sha ON fingerprint (sha256);

CREATE TABLE event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, subject TEXT NOT NULL,
    no INTEGER NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL, by_id TEXT NOT NULL,
    by_role TEXT NOT NULL, policy TEXT NOT NULL, evidence TEXT NOT NULL, body TEXT NOT NULL,
    prev TEXT NOT NULL, hash TEXT NOT NULL
);
CREATE UNIQUE INDEX event_subject ON event (subject, no);
CREATE TABLE facts (digest TEXT PRIMARY KEY, canonical BLOB NOT NULL);

CREATE TABLE clock (
    id TEXT PRIMARY KEY, claim_id TEXT NOT NULL, kind TEXT NOT NULL, due INTEGER NOT NULL,
    state INTEGER NOT NULL, ended_at INTEGER, doc TEXT NOT NULL
);
CREATE UNIQUE INDEX clock_running ON clock (claim_id, kind) WHERE state = 0;
CREATE INDEX clock_due ON clock (due, id) WHERE state = 0;
CREATE INDEX clock_state ON clock (state);

CREATE TABLE review (
    claim_id TEXT NOT NULL, round INTEGER NOT NULL, task TEXT NOT NULL, rank INTEGER NOT NULL,
    senior INTEGER NOT NULL, merchant_id TEXT NOT NULL, buyer_id TEXT NOT NULL,
    exclude TEXT NOT NULL, holder TEXT NOT NULL, lease_until INTEGER NOT NULL, doc TEXT NOT NULL,
    PRIMARY KEY (claim_id, round, task)
);
CREATE INDEX review_rank ON review (rank, claim_id, round, task);
CREATE TABLE reading (
    claim_id TEXT NOT NULL, round INTEGER NOT NULL, by_id TEXT NOT NULL, at INTEGER NOT NULL, doc TEXT NOT NULL,
    PRIMARY KEY (claim_id, round, by_id)
);
CREATE INDEX reading_at ON reading (at);

CREATE TABLE policy_version (id TEXT PRIMARY KEY, sha256 TEXT NOT NULL, created_at INTEGER NOT NULL, doc TEXT NOT NULL);
CREATE TABLE shadow (
    policy TEXT NOT NULL, claim_id TEXT NOT NULL, stage TEXT NOT NULL, at INTEGER NOT NULL, doc TEXT NOT NULL,
    PRIMARY KEY (policy, at, claim_id, stage)
) WITHOUT ROWID;

CREATE TABLE message (id TEXT PRIMARY KEY, topic TEXT NOT NULL, subject TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE webhook (id TEXT PRIMARY KEY, created_at INTEGER NOT NULL, secret TEXT NOT NULL, doc TEXT NOT NULL);
CREATE TABLE delivery (id TEXT PRIMARY KEY, webhook_id TEXT NOT NULL, created_at INTEGER NOT NULL, doc TEXT NOT NULL);
CREATE INDEX delivery_webhook ON delivery (webhook_id, created_at, id);

CREATE TABLE private_text (
    id TEXT PRIMARY KEY, subject TEXT NOT NULL, claim_id TEXT NOT NULL, name TEXT NOT NULL,
    salt BLOB NOT NULL, body BLOB NOT NULL, at INTEGER NOT NULL
);
CREATE INDEX private_subject ON private_text (subject, at, id);
CREATE INDEX private_claim ON private_text (claim_id, at, id);
CREATE TABLE erased (buyer_id TEXT PRIMARY KEY, at INTEGER NOT NULL);

CREATE TABLE account (id TEXT PRIMARY KEY, login TEXT NOT NULL UNIQUE, oidc TEXT, created_at INTEGER NOT NULL, doc TEXT NOT NULL);
CREATE UNIQUE INDEX account_oidc ON account (oidc) WHERE oidc IS NOT NULL;
CREATE TABLE session (
    id TEXT PRIMARY KEY, user_id TEXT NOT NULL, csrf TEXT NOT NULL, created INTEGER NOT NULL,
    seen INTEGER NOT NULL, expires INTEGER NOT NULL, pending INTEGER NOT NULL
);
CREATE INDEX session_of_user ON session (user_id);
CREATE INDEX session_expires ON session (expires);
CREATE TABLE api_key (id TEXT PRIMARY KEY, created_at INTEGER NOT NULL, hash TEXT NOT NULL, doc TEXT NOT NULL);
CREATE TABLE idempotent (
    key TEXT PRIMARY KEY, request TEXT NOT NULL, status INTEGER NOT NULL, header BLOB, body BLOB, at INTEGER NOT NULL
);
CREATE INDEX idempotent_at ON idempotent (at);
CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL);

-- What the database itself needs to run: who ticks, which nodes live. Neither
-- is part of an archive.
CREATE TABLE node (id TEXT PRIMARY KEY, seen INTEGER NOT NULL);
CREATE TABLE lease (name TEXT PRIMARY KEY, holder TEXT NOT NULL, until INTEGER NOT NULL);

-- The record is only ever added to, whoever asks.
-- +goose StatementBegin
CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER facts_no_update BEFORE UPDATE ON facts BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER facts_no_delete BEFORE DELETE ON facts BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END;
-- +goose StatementEnd
