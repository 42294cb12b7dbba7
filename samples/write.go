package samples

import (
	"context"
	"fmt"
	"image"
	"image/draw"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/evenhand/evenhand/samples/forge"
)

// Options say what Write draws.
type Options struct {
	// Seed settles everything; the same seed and width give the same files.
	Seed uint64
	// Width of the photos in pixels (height is three quarters); 0 means 1280.
	Width int
	// Products to draw, by name; none means all.
	Products []string
	// Pairs is how many pairs of each kind to add under pairs/.
	Pairs int
	// Kinds of pairs to draw; none means all of PairKinds.
	Kinds []string
	// Progress, where not nil, is told after each file how far it is.
	Progress func(done, total int)
}

// Write draws the samples into dir: a folder for each product with its
// listing, packing, honest, forged, redrawn and print pictures, pairs for
// measuring if asked for, and truth.json. It goes on where an earlier run with
// the same seed and width stopped, writes each file whole or not at all, and
// stops at the next file when ctx ends.
func Write(ctx context.Context, dir string, o Options) error {
	if o.Width == 0 {
		o.Width = 1280
	}
	if o.Width < 64 || o.Width > maxSide {
		return fmt.Errorf("draw samples: a width of %d is not between 64 and %d pixels", o.Width, maxSide)
	}
	if len(o.Products) == 0 {
		for _, p := range Products() {
			o.Products = append(o.Products, p.Name)
		}
	}
	for _, name := range o.Products {
		if _, err := find(name); err != nil {
			return fmt.Errorf("draw samples: %w", err)
		}
	}
	a, err := openAlbum(dir, o.Seed, o.Width)
	if err != nil {
		return err
	}
	w := &writer{album: a, o: o, cache: map[string]*Photo{}}
	var jobs []job
	for _, name := range o.Products {
		jobs = append(jobs, w.shelf(name)...)
	}
	pairs, err := w.pairs()
	if err != nil {
		return err
	}
	return w.work(ctx, append(jobs, pairs...))
}

// job makes one file.
type job struct {
	file string
	make func(ctx context.Context) (image.Image, FileTruth, error)
}

// writer draws an album's files, one after the other; each drawing uses all
// cores by itself.
type writer struct {
	*album
	o Options
	// cache keeps the last few photographs, which several files are made of.
	cache map[string]*Photo
	order []string
}

