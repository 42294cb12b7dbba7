-- +goose Up
-- Figures count all claims by state and reason; along this index alone.
CREATE INDEX claim_tally ON claim (state, reason);

-- +goose Down
DROP INDEX claim_tally;
