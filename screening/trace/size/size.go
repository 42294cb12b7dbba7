// Package size knows the sizes that image models give. A model draws at a few
// sizes it was trained on, or at the one nearest to the picture it was handed;
// phones, messengers and shops give others. Whoever crops by hand meets one of
// these by chance about once in ten thousand pictures; whoever shrinks or crops
// what a model gave leaves nothing to find.
package size

// Row is one family of models and its sizes.
type Row struct {
	// Model is the name people know.
	Model string
	// Kin is whether editors that were built on the model give its sizes too.
	Kin bool
	// Sizes are width and height; the same lying down is meant too. Squares are
	// left out: everybody makes squares of 1024 pixels.
	Sizes [][2]int
	// Times are whole multiples that the models give as well; 1 if nil.
	Times []int
	// Source and Date say where the row is from and when it was last looked at.
	Source, Date string
}

// Table returns all rows. To add one, name what states the sizes.
func Table() []Row {
	return []Row{
		{
			Model: "SDXL", Sizes: [][2]int{{896, 1152}, {832, 1216}, {768, 1344}, {640, 1536}},
			Source: "Podell and others, SDXL, arXiv:2307.01952, section 2.3 and appendix I; the sizes that Stability recommends of them", Date: "2026-11",
		},
		{
			Model: "Gemini 2.5 Flash Image (Nano Banana)", Sizes: [][2]int{{832, 1248}, {864, 1184}, {896, 1152}, {768, 1344}, {672, 1536}},
			Source: "Gemini API documentation, image generation, aspect ratios", Date: "2026-11",
		},
		{
			Model: "Gemini 3 Pro Image (Nano Banana Pro)", Sizes: [][2]int{{848, 1264}, {896, 1200}, {928, 1152}, {768, 1376}, {672, 1584}}, Times: []int{1, 2, 4},
			Source: "Gemini API documentation, image generation, aspect ratios at 1K, 2K and 4K", Date: "2026-11",
		},
		{
			Model: "FLUX.1 Kontext", Sizes: [][2]int{{672, 1568}, {688, 1504}, {720, 1456}, {752, 1392}, {800, 1328}, {832, 1248}, {880, 1184}, {944, 1104}},
			Source: "huggingface/diffusers, pipeline_flux_kontext, preferred resolutions", Date: "2026-11",
		},
		{
			Model: "Qwen-Image", Sizes: [][2]int{{928, 1664}, {1104, 1472}, {1140, 1472}, {1056, 1584}},
			Source: "model card of Qwen/Qwen-Image, aspect ratios (1140 in its first edition)", Date: "2026-11",
		},
		{
			Model: "Qwen-Image-Edit", Kin: true, Sizes: [][2]int{{896, 1184}, {768, 1376}, {832, 1248}},
			Source: "an area of 1024 x 1024 in multiples of 32, of photos that are 3:4, 9:16 and 2:3; seen in FireRed's and DreamOmni2's own examples", Date: "2026-11",
		},
		{
			Model: "GPT Image", Sizes: [][2]int{{1024, 1536}},
			Source: "OpenAI API documentation, image generation, sizes", Date: "2026-11",
		},
	}
}

// Models lists those that give pictures of w by h pixels, in the table's order.
func Models(w, h int) (models []Row) {
	w, h = min(w, h), max(w, h)
	for _, row := range Table() {
		times := row.Times
		if times == nil {
			times = []int{1}
		}
		for _, s := range row.Sizes {
			for _, n := range times {
				if s[0]*n == w && s[1]*n == h {
					models = append(models, row)
				}
			}
		}
	}
	return models
}

// Camera is whether w by h may be a camera's whole picture, shrunk: 4:3, 3:2 or
// 16:9, to within a pixel of the shorter side. A model's size of that shape may
// be an honest photo that somebody shrank to an odd width.
func Camera(w, h int) bool {
	w, h = min(w, h), max(w, h)
	for _, r := range [][2]int{{3, 4}, {2, 3}, {9, 16}} {
		if d := w*r[1] - h*r[0]; d > -r[1] && d < r[1] {
			return true
		}
	}
	return false
}
