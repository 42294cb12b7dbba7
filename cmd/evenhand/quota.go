package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/evenhand/evenhand/desk"
)

// quotaFlags bound the bytes that people send in.
type quotaFlags struct {
	QuotaClaim byteSize `default:"6GiB" env:"EVENHAND_QUOTA_CLAIM" placeholder:"SIZE" help:"Most evidence kept for one claim, or one order."`
	QuotaDay   byteSize `default:"8GiB" env:"EVENHAND_QUOTA_DAY" placeholder:"SIZE" help:"Most evidence that one person or link sends in a day."`
	QuotaKey   byteSize `default:"256GiB" env:"EVENHAND_QUOTA_KEY" placeholder:"SIZE" help:"Most evidence that one API key sends in a day."`
	MinFree    byteSize `default:"1GiB" env:"EVENHAND_MIN_FREE" placeholder:"SIZE" help:"Refuse uploads where the disk has less room than this left."`
}

func (f quotaFlags) quotas() desk.Quotas {
	bound := func(b byteSize) int64 {
		if b == 0 {
			return -1 // no bound
		}
		return int64(b)
	}
	return desk.Quotas{Claim: bound(f.QuotaClaim), Order: bound(f.QuotaClaim), Caller: bound(f.QuotaDay), Key: bound(f.QuotaKey), Free: bound(f.MinFree)}
}

// byteSize is a number of bytes as people write it: 512MiB, 2GB, 4096; 0 is no bound.
type byteSize int64

// units in the order in which they are tried: the longest endings first.
var units = []struct {
	ending string
	bytes  float64
}{
	{"kib", 1 << 10},
	{"mib", 1 << 20},
	{"gib", 1 << 30},
	{"tib", 1 << 40},
	{"kb", 1e3},
	{"mb", 1e6},
	{"gb", 1e9},
	{"tb", 1e12},
	{"b", 1},
	{"", 1},
}

// UnmarshalText reads a size.
func (b *byteSize) UnmarshalText(text []byte) error {
	s := strings.ToLower(strings.TrimSpace(string(text)))
	for _, u := range units {
		digits, ok := strings.CutSuffix(s, u.ending)
		if !ok {
			continue
		}
		n, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
		if err != nil || n < 0 || math.IsNaN(n) || n*u.bytes > 1<<60 {
			break
		}
		*b = byteSize(n * u.bytes)
		return nil
	}
	return fmt.Errorf("%.40q is no size such as 512MiB or 2GiB; 0 is no bound", string(text))
}
