package samples

import (
	"fmt"
	"math/rand/v2"
)

// Templates without a photo: what is printed from one form.

// label is a parcel label: brand, sorting code, bar codes, two addresses.
func (d *design) label() {
	d.box(2, 2, 96, d.high-4, 0.45, d.ink)
	d.logo(5, 5, 9, d.ink)
	d.text([]string{"EXPRESS", "STANDARD", "ECONOMY"}[d.fixed.IntN(3)], 94, 12, 6, 1, bold, d.ink)
	d.rect(2, 17, 96, 0.4, d.ink)
	d.text(fmt.Sprintf("%s-%s%s %s", digits(d.field, 3), string(rune('A'+d.field.IntN(26))), digits(d.field, 2), digits(d.field, 2)), 50, 30, 13, 0.5, bold, d.ink)
	d.rect(2, 33, 96, 0.4, d.ink)
	d.address("TO", 35, 5)
	sender := d.field
	if d.fixed.IntN(2) == 0 {
		sender = d.fixed // one shop's labels have one sender
	}
	d.party("FROM", 54, 3.4, sender)
	d.rect(2, 68, 96, 0.4, d.ink)
	d.bars(d.field, 12, 71, 76, 13, d.ink)
	d.text("SF"+digits(d.field, 13), 50, 89, 4.4, 0.5, regular, d.ink)
	d.rect(2, 92, 96, 0.4, d.ink)
	if d.high < 110 {
		return
	}
	for i := range 3 {
		y := 94 + 4*float64(i)
		x := d.signs(d.fixed, 4, 5, y, 2.8, light, d.ink)
		d.text(digits(d.field, 2)+"."+digits(d.field, 2)+" kg", x+2, y+2.4, 2.8, 0, regular, d.ink)
	}
	d.square(d.fixed, 72, 95, 22, 29, d.ink)
	for i := range 5 {
		d.signs(d.fixed, 26, 5, 108+3.1*float64(i), 2.3, light, d.ink)
	}
	d.rect(2, 125, 96, 0.4, d.ink)
	d.signs(d.field, 12, 5, 127.5, 3, light, d.ink)
	d.text(date(d.field)+" "+clock(d.field), 94, 131, 3, 1, regular, d.ink)
	d.rect(2, 134, 96, 0.4, d.ink)
	if d.high < 170 {
		return
	}
	d.bars(d.field, 46, 138, 48, 9, d.ink)
	d.logo(5, 138, 8, d.ink)
	d.address("TO", 152, 4)
}

// address is a party filled in; the mark before it is the form's.
func (d *design) address(mark string, y, size float64) { d.party(mark, y, size, d.field) }

func (d *design) party(mark string, y, size float64, who *rand.Rand) {
	d.round(8, y+size, 3.6, 3.6, 0, d.ink)
	d.text(mark, 8, y+size+0.8, 2.4, 0.5, bold, 0xffffff)
	x := d.signs(who, 2+who.IntN(2), 14, y, size, heavy, d.ink)
	d.text("138****"+digits(who, 4), x+3, y+size*0.85, size, 0, bold, d.ink)
	d.signs(who, 10+who.IntN(4), 14, y+size*1.35, size*0.9, light, d.ink)
	d.signs(who, 5+who.IntN(8), 14, y+size*2.5, size*0.9, light, d.ink)
}

