package evenhand_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

var stop = regexp.MustCompile("(?m)^(\\d+)\\. `([^`]+)` `(\\w+)`: \\S")

// TestTheTourCanBeWalked asks that each stop of docs/tour.md is where it says, and that each walk has ten.
func TestTheTourCanBeWalked(t *testing.T) {
	page, err := os.ReadFile("docs/tour.md")
	if err != nil {
		t.Fatal(err)
	}
	walks := 0
	for _, part := range strings.Split(string(page), "\n## ")[1:] {
		name, _, _ := strings.Cut(part, "\n")
		stops := stop.FindAllStringSubmatch(part, -1)
		if !strings.HasSuffix(name, "'s way") {
			continue
		}
		if walks++; len(stops) != 10 {
			t.Errorf("%s has %d stops", name, len(stops))
		}
		for _, s := range stops {
			if why := notThere(s[2], s[3]); why != "" {
				t.Errorf("%s, stop %s: %s", name, s[1], why)
			}
		}
	}
	if walks != 4 {
		t.Errorf("there are %d walks", walks)
	}
	if notThere("desk/answer.go", "NoSuchThing") == "" || notThere("desk/nowhere.go", "Contest") == "" {
		t.Error("what is not there counts as a stop")
	}
}

// notThere says what is wrong with a stop: no such file, or nothing of that name declared in it.
func notThere(file, name string) string {
	source, err := os.ReadFile(file)
	if err != nil {
		return "there is no " + file
	}
	declared := `(?m)^(?:export )?(?:default )?(?:async )?(?:func (?:\([^)]*\) )?|function |class |const )` + name + `\b`
	if !regexp.MustCompile(declared).Match(source) && !regexp.MustCompile(`(?m)^export default function `+name+`\b`).Match(source) {
		return file + " declares no " + name
	}
	return ""
}
