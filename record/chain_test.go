package record_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/record"
)

// kept reads events as a version of November 2026 wrote them: a claim from its
// draft to the ruling on its appeal, and one event with every field there is,
// whose hash was reckoned by another program.
func kept(t *testing.T, name string) (lines [][]byte, events []record.Event) {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(data) {
		line = bytes.TrimSuffix(line, []byte("\n"))
		var e record.Event
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatal(err)
		}
		lines, events = append(lines, line), append(events, e)
	}
	return lines, events
}

// TestOldRecordsVerify: the JSON of an event and its hash are for ever.
func TestOldRecordsVerify(t *testing.T) {
	for name, want := range map[string]int{"claim.jsonl": 8, "order.jsonl": 1} {
		lines, events := kept(t, name)
		if len(events) != want {
			t.Fatalf("%s has %d events, want %d", name, len(events), want)
		}
		var whole, links record.Chain
		for i, e := range events {
			if err := whole.Take(e); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if err := links.Link(e); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			again, err := json.Marshal(e)
			if err != nil || !bytes.Equal(again, lines[i]) {
				t.Errorf("%s: event %d is written\n%s\nand was\n%s", name, e.No, again, lines[i])
			}
		}
		if whole != links || whole.No != int64(want) {
			t.Errorf("%s ends at %+v and %+v", name, whole, links)
		}
	}
}

// TestAnAlteredRecordIsMissed in each of its fields, and where an event is left
// out, put in twice or out of turn.
func TestAnAlteredRecordIsMissed(t *testing.T) {
	verify := func(events []record.Event) error {
		var c record.Chain
		for _, e := range events {
			if err := c.Take(e); err != nil {
				return err
			}
		}
		return nil
	}
	for name, alter := range map[string]func([]record.Event) []record.Event{
		"id":       func(l []record.Event) []record.Event { l[3].ID += "x"; return l },
		"subject":  func(l []record.Event) []record.Event { l[3].Subject = "claim/other"; return l },
		"kind":     func(l []record.Event) []record.Event { l[3].Kind = "claim.accepted"; return l },
		"time":     func(l []record.Event) []record.Event { l[3].At = l[3].At.Add(time.Microsecond); return l },
		"actor":    func(l []record.Event) []record.Event { l[3].By.ID = "u-other"; return l },
		"role":     func(l []record.Event) []record.Event { l[3].By.Role = access.RoleMachine; return l },
		"policy":   func(l []record.Event) []record.Event { l[2].Policy = "P0"; return l },
		"evidence": func(l []record.Event) []record.Event { l[3].Evidence = []string{strings.Repeat("0", 64)}; return l },
		"body": func(l []record.Event) []record.Event {
			l[0].Body = bytes.Replace(l[0].Body, []byte("20000"), []byte("20001"), 1)
			return l
		},
		"left out":  func(l []record.Event) []record.Event { return append(l[:3], l[4:]...) },
		"the first": func(l []record.Event) []record.Event { return l[1:] },
		"twice":     func(l []record.Event) []record.Event { return append(l[:4], l[3:]...) },
		"in turn":   func(l []record.Event) []record.Event { l[3], l[4] = l[4], l[3]; return l },
		"sealed anew": func(l []record.Event) []record.Event { // the next one still names the old
			l[3].By.ID = "u-other"
			l[3].Hash = record.Hash(l[3])
			return l
		},
		"unsealed": func(l []record.Event) []record.Event { l[7].Hash = ""; return l },
	} {
		_, events := kept(t, "claim.jsonl")
		if verify(alter(events)) == nil {
			t.Errorf("%s: nobody misses it", name)
		}
	}
	_, events := kept(t, "claim.jsonl")
	if err := verify(events); err != nil {
		t.Error(err)
	}
}

// TestNextFollows: what is made is what is checked, and the chain that made it
// stays where it was.
func TestNextFollows(t *testing.T) {
	var made, checked record.Chain
	for range 3 {
		e := made.Next(record.Event{ID: "e", Subject: "claim/c", Kind: "claim.opened", At: time.Unix(0, 0).UTC(), By: access.Machine("test"), Body: []byte(`{}`)})
		if err := checked.Take(e); err != nil {
			t.Fatal(err)
		}
		if again := made.Next(e); again.Hash != e.Hash {
			t.Fatal("asking moved the chain")
		}
		made = record.Chain{No: e.No, Head: e.Hash}
	}
	if made != checked || made.No != 3 {
		t.Errorf("%+v, %+v", made, checked)
	}
}

// TestLinkSeesPlacesAlone: a side of a claim is given events of which words were
// taken out, and their places still show.
func TestLinkSeesPlacesAlone(t *testing.T) {
	_, events := kept(t, "claim.jsonl")
	events[0].Body = nil
	var c record.Chain
	if err := c.Link(events[0]); err != nil {
		t.Error(err)
	}
	if err := c.Link(events[2]); err == nil {
		t.Error("a gap is not seen")
	}
	if err := (&record.Chain{}).Take(events[0]); err == nil {
		t.Error("Take does not see what was taken out")
	}
}
