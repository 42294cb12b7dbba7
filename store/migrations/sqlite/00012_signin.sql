-- What surrounds signing in: from where a session was opened and when its
-- holder last showed who they are, counts of failures, alerts to people whose
-- credentials were changed.
-- +goose Up
ALTER TABLE session ADD COLUMN confirmed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN address TEXT NOT NULL DEFAULT '';

CREATE TABLE attempt (key TEXT PRIMARY KEY, n INTEGER NOT NULL, last INTEGER NOT NULL);
CREATE INDEX attempt_last ON attempt (last);

CREATE TABLE alert (id TEXT PRIMARY KEY, user_id TEXT NOT NULL, at INTEGER NOT NULL, doc TEXT NOT NULL);
CREATE INDEX alert_of_user ON alert (user_id, at);
CREATE INDEX alert_at ON alert (at);