// receipt is a till's: a head, lines with prices, a sum, a foot.
func (d *design) receipt() {
	d.logo(34, 5, 9, d.ink)
	d.signs(d.fixed, 14, 20, 18, 4, heavy, d.ink)
	d.signs(d.fixed, 16, 17, 24, 3.6, light, d.ink)
	d.text("No. "+digits(d.field, 10), 8, 35, 4, 0, regular, d.ink)
	d.text(date(d.field)+" "+clock(d.field), 92, 35, 4, 1, regular, d.ink)
	d.dashes(38)
	for i, n := range []int{2, 2, 2} {
		d.signs(d.fixed, n, 8+34*float64(i), 40, 4, heavy, d.ink)
	}
	y := 48.0
	for range 6 {
		d.signs(d.field, 4+d.field.IntN(5), 8, y, 4, light, d.ink)
		d.text(fmt.Sprint(1+d.field.IntN(3)), 55, y+3.6, 4.2, 0, regular, d.ink)
		d.text(price(d.field), 92, y+3.6, 4.2, 1, regular, d.ink)
		y += 7
	}
	d.dashes(y)
	d.signs(d.fixed, 2, 8, y+3, 6, heavy, d.ink)
	d.text("¥ "+price(d.field), 92, y+8, 6, 1, bold, d.ink)
	for i := range 4 {
		d.signs(d.fixed, 6, 8, y+13+5.5*float64(i), 3.6, light, d.ink)
		d.text(digits(d.field, 8), 92, y+16+5.5*float64(i), 3.6, 1, regular, d.ink)
	}
	y += 38
	d.dashes(y)
	d.bars(d.field, 18, y+4, 64, 12, d.ink)
	for i := range int((d.high - y - 24) / 5) {
		d.signs(d.fixed, 20, 10, y+20+5*float64(i), 3.6, light, d.ink)
	}
}

func (d *design) dashes(y float64) {
	for x := 6.0; x < 94; x += 3 {
		d.rect(x, y, 1.8, 0.4, d.ink)
	}
}

// sizeChart is a garment's outline over a table of measures.
func (d *design) sizeChart() {
	d.rect(0, 0, 100, 12, d.accent)
	d.text("SIZE CHART", 50, 9, 7, 0.5, bold, 0xffffff)
	top, scale := 16.0, (d.high-16)*0.4
	x, w := 50-scale*0.45, scale*0.9
	d.shape(0xe9edf1, x+w*0.3, top, x+w*0.7, top, x+w, top+scale*0.3, x+w*0.85, top+scale*0.42, x+w*0.75, top+scale*0.35, x+w*0.75, top+scale*0.95,
		x+w*0.25, top+scale*0.95, x+w*0.25, top+scale*0.35, x+w*0.15, top+scale*0.42, x, top+scale*0.3)
	d.stroke(d.ink, 0.5, x+w*0.3, top, x+w*0.7, top, x+w, top+scale*0.3, x+w*0.85, top+scale*0.42, x+w*0.75, top+scale*0.35, x+w*0.75, top+scale*0.95, x+w*0.25, top+scale*0.95)
	d.bar(x+w*0.25, top+scale*0.5, x+w*0.75, top+scale*0.5, 0.4, d.accent)
	d.signs(d.fixed, 2, 48, top+scale*0.53, 3, heavy, d.accent)
	rows, columns := 7, 5
	y := top + scale + 3
	rowHigh, columnWide := (d.high-y-9)/float64(rows), 92.0/float64(columns)
	sizes := []string{"S", "M", "L", "XL", "2XL", "3XL"}
	for j := range rows {
		ry := y + rowHigh*float64(j)
		if j == 0 {
			d.rect(4, ry, 92, rowHigh, 0xdde3ea)
		}
		d.box(4, ry, 92, rowHigh, 0.25, 0x9aa4b0)
		for i := range columns {
			cx, size := 4+columnWide*(float64(i)+0.5), rowHigh*0.5
			switch {
			case j == 0:
				d.signs(d.fixed, 2, cx-size*0.9, ry+rowHigh*0.25, size*0.9, heavy, d.ink)
			case i == 0:
				d.text(sizes[j-1], cx, ry+rowHigh*0.7, size, 0.5, bold, d.ink)
			default:
				d.text(fmt.Sprint(40+d.field.IntN(80)), cx, ry+rowHigh*0.7, size, 0.5, regular, d.ink)
			}
		}
	}
	d.signs(d.fixed, 24, 8, d.high-6, 3, light, 0x777777)
}
