package samples

import (
	"context"
	"image"
	"math"
)

// exposure says how a frame of light becomes a photo.
type exposure struct {
	seed           uint64
	stops          float64 // about a correct exposure
	balance        float64 // what automatic white balance left over, -1 to 1
	gain           float64 // sensor gain, 1 is base ISO
	blur           float64 // lens blur, sigma in pixels
	shakeX, shakeY float64 // motion in pixels
	vignette       float64 // light lost in the corners, 0 to 1
	fringe         float64 // lateral colour: red is this much larger than blue
	sharpen        float64
}

// rawMax is the sensor's full well in units of diffuse white: highlights above
// it clip, those below are rolled off by the tone curve.
const rawMax = 1.8

// Noise of one photosite at base ISO, as shares of diffuse white: variance =
// gain*shot*signal + (gain*read)^2, the affine model of Foi et al., "Practical
// Poissonian-Gaussian noise modeling and fitting for single-image raw data",
// IEEE TIP 17(10), 2008.
const (
	shotNoise = 0.00012
	readNoise = 0.0011
)

// expose runs the camera from light to pixels: lens, mosaic with noise, white
// balance, demosaicing, noise reduction, tone and sharpening.
func expose(ctx context.Context, f *frame, e exposure) (*image.RGBA, error) {
	steps := development{f: f, e: e, w: f.w, h: f.h, ctx: ctx}
	for _, step := range []func() error{steps.lens, steps.mosaic, steps.demosaic, steps.quiet, steps.tone} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return steps.out, nil
}

// development holds the planes between the steps of expose.
type development struct {
	ctx  context.Context
	f    *frame
	e    exposure
	w, h int
	raw  []float32 // mosaic, white balanced
	out  *image.RGBA
}

// lens blurs f in place: a separable Gaussian, then the hand's motion.
func (c *development) lens() error {
	k := gaussian(c.e.blur)
	tmp := make([]float32, len(c.f.rgb))
	src := c.f.rgb
	r := len(k) / 2
	stride := 3 * c.w
	err := eachRow(c.ctx, c.h, func(y int) {
		row, dst := src[y*stride:(y+1)*stride], tmp[y*stride:(y+1)*stride]
		for x := range c.w {
			var a, b, g float32
			for i, kv := range k {
				j := 3 * min(max(x+i-r, 0), c.w-1)
				a += kv * min(row[j], 6)
				g += kv * min(row[j+1], 6)
				b += kv * min(row[j+2], 6)
			}
			dst[3*x], dst[3*x+1], dst[3*x+2] = a, g, b
		}
	})
	if err != nil {
		return err
	}
	out := make([]float32, len(src))
	err = eachRow(c.ctx, c.h, func(y int) {
		dst := out[y*stride : (y+1)*stride]
		for i, kv := range k {
			from := tmp[min(max(y+i-r, 0), c.h-1)*stride:]
			for x := range dst {
				dst[x] += kv * from[x]
			}
		}
	})
	c.f = &frame{w: c.w, h: c.h, rgb: out, depth: c.f.depth, what: c.f.what}
	if err != nil || hypot(c.e.shakeX, c.e.shakeY) < 0.3 {
		return err
	}
	moved := make([]float32, len(out))
	err = eachRow(c.ctx, c.h, func(y int) {
		for x := range c.w {
			for ch := range 3 {
				a := c.f.at(float64(x)+c.e.shakeX/2, float64(y)+c.e.shakeY/2, ch)
				b := c.f.at(float64(x)-c.e.shakeX/2, float64(y)-c.e.shakeY/2, ch)
				moved[y*stride+3*x+ch] = 0.3*(a+b) + 0.4*out[y*stride+3*x+ch]
			}
		}
	})
	c.f.rgb = moved
	return err
}

// at is channel ch at (x, y), pixel centres on whole numbers, bilinear.
func (f *frame) at(x, y float64, ch int) float32 {
	x, y = clamp(x, 0, float64(f.w-1)), clamp(y, 0, float64(f.h-1))
	xi, yi := min(int(x), max(f.w-2, 0)), min(int(y), max(f.h-2, 0))
	u, v := float32(x-float64(xi)), float32(y-float64(yi))
	i := 3*(yi*f.w+xi) + ch
	dx, dy := 3, 3*f.w
	if f.w < 2 {
		dx = 0
	}
	if f.h < 2 {
		dy = 0
	}
	top := f.rgb[i] + u*(f.rgb[i+dx]-f.rgb[i])
	low := f.rgb[i+dy] + u*(f.rgb[i+dy+dx]-f.rgb[i+dy])
	return top + v*(low-top)
}

