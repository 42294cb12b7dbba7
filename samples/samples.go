// Package samples is a little camera of our own: it draws a handful of
// products as scenes with light and texture and photographs them the way a
// phone does (hand-held viewpoint, lens, Bayer mosaic, noise, demosaicing,
// tone, sharpening), so that demonstrations and tests need no one else's
// pictures. Same shot, same pixels, on any number of cores.
//
// It is not a general renderer and it knows nothing of detectors: nothing
// here is tuned to what an instrument looks for. docs/samples.md explains the
// camera model and where its numbers come from.
package samples

import (
	"fmt"
	"math/rand/v2"
)

// Product is something the camera can draw.
type Product struct {
	// Name is a stable short name, used as the folder's name.
	Name string
	// TitleEN and TitleZH are what a shop would call it.
	TitleEN, TitleZH string
}

// Setting is the place a photo is taken in.
type Setting int

// The settings.
const (
	Studio    Setting = iota // softboxes over a white sweep: listing photos
	Warehouse                // packing bench under strip lights
	Home                     // a buyer's table by a window
)

// Damage is a fault of the goods themselves, drawn into the scene: geometry
// and texture, so that every view of the same unit shows the same fault.
type Damage struct {
	// Kind is one of the Damage constants; "" is a sound unit.
	Kind string
	// Seed settles where the fault lies and how it runs.
	Seed uint64
}

// The kinds of damage a scene can have.
const (
	DamageNone  = ""
	DamageCrack = "crack"
	DamageMould = "mould"
	DamageStain = "stain"
	DamageDent  = "dent"
	DamageTear  = "tear"
)

// DamageKinds lists the kinds in a fixed order.
func DamageKinds() []string {
	return []string{DamageCrack, DamageMould, DamageStain, DamageDent, DamageTear}
}

// Shot describes one photograph: what is on the table, where the camera is
// held and how it is set. The constructors (Listing, Packing, Claim,
// Lookalike) fill it; callers may change any field before Photograph.
type Shot struct {
	Product string
	// Width and Height are the photo's size in pixels.
	Width, Height int
	// Seed settles the table's texture, the clutter and the sensor's noise.
	Seed uint64
	// Unit tells one physical piece from another of the same product: flecks in
	// the glaze, fibres, print placement, dents.
	Unit    uint64
	Setting Setting
	Damage  Damage

	// Yaw (degrees, 0 is the product's front, positive to its left hand) and
	// Elevation (degrees above the table) are where the camera is.
	Yaw, Elevation float64
	// Fill is the share of the frame that the product's bounding box spans, on
	// the side where it is tighter.
	Fill float64
	// Roll turns the camera about its axis, degrees.
	Roll float64
	// AimX and AimY move the product off the frame's centre, in fractions of
	// the frame's shorter side.
	AimX, AimY float64
	// Focal is the focal length in millimetres, 35 mm equivalent.
	Focal float64
	// PlaceX and PlaceZ (centimetres) and PlaceTurn (degrees) are how far from
	// the mark a hand put the product down.
	PlaceX, PlaceZ, PlaceTurn float64

	// KeyYaw and KeyElevation (degrees) are where the key light stands, relative
	// to the product's front; KeyWarmth is its warmth, -1 (blue) to 1 (amber).
	KeyYaw, KeyElevation, KeyWarmth float64
	// Exposure is in stops about a correct one; Balance is what automatic white
	// balance left over, -1 to 1; Gain is the sensor gain (1 is base ISO).
	Exposure, Balance, Gain float64
	// Take tells apart exposures that are alike in everything else: it changes
	// the sensor's noise and nothing more.
	Take int
	// Blur is the lens blur in pixels (standard deviation) at the point of
	// focus; shake (ShakeX, ShakeY) a motion in pixels during the exposure.
	Blur, ShakeX, ShakeY float64
}

// Products lists what the camera can draw, in a fixed order.
func Products() []Product {
	out := make([]Product, 0, len(catalogue))
	for _, c := range catalogue {
		out = append(out, c.Product)
	}
	return out
}

func find(product string) (entry, error) {
	for _, c := range catalogue {
		if c.Name == product {
			return c, nil
		}
	}
	return entry{}, fmt.Errorf("no product %q among the samples", product)
}

