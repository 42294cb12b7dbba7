package jpeg

import (
	"fmt"
	"slices"
)

// scan is one scan's header and running state.
type scan struct {
	p     *parser
	parts []part
	// ss to se is the band of coefficients, ah and al the successive
	// approximation's bit positions (T.81, G.1.1.1).
	ss, se, ah, al int
	bits           bitReader
	eobRun         int32
	// mcusX and mcusY count what is coded: MCUs, or blocks of the one component.
	mcusX, mcusY int
	block        func(s *scan, pt *part, coefficients []int16)
}

// part is one component's share in a scan.
type part struct {
	c      *Component
	index  int // of c in the frame
	dc, ac *huffman
	pred   int32
	h, v   int // blocks per MCU
}

// scan reads a scan header (T.81, B.2.3) and the entropy-coded data after it.
func (p *parser) scan(body []byte) error {
	if p.file.Components == nil {
		return FormatError("scan before the frame header")
	}
	if len(body) < 1 || body[0] < 1 || body[0] > 4 || len(body) < 4+2*int(body[0]) {
		return FormatError("scan header")
	}
	n := int(body[0])
	tail := body[1+2*n:]
	s := &scan{p: p, ss: int(tail[0]), se: int(tail[1]), ah: int(tail[2] >> 4), al: int(tail[2] & 15)}
	if err := s.chooseBlock(n); err != nil {
		return err
	}
	for i := range n {
		if err := s.addPart(body[1+2*i], body[2+2*i]); err != nil {
			return err
		}
	}
	s.layOut()
	s.bits = bitReader{data: p.data, at: p.at}
	p.file.Scans++
	if _, err := p.spend(body); err != nil {
		return err
	}
	err := s.run()
	p.at = s.bits.at
	return err
}

// chooseBlock checks the band and bit positions and picks the block decoder.
func (s *scan) chooseBlock(n int) error {
	if !s.p.file.Progressive {
		// Some writers leave other values here; sequential scans carry all.
		s.ss, s.se, s.ah, s.al = 0, 63, 0, 0
		s.block = (*scan).sequential
		return nil
	}
	if s.se > 63 || s.ss > s.se || s.ah > 13 || s.al > 13 || s.ss == 0 && s.se != 0 || s.ss > 0 && n > 1 {
		return FormatError("progressive scan header")
	}
	switch {
	case s.ss == 0 && s.ah == 0:
		s.block = (*scan).dcFirst
	case s.ss == 0:
		s.block = (*scan).dcRefine
	case s.ah == 0:
		s.block = (*scan).acFirst
	default:
		s.block = (*scan).acRefine
	}
	return nil
}

// addPart looks a component up by its identifier and takes its tables.
func (s *scan) addPart(id, tables byte) error {
	f := s.p.file
	index := slices.IndexFunc(f.Components, func(c Component) bool { return c.ID == id })
	if index < 0 {
		return FormatError(fmt.Sprintf("scan of component %d, which the frame lacks", id))
	}
	c := &f.Components[index]
	for i := range s.parts {
		if s.parts[i].c == c {
			return FormatError("scan names a component twice")
		}
	}
	if tables>>4 > 3 || tables&15 > 3 {
		return FormatError("scan names a Huffman table out of range")
	}
	pt := part{c: c, index: index, dc: s.p.dc[tables>>4], ac: s.p.ac[tables&15], h: c.H, v: c.V}
	if s.ss == 0 && s.ah == 0 && pt.dc == nil || s.se > 0 && pt.ac == nil {
		return FormatError("scan without its Huffman table")
	}
	if c.Quant == nil {
		c.Quant = f.QuantTables[c.Tq]
	}
	s.parts = append(s.parts, pt)
	return nil
}

// layOut counts MCUs. A scan of one component codes its blocks in row order
// and only those that belong to the picture (T.81, A.2.2).
func (s *scan) layOut() {
	if len(s.parts) == 1 {
		pt := &s.parts[0]
		pt.h, pt.v = 1, 1
		s.mcusX, s.mcusY = ceilDiv(pt.c.Width, 8), ceilDiv(pt.c.Height, 8)
		return
	}
	f := s.p.file
	s.mcusX, s.mcusY = ceilDiv(f.Width, 8*s.p.maxH), ceilDiv(f.Height, 8*s.p.maxV)
}

// run decodes restart interval after restart interval. A damaged interval is
// left where it broke and the next marker taken up; without markers the scan
// ends there.
func (s *scan) run() error {
	total := s.mcusX * s.mcusY
	interval := s.p.file.RestartInterval
	if interval == 0 {
		interval = total
	}
	expected := 0
	for start := 0; start < total; {
		end := min(start+interval, total)
		done, why, err := s.interval(start, end)
		if err != nil {
			return err
		}
		s.p.mcus += done - start
		if why != sound {
			s.p.problem(fmt.Sprintf("%s at %d %% of scan %d", why, 100*done/total, s.p.file.Scans))
		}
		if end == total {
			for i := range s.parts {
				s.p.whole[s.parts[i].index] = why == sound
			}
			return nil
		}
		skip, ok := s.resync(expected)
		if !ok {
			s.p.problem(fmt.Sprintf("%s at %d %% of scan %d", short, 100*done/total, s.p.file.Scans))
			return nil
		}
		if skip > 0 {
			s.p.problem("restart intervals are missing")
		}
		start = end + skip*interval
		expected = (expected + 1 + skip) % 8
	}
	return nil
}

func (f failure) String() string {
	if f == garbled {
		return "the data is damaged"
	}
	return "the data ends early"
}

// resync moves past the next restart marker. skip is how many intervals were
// lost before it: one or two where its number says so. A marker that lags by
// one or two is a repeated one and passed over (as T.81, K.1 suggests, and
// common decoders do).
func (s *scan) resync(expected int) (skip int, ok bool) {
	for {
		number, ok := s.bits.restart(s.p.data)
		if !ok {
			return 0, false
		}
		switch ahead := (number - expected + 8) % 8; {
		case ahead <= 2:
			return ahead, true
		case ahead < 6:
			return 0, true
		}
	}
}

// interval decodes the MCUs from start to end (exclusive) and says how far it
// came and what stopped it.
func (s *scan) interval(start, end int) (done int, why failure, err error) {
	s.eobRun = 0
	for i := range s.parts {
		s.parts[i].pred = 0
	}
	for mcu := start; mcu < end; mcu++ {
		x, y := mcu%s.mcusX, mcu/s.mcusX
		if x == 0 || mcu == start {
			if err := s.p.ctx.Err(); err != nil {
				return mcu, sound, err
			}
		}
		for i := range s.parts {
			pt := &s.parts[i]
			for v := range pt.v {
				for h := range pt.h {
					s.block(s, pt, pt.c.Block(x*pt.h+h, y*pt.v+v))
				}
			}
		}
		if s.bits.failed != sound {
			return mcu, s.bits.failed, nil
		}
		if s.ss > 0 && s.ah == 0 { // nothing comes for those blocks: they need no visit
			skip := min(int(s.eobRun), end-mcu-1)
			mcu += skip
			s.eobRun -= int32(skip)
		}
	}
	return end, sound, nil
}