func gaussian(sigma float64) []float32 {
	r := int(math.Ceil(2.5 * sigma))
	if sigma < 0.05 {
		r = 0
	}
	k, sum := make([]float32, 2*r+1), float32(0)
	for i := range k {
		d := float64(i - r)
		k[i] = float32(math.Exp(-d * d / (2*sigma*sigma + 1e-9)))
		sum += k[i]
	}
	for i := range k {
		k[i] /= sum
	}
	return k
}

// mosaic exposes an RGGB sensor: vignetting, lateral colour, shot and read
// noise, clipping; and undoes the channels' different sensitivities.
func (c *development) mosaic() error {
	c.raw = make([]float32, c.w*c.h)
	level := math.Exp2(c.e.stops)
	// Silicon sees less red and blue than green: those photosites are noisier
	// once balanced. The rest of the balance is what the camera got wrong.
	sense := [3]float64{0.52, 1, 0.6}
	wrong := [3]float64{1 + 0.09*c.e.balance, 1, 1 - 0.11*c.e.balance}
	cx, cy := float64(c.w-1)/2, float64(c.h-1)/2
	inv := 1 / (cx*cx + cy*cy + 1)
	seed := uint32(c.e.seed ^ c.e.seed>>32)
	return eachRow(c.ctx, c.h, func(y int) {
		for x := range c.w {
			ch := (x & 1) + (y & 1) // RGGB: 0 red, 1 green, 2 blue
			dx, dy := float64(x)-cx, float64(y)-cy
			fall := 1 - c.e.vignette*(dx*dx+dy*dy)*inv
			zoom := 1 + c.e.fringe*float64(ch-1)
			v := float64(c.f.at(cx+dx*zoom, cy+dy*zoom, ch)) * fall * level * sense[ch]
			v = min(v, rawMax*sense[ch])
			n := bell(int32(x), int32(y), seed)
			v += n * math.Sqrt(c.e.gain*shotNoise*max(v, 0)+c.e.gain*c.e.gain*readNoise*readNoise)
			c.raw[y*c.w+x] = float32(clamp(v/sense[ch]*wrong[ch], 0, rawMax))
		}
	})
}

// bell is a nearly normal number, mean 0 and variance 1, for one photosite:
// the sum of six even ones from two hashes.
func bell(x, y int32, seed uint32) float64 {
	a := mix32(x, y, 11, seed)
	b := mix32(x, y, 23, seed+0x1234567)
	sum := a&1023 + a>>10&1023 + a>>20&1023 + b&1023 + b>>10&1023 + b>>20&1023
	return (float64(sum) - 3069) / 723.8 // mean 6*511.5, sigma 1024*sqrt(6/12)
}

// demosaic fills in the missing colours by gradient-corrected linear filters
// (Malvar, He, Cutler, "High-quality linear interpolation for demosaicing of
// Bayer-patterned color images", ICASSP 2004).
func (c *development) demosaic() error {
	w, h := c.w, c.h
	out := make([]float32, 3*w*h)
	return join(eachRow(c.ctx, h, func(y int) {
		var near [5][5]float32
		for x := range w {
			c.window(&near, x, y)
			r, g, b := malvar(&near, x, y)
			i := 3 * (y*w + x)
			out[i], out[i+1], out[i+2] = max(r, 0), max(g, 0), max(b, 0)
		}
	}), func() { c.f = &frame{w: w, h: h, rgb: out} })
}

// window fetches the five by five sites round (x, y), mirrored at the borders
// so that the colours keep their places.
func (c *development) window(near *[5][5]float32, x, y int) {
	w, h := c.w, c.h
	if x >= 2 && y >= 2 && x < w-2 && y < h-2 {
		for dy := range 5 {
			copy(near[dy][:], c.raw[(y+dy-2)*w+x-2:])
		}
		return
	}
	for dy := range 5 {
		yy := y + dy - 2
		if yy < 0 || yy >= h {
			yy = 2*y - yy
		}
		for dx := range 5 {
			xx := x + dx - 2
			if xx < 0 || xx >= w {
				xx = 2*x - xx
			}
			near[dy][dx] = c.raw[yy*w+xx]
		}
	}
}

func join(err error, then func()) error {
	if err == nil {
		then()
	}
	return err
}