// random is the package's only source of chance: a PCG stream for one seed and
// one purpose.
func random(seed uint64, purpose string) *rand.Rand {
	h := uint64(14695981039346656037) // FNV-1a offset and prime
	for _, c := range []byte(purpose) {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return rand.New(rand.NewPCG(seed, h))
}

// spread draws evenly from -by to by.
func spread(r *rand.Rand, by float64) float64 { return (2*r.Float64() - 1) * by }

// between draws evenly from lo to hi.
func between(r *rand.Rand, lo, hi float64) float64 { return lo + (hi-lo)*r.Float64() }

// Listing is the shop's own photo: studio light, tripod, white sweep.
func Listing(product string, seed uint64) Shot {
	r := random(seed, "listing/"+product)
	yaw, elev := 0.0, 14.0
	if c, err := find(product); err == nil {
		yaw, elev = c.yaw, c.elevation
	}
	return Shot{
		Product: product, Width: 1280, Height: 960, Seed: seed, Unit: seed*7 + 1, Setting: Studio,
		Yaw: yaw + spread(r, 6), Elevation: elev + spread(r, 3), Fill: between(r, 0.78, 0.84), Focal: 70,
		AimX: spread(r, 0.02), AimY: spread(r, 0.02), Roll: spread(r, 0.2),
		PlaceX: spread(r, 0.3), PlaceZ: spread(r, 0.3), PlaceTurn: spread(r, 2),
		KeyYaw: -42 + spread(r, 8), KeyElevation: 48 + spread(r, 6), KeyWarmth: spread(r, 0.06),
		Exposure: 0.12 + spread(r, 0.08), Balance: spread(r, 0.05), Gain: 1, Blur: between(r, 0.45, 0.6),
	}
}

// Packing is the photo taken at the packing bench before shipping.
func Packing(product string, seed uint64) Shot {
	s := Listing(product, seed)
	r := random(seed, "packing/"+product)
	s.Setting, s.Unit = Warehouse, seed*7+2
	s.Seed = r.Uint64()
	hand(&s, r)
	s.Yaw += side(r) * between(r, 12, 30)
	s.Elevation = between(r, 26, 42)
	s.KeyYaw, s.KeyElevation = between(r, -70, 70), between(r, 60, 76)
	s.KeyWarmth = between(r, -0.25, 0.05)
	s.Gain = between(r, 2, 5)
	return s
}

// Claim is an honest buyer's photo at home: the unit that was packed, seen by
// hand. View tells one viewpoint of the same visit from another.
func Claim(product string, seed uint64, view int, damage Damage) Shot {
	s := Listing(product, seed)
	visit := random(seed, "home/"+product)
	s.Setting, s.Unit, s.Damage = Home, seed*7+2, damage
	s.Seed = visit.Uint64() // one table, whatever the view
	s.KeyYaw, s.KeyElevation = side(visit)*between(visit, 40, 80), between(visit, 30, 48)
	s.KeyWarmth = between(visit, -0.1, 0.5)
	s.PlaceTurn = spread(visit, 14)
	r := random(seed, fmt.Sprintf("claim/%s/%d", product, view))
	hand(&s, r)
	s.Yaw += float64(view-1)*side(r)*between(r, 9, 22) + spread(r, 12)
	s.Elevation = between(r, 16, 36)
	s.Gain = between(r, 1.5, 6)
	return s
}

// Lookalike is one of many units photographed on one rig with one white
// background: the light and the camera stay, a hand puts each unit down within
// millimetres and degrees, and the tripod is never at quite the same height.
func Lookalike(product string, seed, unit uint64) Shot {
	s := Listing(product, seed)
	r := random(seed^unit*0x9e3779b97f4a7c15, "lookalike/"+product)
	s.Unit = unit
	s.PlaceX, s.PlaceZ = s.PlaceX+spread(r, 0.35), s.PlaceZ+spread(r, 0.35)
	s.PlaceTurn += spread(r, 2.5)
	s.Elevation += spread(r, 0.7)
	s.Yaw += spread(r, 0.4)
	s.Fill *= 1 + spread(r, 0.012)
	s.Exposure += spread(r, 0.05)
	s.Seed = r.Uint64()
	return s
}

// hand gives a shot the unsteadiness of a phone held in two hands.
func hand(s *Shot, r *rand.Rand) {
	s.Focal = between(r, 25, 29)
	s.Roll = r.NormFloat64() * 2.2
	s.AimX, s.AimY = spread(r, 0.1), spread(r, 0.09)
	s.Fill = between(r, 0.62, 0.86)
	s.Exposure = spread(r, 0.3)
	s.Balance = spread(r, 0.35)
	s.Blur = between(r, 0.5, 0.85)
	s.ShakeX, s.ShakeY = r.NormFloat64()*0.4, r.NormFloat64()*0.4
}

func side(r *rand.Rand) float64 {
	if r.Uint64()&1 == 0 {
		return -1
	}
	return 1
}
