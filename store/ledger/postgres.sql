-- Migration 20, after the documents: the ledger of migration 16 begins empty,
-- is there before anything is taken, and adds up what was taken anew each time,
-- so that no writer can begin it full, take past it, or empty it by hand.
CREATE OR REPLACE FUNCTION evenhand_taken() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.claim_id, NEW.line_id, NEW.order_id) IS DISTINCT FROM (OLD.claim_id, OLD.line_id, OLD.order_id) THEN
        RAISE EXCEPTION 'what a remedy takes is of one claim and one line';
    END IF;
    -- The rows are locked by a statement of their own: the next one sees what
    -- those took who held the lock before.
    PERFORM 1 FROM remedy_room WHERE order_id = NEW.order_id AND line_id IN ('', NEW.line_id) ORDER BY line_id FOR UPDATE;
    UPDATE remedy_room r SET taken = s.taken, used = s.used
        FROM (SELECT sum(k.amount) AS taken, sum(k.units) AS used FROM remedy_taken k WHERE k.order_id = NEW.order_id) s
        WHERE r.order_id = NEW.order_id AND r.line_id = '';
    UPDATE remedy_room r SET taken = s.taken, used = s.used
        FROM (SELECT sum(k.amount) AS taken, sum(k.units) AS used FROM remedy_taken k WHERE k.order_id = NEW.order_id AND k.line_id = NEW.line_id) s
        WHERE r.order_id = NEW.order_id AND r.line_id = NEW.line_id;
    RETURN NULL;
END $$;
CREATE FUNCTION evenhand_taken_known() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    IF (SELECT count(*) FROM remedy_room WHERE order_id = NEW.order_id AND line_id IN ('', NEW.line_id)) < 2 THEN
        RAISE EXCEPTION 'nothing is taken of what the ledger does not hold';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION evenhand_room_empty() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    IF TG_OP = 'INSERT' AND (NEW.taken <> 0 OR NEW.used <> 0) THEN
        RAISE EXCEPTION 'the ledger of an order begins empty';
    ELSIF TG_OP = 'UPDATE' AND (NEW.order_id, NEW.line_id) IS DISTINCT FROM (OLD.order_id, OLD.line_id) THEN
        RAISE EXCEPTION 'a row of the ledger is of one order and one line';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER remedy_taken_known BEFORE INSERT ON remedy_taken FOR EACH ROW EXECUTE FUNCTION evenhand_taken_known();
CREATE TRIGGER remedy_room_empty BEFORE INSERT OR UPDATE ON remedy_room FOR EACH ROW EXECUTE FUNCTION evenhand_room_empty();
