-- +goose Up
-- A webhook has its party: those that a key narrowed to one shop added are
-- that shop's, and are told of its claims alone.
UPDATE webhook SET doc = json_set(doc, '$.party', (SELECT json_extract(k.doc, '$.party') FROM api_key k WHERE k.id = json_extract(webhook.doc, '$.created_by')))
WHERE EXISTS (SELECT 1 FROM api_key k WHERE k.id = json_extract(webhook.doc, '$.created_by') AND coalesce(json_extract(k.doc, '$.party'), '') <> '');

-- +goose Down
SELECT 1;
