package feature

// Descriptor returns the descriptor of spot i: square roots of gradient
// histograms as bytes, turned by the spot's angle, so that the same spot in a
// turned, scaled or brightened copy gives nearly the same numbers.
func (s *Set) Descriptor(i int) [128]uint8 { return s.desc[i] }

// Response says how distinct spot i is; larger is better. Scales of the
// pyramid can be compared, as each response is measured in its own pixels.
func (s *Set) Response(i int) float32 { return s.Points[i].response }
