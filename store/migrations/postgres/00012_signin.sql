-- What surrounds signing in: from where a session was opened and when its
-- holder last showed who they are, counts of failures, alerts to people whose
-- credentials were changed.
-- +goose Up
ALTER TABLE session ADD COLUMN confirmed bigint NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN device text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN address text COLLATE "C" NOT NULL DEFAULT '';

CREATE TABLE attempt (key text COLLATE "C" PRIMARY KEY, n bigint NOT NULL, last bigint NOT NULL);
CREATE INDEX attempt_last ON attempt (last);

CREATE TABLE alert (id text COLLATE "C" PRIMARY KEY, user_id text COLLATE "C" NOT NULL, at bigint NOT NULL, doc text COLLATE "C" NOT NULL);
CREATE INDEX alert_of_user ON alert (user_id, at);
CREATE INDEX alert_at ON alert (at);
