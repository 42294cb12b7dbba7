-- +goose Up
-- A webhook has its party: those that a key narrowed to one shop added are
-- that shop's, and are told of its claims alone.
UPDATE webhook SET doc = jsonb_set(webhook.doc::jsonb, '{party}', k.doc::jsonb -> 'party')::text
FROM api_key k WHERE k.id = webhook.doc::jsonb ->> 'created_by' AND coalesce(k.doc::jsonb ->> 'party', '') <> '';

-- +goose Down
SELECT 1;
