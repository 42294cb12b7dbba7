package jpeg

import (
	"fmt"
	"slices"
)

// A scan may say of 32767 blocks in 15 bits that nothing more comes (T.81,
// G.1.2.2), and a reader visits each all the same: the work that a file asks
// for is bounded by its scans and not by its length.
const (
	// mostVisits is how often all scans together may visit the blocks of a
	// progressive picture, on average over its components. libjpeg's scripts
	// visit each up to 6 times; 100 are as if every coefficient came alone, and
	// half of them in two parts.
	mostVisits = 100
	// mostCoefficients is how many coefficients those visits may pass, a block:
	// all 64, at every one of the 14 bit positions that there are (T.81,
	// G.1.1.1.2). libjpeg's scripts pass 190.
	mostCoefficients = 64 * 14
	// mostSequential is how often the scans of other pictures may visit a block,
	// where each ought to be visited once (T.81, B.2.3).
	mostSequential = 4
)

// work is what the scans so far ask for, summed over blocks.
type work struct{ visits, coefficients int64 }

// WorkError says that a file has more scans than a picture needs.
type WorkError struct {
	Scans                int     // up to the one that is too much
	Visits, Coefficients float64 // a block, on average, with that one
}

func (e WorkError) Error() string {
	return fmt.Sprintf("JPEG with more scans than a picture needs: with scan %d, %.4g visits of %.4g coefficients a block", e.Scans, e.Visits, e.Coefficients)
}

// CheckWork says whether decoding a file takes no more work than a picture
// needs, by the headers of its scans: nothing is decoded, and what is wrong
// otherwise is left to the decoder to say. visits is how often a block is
// visited on average. Its error is a WorkError.
func CheckWork(data []byte) (visits float64, err error) {
	p := &parser{data: data, at: min(2, len(data)), file: &File{Adobe: -1}}
	for {
		marker, ok := p.nextMarker()
		if !ok || marker == markerEOI {
			return visits, nil
		}
		if marker >= markerRST0 && marker <= markerSOI || marker == 0x01 {
			continue // stands alone
		}
		body, ok := p.body()
		if !ok {
			return visits, nil
		}
		switch marker {
		case markerSOF0, markerSOF1, markerSOF2:
			components, err := p.layOut(marker, body)
			if err != nil {
				return visits, nil
			}
			p.file.Components = components
		case markerSOS:
			if p.file.Components == nil || len(body) < 1 || len(body) < 4+2*int(body[0]) {
				return visits, nil
			}
			p.file.Scans++
			if visits, err = p.spend(body); err != nil {
				return visits, err
			}
		}
	}
}

// spend counts what the scan of this header asks for, and returns the visits so
// far, a block.
func (p *parser) spend(body []byte) (visits float64, err error) {
	n := int(body[0])
	ids := slices.Collect(slices.Chunk(body[1:1+2*n], 2))
	band := int64(64)
	most := work{mostSequential, 64 * mostSequential}
	if p.file.Progressive {
		band = int64(min(max(int(body[2+2*n])-int(body[1+2*n])+1, 1), 64))
		most = work{mostVisits, mostCoefficients}
	}
	var picture int64
	for i := range p.file.Components {
		c := &p.file.Components[i]
		blocks := int64(c.BlocksWide) * int64(c.BlocksHigh)
		picture += blocks
		if slices.ContainsFunc(ids, func(id []byte) bool { return id[0] == c.ID }) {
			p.work.visits += blocks
			p.work.coefficients += blocks * band
		}
	}
	visits = float64(p.work.visits) / float64(picture)
	if p.work.visits > most.visits*picture || p.work.coefficients > most.coefficients*picture {
		return visits, WorkError{
			Scans:        p.file.Scans,
			Visits:       visits,
			Coefficients: float64(p.work.coefficients) / float64(p.work.visits),
		}
	}
	return visits, nil
}
