package record_test

import (
	"testing"

	"github.com/evenhand/evenhand/record"
)

func TestSubjects(t *testing.T) {
	for _, tt := range []struct {
		written string
		want    record.Subject
		ok      bool
	}{
		{"claim/c01", record.Subject{Kind: "claim", ID: "c01"}, true},
		{"link/c01/b1", record.Subject{Kind: "link", ID: "c01/b1"}, true},
		{"claim/", record.Subject{Kind: "claim"}, false},
		{"/c01", record.Subject{ID: "c01"}, false},
		{"claim", record.Subject{Kind: "claim"}, false},
		{"", record.Subject{}, false},
	} {
		got, ok := record.ParseSubject(tt.written)
		if got != tt.want || ok != tt.ok {
			t.Errorf("%q is read as %+v, %v", tt.written, got, ok)
		}
		if ok && got.String() != tt.written {
			t.Errorf("%q is written %q", tt.written, got)
		}
	}
}
