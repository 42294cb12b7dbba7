package heif

import "testing"

// TestChromaIsAsCoded holds pictures with halved chroma against what another
// decoder makes of them (ffmpeg 5.1, cut to the part that is shown, and the
// upper 8 bits of 12): H.265 says what every sample is.
func TestChromaIsAsCoded(t *testing.T) {
	for name, want := range map[string]string{
		"d420.heic": "3abf8cd33f1b984fddea493da988611dfef7a86034a60b3ca7c967ccb0828665",
		"d12.heic":  "26c85e2e6e7847fdc6fa261d0c486b111cf7222de4fa70549c5a15c5103be3da",
	} {
		s, err := Find(read(t, name))
		if err != nil {
			t.Fatal(err)
		}
		m, err := s.Decode(t.Context(), 1, roomy)
		if err != nil {
			t.Fatal(err)
		}
		if got := sumOf(m); got != want {
			t.Errorf("%s: samples %s, PSNR %.1f dB", name, got, psnr(m, as))
		}
	}
}