func malvar(p *[5][5]float32, x, y int) (r, g, b float32) {
	m := p[2][2]
	beside, above := p[2][1]+p[2][3], p[1][2]+p[3][2]
	across, down := p[2][0]+p[2][4], p[0][2]+p[4][2]
	diag := p[1][1] + p[1][3] + p[3][1] + p[3][3]
	if (x+y)&1 == 0 { // red or blue site
		g = (4*m + 2*(beside+above) - across - down) / 8
		other := (6*m + 2*diag - 1.5*(across+down)) / 8
		if x&1 == 0 {
			return m, g, other
		}
		return other, g, m
	}
	side := (5*m + 4*beside - diag - across + 0.5*down) / 8
	over := (5*m + 4*above - diag - down + 0.5*across) / 8
	if y&1 == 0 { // green on a red row
		return side, m, over
	}
	return over, m, side
}

// quiet reduces noise the way phones do: colour is blurred a good deal,
// brightness only where neighbours agree to within the noise.
func (c *development) quiet() error {
	w, h, src := c.w, c.h, c.f.rgb
	luma := make([]float32, w*h)
	for i := range luma {
		luma[i] = 0.25*src[3*i] + 0.5*src[3*i+1] + 0.25*src[3*i+2]
	}
	out := make([]float32, len(src))
	gain := float32(c.e.gain)
	return join(eachRow(c.ctx, h, func(y int) {
		rows := [3]int{max(y-1, 0) * w, y * w, min(y+1, h-1) * w}
		for x := range w {
			i := y*w + x
			m := luma[i]
			soft := 5 * (shotNoise*gain*m + readNoise*readNoise*gain*gain)
			bound := 0.02 * (m*m + 0.01)
			var sum, weight, cr, cb, n float32
			for _, row := range rows {
				for _, j := range [3]int{row + max(x-1, 0), row + x, row + min(x+1, w-1)} {
					d := luma[j] - m
					d *= d
					k := soft / (soft + d)
					k *= k
					sum += k * luma[j]
					weight += k
					k = bound / (bound + d)
					cr += k * (src[3*j] - luma[j])
					cb += k * (src[3*j+2] - luma[j])
					n += k
				}
			}
			l := (sum + 0.4*m) / (weight + 0.4)
			cr, cb = cr/n, cb/n
			out[3*i], out[3*i+1], out[3*i+2] = l+cr, l-0.5*(cr+cb), l+cb
		}
	}), func() { c.f = &frame{w: w, h: h, rgb: out} })
}

// curve is the camera's rendering of linear light: a shoulder for highlights,
// the sRGB transfer, and an S for contrast. Light 1 comes out at about 0.95.
func curve(v float64) float64 {
	if v > 0.6 {
		v = 0.6 + 0.4*math.Tanh((v-0.6)/0.42)
	}
	g := encoded(max(v, 0))
	return clamp(g+0.07*math.Sin(2*math.Pi*(g-0.5))*g, 0, 1)
}

// tone develops linear light into eight bits, a little more colourful than it
// was and sharpened by an unsharp mask on brightness.
func (c *development) tone() error {
	const steps = 4096
	var table [steps + 1]float32
	for i := range table {
		table[i] = float32(255 * curve(float64(i)/steps*rawMax))
	}
	w, h, src := c.w, c.h, c.f.rgb
	lum := make([]float32, w*h)
	err := eachRow(c.ctx, h, func(y int) {
		for i := y * w; i < (y+1)*w; i++ {
			r, g, b := src[3*i], src[3*i+1], src[3*i+2]
			l := 0.2126*r + 0.7152*g + 0.0722*b
			for ch, v := range [3]float32{r, g, b} {
				v = max(l+1.12*(v-l), 0) * (steps / rawMax)
				j := min(int(v), steps-1)
				src[3*i+ch] = table[j] + (table[j+1]-table[j])*min(v-float32(j), 1)
			}
			lum[i] = 0.299*src[3*i] + 0.587*src[3*i+1] + 0.114*src[3*i+2]
		}
	})
	if err != nil {
		return err
	}
	c.out = image.NewRGBA(image.Rect(0, 0, w, h))
	return eachRow(c.ctx, h, func(y int) {
		up, here, down := lum[max(y-1, 0)*w:], lum[y*w:], lum[min(y+1, h-1)*w:]
		for x := range w {
			l, r := max(x-1, 0), min(x+1, w-1)
			soft := (up[l] + up[r] + down[l] + down[r] + 2*(up[x]+down[x]+here[l]+here[r]) + 4*here[x]) / 16
			d := float32(c.e.sharpen) * (here[x] - soft)
			i := y*w + x
			o := c.out.Pix[y*c.out.Stride+4*x:]
			for ch := range 3 {
				o[ch] = uint8(min(max(src[3*i+ch]+d+0.5, 0), 255))
			}
			o[3] = 255
		}
	})
}
