package desk_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/text"
)

// TestUnreadableIsRefusedAtUpload sends photos that nobody here could look at:
// whoever sends one is told why, in both languages, and nothing is kept.
// Before, they were kept with 201 and could not be shown.
func TestUnreadableIsRefusedAtUpload(t *testing.T) {
	heic, err := os.ReadFile(filepath.Join("..", "imaging", "heif", "testdata", "tile.heic"))
	if err != nil {
		t.Fatal(err)
	}
	huge := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR")
	huge = binary.BigEndian.AppendUint32(huge, 60000)
	huge = binary.BigEndian.AppendUint32(huge, 60000)
	huge = append(huge, 8, 2, 0, 0, 0, 0, 0, 0, 0)
	w := newWorld(t, policy.Default())
	f, err := w.desk.File(w.ctx, buyer, desk.Filing{OrderID: w.order(9000), Kind: claim.ReturnRefund, Reason: claim.Damaged, Story: "It broke."})
	w.must(err)
	id := f.Claim.ID
	send := func(data []byte) error {
		_, err := w.desk.AddEvidence(w.ctx, buyer, id, desk.Upload{Purpose: evidence.CloseUp, Medium: evidence.Photo, Name: "a.heic", Data: bytes.NewReader(data)})
		return err
	}
	for name, c := range map[string]struct {
		data   []byte
		en, zh string
	}{
		"VVC":             {bytes.Replace(heic, []byte("hvc1"), []byte("vvc1"), 1), "VVC", "JPEG"},
		"a cut HEIC":      {heic[:len(heic)-40], "damaged or cut short", "不完整"},
		"60,000 x 60,000": {huge, "more pixels", "像素"},
	} {
		err := send(c.data)
		var no *text.Refusal
		if !errors.As(err, &no) || no.Code != desk.CodeMedia || !strings.Contains(no.Text.EN, c.en) || !strings.Contains(no.Text.ZH, c.zh) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := send(heic); err != nil {
		t.Errorf("a sound HEIC: %v", err)
	}
	for _, brand := range []string{"mif1", "msf1", "heix", "miaf"} {
		if err := send(bytes.Replace(heic, []byte("ftypheic"), []byte("ftyp"+brand), 1)); err != nil {
			t.Errorf("brand %s: %v", brand, err)
		}
	}
}
