package visible

// tensor is a stack of planes of numbers: one plane a channel.
type tensor struct {
	channels, height, width int
	at                      []float32 // channel by channel, row by row
}

func newTensor(channels, height, width int) tensor {
	return tensor{channels, height, width, make([]float32, channels*height*width)}
}

// plane returns one channel's numbers, row by row.
func (t tensor) plane(c int) []float32 {
	n := t.height * t.width
	return t.at[c*n : (c+1)*n]
}
