package main

// mutant is one piece of enforcement, how it is taken away, and the tests that
// should miss it.
type mutant struct {
	guarantee, what, file string
	// function is the one that returns at once what becomes says; where it is
	// empty, old is what becomes stands in for.
	function, old, becomes string
	pkg, tests             string
	rapid                  bool // the package's tests know rapid's flags
}

// check is a guarantee in desk/guarantees.go, missed by the tests of that file
// and by hostile histories.
func check(guarantee, function string) mutant {
	return mutant{
		guarantee: guarantee, what: "`desk/guarantees.go` " + function, file: "desk/guarantees.go", function: function, becomes: "return text.Text{}",
		pkg: "./desk", tests: "^(TestGuardStopsEachBreach|TestGuaranteesHoldUnderHostilePolicies)$", rapid: true,
	}
}

// desk is a function of the desk that returns at once.
func desk(guarantee, file, function, becomes, tests string) mutant {
	return mutant{guarantee: guarantee, what: "`desk/" + file + "` " + function, file: "desk/" + file, function: function, becomes: becomes, pkg: "./desk", tests: tests, rapid: true}
}

// served is a function that returns at once, missed over HTTP.
func served(guarantee, file, function, becomes, tests string) mutant {
	return mutant{guarantee: guarantee, what: "`" + file + "` " + function, file: file, function: function, becomes: becomes, pkg: "./server", tests: tests}
}

// stored is a piece of the store's Go, missed on each database.
func stored(guarantee, what, file, old, becomes, tests string) mutant {
	return mutant{guarantee: guarantee, what: "`store/" + file + "` " + what, file: "store/" + file, old: old, becomes: becomes, pkg: "./store", tests: tests}
}

// trigger is one of the database's own guards.
func trigger(database, test, name, line string) mutant {
	return mutant{
		guarantee: "kept", what: "`store/migrations/" + database + "` " + name, file: "store/migrations/" + database + "/00001_desk.sql",
		old: line, becomes: "SELECT 1;", pkg: "./store", tests: "^" + test + "$/^events$",
	}
}

// ledger is one of the guards of what remedies take of an order.
func ledger(database, test, name, old, becomes string) mutant {
	return mutant{
		guarantee: "within", what: "`store/migrations/" + database + "` " + name, file: "store/migrations/" + database + "/00016_within.sql",
		old: old, becomes: becomes, pkg: "./store", tests: "^" + test + "$/^what_remedies_take$",
	}
}

// sums is one of those that migration 20 added.
func sums(database, test, name, old, becomes string) mutant {
	m := ledger(database, test, name, old, becomes)
	m.what, m.file = "`store/ledger/"+database+".sql` "+name, "store/ledger/"+database+".sql"
	return m
}

const (
	abort  = " BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END;"
	refuse = " EXECUTE FUNCTION evenhand_refuse();"
	seen   = "^(TestStrangersSeeNothing|TestEachSideSeesItsPart)$"
)

