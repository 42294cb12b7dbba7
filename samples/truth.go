package samples

import (
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
)

// Schema names the layout of truth.json.
const Schema = "evenhand.samples/1"

// Truth says what every written file really is.
type Truth struct {
	Schema string      `json:"schema"`
	Seed   uint64      `json:"seed"`
	Width  int         `json:"width"`
	Files  []FileTruth `json:"files"`
}

// FileTruth is one file of the folder.
type FileTruth struct {
	File    string `json:"file"` // relative to truth.json, with slashes
	Product string `json:"product"`
	// Kind is "listing", "packing", "honest", "forged", "redrawn", "print" or,
	// under pairs/, the pair's kind with "/reference" or "/claim".
	Kind string `json:"kind"`
	// MadeFrom is the file whose pixels it was made from; "" for a photograph.
	MadeFrom string `json:"made_from,omitempty"`
	// SameCapture is true where the pixels of MadeFrom are still in it.
	SameCapture bool    `json:"same_capture"`
	Seed        uint64  `json:"seed"`
	Unit        uint64  `json:"unit,omitempty"`
	Quality     int     `json:"jpeg_quality"`
	Damage      *Harm   `json:"damage,omitempty"`
	Camera      *Camera `json:"camera,omitempty"`
	Print       *Pose   `json:"print,omitempty"`
}

// Harm is damage in a file: drawn into the scene, or painted on afterwards.
type Harm struct {
	Kind    string `json:"kind"`
	Painted bool   `json:"painted"`
	// Region is where, as fractions of the picture; all zero when it can't be
	// seen from there.
	Region Area `json:"region"`
}

// Area is a rectangle in fractions of a picture's width and height.
type Area struct {
	X      float64 `json:"x"`
	Y      float64 `json:"y"`
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
}

// Camera is how a photograph was taken; units as in Shot.
type Camera struct {
	Yaw       float64 `json:"yaw"`
	Elevation float64 `json:"elevation"`
	Roll      float64 `json:"roll"`
	Focal     float64 `json:"focal_mm"`
	Fill      float64 `json:"fill"`
	Exposure  float64 `json:"exposure_stops"`
	Gain      float64 `json:"gain"`
}

// Pose is how a flat print was photographed; units as in PrintShot.
type Pose struct {
	Medium string  `json:"medium"`
	TiltX  float64 `json:"tilt_x"`
	TiltY  float64 `json:"tilt_y"`
	Roll   float64 `json:"roll"`
	Fill   float64 `json:"fill"`
}

func (s Shot) facts() *Camera {
	return &Camera{Yaw: s.Yaw, Elevation: s.Elevation, Roll: s.Roll, Focal: s.Focal, Fill: s.Fill, Exposure: s.Exposure, Gain: s.Gain}
}

func (p *PrintShot) facts() *Pose {
	return &Pose{Medium: p.Medium, TiltX: p.TiltX, TiltY: p.TiltY, Roll: p.Roll, Fill: p.Fill}
}

// area is the bounding box of a mask's opaque pixels, in fractions.
func area(m *image.Alpha) Area {
	b := m.Bounds()
	box := image.Rectangle{Min: b.Max, Max: b.Min}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if m.AlphaAt(x, y).A > 127 {
				box.Min.X, box.Min.Y = min(box.Min.X, x), min(box.Min.Y, y)
				box.Max.X, box.Max.Y = max(box.Max.X, x+1), max(box.Max.Y, y+1)
			}
		}
	}
	if box.Min.X >= box.Max.X {
		return Area{}
	}
	w, h := float64(b.Dx()), float64(b.Dy())
	return Area{
		X: float64(box.Min.X-b.Min.X) / w, Y: float64(box.Min.Y-b.Min.Y) / h,
		Width: float64(box.Dx()) / w, Height: float64(box.Dy()) / h,
	}
}

// album is a folder being written, with its truth.
type album struct {
	dir   string
	truth Truth
	known map[string]int // file to its place in truth.Files
}

// openAlbum reads the truth of an earlier run, and forgets it where it was
// drawn with another seed or size.
func openAlbum(dir string, seed uint64, width int) (*album, error) {
	a := &album{dir: dir, truth: Truth{Schema: Schema, Seed: seed, Width: width}, known: map[string]int{}}
	b, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return a, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the samples' truth: %w", err)
	}
	var old Truth
	if json.Unmarshal(b, &old) != nil || old.Schema != Schema || old.Seed != seed || old.Width != width {
		return a, nil
	}
	for _, f := range old.Files {
		a.note(f)
	}
	return a, nil
}

// has is true where the file is there and the truth knows it.
func (a *album) has(file string) bool {
	if _, ok := a.known[file]; !ok {
		return false
	}
	i, err := os.Stat(filepath.Join(a.dir, filepath.FromSlash(file)))
	return err == nil && i.Mode().IsRegular() && i.Size() > 0
}

func (a *album) note(f FileTruth) {
	if i, ok := a.known[f.File]; ok {
		a.truth.Files[i] = f
		return
	}
	a.known[f.File] = len(a.truth.Files)
	a.truth.Files = append(a.truth.Files, f)
}

// put writes a picture and its truth. The picture comes first: a crash in
// between costs one picture drawn again.
func (a *album) put(img image.Image, f FileTruth) error {
	b, err := EncodeJPEG(img, f.Quality)
	if err != nil {
		return err
	}
	if err := replaceFile(filepath.Join(a.dir, filepath.FromSlash(f.File)), b); err != nil {
		return err
	}
	a.note(f)
	return a.save()
}

func (a *album) save() error {
	sorted := a.truth
	sorted.Files = append([]FileTruth(nil), a.truth.Files...)
	sort.SliceStable(sorted.Files, func(i, j int) bool { return sorted.Files[i].File < sorted.Files[j].File })
	b, err := json.MarshalIndent(sorted, "", " ")
	if err != nil {
		return fmt.Errorf("write the samples' truth: %w", err)
	}
	return replaceFile(filepath.Join(a.dir, "truth.json"), append(b, '\n'))
}

// replaceFile writes a whole file or none of it.
func replaceFile(name string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return fmt.Errorf("make the samples' folder: %w", err)
	}
	t, err := os.CreateTemp(filepath.Dir(name), ".samples-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	_, err = t.Write(b)
	err = errors.Join(err, t.Chmod(0o644), t.Close())
	if err == nil {
		err = os.Rename(t.Name(), name)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, errors.Join(err, os.Remove(t.Name())))
	}
	return nil
}
