package samples

// Templates that are laid over one photo.

// stamp is what a camera app writes on each photo: time, place, and its brand.
func (d *design) stamp() {
	d.window(0, 0, 0, 100, d.high)
	low := d.high
	switch d.fixed.IntN(3) {
	case 0: // a block at the lower left, the brand at the lower right
		d.text(clock(d.field), 5, low-19, 13, 0, bold, 0xffffff)
		d.rect(5, low-16, 0.9, 12, 0xffc400)
		d.text(date(d.field), 8, low-12, 4.2, 0, regular, 0xffffff)
		d.signs(d.field, 9, 8, low-9.5, 3.8, light, 0xffffff)
		d.signs(d.field, 5, 8, low-5, 3.4, light, 0xffffff)
		d.logo(66, low-12, 6, 0xffffff)
		d.signs(d.fixed, 7, 66, low-4.6, 3.2, light, 0xffffff)
	case 1: // a white bar under the photo
		d.rect(0, low-13, 100, 13, 0xffffff)
		d.logo(5, low-10, 6, d.accent)
		d.rect(59, low-11, 0.3, 9, 0xbbbbbb)
		d.text("27mm f/1.8 1/"+digits(d.field, 3)+" ISO"+digits(d.field, 3), 62, low-7.2, 3, 0, bold, d.ink)
		d.text(date(d.field)+" "+clock(d.field), 62, low-3, 2.6, 0, regular, 0x888888)
	default: // a translucent panel with rows
		d.glass(0.55, func() { d.rect(3, low-38, 52, 34, 0x101418) })
		d.rect(3, low-38, 52, 6.5, d.accent)
		d.signs(d.fixed, 6, 14, low-36.8, 4, heavy, 0xffffff)
		for i := range 5 {
			y := low - 29.5 + 5*float64(i)
			x := d.signs(d.fixed, 4, 5, y, 3, light, 0xffffff)
			switch i {
			case 0:
				d.text(date(d.field)+" "+clock(d.field), x+1, y+2.6, 3, 0, regular, 0xffffff)
			case 1:
				d.text(digits(d.field, 2)+"."+digits(d.field, 5)+"N", x+1, y+2.6, 3, 0, regular, 0xffffff)
			default:
				d.signs(d.field, 8, x+1, y, 3, light, 0xffffff)
			}
		}
		d.glass(0.8, func() { d.logo(66, 4, 6, 0xffffff) })
	}
}

// shopFrame is a shop's border around whatever it sells.
func (d *design) shopFrame() {
	rim := between(d.fixed, 2, 4)
	d.rect(0, 0, 100, d.high, d.accent)
	foot := between(d.fixed, 12, 20)
	d.window(0, rim, rim, 100-2*rim, d.high-rim-foot)
	d.rect(rim, rim, 40, 10, 0xffffff)
	d.logo(rim+1.5, rim+2, 6, d.accent)
	d.text("¥"+price(d.field), 6, d.high-foot*0.3, foot*0.6, 0, bold, 0xffffff)
	d.rect(48, d.high-foot*0.85, 46, foot*0.7, 0xfff2c8)
	d.signs(d.fixed, 7, 50, d.high-foot*0.68, min(5.6, foot*0.4), heavy, d.accent)
	for i := range 3 {
		x, y := 100-rim-8, rim+8+17*float64(i)
		d.round(x, y, 7, 7, 0, d.accent)
		d.round(x, y, 6.3, 6.3, 0, 0xfff2c8)
		d.signs(d.fixed, 2, x-3.8, y-3.8, 3.6, heavy, d.accent)
		d.signs(d.fixed, 2, x-3.8, y+0.4, 3.6, heavy, d.accent)
	}
}

// code is a shop's card with a square code on the photo.
func (d *design) code() {
	d.window(0, 0, 0, 100, d.high)
	side := between(d.fixed, 20, 30)
	x, y := 94-side, d.high-side-14
	if d.fixed.IntN(2) == 0 {
		x = 6
	}
	d.rect(x-3, y-3, side+6, side+13, 0xffffff)
	d.square(d.fixed, x, y, side, []int{25, 29, 33}[d.fixed.IntN(3)], d.ink)
	d.signs(d.fixed, 6, x, y+side+3, side/6.4, heavy, d.ink)
	d.glass(0.85, func() {
		d.rect(0, 0, 100, 9, d.accent)
		d.signs(d.fixed, 12, 5, 2, 5, heavy, 0xffffff)
	})
}

// watermark is a name tiled over the picture.
func (d *design) watermark() {
	d.window(0, 0, 0, 100, d.high)
	opacity, size := between(d.fixed, 0.25, 0.55), between(d.fixed, 3.5, 6)
	seed := d.fixed.Uint64()
	d.glass(opacity, func() {
		for row := 0; float64(row)*size*4 < d.high; row++ {
			for x := -10.0 + float64(row%2)*size*4; x < 100; x += size * 8 {
				d.signs(random(seed, "tile"), 4, x, float64(row)*size*4+size, size, heavy, 0xffffff)
			}
		}
	})
}

// captions is the goods with call-outs beside them.
func (d *design) captions() {
	d.window(0, 0, 14, 64, d.high-14)
	d.signs(d.fixed, 10, 6, 3.5, 7, heavy, d.accent)
	rows := int((d.high - 20) / 17)
	for i := range rows {
		y := 20 + 17*float64(i)
		d.stroke(d.accent, 0.4, 40+4*float64(i%3), y+8, 60, y+4, 67, y+4)
		d.round(40+4*float64(i%3), y+8, 1.2, 1.2, 0, d.accent)
		d.round(71, y+4, 3, 3, 0, d.accent)
		d.signs(d.fixed, 4, 76, y, 4.8, heavy, d.ink)
		d.signs(d.fixed, 7, 68, y+8, 3.6, light, 0x777777)
	}
}