var mutants = []mutant{
	desk("heard", "guarantees.go", "guard", "return nil", "^TestGuardStopsEachBreach$"),
	desk("heard", "desk.go", "commit's call of guard", "", "^TestGuaranteesHoldUnderHostilePolicies$").replacing("err := guard(s); err != nil", "err := guard(s); err != nil && false"),
	check("heard", "heard"),
	check("human", "human"),
	check("explained", "explained"),
	check("replayable", "replayable"),
	check("kept", "kept"),
	desk("kept", "desk.go", "event: the hash of the one before", "", "^(TestGuaranteesHoldUnderHostilePolicies|TestContestedClaimIsDecidedByAPersonAndOverturnedByAnother)$").replacing("Head: c.Head}", `Head: ""}`),
	stored("kept", "evidence under its SHA-256", "stage.go", "s.sha = hex.EncodeToString(s.sum.Sum(nil))", `s.sha = hex.EncodeToString(make([]byte, sha256.Size))`, "^TestBlobsInFolder$"),
	trigger("sqlite", "TestSQLite", "event_no_update", "CREATE TRIGGER event_no_update BEFORE UPDATE ON event"+abort),
	trigger("sqlite", "TestSQLite", "event_no_delete", "CREATE TRIGGER event_no_delete BEFORE DELETE ON event"+abort),
	trigger("sqlite", "TestSQLite", "facts_no_update", "CREATE TRIGGER facts_no_update BEFORE UPDATE ON facts"+abort),
	trigger("sqlite", "TestSQLite", "facts_no_delete", "CREATE TRIGGER facts_no_delete BEFORE DELETE ON facts"+abort),
	stored("kept", "recursive_triggers", "sqlite.go", `"recursive_triggers(1)"`, `"recursive_triggers(0)"`, "^TestSQLite$/^events$"),
	trigger("postgres", "TestPostgres", "event_append_only", "CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON event FOR EACH ROW"+refuse),
	trigger("postgres", "TestPostgres", "event_no_truncate", "CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event"+refuse),
	trigger("postgres", "TestPostgres", "facts_append_only", "CREATE TRIGGER facts_append_only BEFORE UPDATE OR DELETE ON facts FOR EACH ROW"+refuse),
	trigger("postgres", "TestPostgres", "facts_no_truncate", "CREATE TRIGGER facts_no_truncate BEFORE TRUNCATE ON facts"+refuse),
	stored("kept", "the order of a subject's events", "events.go", "last >= *a.seq", "last < 0", "^TestPostgres$/^an_event_overtaken$"),
	check("on_time", "onTime"),
	stored("on_time", "FireClock, once", "clocks.go", "WHERE id = ? AND state = 0 AND due <= ?", "WHERE id = ? AND state >= 0 AND due <= ?", "^(TestSQLite|TestPostgres)$/^(clocks|a_clock_fired_by_twenty)$"),
	stored("on_time", "FireClock, not before", "clocks.go", "AND state = 0 AND due <= ? RETURNING", "AND state = 0 AND due <= ? + 4000000000000000 RETURNING", "^(TestSQLite|TestPostgres)$/^clocks$"),
	stored("on_time", "SetClock, not again", "clocks.go", "WHERE clock.state = 0 AND", "WHERE clock.state >= 0 AND", "^(TestSQLite|TestPostgres)$/^clocks$"),
	desk("bounded", "guarantees.go", "bounded", "return findings", "^(TestConclusiveNeedsABound|TestGuaranteesHoldUnderHostilePolicies)$"),
	desk("bounded", "screen.go", "Screen's call of bounded", "", "^TestGuaranteesHoldUnderHostilePolicies$").replacing("result.Findings = bounded(result.Findings)", "_ = bounded"),
	desk("within", "within.go", "within", "return text.Text{}", "^TestGuardStopsEachBreach$"),
	desk("within", "within.go", "holds", "return true", "^TestGuardStopsEachBreach$"),
	desk("within", "desk.go", "lay's call of Take", "", "^TestAnOrderIsPaidBackOnce$").replacing("if s.Taking != nil && s.moves() {", "if s.Taking != nil && false {"),
	desk("within", "wish.go", "asked", "return nil", "^(TestAClaimOfNothingIsNone|TestLinesAreWorthWhatWasPaid)$"),
	{guarantee: "within", what: "`claim/remedy.go` bounded", file: "claim/remedy.go", function: "bounded", becomes: "return r", pkg: "./desk", tests: "^TestALoweredOrderYieldsLess$", rapid: true},
	{guarantee: "within", what: "`money/share.go` Apportion's last fen", file: "money/share.go", old: "\t\tshares[i]++", becomes: "\t\t_ = i", pkg: "./money", tests: "^TestApportion$", rapid: true},
	ledger("sqlite", "TestSQLite", "remedy_room_within", "SELECT RAISE(ABORT, 'beyond what was paid');", "SELECT 1;"),
	sums("sqlite", "TestSQLite", "the sums, at first", "(SELECT sum(k.amount) FROM", "(SELECT 0 * sum(k.amount) FROM"),
	sums("sqlite", "TestSQLite", "the sums, again", "(SELECT sum(n.amount) FROM", "(SELECT 0 * sum(n.amount) FROM"),
	sums("sqlite", "TestSQLite", "remedy_taken_known", "SELECT RAISE(ABORT, 'nothing is taken of what the ledger does not hold');", "SELECT 1;"),
	sums("sqlite", "TestSQLite", "remedy_room_empty", "SELECT RAISE(ABORT, 'the ledger of an order begins empty');", "SELECT 1;"),
	ledger("sqlite", "TestSQLite", "remedy_taken_no_delete", "SELECT RAISE(ABORT, 'what a remedy took is set to 0, not deleted');", "SELECT 1;"),
	ledger("sqlite", "TestSQLite", "remedy_room_of_order", "SET paid = coalesce(json_extract(NEW.doc, '$.total.amount'), 0) WHERE", "SET paid = paid WHERE"),
	ledger("postgres", "TestPostgres", "remedy_room_within", "RAISE EXCEPTION 'beyond what was paid';", "NULL;"),
	sums("postgres", "TestPostgres", "the sums", "(SELECT sum(k.amount) AS taken, sum(k.units) AS used FROM remedy_taken k WHERE k.order_id = NEW.order_id AND", "(SELECT 0 * sum(k.amount) AS taken, 0 * sum(k.units) AS used FROM remedy_taken k WHERE k.order_id = NEW.order_id AND"),
	sums("postgres", "TestPostgres", "evenhand_taken_known", "RAISE EXCEPTION 'nothing is taken of what the ledger does not hold';", "NULL;"),
	sums("postgres", "TestPostgres", "evenhand_room_empty", "RAISE EXCEPTION 'the ledger of an order begins empty';", "NULL;"),
	check("private", "private"),
	desk("private", "caller.go", "MayRead", "return true", seen),
	desk("private", "mask/mask.go", "Claim", "return c.Clone()", seen),
	desk("private", "mask/mask.go", "Actor", "return a", seen),
	desk("private", "mask/mask.go", "Evidence", "return it", "^(TestAnotherClaimsEvidenceIsNotNamed|TestEachSideSeesItsPart)$"),
	desk("private", "mask/mask.go", "Order", "return o", seen),
	desk("private", "mask/mask.go", "Event", "return x", seen),
	served("private", "desk/mask/mask.go", "Original", "return true", "^TestWhoGetsTheOriginal$"),
	served("private", "desk/message.go", "MessageFor", "return true", "^TestEachShopsWebhooks$"),
	served("private", "server/route.go", "binds", "return nil", "^(TestLinksOpenTheirOneClaim|TestWhoMayCallWhat)$"),
	desk("private", "blind.go", "BlindTo", "return false", "^TestSecondReadersAreBlindEverywhere$"),
	desk("private", "person.go", "eraseAddresses", "return nil", "^TestAccountAddressIsExportedAndErased$"),
	desk("private", "person.go", "Erase, not while a claim is open", "", "^TestErasureWaitsForTheClaim$").replacing("if len(open) > 0 {", "if len(open) < 0 {"),
	stored("private", "erasure of texts", "private.go", "DELETE FROM private_text WHERE subject = ?", "DELETE FROM private_text WHERE subject = ? AND 1 = 0", "^(TestSQLite|TestPostgres)$/^erasure$"),
	stored("private", "erasure of contact data", "private.go", "UPDATE buyer SET doc = ? WHERE id = ?", "UPDATE buyer SET doc = ? WHERE id = ? AND 1 = 0", "^(TestSQLite|TestPostgres)$/^erasure$"),
	stored("private", "erasure of words in claims", "private.go", "\t\tforget(c)\n", "\t\t_ = forget\n", "^(TestSQLite|TestPostgres)$/^erasure$"),
	stored("private", "erasure of file names", "private.go", `i.Party != string(claim.Buyer) || i.Name == ""`, `true`, "^(TestSQLite|TestPostgres)$/^erasure$"),
	stored("private", "erasure of addresses of parcels", "private.go", "o.Shipment = &order.Shipment{Carrier: o.Shipment.Carrier}", "_ = order.Shipment{}", "^(TestSQLite|TestPostgres)$/^erasure$"),
}

// replacing is the mutant with a text in place of another, not a return.
func (m mutant) replacing(old, becomes string) mutant {
	m.function, m.old, m.becomes = "", old, becomes
	return m
}
