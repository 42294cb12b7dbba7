package examine

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/image/draw"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/sandbox"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/samples"
	"github.com/evenhand/evenhand/samples/forge"
	"github.com/evenhand/evenhand/store"
)

var received = time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)

// room is a store with an examiner.
type room struct {
	db *store.DB
	x  *Examiner
}

func newRoom(t *testing.T, ffmpeg string) *room {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	box, err := sandbox.New(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return &room{db, New(Options{Blobs: db.Blobs(), Store: db, FFmpeg: ffmpeg, Sandbox: box, TempDir: t.TempDir()})}
}

// file keeps bytes as one piece of evidence.
func (r *room) file(t *testing.T, it evidence.Item, data []byte) evidence.Item {
	t.Helper()
	sha, size, err := r.db.Blobs().Put(t.Context(), bytes.NewReader(data), 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	it.SHA256, it.Size, it.ReceivedAt = sha, size, received
	if it.Medium == "" {
		it.Medium = evidence.Photo
	}
	if it.Party == "" {
		it.Party, it.By, it.Purpose = "buyer", "buyer-of-"+it.OrderID, evidence.Whole
	}
	if err := r.db.Write(t.Context(), func(tx desk.Tx) error { return tx.InsertEvidence(t.Context(), it) }); err != nil {
		t.Fatal(err)
	}
	return it
}

func (r *room) examine(t *testing.T, it evidence.Item, references ...evidence.Item) evidence.Screening {
	t.Helper()
	s, _, err := r.x.Examine(t.Context(), desk.Examination{Item: it, BuyerID: it.By, References: references, OrderedAt: received.Add(-72 * time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range s.Findings {
		if f.Text.EN == "" || f.Text.ZH == "" {
			t.Errorf("%s has no words", f.Code)
		}
	}
	return s
}

func find(s evidence.Screening, code evidence.Code) *evidence.Finding {
	for i := range s.Findings {
		if s.Findings[i].Code == code {
			return &s.Findings[i]
		}
	}
	return nil
}

// photograph takes a product small.
func photograph(t *testing.T, shot samples.Shot) *image.RGBA {
	t.Helper()
	shot.Width, shot.Height = 800, 600
	img, err := samples.Photograph(t.Context(), shot)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func encode(t *testing.T, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 88}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// crop cuts off a share of the area, and scales what is left.
func crop(img *image.RGBA, keepX, keepY, scale float64) *image.RGBA {
	b := img.Bounds()
	w, h := int(float64(b.Dx())*keepX), int(float64(b.Dy())*keepY)
	part := img.SubImage(image.Rect(b.Dx()-w, b.Dy()-h, b.Dx(), b.Dy()))
	out := image.NewRGBA(image.Rect(0, 0, int(float64(w)*scale), int(float64(h)*scale)))
	draw.CatmullRom.Scale(out, out.Bounds(), part, part.Bounds(), draw.Src, nil)
	return out
}

func TestPhotos(t *testing.T) {
	r := newRoom(t, "-")
	product := samples.Products()[0].Name
	listing := photograph(t, samples.Listing(product, 1))
	painted, _ := forge.Paint(listing, forge.Crack, rand.New(rand.NewPCG(1, 1)))
	honest := photograph(t, samples.Claim(product, 1, 0, samples.Damage{}))
	ref := r.file(t, evidence.Item{ID: "L1", OrderID: "O1", Party: "merchant", Name: "listing.jpg"}, encode(t, listing))
	broken := r.file(t, evidence.Item{ID: "L2", OrderID: "O1", Party: "merchant", Name: "broken.jpg"}, []byte("\xff\xd8\xff no picture"))

	forged := r.file(t, evidence.Item{ID: "E1", ClaimID: "C1", OrderID: "O1"}, encode(t, painted))
	s := r.examine(t, forged, ref, broken)
	f := find(s, evidence.ReferenceSameCapture)
	if f == nil || f.Strength != evidence.Conclusive || f.Reference != "L1" || strings.Contains(f.Text.ZH, "listing.jpg") || !strings.Contains(f.Text.ZH, "商品图") || s.Findings[0].Code != f.Code {
		t.Errorf("forged: got %+v", s)
	}
	if f := find(s, evidence.ReferenceUnreadable); f == nil || f.Reference != "L2" {
		t.Errorf("a broken reference: got %+v", s)
	}
	first := r.file(t, evidence.Item{ID: "E2", ClaimID: "C2", OrderID: "O2"}, encode(t, honest))
	if s := r.examine(t, first, ref); s.Error != nil || find(s, evidence.ReferenceSameCapture) != nil || find(s, evidence.ReuseSameCapture) != nil {
		t.Errorf("honest: got %+v", s)
	}

	cropped := encode(t, crop(honest, 0.85, 0.85, 0.8))
	tests := []struct {
		name         string
		item         evidence.Item
		data         []byte
		strength     evidence.Strength // empty: no finding
		stance       evidence.Stance
		en, zh, sees string
	}{
		{name: "same claim", item: evidence.Item{ID: "E3", ClaimID: "C2", OrderID: "O2"}, data: encode(t, honest)},
		{name: "same order again", item: evidence.Item{ID: "E4", ClaimID: "C4", OrderID: "O2"}, data: encode(t, honest), strength: evidence.Note, stance: evidence.Neutral, en: "nothing unusual", zh: "正常"},
		{name: "another buyer, same bytes", item: evidence.Item{ID: "E5", ClaimID: "C5", OrderID: "O5"}, data: encode(t, honest), strength: evidence.Conclusive, stance: evidence.Against, en: "byte for byte", zh: "逐字节"},
		{name: "another buyer, cropped", item: evidence.Item{ID: "E6", ClaimID: "C6", OrderID: "O6"}, data: cropped, strength: evidence.Conclusive, stance: evidence.Against, en: "another buyer", zh: "另一位买家"},
		{name: "own other order", item: evidence.Item{ID: "E7", ClaimID: "C7", OrderID: "O7", Party: "buyer", By: "buyer-of-O2"}, data: encode(t, crop(honest, 0.9, 0.9, 1)), strength: evidence.Conclusive, stance: evidence.Against, en: "of this buyer", zh: "该买家"},
		{name: "unreadable", item: evidence.Item{ID: "E8", ClaimID: "C8", OrderID: "O8"}, data: []byte("GIF89a and then nothing")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := r.examine(t, r.file(t, tt.item, tt.data))
			if (s.Error != nil) != (tt.name == "unreadable") {
				t.Errorf("error %+v", s.Error)
			}
			found := false
			for _, f := range s.Findings {
				if f.Code == evidence.ReuseSameCapture && f.Strength == tt.strength && f.Stance == tt.stance && strings.Contains(f.Text.EN, tt.en) && strings.Contains(f.Text.ZH, tt.zh) {
					found = true
				}
			}
			if found != (tt.strength != "") {
				t.Errorf("got %+v", s.Findings)
			}
		})
	}
	// What was removed from a draft was never filed: nobody is accused by it.
	if err := r.db.Write(t.Context(), func(tx desk.Tx) error {
		for _, id := range []string{"E2", "E3", "E4", "E5", "E6", "E7"} {
			if err := tx.WithdrawEvidence(t.Context(), id, received); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for id, data := range map[string][]byte{"E9": encode(t, honest), "E10": encode(t, crop(honest, 0.8, 0.8, 0.9))} {
		it := r.file(t, evidence.Item{ID: id, ClaimID: "C9", OrderID: "O9"}, data)
		if s := r.examine(t, it); find(s, evidence.ReuseSameCapture) != nil {
			t.Errorf("accused by a withdrawn picture: %+v", s.Findings)
		}
	}
	// The first filer is not accused when looked at again.
	if s := r.examine(t, first, ref); find(s, evidence.ReuseSameCapture) != nil {
		t.Errorf("the first filer: %+v", s.Findings)
	}
}

// TestKeptByContent: what was worked out is not worked out again, and a new
// version of the detectors does.
func TestKeptByContent(t *testing.T) {
	r := newRoom(t, "-")
	img := photograph(t, samples.Listing(samples.Products()[0].Name, 2))
	ref := r.file(t, evidence.Item{ID: "L", OrderID: "O", Party: "merchant"}, encode(t, img))
	it := r.file(t, evidence.Item{ID: "E", ClaimID: "C", OrderID: "O"}, encode(t, crop(img, 0.9, 0.9, 1)))
	want := r.examine(t, it, ref)
	// Without the blobs, only a kept result can answer.
	fresh := New(Options{Blobs: onlyHeads{r.db.Blobs()}, Store: r.db, FFmpeg: "-"})
	again := &room{r.db, fresh}
	got := again.examine(t, it, ref)
	if got.Error != nil || len(got.Findings) != len(want.Findings) || got.Findings[0].Text != want.Findings[0].Text {
		t.Errorf("got %+v, want %+v", got, want)
	}
	fresh.opts.TrustName = "another"
	if got := again.examine(t, it, ref); got.Error == nil {
		t.Error("another version took the old one's result")
	}
}

// onlyHeads hands out no more than the first bytes of a blob.
type onlyHeads struct{ desk.Blobs }

func (o onlyHeads) Open(ctx context.Context, sha string, offset, length int64) (io.ReadCloser, error) {
	if length < 0 {
		length = 64
	}
	return o.Blobs.Open(ctx, sha, offset, length)
}

func TestVideo(t *testing.T) {
	product := samples.Products()[0].Name
	listing := photograph(t, samples.Listing(product, 3))
	without := newRoom(t, "-")
	mp4 := []byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom and no more")
	it := without.file(t, evidence.Item{ID: "V", ClaimID: "C", OrderID: "O", Medium: evidence.Video}, mp4)
	if s := without.examine(t, it); s.Error != nil || find(s, evidence.VideoUnseen) == nil || !strings.Contains(s.Findings[0].Text.EN, "no video decoder") {
		t.Errorf("without ffmpeg: %+v", s)
	}
	again := without.file(t, evidence.Item{ID: "V2", ClaimID: "C2", OrderID: "O2", Medium: evidence.Video}, mp4)
	if s := without.examine(t, again); find(s, evidence.ReuseSameCapture) == nil {
		t.Errorf("the same video elsewhere: %+v", s)
	}

	ffmpeg, err := exec.LookPath("ffmpeg")
	if err != nil {
		t.Skip("ffmpeg is not installed here")
	}
	r := newRoom(t, "")
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.jpg"), encode(t, listing), 0o600); err != nil {
		t.Fatal(err)
	}
	film := filepath.Join(dir, "a.mp4")
	if out, err := exec.Command(ffmpeg, "-v", "error", "-loop", "1", "-i", filepath.Join(dir, "a.jpg"), "-t", "3", "-r", "5", "-g", "5", "-pix_fmt", "yuv420p", film).CombinedOutput(); err != nil {
		t.Skipf("ffmpeg makes no film here: %v %s", err, out)
	}
	data, err := os.ReadFile(film)
	if err != nil {
		t.Fatal(err)
	}
	ref := r.file(t, evidence.Item{ID: "L", OrderID: "O", Party: "merchant", Name: "listing.jpg"}, encode(t, listing))
	s := r.examine(t, r.file(t, evidence.Item{ID: "V", ClaimID: "C", OrderID: "O", Medium: evidence.Video}, data), ref)
	seen, f := find(s, evidence.VideoFrames), find(s, evidence.ReferenceSameCapture)
	if s.Error != nil || seen == nil || seen.Measured["frames"] != 3 || seen.Measured["last_s"] != 2 || f == nil || !strings.Contains(f.Text.EN, "At second") {
		t.Errorf("got %+v", s)
	}
	broken := r.file(t, evidence.Item{ID: "V2", ClaimID: "C2", OrderID: "O2", Medium: evidence.Video}, mp4)
	if s := r.examine(t, broken); s.Error != nil || find(s, evidence.VideoUnseen) == nil {
		t.Errorf("a broken video: %+v", s)
	}
	if left, _ := filepath.Glob(filepath.Join(r.x.opts.TempDir, "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestContainers(t *testing.T) {
	ts := bytes.Repeat(append([]byte("G"), make([]byte, 187)...), 3)
	tests := []struct {
		head string
		want container
	}{
		{"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isom", "mov"},
		{"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  ", "mov"},
		{"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00heic", isPhoto},
		{"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1", isPhoto},
		{"\x1aE\xdf\xa3\x00", "matroska"},
		{"RIFF\x00\x00\x00\x00AVI LIST", "avi"},
		{"RIFF\x00\x00\x00\x00WEBPVP8 ", isPhoto},
		{"FLV\x01\x05", "flv"},
		{"\x00\x00\x01\xba", "mpeg"},
		{string(ts), "mpegts"},
		{"\xff\xd8\xff\xe0\x00\x10JFIF", isPhoto},
		{"#EXTM3U\nfile:///etc/passwd", isText},
		{"ffconcat version 1.0", isText},
		{"收到时已经碎了", isText},
		{"", isText},
	}
	for _, tt := range tests {
		if got := containerOf([]byte(tt.head)); got != tt.want {
			t.Errorf("%.20q: got %q, want %q", tt.head, got, tt.want)
		}
	}
}

func FuzzContainer(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x18ftypmp42"))
	f.Add([]byte("收"))
	f.Fuzz(func(t *testing.T, head []byte) { containerOf(head) })
}

// watched is a store that says how much of the decoding budget is held while it
// is written to.
type watched struct {
	desk.Store
	writes int
	held   int64
}

func (w *watched) Write(ctx context.Context, f func(desk.Tx) error) error {
	w.writes++
	w.held = max(w.held, imaging.BudgetHeld())
	return w.Store.Write(ctx, f)
}

// TestWritingHoldsNoPicture: what was decoded is let go before its result is
// kept, so that others need not wait for the database to decode theirs.
func TestWritingHoldsNoPicture(t *testing.T) {
	r := newRoom(t, "-")
	w := &watched{Store: r.db}
	r.x = New(Options{Blobs: r.db.Blobs(), Store: w, FFmpeg: "-", TempDir: t.TempDir()})
	img := photograph(t, samples.Listing("mug", 1))
	listing := r.file(t, evidence.Item{ID: "l", OrderID: "o", Party: "platform", By: "p", Purpose: evidence.Listing}, encode(t, img))
	r.examine(t, r.file(t, evidence.Item{ID: "v", OrderID: "o", ClaimID: "c"}, encode(t, crop(img, 0.9, 0.9, 1))), listing)
	if w.writes < 2 || w.held > 0 {
		t.Errorf("%d writes, %d bytes held during one", w.writes, w.held)
	}
}
