package evidence_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/evenhand/evenhand/evidence"
)

// TestOneIn: a finding's sentence and the console's line beside it say the same
// number; the console's own test reads this table too.
func TestOneIn(t *testing.T) {
	data, err := os.ReadFile("testdata/one-in.json")
	if err != nil {
		t.Fatal(err)
	}
	var table []struct {
		Bound float64 `json:"bound"`
		Say   string  `json:"say"`
	}
	if err := json.Unmarshal(data, &table); err != nil || len(table) < 8 {
		t.Fatal(err, len(table))
	}
	for _, row := range table {
		if got := evidence.OneIn(row.Bound); got != row.Say {
			t.Errorf("OneIn(%v) = %s, want %s", row.Bound, got, row.Say)
		}
	}
	if evidence.Per(0) != 0 || evidence.Per(-1) != 0 {
		t.Error("no bound, and yet one in some")
	}
}
