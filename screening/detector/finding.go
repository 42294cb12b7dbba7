package detector

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/text"
)

// How rare a score must be among honest pictures to be told, and told as strong;
// how many honest pictures must have been measured for the latter; and how many
// times likelier it must at least be among edited ones.
const (
	WeakRate   = 0.01
	StrongRate = 0.001
	EnoughFor  = 1000
	Likelier   = 3
)

// Look asks about a picture and words the answer; false where there is nothing
// to tell, as for most pictures.
func (d *Detector) Look(ctx context.Context, pic *imaging.Picture) (evidence.Finding, bool, error) {
	score, err := d.Score(ctx, pic)
	if err != nil {
		return evidence.Finding{}, false, err
	}
	f, told := d.finding(score)
	return f, told, nil
}

// Name is what the operator called the detector.
func (d *Detector) Name() string { return d.Card.Name }

// Identity is a digest of all that its findings follow from: the network, the
// settings and the measurement. Answers that are kept of one are no other's.
func (d *Detector) Identity() string {
	data, err := json.Marshal(d.Calibration)
	if err != nil {
		data = nil // numbers of a file that was read can always be written
	}
	sum := sha256.Sum256(append([]byte(d.Card.Settings()), data...))
	return hex.EncodeToString(sum[:8])
}

// finding is what a score is worth.
func (d *Detector) finding(score float64) (evidence.Finding, bool) {
	c, k := d.Card, d.Calibration
	f := evidence.Finding{Code: c.Code(), Strength: evidence.Note, Stance: evidence.Neutral, Measured: map[string]float64{"score": score}}
	if k == nil {
		f.Text = text.Text{
			EN: fmt.Sprintf("The detector %s (version %s), which the operator added, gives this picture %.3f. It was not measured on the operator's own pictures: nobody knows how often it is wrong, and it proves nothing.", c.Name, short(c.Version), score),
			ZH: fmt.Sprintf("运营方添加的检测器 %s（版本 %s）给这张图片打分 %.3f。它没有在运营方自己的图片上测量过，错误率未知，不能证明任何事。", c.Name, short(c.Version), score),
		}
		return f, true
	}
	rate := k.Rate(score)
	if rate > WeakRate {
		return f, false
	}
	honest, edited := Pictures(k.Honest), Pictures(k.Edited)
	share, low := k.Found(score)
	f.FalseAlarm = rate
	for name, v := range map[string]float64{
		"honest_pictures": float64(honest), "honest_sources": float64(len(k.Honest)), "edited_pictures": float64(edited), "edited_sources": float64(len(k.Edited)),
		"edited_share": share, "edited_share_low": low,
	} {
		f.Measured[name] = v
	}
	measured := text.Text{
		EN: fmt.Sprintf("The detector %s (version %s), which the operator added, gives this picture %.3f. Of the operator's own %d honest pictures at most %.2g%% score as high, of %d edited ones %.0f%% (measured %s).",
			c.Name, short(c.Version), score, honest, 100*rate, edited, 100*share, short(k.Measured)),
		ZH: fmt.Sprintf("运营方添加的检测器 %s（版本 %s）给这张图片打分 %.3f。在运营方自己的 %d 张诚实图片中，得分这么高的至多 %.2g%%；%d 张改过的图片中有 %.0f%%（%s 测得）。",
			c.Name, short(c.Version), score, honest, 100*rate, edited, 100*share, short(k.Measured)),
	}
	if low < Likelier*rate {
		f.Text = text.Text{
			EN: measured.EN + " So far that is not clearly likelier of an edited picture than of an honest one.",
			ZH: measured.ZH + "目前还不能说明改过的图片比诚实的图片更容易得到这样的分数。",
		}
		return f, true
	}
	f.Strength, f.Stance = evidence.Weak, evidence.Against
	if rate <= StrongRate && honest >= EnoughFor {
		f.Strength = evidence.Strong
	}
	f.Text = text.Text{
		EN: measured.EN + " It is a trained network: it does not say what was changed or why, and on pictures of another kind than those measured it may be wrong more often. An edit may be honest too: a crop, light, a blurred face.",
		ZH: measured.ZH + "它是训练出来的网络，说不出改了哪里、为什么；对与测量时不同类型的图片，错误可能更多。改动也可能是诚实的，例如裁剪、调亮、遮挡人脸。",
	}
	return f, true
}
