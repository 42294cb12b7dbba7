package samples

import "fmt"

// Templates of screens and sheets with windows for photos.

// statusLine is a phone's: the time, signal and battery.
func (d *design) statusLine() {
	d.text(clock(d.field), 6, 5, 3.6, 0, bold, d.ink)
	for i := range 4 {
		tall := 0.9 + 0.55*float64(i)
		d.rect(78+1.3*float64(i), 5-tall, 0.9, tall, d.ink)
	}
	d.box(87, 2.2, 7, 3, 0.35, d.ink)
	d.rect(87.7, 2.9, 1+4.5*d.field.Float64(), 1.6, d.ink)
	d.rect(94.2, 3, 0.6, 1.3, d.ink)
}

// orderPage is an order as an app shows it.
func (d *design) orderPage() {
	d.rect(0, 0, 100, d.high, 0xf4f4f6)
	d.rect(0, 0, 100, 26, d.accent)
	d.statusLine()
	d.stroke(0xffffff, 0.7, 7, 9.5, 4.5, 12, 7, 14.5)
	d.signs(d.fixed, 4, 41, 9.5, 5, heavy, 0xffffff)
	d.signs(d.fixed, 5, 6, 18, 4.4, heavy, 0xffffff)
	d.signs(d.fixed, 14, 34, 18.6, 3, light, 0xffffff)
	d.rect(3, 28, 94, 18, 0xffffff)
	d.round(8, 35, 2.2, 2.2, 0, d.accent)
	d.signs(d.field, 3, 13, 31, 4, heavy, d.ink)
	d.text("138****"+digits(d.field, 4), 30, 34.6, 3.8, 0, regular, d.ink)
	d.signs(d.field, 18+d.field.IntN(6), 13, 38, 3, light, 0x777777)
	d.rect(3, 48, 94, 40, 0xffffff)
	d.signs(d.fixed, 6, 6, 51, 3.8, heavy, d.ink)
	d.window(0, 6, 58, 24, 24)
	for i := range 2 {
		d.signs(d.field, 9+d.field.IntN(5), 33, 59+5*float64(i), 3.6, light, d.ink)
	}
	d.signs(d.field, 5, 33, 70, 3, light, 0x999999)
	d.text("¥"+price(d.field), 94, 62, 4, 1, bold, d.ink)
	d.text("x1", 94, 68, 3.4, 1, regular, 0x999999)
	d.button(56, 77, 18, 0x999999)
	d.button(77, 77, 18, d.accent)
	d.rect(3, 90, 94, 50, 0xffffff)
	for i := range 7 {
		y := 93 + 6.5*float64(i)
		d.signs(d.fixed, 4, 6, y, 3.3, light, 0x888888)
		switch i % 3 {
		case 0:
			d.text(digits(d.field, 18), 94, y+2.9, 3.3, 1, regular, d.ink)
		case 1:
			d.text(date(d.field)+" "+clock(d.field)+":"+digits(d.field, 2), 94, y+2.9, 3.3, 1, regular, d.ink)
		default:
			d.text("¥"+price(d.field), 94, y+2.9, 3.3, 1, regular, d.ink)
		}
	}
	d.signs(d.fixed, 6, 38, 144, 4, heavy, d.ink)
	d.window(1, 3, 151, 46, min(46, d.high-151))
	d.window(2, 51, 151, 46, min(46, d.high-151))
	d.rect(0, d.high-12, 100, 12, 0xffffff)
	for i := range 4 {
		d.button(12+21.5*float64(i), d.high-9, 18, d.accent)
	}
}

// button is an outlined word of the interface.
func (d *design) button(x, y, w float64, hex uint32) {
	d.box(x, y, w, 6, 0.3, hex)
	d.signs(d.fixed, 4, x+w/2-6.2, y+1.5, 3, light, hex)
}

