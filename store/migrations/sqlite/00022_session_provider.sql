-- Whether a session was opened at the provider, which answers for the second
-- factor. Nobody knows it of those there are: they are asked for one, or sign in again.
-- +goose Up
ALTER TABLE session ADD COLUMN provider INTEGER NOT NULL DEFAULT 0;
