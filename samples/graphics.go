package samples

import (
	"fmt"
	"image"
	"image/draw"
	"math/rand/v2"
	"slices"

	xdraw "golang.org/x/image/draw"
)

// Kinds of templates. A template is a piece of design that pictures of
// different things share to the pixel: it proves nothing about the goods.
const (
	TemplateLabel     = "label"      // a parcel label
	TemplateReceipt   = "receipt"    // a till's receipt
	TemplateSizeChart = "size-chart" // a table of measures with an outline
	TemplateOrderPage = "order-page" // a screenshot of an order in an app
	TemplateChat      = "chat"       // a screenshot of a conversation
	TemplateCollage   = "collage"    // several photos in one frame, numbered
	TemplateStamp     = "stamp"      // time and place that a camera app writes on each photo
	TemplateShopFrame = "shop-frame" // a shop's border, banner and badges
	TemplateCode      = "code"       // a shop's card with a square code
	TemplateWatermark = "watermark"  // a name tiled over the picture, translucent
	TemplateCaptions  = "captions"   // call-outs beside the goods
)

// TemplateKinds lists the kinds in a fixed order.
func TemplateKinds() []string {
	return []string{
		TemplateLabel, TemplateReceipt, TemplateSizeChart, TemplateOrderPage, TemplateChat, TemplateCollage,
		TemplateStamp, TemplateShopFrame, TemplateCode, TemplateWatermark, TemplateCaptions,
	}
}

// Template is one design: Seed settles its layout, colours, brand and standing
// words. Its pictures are Width pixels wide.
type Template struct {
	Kind  string
	Seed  uint64
	Width int
}

// Photos is how many photos the template has room for; labels, receipts and
// charts have none.
func (t Template) Photos() int {
	switch t.Kind {
	case TemplateLabel, TemplateReceipt, TemplateSizeChart:
		return 0
	case TemplateOrderPage, TemplateCollage:
		return 3
	}
	return 1
}

// Fill draws the template with photos in its windows, each cut to the window's
// shape. fields settles what is written into it: names, numbers, codes, lines
// of talk. The same fields and other photos give the same graphics.
func (t Template) Fill(photos []image.Image, fields uint64) (*image.RGBA, error) {
	if !slices.Contains(TemplateKinds(), t.Kind) {
		return nil, fmt.Errorf("draw graphics: there is no template %q", t.Kind)
	}
	if t.Width < 64 || t.Width > maxSide {
		return nil, fmt.Errorf("draw graphics: a width of %d is not between 64 and %d pixels", t.Width, maxSide)
	}
	if len(photos) < t.Photos() {
		return nil, fmt.Errorf("draw graphics: a %s needs %d photos", t.Kind, t.Photos())
	}
	d := &design{fixed: random(t.Seed, "template/"+t.Kind), field: random(fields, "fields/"+t.Kind), photos: photos}
	d.open(t)
	paint := map[string]func(){
		TemplateLabel: d.label, TemplateReceipt: d.receipt, TemplateSizeChart: d.sizeChart, TemplateOrderPage: d.orderPage,
		TemplateChat: d.chat, TemplateCollage: d.collage, TemplateStamp: d.stamp, TemplateShopFrame: d.shopFrame,
		TemplateCode: d.code, TemplateWatermark: d.watermark, TemplateCaptions: d.captions,
	}[t.Kind]
	paint()
	return d.img, nil
}

// design is a template being filled. Units are hundredths of its width.
type design struct {
	*artwork
	fixed, field *rand.Rand // chance of what the template settles, and of what is filled in
	photos       []image.Image
	high         float64 // the picture's height
	ink, accent  uint32
}

func (d *design) open(t Template) {
	shapes := []float64{75, 100, 133}
	switch t.Kind {
	case TemplateLabel:
		shapes = []float64{100, 140, 180}
	case TemplateReceipt:
		shapes = []float64{170, 200, 240}
	case TemplateOrderPage, TemplateChat:
		shapes = []float64{178, 200, 216}
	}
	d.high = shapes[d.fixed.IntN(len(shapes))]
	inks := []uint32{0x111111, 0x222226, 0x1a2433}
	accents := []uint32{0xd8232a, 0xff6a00, 0x1269d3, 0x0f8a4b, 0x6b2fa0, 0xe0a100, 0x333a44}
	d.ink, d.accent = inks[d.fixed.IntN(len(inks))], accents[d.fixed.IntN(len(accents))]
	d.artwork = newArtwork(100, d.high, float64(t.Width)/100, 0xffffff)
}

// window shows photo i, cut to the shape of the box and scaled into it.
func (d *design) window(i int, x, y, w, h float64) {
	box := image.Rect(int(x*d.res), int(y*d.res), int((x+w)*d.res), int((y+h)*d.res)).Intersect(d.img.Rect)
	if box.Empty() {
		return
	}
	src := d.photos[i]
	xdraw.CatmullRom.Scale(d.img, box, src, cutTo(src.Bounds(), box.Dx(), box.Dy()), draw.Src, nil)
}

// cutTo is the largest middle part of b with the proportions w to h.
func cutTo(b image.Rectangle, w, h int) image.Rectangle {
	if b.Dx()*h > b.Dy()*w {
		keep := max(1, b.Dy()*w/h)
		from := b.Min.X + (b.Dx()-keep)/2
		return image.Rect(from, b.Min.Y, from+keep, b.Max.Y)
	}
	keep := max(1, b.Dx()*h/w)
	from := b.Min.Y + (b.Dy()-keep)/2
	return image.Rect(b.Min.X, from, b.Max.X, from+keep)
}

// glass draws with paint on a clear sheet and lays it over with an opacity.
func (d *design) glass(opacity float64, paint func()) {
	under := d.img
	d.img = image.NewRGBA(under.Rect)
	paint()
	veil := image.NewUniform(alphaOf(opacity))
	draw.DrawMask(under, under.Rect, d.img, image.Point{}, veil, image.Point{}, draw.Over)
	d.img = under
}
