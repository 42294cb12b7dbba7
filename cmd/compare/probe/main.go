// Command probe does one of the things whose cost is compared, so many times,
// and says how long one took. See cmd/compare, which builds it within two
// versions of the repository: what it calls must be the same in both.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/examine"
	"github.com/evenhand/evenhand/desk/gallery"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/samples"
	"github.com/evenhand/evenhand/samples/forge"
	"github.com/evenhand/evenhand/screening/provenance"
	"github.com/evenhand/evenhand/screening/reference"
)

// measures are what is measured, by name.
var measures = map[string]func(*folder) error{
	"pair":    (*folder).pair,
	"read":    (*folder).read,
	"screen":  (*folder).screen,
	"preview": (*folder).preview,
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "probe:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 2 && args[0] == "draw" {
		return draw(context.Background(), args[1])
	}
	if len(args) != 3 {
		return errors.New("usage: probe draw FOLDER, or probe MEASURE FOLDER TIMES")
	}
	do := measures[args[0]]
	times, err := strconv.Atoi(args[2])
	if do == nil || err != nil || times < 1 {
		return fmt.Errorf("there is no measure %s, %s times", args[0], args[2])
	}
	f, err := open(args[1])
	if err != nil {
		return err
	}
	began := time.Now()
	for range times {
		if err := do(f); err != nil {
			return err
		}
	}
	_, err = fmt.Println(time.Since(began).Nanoseconds() / int64(times))
	return err
}

// folder holds the pictures, drawn once for both versions.
type folder struct {
	listing, forged, honest, large []byte
}

func open(dir string) (f *folder, err error) {
	f = &folder{}
	for name, into := range map[string]*[]byte{"listing": &f.listing, "forged": &f.forged, "honest": &f.honest, "large": &f.large} {
		if *into, err = os.ReadFile(filepath.Join(dir, name+".jpg")); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// draw draws a listing of 1600 pixels, a forgery of it, an honest photo, and a
// noisy photo of twelve megapixels.
func draw(ctx context.Context, dir string) error {
	product := samples.Products()[0].Name
	take := func(s samples.Shot) (*image.RGBA, error) {
		s.Width, s.Height = 1600, 1200
		return samples.Photograph(ctx, s)
	}
	listing, err := take(samples.Listing(product, 1))
	if err != nil {
		return err
	}
	honest, err := take(samples.Claim(product, 1, 1, samples.Damage{}))
	if err != nil {
		return err
	}
	forged, _ := forge.Paint(listing, forge.Crack, rand.New(rand.NewPCG(1, 1)))
	for name, m := range map[string]image.Image{"listing": listing, "forged": forged, "honest": honest, "large": large(honest)} {
		data, err := samples.EncodeJPEG(m, 88)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name+".jpg"), data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// large is a picture at 4000 by 3000 with a sensor's noise.
func large(m *image.RGBA) image.Image {
	out := image.NewRGBA(image.Rect(0, 0, 4000, 3000))
	r := rand.New(rand.NewPCG(1, 1))
	for y := range 3000 {
		for x := range 4000 {
			from, to := m.PixOffset(x*1600/4000, y*1200/3000), out.PixOffset(x, y)
			noise := uint8(r.IntN(7))
			for c := range 3 {
				out.Pix[to+c] = min(m.Pix[from+c], 255-noise) + noise
			}
			out.Pix[to+3] = 255
		}
	}
	return out
}

// decode decodes, and answers what lets go of the picture: versions before
// there was a budget of memory have nothing to.
func decode(data []byte) (*imaging.Picture, func(), error) {
	p, err := imaging.Decode(context.Background(), data, imaging.DefaultLimits)
	if err != nil {
		return nil, nil, err
	}
	if held, ok := any(p).(interface{ Release() }); ok {
		return p, held.Release, nil
	}
	return p, func() {}, nil
}

// pair compares a forged and an honest photo with the listing.
func (f *folder) pair() error {
	listing, err := view(f.listing)
	if err != nil {
		return err
	}
	for _, claim := range [][]byte{f.forged, f.honest} {
		v, err := view(claim)
		if err != nil {
			return err
		}
		reference.Compare(v, listing)
	}
	return nil
}

func view(data []byte) (*reference.View, error) {
	p, release, err := decode(data)
	if err != nil {
		return nil, err
	}
	defer release()
	return reference.Prepare(p), nil
}

// read decodes the photo of twelve megapixels and reads all that it says of
// its origin.
func (f *folder) read() error {
	p, release, err := decode(f.large)
	if err != nil {
		return err
	}
	defer release()
	provenance.NewReader(provenance.Options{}).Read(f.large, p)
	return nil
}

// inMemory is evidence by its name.
type inMemory map[string][]byte

func (b inMemory) Open(_ context.Context, sha string, offset, length int64) (io.ReadCloser, error) {
	data, ok := b[sha]
	if !ok {
		return nil, fs.ErrNotExist // not the desk's own error, which older versions have elsewhere
	}
	data = data[min(offset, int64(len(data))):]
	if length >= 0 {
		data = data[:min(length, int64(len(data)))]
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}

func (b inMemory) Size(_ context.Context, sha string) (int64, error) {
	return int64(len(b[sha])), nil
}

// Put is for versions that ask for more than reading.
func (b inMemory) Put(context.Context, io.Reader, int64) (string, int64, error) {
	return "", 0, errors.New("nothing is kept here")
}

func (f *folder) blobs() inMemory {
	return inMemory{"listing": f.listing, "forged": f.forged, "honest": f.honest, "large": f.large}
}

// screen examines eight photos against the listing, on all cores: the desk's
// way, but for the database.
func (f *folder) screen() error {
	x := examine.New(examine.Options{Blobs: f.blobs(), FFmpeg: "-"})
	listing := evidence.Item{ID: "l", SHA256: "listing", Medium: evidence.Photo, Purpose: evidence.Listing, Party: "platform"}
	failed := make(chan error, 8)
	turns := make(chan struct{}, runtime.GOMAXPROCS(0))
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			it := evidence.Item{ID: strconv.Itoa(i), SHA256: []string{"forged", "honest"}[i%2], Medium: evidence.Photo, Purpose: evidence.Whole, Party: "buyer"}
			_, _, err := x.Examine(context.Background(), desk.Examination{Item: it, References: []evidence.Item{listing}})
			failed <- err
		})
	}
	wait.Wait()
	close(failed)
	var all []error
	for err := range failed {
		all = append(all, err)
	}
	return errors.Join(all...)
}

// preview is the first view of a photo of twelve megapixels.
func (f *folder) preview() error {
	g := gallery.New(gallery.Options{Blobs: f.blobs()})
	_, err := g.Preview(context.Background(), evidence.Item{ID: "v", SHA256: "large", Type: "image/jpeg", Medium: evidence.Photo}, 320)
	return err
}
