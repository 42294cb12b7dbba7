-- +goose Up
-- The ninth guarantee, kept below everything that runs: what remedies have
-- taken of an order, and of each of its lines, never passes what was paid for
-- it nor the units there are. remedy_taken is what a claim's remedy takes of a
-- line now; remedy_room is the ledger: a row for the order (line_id is empty)
-- and one for each line that something was taken of. The ledger's sums are
-- kept by triggers, so that no writer can take anything past it. An order that
-- is lowered below what was taken stays as it is, and yields nothing more.
CREATE TABLE remedy_taken (
    claim_id text COLLATE "C" NOT NULL, line_id text COLLATE "C" NOT NULL, order_id text COLLATE "C" NOT NULL,
    amount bigint NOT NULL CHECK (amount >= 0), units bigint NOT NULL CHECK (units >= 0),
    PRIMARY KEY (claim_id, line_id)
);
CREATE INDEX remedy_taken_order ON remedy_taken (order_id, claim_id, line_id);
CREATE TABLE remedy_room (
    order_id text COLLATE "C" NOT NULL, line_id text COLLATE "C" NOT NULL,
    paid bigint NOT NULL CHECK (paid >= 0), units bigint NOT NULL CHECK (units >= 0),
    taken bigint NOT NULL CHECK (taken >= 0), used bigint NOT NULL CHECK (used >= 0),
    PRIMARY KEY (order_id, line_id)
);
-- +goose StatementBegin
CREATE FUNCTION evenhand_within() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    IF (NEW.taken > OLD.taken AND NEW.taken > NEW.paid) OR (NEW.used > OLD.used AND NEW.used > NEW.units) THEN
        RAISE EXCEPTION 'beyond what was paid';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION evenhand_taken() RETURNS trigger LANGUAGE plpgsql AS
$$ DECLARE more bigint := NEW.amount; pieces bigint := NEW.units; BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.claim_id, NEW.line_id, NEW.order_id) IS DISTINCT FROM (OLD.claim_id, OLD.line_id, OLD.order_id) THEN
            RAISE EXCEPTION 'what a remedy takes is of one claim and one line';
        END IF;
        more := more - OLD.amount;
        pieces := pieces - OLD.units;
    END IF;
    UPDATE remedy_room r SET taken = r.taken + more, used = r.used + pieces WHERE r.order_id = NEW.order_id AND r.line_id IN ('', NEW.line_id);
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION evenhand_room_stays() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'what remedies took is set to 0, not deleted'; END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION evenhand_room_of_order() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    UPDATE remedy_room SET paid = coalesce((replace(NEW.doc, '\u0000', '\u0020')::json -> 'total' ->> 'amount')::bigint, 0) WHERE order_id = NEW.id AND line_id = '';
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER remedy_room_within BEFORE UPDATE ON remedy_room FOR EACH ROW EXECUTE FUNCTION evenhand_within();
CREATE TRIGGER remedy_taken_sums AFTER INSERT OR UPDATE ON remedy_taken FOR EACH ROW EXECUTE FUNCTION evenhand_taken();
CREATE TRIGGER remedy_taken_stays BEFORE DELETE OR TRUNCATE ON remedy_taken EXECUTE FUNCTION evenhand_room_stays();
CREATE TRIGGER remedy_room_stays BEFORE DELETE OR TRUNCATE ON remedy_room EXECUTE FUNCTION evenhand_room_stays();
CREATE TRIGGER remedy_room_of_order AFTER UPDATE ON orders FOR EACH ROW WHEN (OLD.doc IS DISTINCT FROM NEW.doc) EXECUTE FUNCTION evenhand_room_of_order();

-- +goose Down
DROP TRIGGER remedy_room_of_order ON orders;
DROP TABLE remedy_room;
DROP TABLE remedy_taken;
DROP FUNCTION evenhand_room_of_order();
DROP FUNCTION evenhand_room_stays();
DROP FUNCTION evenhand_taken();
DROP FUNCTION evenhand_within();