// chat is a conversation: what the shop's machine says is the same for all.
func (d *design) chat() {
	d.rect(0, 0, 100, d.high, 0xededed)
	d.rect(0, 0, 100, 17, 0xf7f7f7)
	d.statusLine()
	d.stroke(d.ink, 0.7, 7, 9.5, 4.5, 12, 7, 14.5)
	d.signs(d.fixed, 7, 32, 9.5, 4.6, heavy, d.ink)
	y := 21.0
	d.text(clock(d.field), 50, y+2, 3, 0.5, regular, 0x999999)
	d.said(&y, true, 3, false)
	d.rect(15, y, 62, 30, 0xffffff)
	d.window(0, 17, y+2, 20, 20)
	d.signs(d.fixed, 9, 40, y+3, 3.6, light, d.ink)
	d.text("¥"+price(d.field), 40, y+14, 4.4, 0, bold, d.accent)
	d.button(56, y+18, 18, d.accent)
	y += 34
	d.said(&y, false, 1+d.field.IntN(3), true)
	d.said(&y, true, 2, false)
	d.window(0, 46, y, 40, min(54, d.high-y-30))
	d.face(91, y+4.5, 0x5a8fd0)
	y += min(54, d.high-y-30) + 4
	for mine := false; y < d.high-30; mine = !mine {
		d.said(&y, mine, 1+d.field.IntN(2), true)
	}
	d.rect(0, d.high-14, 100, 14, 0xf7f7f7)
	d.round(7, d.high-7, 3, 3, 0, 0x777777)
	d.rect(14, d.high-11, 62, 8, 0xffffff)
	d.round(83, d.high-7, 3, 3, 0, 0x777777)
	d.round(93, d.high-7, 3, 3, 0, 0x777777)
}

// said is one message of some lines: the shop's stand left, and its standing
// ones are the template's.
func (d *design) said(y *float64, shop bool, lines int, filled bool) {
	words := d.fixed
	if filled {
		words = d.field
	}
	high := 4 + 5.2*float64(lines)
	x, paper := 15.0, uint32(0xffffff)
	if !shop {
		x, paper = 23, 0x95ec69
		d.face(91, *y+4.5, 0x5a8fd0)
	} else {
		d.face(8, *y+4.5, d.accent)
	}
	d.rect(x, *y, 62, high, paper)
	for i := range lines {
		n := 14
		if i == lines-1 {
			n = 5 + words.IntN(9)
		}
		d.signs(words, n, x+2.5, *y+2.4+5.2*float64(i), 3.9, light, d.ink)
	}
	*y += high + 4
}

// face is a round portrait of nobody.
func (d *design) face(x, y float64, hex uint32) {
	d.rect(x-4.5, y-4.5, 9, 9, hex)
	d.round(x, y-0.8, 1.9, 1.9, 0, 0xffffff)
	d.round(x, y+4, 3.4, 2.6, 0, 0xffffff)
}

// collage is three photos in one sheet, numbered and captioned.
func (d *design) collage() {
	d.rect(0, 0, 100, d.high, []uint32{0xffffff, 0x1b1b1d, 0xf6efe2}[d.fixed.IntN(3)])
	gap := between(d.fixed, 1, 3)
	head := 9.0
	d.rect(0, 0, 100, head, d.accent)
	d.signs(d.fixed, 8, 50-8*2.6, 2, 5, heavy, 0xffffff)
	big := (d.high - head - 3*gap) * between(d.fixed, 0.5, 0.65)
	d.window(0, gap, head+gap, 100-2*gap, big)
	y := head + 2*gap + big
	low := d.high - y - gap
	d.window(1, gap, y, (100-3*gap)/2, low)
	d.window(2, 50+gap/2, y, (100-3*gap)/2, low)
	for i, at := range [3][2]float64{{gap, head + gap}, {gap, y}, {50 + gap/2, y}} {
		d.round(at[0]+5, at[1]+5, 3.4, 3.4, 0, d.accent)
		d.text(fmt.Sprint(i+1), at[0]+5, at[1]+6.7, 4.8, 0.5, bold, 0xffffff)
		d.rect(at[0]+10, at[1]+2, 20, 6, 0xffffff)
		d.signs(d.fixed, 4, at[0]+11, at[1]+3, 4, light, d.ink)
	}
}
