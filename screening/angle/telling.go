package angle

import "slices"

// telling orders the reasons for no answer by how near they come to one.
var telling = []Reason{Unread, NotCommon, SamePicture, Derived, NotSurrounded, TooPlain, Glare, TooBlurred, Undecided}

// NoAngle is a pair that is known to be no second angle before it is laid: two
// pictures of one exposure, as package reference tells, or one that was made from
// another picture and is no witness of its own.
func NoAngle(why Reason) *Pair { return &Pair{Reason: why, measured: map[string]float64{}} }

// Worth picks what is worth saying of places that were each asked about in the
// same other pictures: looks[place][other]. Of each place that is the strongest
// absence and the strongest presence. Where no place has an answer it is one look
// alone, that which came nearest to one: that a place could not be seen, told of
// each place and each picture, hides what was seen.
func Worth(looks [][]Look) (picked []Picked) {
	nearest := Picked{-1, -1}
	for place, of := range looks {
		best := map[Answer]int{}
		for other, l := range of {
			old, ok := best[l.Answer]
			switch {
			case l.Answer == Unseen:
				if nearest.Other < 0 || nearness(l) > nearness(looks[nearest.Place][nearest.Other]) {
					nearest = Picked{place, other}
				}
			case !ok || l.Strength.Rank() > of[old].Strength.Rank():
				best[l.Answer] = other
			}
		}
		for _, answer := range []Answer{Absent, Present} {
			if other, ok := best[answer]; ok {
				picked = append(picked, Picked{place, other})
			}
		}
	}
	if len(picked) == 0 && nearest.Other >= 0 {
		picked = append(picked, nearest)
	}
	return picked
}

// Picked is one of the looks that Worth was given.
type Picked struct{ Place, Other int }

func nearness(l Look) int { return slices.Index(telling, l.Reason) }
