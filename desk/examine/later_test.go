package examine

import (
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/samples"
)

// TestAPictureThatCameLater: a shop may make its picture from the buyer's photo.
// One that it sent after the claim's first photo is no proof beyond doubt, and
// the finding says so; an earlier one is, and so is what the platform keeps.
func TestAPictureThatCameLater(t *testing.T) {
	r := newRoom(t, "-")
	data := encode(t, photograph(t, samples.Listing(samples.Products()[0].Name, 5)))
	photo := r.file(t, evidence.Item{ID: "E", ClaimID: "C", OrderID: "O"}, data)
	second := r.file(t, evidence.Item{ID: "E2", ClaimID: "C", OrderID: "O"}, data)
	second.ReceivedAt = received.Add(2 * time.Hour)
	for _, tt := range []struct {
		name  string
		item  evidence.Item
		party string
		at    time.Time
		want  evidence.Strength
		told  bool
	}{
		{"before", photo, "merchant", received.Add(-time.Hour), evidence.Conclusive, false},
		{"after", photo, "merchant", received.Add(time.Hour), evidence.Strong, true},
		{"after the first photo, before this one", second, "merchant", received.Add(time.Hour), evidence.Strong, true},
		{"after, the platform's", photo, "platform", received.Add(time.Hour), evidence.Conclusive, false},
	} {
		listing := evidence.Item{ID: "L" + tt.name, OrderID: "O", SHA256: photo.SHA256, Party: tt.party, Purpose: evidence.Listing, Medium: evidence.Photo, ReceivedAt: tt.at}
		sibling := second
		if tt.item.ID == second.ID {
			sibling = photo
		}
		s, _, err := r.x.Examine(t.Context(), desk.Examination{Item: tt.item, References: []evidence.Item{listing}, Siblings: []evidence.Item{sibling}, OrderedAt: received.Add(-72 * time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, f := range s.Findings {
			if f.Code != evidence.ReferenceSameCapture {
				continue
			}
			found = true
			if f.Strength != tt.want || strings.Contains(f.Text.EN, "after the first photo") != tt.told || strings.Contains(f.Text.ZH, "晚于买家的首张照片") != tt.told {
				t.Errorf("%s: %s, %s", tt.name, f.Strength, f.Text.EN)
			}
		}
		if !found {
			t.Errorf("%s: nothing found", tt.name)
		}
	}
}
