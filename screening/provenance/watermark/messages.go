package watermark

// tone is how the pipeline handed its colours to the library, which decides
// what the library took for the blue difference U.
type tone int

const (
	// bytesBGR: eight-bit samples in the order the library expects; U is
	// stored around 128.
	bytesBGR tone = iota
	// floatBGR: floating-point samples; OpenCV then centres U on 0.5.
	floatBGR
	// floatRGB: floating-point samples with red and blue exchanged.
	floatRGB
	tones
)

// message is one known message in the layout one pipeline writes it.
type message struct {
	name, generator string
	tone            tone
	bits            []bool
	// counts tells which bits are evidence; nil is all.
	counts []bool
	// share is this reading's part of all false alarms that are allowed; they
	// sum to 1. The shortest message gets the most, as it needs it.
	share float64
}

// messages lists every reading that is tried. The facts are from the public
// source of each pipeline, as of 2026-11:
//
//   - CompVis/stable-diffusion, scripts/txt2img.py: bytes "StableDiffusionV1",
//     eight-bit BGR.
//   - Stability-AI/stablediffusion, scripts/txt2img.py: bytes "SDV2", the same.
//   - Stability-AI/generative-models and huggingface/diffusers,
//     stable_diffusion_xl/watermark.py: a 48-bit number as floating point. The
//     first versions in diffusers passed RGB where BGR was meant.
//   - black-forest-labs/flux and flux2, watermark.py: a number written with 48
//     digits, as floating-point BGR. Python's bin() drops its two leading
//     zeros, so that pictures carry 46 bits; 48 are tried too for programs in
//     other languages that follow the constant.
func messages() []message {
	sdxl := digits("101100111110110010010000011110111011000110011110")
	flux := digits("001010101111111010000111100111001111010100101110")
	v1, v1counts := words("StableDiffusionV1")
	v2, _ := words("SDV2")
	return []message{
		{name: "StableDiffusionV1", generator: "Stable Diffusion 1", tone: bytesBGR, bits: v1, counts: v1counts, share: 0.1},
		{name: "SDV2", generator: "Stable Diffusion 2", tone: bytesBGR, bits: v2, share: 0.5},
		{name: "sdxl", generator: "Stable Diffusion XL", tone: floatBGR, bits: sdxl, share: 0.1},
		{name: "sdxl", generator: "Stable Diffusion XL", tone: floatRGB, bits: sdxl, share: 0.1},
		{name: "flux", generator: "FLUX", tone: floatBGR, bits: flux[2:], share: 0.1},
		{name: "flux", generator: "FLUX", tone: floatBGR, bits: flux, share: 0.1},
	}
}

// digits reads a binary number, most significant digit first.
func digits(s string) []bool {
	out := make([]bool, len(s))
	for i := range s {
		out[i] = s[i] == '1'
	}
	return out
}

// words returns the bits of s, each byte from its most significant bit, and
// which of them tell this text from any other ASCII text: the low five.
func words(s string) (bits, counts []bool) {
	for i := range len(s) {
		for b := 7; b >= 0; b-- {
			bits = append(bits, s[i]>>b&1 == 1)
			counts = append(counts, b < 5)
		}
	}
	return bits, counts
}
