-- Migration 20, after the documents: the ledger of migration 16 begins empty,
-- is there before anything is taken, and adds up what was taken anew each time,
-- so that no writer can begin it full, take past it, or empty it by hand.
DROP TRIGGER remedy_taken_first;
DROP TRIGGER remedy_taken_again;
CREATE TRIGGER remedy_taken_known BEFORE INSERT ON remedy_taken
WHEN (SELECT count(*) FROM remedy_room WHERE order_id = NEW.order_id AND line_id IN ('', NEW.line_id)) < 2
BEGIN SELECT RAISE(ABORT, 'nothing is taken of what the ledger does not hold'); END;
CREATE TRIGGER remedy_taken_first AFTER INSERT ON remedy_taken BEGIN
    UPDATE remedy_room SET
        taken = (SELECT sum(k.amount) FROM remedy_taken k WHERE k.order_id = NEW.order_id AND remedy_room.line_id IN ('', k.line_id)),
        used = (SELECT sum(k.units) FROM remedy_taken k WHERE k.order_id = NEW.order_id AND remedy_room.line_id IN ('', k.line_id))
    WHERE order_id = NEW.order_id AND line_id IN ('', NEW.line_id);
END;
CREATE TRIGGER remedy_taken_again AFTER UPDATE ON remedy_taken BEGIN
    UPDATE remedy_room SET
        taken = (SELECT sum(n.amount) FROM remedy_taken n WHERE n.order_id = NEW.order_id AND remedy_room.line_id IN ('', n.line_id)),
        used = (SELECT sum(n.units) FROM remedy_taken n WHERE n.order_id = NEW.order_id AND remedy_room.line_id IN ('', n.line_id))
    WHERE order_id = NEW.order_id AND line_id IN ('', NEW.line_id);
END;
CREATE TRIGGER remedy_room_empty BEFORE INSERT ON remedy_room WHEN NEW.taken <> 0 OR NEW.used <> 0
BEGIN SELECT RAISE(ABORT, 'the ledger of an order begins empty'); END;
CREATE TRIGGER remedy_room_stays BEFORE UPDATE OF order_id, line_id ON remedy_room
WHEN NEW.order_id <> OLD.order_id OR NEW.line_id <> OLD.line_id
BEGIN SELECT RAISE(ABORT, 'a row of the ledger is of one order and one line'); END;
