package eval

import (
	"math/rand/v2"
	"slices"
)

// crossed draws up to n pairs of a claim with another pair's reference, where
// the two pairs share no source: whatever an editor does alike to everything it
// touches must not pass for a copy. Each claim comes up as often as the next,
// but for one. The same seed and pairs give the same draw; there are fewer than
// n where not so many exist or chance did not meet them.
func crossed(pairs []pair, n int, seed uint64) []pair {
	if n <= 0 || len(pairs) < 2 {
		return nil
	}
	rng := rand.New(rand.NewPCG(seed, hash("cross")))
	seen := map[[2]int]bool{}
	turn := rng.Perm(len(pairs))
	var out []pair
	for tries := 0; len(out) < n && tries < 20*n+20*len(pairs); tries++ {
		i, j := turn[tries%len(pairs)], rng.IntN(len(pairs))
		if i == j || seen[[2]int{i, j}] || shareSource(pairs[i], pairs[j]) {
			continue
		}
		seen[[2]int{i, j}] = true
		claim, ref := pairs[i], pairs[j]
		out = append(out, pair{
			set: Cross, kind: claim.kind, tool: claim.tool, folder: claim.folder, against: ref.folder, key: claim.key,
			claim: claim.claim, reference: ref.reference, sources: slices.Concat(claim.sources, ref.sources),
		})
	}
	return out
}

func shareSource(a, b pair) bool {
	return slices.ContainsFunc(a.sources, func(s string) bool { return slices.Contains(b.sources, s) })
}