func (w *writer) work(ctx context.Context, jobs []job) error {
	for i, j := range jobs {
		if !w.has(j.file) {
			img, facts, err := j.make(ctx)
			if err != nil {
				return fmt.Errorf("draw %s: %w", j.file, err)
			}
			facts.File = j.file
			if err := w.put(img, facts); err != nil {
				return err
			}
		}
		if w.o.Progress != nil {
			w.o.Progress(i+1, len(jobs))
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

// take photographs a shot at the wanted size, remembering recent ones.
func (w *writer) take(ctx context.Context, s Shot) (*Photo, error) {
	s.Width, s.Height = w.o.Width, w.o.Width*3/4
	key := fmt.Sprintf("%+v", s)
	if p, ok := w.cache[key]; ok {
		return p, nil
	}
	p, err := Take(ctx, s)
	if err != nil {
		return nil, err
	}
	w.cache[key] = p
	w.order = append(w.order, key)
	if len(w.order) > 12 {
		delete(w.cache, w.order[0])
		w.order = w.order[1:]
	}
	return p, nil
}

// photo is the job of one photograph of a scene.
func (w *writer) photo(file, kind string, s Shot, quality int) job {
	return job{file, func(ctx context.Context) (image.Image, FileTruth, error) {
		p, err := w.take(ctx, s)
		if err != nil {
			return nil, FileTruth{}, err
		}
		f := FileTruth{Product: s.Product, Kind: kind, Seed: s.Seed, Unit: s.Unit, Quality: quality, Camera: s.facts()}
		if s.Damage.Kind != DamageNone {
			f.Damage = &Harm{Kind: s.Damage.Kind, Region: area(p.Damaged)}
		}
		return p.Image, f, nil
	}}
}

// shelf is the jobs of one product's folder.
func (w *writer) shelf(name string) []job {
	seed := w.o.Seed
	r := random(seed, "shelf/"+name)
	listing := name + "/listing.jpg"
	harm := func() Damage { return Damage{Kind: fitting(name, r), Seed: r.Uint64()} }
	jobs := []job{
		w.photo(listing, "listing", Listing(name, seed), 92),
		w.photo(name+"/packing.jpg", "packing", Packing(name, seed), 85),
		w.photo(name+"/honest-1.jpg", "honest", Claim(name, seed, 1, harm()), 85),
		w.photo(name+"/honest-2.jpg", "honest", Claim(name, seed, 2, harm()), 80),
	}
	kinds := forge.Kinds()
	for i, k := range r.Perm(len(kinds))[:3] {
		kind, crop, quality, chance := kinds[k], i > 0, 90-7*i, r.Uint64()
		file := fmt.Sprintf("%s/forged-%d.jpg", name, i+1)
		jobs = append(jobs, job{file, func(ctx context.Context) (image.Image, FileTruth, error) {
			img, subject, err := w.material(ctx, name)
			if err != nil {
				return nil, FileTruth{}, err
			}
			r := random(chance, "forge")
			out, harm := paint(img, subject, kind, crop, r)
			return out, FileTruth{Product: name, Kind: "forged", MadeFrom: listing, SameCapture: true, Seed: chance, Quality: quality, Damage: harm}, nil
		}})
	}
	return append(jobs, w.redrawn(name, listing, r.Uint64()), w.printed(name, listing, r.Uint64()))
}

func (w *writer) redrawn(name, listing string, seed uint64) job {
	return job{name + "/redrawn.jpg", func(ctx context.Context) (image.Image, FileTruth, error) {
		img, subject, err := w.material(ctx, name)
		if err != nil {
			return nil, FileTruth{}, err
		}
		r := random(seed, "redraw")
		out, harm := paint(forge.Redraw(img, r), subject, forge.Crack, false, r)
		return out, FileTruth{Product: name, Kind: "redrawn", MadeFrom: listing, SameCapture: true, Seed: seed, Quality: 88, Damage: harm}, nil
	}}
}

func (w *writer) printed(name, listing string, seed uint64) job {
	return job{name + "/print.jpg", func(ctx context.Context) (image.Image, FileTruth, error) {
		img, err := w.written(listing)
		if err != nil {
			return nil, FileTruth{}, err
		}
		p, err := PhotographPrintWith(ctx, img, seed, PrintCare{Long: w.o.Width})
		if err != nil {
			return nil, FileTruth{}, err
		}
		return p.Image, FileTruth{Product: name, Kind: "print", MadeFrom: listing, Seed: seed, Quality: 85, Print: p.facts()}, nil
	}}
}

// material is the listing photo's file, as a forger saves it, and where in it
// the product is.
func (w *writer) material(ctx context.Context, name string) (*image.RGBA, *image.Alpha, error) {
	img, err := w.written(name + "/listing.jpg")
	if err != nil {
		return nil, nil, err
	}
	p, err := w.take(ctx, Listing(name, w.o.Seed))
	if err != nil {
		return nil, nil, err
	}
	return img, p.Subject, nil
}

// written reads a JPEG of the album back: forgers start from the file.
func (w *writer) written(file string) (*image.RGBA, error) {
	b, err := os.ReadFile(filepath.Join(w.dir, filepath.FromSlash(file)))
	if err != nil {
		return nil, fmt.Errorf("open the picture to work from: %w", err)
	}
	return decodeJPEG(b)
}

func toRGBA(img image.Image) *image.RGBA {
	b := img.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(out, out.Rect, img, b.Min, draw.Src)
	return out
}

// fitting is a kind of damage that can happen to the product.
func fitting(product string, r *rand.Rand) string {
	kinds := map[string][]string{
		"mug": {DamageCrack, DamageStain}, "vase": {DamageCrack, DamageStain}, "tin": {DamageDent, DamageStain},
		"box": {DamageDent, DamageTear, DamageStain}, "book": {DamageTear, DamageStain, DamageMould},
		"bear": {DamageTear, DamageStain, DamageMould}, "fruit": {DamageMould, DamageDent}, "shoe": {DamageTear, DamageStain, DamageMould},
	}[product]
	if len(kinds) == 0 {
		kinds = DamageKinds()
	}
	return kinds[r.IntN(len(kinds))]
}
