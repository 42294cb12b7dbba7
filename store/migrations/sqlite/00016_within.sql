-- +goose Up
-- The ninth guarantee, kept below everything that runs: what remedies have
-- taken of an order, and of each of its lines, never passes what was paid for
-- it nor the units there are. remedy_taken is what a claim's remedy takes of a
-- line now; remedy_room is the ledger: a row for the order (line_id is empty)
-- and one for each line that something was taken of. The ledger's sums are
-- kept by triggers, so that no writer can take anything past it. An order that
-- is lowered below what was taken stays as it is, and yields nothing more.
CREATE TABLE remedy_taken (
    claim_id TEXT NOT NULL, line_id TEXT NOT NULL, order_id TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount >= 0), units INTEGER NOT NULL CHECK (units >= 0),
    PRIMARY KEY (claim_id, line_id)
) WITHOUT ROWID;
CREATE INDEX remedy_taken_order ON remedy_taken (order_id, claim_id, line_id);
CREATE TABLE remedy_room (
    order_id TEXT NOT NULL, line_id TEXT NOT NULL,
    paid INTEGER NOT NULL CHECK (paid >= 0), units INTEGER NOT NULL CHECK (units >= 0),
    taken INTEGER NOT NULL CHECK (taken >= 0), used INTEGER NOT NULL CHECK (used >= 0),
    PRIMARY KEY (order_id, line_id)
) WITHOUT ROWID;
-- +goose StatementBegin
CREATE TRIGGER remedy_room_within BEFORE UPDATE ON remedy_room
WHEN (NEW.taken > OLD.taken AND NEW.taken > NEW.paid) OR (NEW.used > OLD.used AND NEW.used > NEW.units)
BEGIN SELECT RAISE(ABORT, 'beyond what was paid'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER remedy_taken_first AFTER INSERT ON remedy_taken BEGIN
    UPDATE remedy_room SET taken = taken + NEW.amount, used = used + NEW.units WHERE order_id = NEW.order_id AND line_id IN ('', NEW.line_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER remedy_taken_again AFTER UPDATE ON remedy_taken BEGIN
    UPDATE remedy_room SET taken = taken + NEW.amount - OLD.amount, used = used + NEW.units - OLD.units
        WHERE order_id = NEW.order_id AND line_id IN ('', NEW.line_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER remedy_taken_stays BEFORE UPDATE OF claim_id, line_id, order_id ON remedy_taken
BEGIN SELECT RAISE(ABORT, 'what a remedy takes is of one claim and one line'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER remedy_taken_no_delete BEFORE DELETE ON remedy_taken BEGIN SELECT RAISE(ABORT, 'what a remedy took is set to 0, not deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER remedy_room_no_delete BEFORE DELETE ON remedy_room BEGIN SELECT RAISE(ABORT, 'the ledger of an order is not deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER remedy_room_of_order AFTER UPDATE OF doc ON orders BEGIN
    UPDATE remedy_room SET paid = coalesce(json_extract(NEW.doc, '$.total.amount'), 0) WHERE order_id = NEW.id AND line_id = '';
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER remedy_room_of_order;
DROP TABLE remedy_room;
DROP TABLE remedy_taken;
