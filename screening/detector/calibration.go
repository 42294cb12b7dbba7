package detector

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"sort"

	"github.com/evenhand/evenhand/text"
)

// CalibrationSchema names the shape of Calibration.
const CalibrationSchema = "evenhand.detector-calibration/1"

// Calibration is what a detector said of an operator's own pictures: honest ones
// and edited ones, a list of scores for each source (a scene, an order, a person;
// where nobody says, each picture is one).
type Calibration struct {
	Schema   string      `json:"schema"`
	Detector string      `json:"detector"`
	Version  string      `json:"version"`
	Settings string      `json:"settings"` // Card.Settings of the card it was measured with
	Measured string      `json:"measured"` // when, as YYYY-MM-DD
	Honest   [][]float64 `json:"honest"`
	Edited   [][]float64 `json:"edited"`
}

// NewCalibration puts scores on record for a card.
func NewCalibration(c *Card, measured string, honest, edited [][]float64) *Calibration {
	sorted := func(in [][]float64) [][]float64 {
		out := make([][]float64, 0, len(in))
		for _, scores := range in {
			if len(scores) > 0 {
				own := slices.Clone(scores)
				slices.Sort(own)
				out = append(out, own)
			}
		}
		slices.SortFunc(out, slices.Compare)
		return out
	}
	return &Calibration{
		Schema: CalibrationSchema, Detector: c.Name, Version: c.Version, Settings: c.Settings(), Measured: measured,
		Honest: sorted(honest), Edited: sorted(edited),
	}
}

// maxCalibration bounds, in bytes, what is read of a calibration.
const maxCalibration = 64 << 20

// readCalibration reads the calibration that a card names, which must be of this
// very network and these settings.
func readCalibration(c *Card) (*Calibration, error) {
	name := c.CalibrationFile()
	data, err := readBounded(context.Background(), name, maxCalibration)
	if err != nil {
		var known *Error
		if errors.As(err, &known) {
			err = &Error{name, text.Text{
				EN: known.Text.EN + "; evenhand eval --detector makes it. Until then leave “calibration” out of the card: its answers are notes then",
				ZH: known.Text.ZH + "。请用 evenhand eval --detector 生成；在此之前请从说明文件中去掉 calibration，结果只作备注",
			}}
		}
		return nil, err
	}
	k, err := parseCalibration(name, data)
	if err != nil {
		return nil, err
	}
	if k.Settings != c.Settings() {
		return nil, problem(name, "it was measured with another network, version, settings or an earlier Evenhand: measure again with evenhand eval --detector",
			"它是用另外的网络、版本、设置或较早的持平测得的，请用 evenhand eval --detector 重新测量")
	}
	return k, nil
}

// ReadCalibration reads a calibration, whatever card it was measured with.
func ReadCalibration(name string) (*Calibration, error) {
	data, err := readBounded(context.Background(), name, maxCalibration)
	if err != nil {
		return nil, err
	}
	return parseCalibration(name, data)
}

func parseCalibration(name string, data []byte) (*Calibration, error) {
	k := &Calibration{}
	if err := json.Unmarshal(data, k); err != nil || k.Schema != CalibrationSchema {
		return nil, problem(name, "this is no calibration: make one with evenhand eval --detector", "这不是校准文件，请用 evenhand eval --detector 生成")
	}
	for _, scores := range slices.Concat(k.Honest, k.Edited) {
		if len(scores) == 0 || !sort.Float64sAreSorted(scores) {
			return nil, problem(name, "its scores are not in order", "其中的分数没有按顺序排列")
		}
	}
	return k, nil
}

// Pictures counts those in a list of scores by source.
func Pictures(scores [][]float64) (n int) {
	for _, s := range scores {
		n += len(s)
	}
	return n
}

// Rate bounds how often an honest picture scores this high: the conformal
// p-value, with sources in place of pictures, since those of one are not
// independent (Dunn, Wasserman and Ramdas, JASA 118, 2023, "pooling"; for the
// plain one Bates, Candès, Lei, Romano and Sesia, Annals of Statistics 51, 2023):
//
//	(1 + Σ over sources of the share of their pictures at score or above) / (sources + 1)
//
// Over pictures like those measured, it is at most a given share that often or
// less. It is never below 1 / (sources + 1).
func (k *Calibration) Rate(score float64) float64 {
	return (1 + above(k.Honest, score)) / float64(len(k.Honest)+1)
}

// Found is the share of edited pictures that score this high, each source
// counting as one, and a lower bound on it at 95 %, one-sided (Wilson).
func (k *Calibration) Found(score float64) (share, low float64) {
	n := float64(len(k.Edited))
	if n == 0 {
		return 0, 0
	}
	share = above(k.Edited, score) / n
	const z = 1.644854
	centre := (share + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(share*(1-share)/n+z*z/(4*n*n))
	return share, max(0, centre-half)
}

// above sums, over sources, the share of their scores at score or above.
func above(sources [][]float64, score float64) (sum float64) {
	for _, s := range sources {
		at := sort.SearchFloat64s(s, score)
		sum += float64(len(s)-at) / float64(len(s))
	}
	return sum
}

// Threshold is the lowest score at which Rate is at most rate; false where the
// sources are too few for that.
func (k *Calibration) Threshold(rate float64) (float64, bool) {
	var all []float64
	for _, s := range k.Honest {
		all = append(all, s...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	// Just above an honest score, that one counts no more.
	at := sort.Search(len(all), func(i int) bool { return k.Rate(math.Nextafter(all[i], math.Inf(1))) <= rate })
	if at == len(all) {
		return 0, false
	}
	return math.Nextafter(all[at], math.Inf(1)), true
}
