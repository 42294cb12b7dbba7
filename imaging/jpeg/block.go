package jpeg

// The block decoders: each reads one block's share of a scan. They may leave a
// half-read block behind when the bits fail; the scan then stops.

// sequential reads a whole block (T.81, F.2.2).
func (s *scan) sequential(pt *part, q []int16) {
	b := &s.bits
	pt.pred += b.signed(min(int(b.symbol(pt.dc)), 16))
	q[0] = int16(pt.pred)
	for k := 1; k < 64; k++ {
		rs := b.symbol(pt.ac)
		r, n := int(rs>>4), int(rs&15)
		if n == 0 {
			if r != 15 {
				return
			}
			k += 15
			continue
		}
		k += r
		if k > 63 {
			b.fail(garbled)
			return
		}
		q[zigzag[k]] = int16(b.signed(n))
	}
}

// dcFirst reads the high bits of a DC coefficient (T.81, G.1.2.1).
func (s *scan) dcFirst(pt *part, q []int16) {
	pt.pred += s.bits.signed(min(int(s.bits.symbol(pt.dc)), 16))
	q[0] = int16(pt.pred << s.al)
}

// dcRefine reads one more bit of a DC coefficient.
func (s *scan) dcRefine(_ *part, q []int16) {
	if s.bits.bits(1) != 0 {
		q[0] |= 1 << s.al
	}
}

// acFirst reads the high bits of a band (T.81, G.1.2.2).
func (s *scan) acFirst(pt *part, q []int16) {
	if s.eobRun > 0 {
		s.eobRun--
		return
	}
	b := &s.bits
	for k := s.ss; k <= s.se; k++ {
		rs := b.symbol(pt.ac)
		r, n := int(rs>>4), int(rs&15)
		if n == 0 {
			if r != 15 {
				s.eobRun = 1<<r + b.bits(r) - 1
				return
			}
			k += 15
			continue
		}
		k += r
		if k > s.se {
			b.fail(garbled)
			return
		}
		q[zigzag[k]] = int16(b.signed(n) << s.al)
	}
}

// acRefine reads one more bit of each coefficient of a band that is not zero
// yet, and the coefficients that become so (T.81, G.1.2.3).
func (s *scan) acRefine(pt *part, q []int16) {
	b := &s.bits
	one := int16(1) << s.al
	k := s.ss
	for s.eobRun == 0 && k <= s.se {
		rs := b.symbol(pt.ac)
		if b.failed != sound {
			return
		}
		zeros, fresh := int(rs>>4), int16(0)
		switch rs & 15 {
		case 0:
			if zeros != 15 {
				s.eobRun = 1<<zeros + b.bits(zeros)
			}
		case 1:
			fresh = one
			if b.bits(1) == 0 {
				fresh = -one
			}
		default:
			b.fail(garbled)
			return
		}
		if s.eobRun > 0 {
			break
		}
		k = s.refine(q, k, zeros, one)
		if fresh != 0 {
			if k > s.se {
				b.fail(garbled)
				return
			}
			q[zigzag[k]] = fresh
		}
		k++
	}
	if s.eobRun > 0 {
		s.refine(q, k, 64, one)
		s.eobRun--
	}
}

// refine passes coefficients from k on, reading a bit for each that is not
// zero, until it stands on a zero after having passed as many others as zeros
// says. It returns where it stands, se+1 at the band's end.
func (s *scan) refine(q []int16, k, zeros int, one int16) int {
	for ; k <= s.se; k++ {
		c := &q[zigzag[k]]
		if *c == 0 {
			if zeros == 0 {
				return k
			}
			zeros--
			continue
		}
		// A bit already there was read before a resynchronisation.
		if s.bits.bits(1) != 0 && *c&one == 0 {
			if *c > 0 {
				*c += one
			} else {
				*c -= one
			}
		}
	}
	return k
}
