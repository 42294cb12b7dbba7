// Package trace looks for what editing leaves inside one picture, with nothing
// to compare it with: each instrument has a folder of its own, and this package
// words what they find.
//
// The traces are those of tools, not of intent. Whoever circles the damage on a
// photo leaves the same trace as whoever paints it, so nothing here is more than
// weak, and a photo without any trace is an ordinary photo: messengers that
// shrink and compress take all of it away. docs/trace.md has the measured rates.
package trace

import (
	"context"
	"fmt"
	"image"
	"math"
	"slices"
	"strings"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/imaging/feature"
	"github.com/evenhand/evenhand/screening/trace/copymove"
	"github.com/evenhand/evenhand/screening/trace/grid"
	"github.com/evenhand/evenhand/screening/trace/quant"
	"github.com/evenhand/evenhand/screening/trace/size"
	"github.com/evenhand/evenhand/text"
)

// measured is what the instruments saw in one picture.
type measured struct {
	grid  grid.Result
	quant quant.Result
	copy  copymove.Result
	// width and height of the upright picture, in pixels.
	width, height int
}

// Look examines one picture; p is what the file's bytes decode to, spots are its
// features, each pixel of which spans so many of the upright picture's. The
// findings are strongest first. The error is ctx's.
func Look(ctx context.Context, data []byte, p *imaging.Picture, spots *feature.Set, span float64) ([]evidence.Finding, error) {
	m, err := measure(ctx, data, p, spots, span)
	if err != nil {
		return nil, err
	}
	return m.findings(), nil
}

func measure(ctx context.Context, data []byte, p *imaging.Picture, spots *feature.Set, span float64) (m measured, err error) {
	m.width, m.height = p.Width, p.Height
	// What a JPEG's own compression left of another grid is too little to be found:
	// where it could be, the values that the first compression forbids tell more.
	if p.Format != "jpeg" {
		if m.grid, err = grid.Look(ctx, p); err != nil {
			return m, err
		}
	}
	if m.quant, err = quant.Look(ctx, data, p, (*image.Point)(m.grid.Main)); err != nil {
		return m, err
	}
	m.copy, err = copymove.Look(ctx, p, spots, span)
	return m, err
}

func (m *measured) findings() []evidence.Finding {
	out := slices.Concat(compressedOnce(m.quant), foreignGrid(m.grid), thereTwice(m.copy), modelSize(m.width, m.height))
	slices.SortStableFunc(out, func(a, b evidence.Finding) int { return b.Strength.Rank() - a.Strength.Rank() })
	return out
}

// Bounds on when a trace speaks; chosen on half of the scenes and tested on the
// other half, see docs/trace.md.
const (
	// mostLogNFA is log10 of the expected number of such areas by chance.
	mostLogNFA = -10
	// mostShare is the largest part of the picture that may have missed a
	// compression, mostForeign the largest that may lie on another grid, and
	// leastMain the least share of all voting cells that lie on the picture's own.
	// Otherwise the picture as a whole has two pasts, as after a crop.
	mostShare   = 0.5
	mostForeign = 0.3
	leastMain   = 0.55
	// leastForeign is the least share of an area's cells that lie on its grid.
	leastForeign = 0.35
	// mostAreas bounds what is listed.
	mostAreas = 12
)

// foreignGrid words areas on another JPEG grid.
func foreignGrid(r grid.Result) []evidence.Finding {
	var regions []evidence.Region
	least := 0.0
	for _, a := range r.Areas {
		if a.LogNFA <= mostLogNFA && float64(a.Odd) >= leastForeign*float64(a.Voting) {
			regions = append(regions, evidence.Region{X: a.X, Y: a.Y, Width: a.Width, Height: a.Height, Kind: evidence.Altered})
			least = min(least, a.LogNFA)
		}
	}
	if len(regions) == 0 || r.Share > mostForeign || float64(r.Votes) < leastMain*float64(r.Voting) {
		return nil
	}
	return []evidence.Finding{{
		Code: evidence.TraceForeignGrid, Strength: evidence.Weak, Stance: evidence.Against, Regions: largest(regions),
		Text: text.Text{
			EN: fmt.Sprintf("In %s the blocks of an earlier JPEG compression lie on another grid than in the rest of the picture: what is there was pasted, from another file or from elsewhere in this one. Collages, stickers and a photo within a photo do that too: look at the place, and ask for the photo as it was taken.", placesEN(len(regions))),
			ZH: fmt.Sprintf("图中有%s处（见标出部位）早先 JPEG 压缩留下的网格与其余画面错位：那里的内容是贴上去的，可能来自另一份文件，也可能取自本图别处。拼图、贴纸、图中图也会如此。请查看标出部位，并请买家提供未修改的原图。", placesZH(len(regions))),
		},
		Measured: map[string]float64{"places": float64(len(regions)), "share": r.Share, "log10_nfa": rounded(least), "cells_on_grid": float64(r.Votes), "cells": float64(r.Voting)},
	}}
}

// compressedOnce words areas that missed the first compression.
func compressedOnce(r quant.Result) []evidence.Finding {
	var regions []evidence.Region
	least := 0.0
	for _, a := range r.Areas {
		if a.LogNFA <= mostLogNFA {
			regions = append(regions, evidence.Region{X: a.X, Y: a.Y, Width: a.Width, Height: a.Height, Kind: evidence.Altered})
			least = min(least, a.LogNFA)
		}
	}
	if len(regions) == 0 || r.Share > mostShare {
		return nil
	}
	return []evidence.Finding{{
		Code: evidence.TraceCompressedOnce, Strength: evidence.Weak, Stance: evidence.Against, Regions: largest(regions),
		Text: text.Text{
			EN: fmt.Sprintf("The picture was saved as a JPEG before, but what is in %s was not: it was painted, pasted, erased or generated afterwards. Circles, arrows, dates, blurred names and touched-up faces do that too: look at the place, and ask for the photo as it was taken.", placesEN(len(regions))),
			ZH: fmt.Sprintf("这张图此前曾存为 JPEG，但有%s处内容（见标出部位）没有经过那次压缩：是之后才绘制、拼贴、抹除或生成的。画圈、箭头、时间水印、遮挡姓名、美颜也会如此。请查看标出部位，并请买家提供未修改的原图。", placesZH(len(regions))),
		},
		Measured: map[string]float64{"places": float64(len(regions)), "share": r.Share, "log10_nfa": rounded(least), "frequencies": float64(r.Known)},
	}}
}

// thereTwice words parts that were copied within the picture.
func thereTwice(r copymove.Result) []evidence.Finding {
	if len(r.Copies) == 0 {
		return nil
	}
	var regions []evidence.Region
	likeness, squares := 0.0, 0
	for _, c := range r.Copies {
		for _, p := range []copymove.Part{c.From, c.To} {
			regions = append(regions, evidence.Region{X: p.X, Y: p.Y, Width: p.Width, Height: p.Height, Kind: evidence.Altered})
		}
		likeness, squares = max(likeness, c.Likeness), squares+c.Squares
	}
	return []evidence.Finding{{
		Code: evidence.TraceCopyMove, Strength: evidence.Weak, Stance: evidence.Against, Regions: regions[:min(len(regions), mostAreas)],
		Text: text.Text{
			EN: "Two places of the picture are the same, to a small part of a pixel and a whole number of pixels apart: one is a copy of the other. Retouching tools that fill a place from another one do that; so do collages that show one photo twice. Which place is the copy is not told: look at both, and ask for the photo as it was taken.",
			ZH: "图中有两处的细节逐像素相同，且相距整数个像素：一处是另一处的复制。用别处画面填补的修图工具会这样，把同一张照片放两次的拼图也会。哪一处是复制品无法分辨，请查看两处，并请买家提供未修改的原图。",
		},
		Measured: map[string]float64{"copies": float64(len(r.Copies)), "squares": float64(squares), "likeness": math.Round(1000*likeness) / 1000},
	}}
}

// modelSize words a picture that has exactly a size which image models give.
func modelSize(w, h int) []evidence.Finding {
	rows := size.Models(w, h)
	if len(rows) == 0 {
		return nil
	}
	models := modelNames(rows)
	f := evidence.Finding{
		Code: evidence.TraceModelSize, Strength: evidence.Weak, Stance: evidence.Against,
		Text: text.Text{
			EN: fmt.Sprintf("The picture is %d x %d pixels: a size that image models give (%s), of a shape that no camera's picture has, however it is shrunk. Cropping by hand meets such a size by chance about once in ten thousand times. Ask how the picture was made.", w, h, models.EN),
			ZH: fmt.Sprintf("图片为 %d×%d 像素，正是图像生成模型（%s）输出的尺寸；相机照片无论怎样等比缩小都不是这个比例，手工裁剪碰巧得到这类尺寸的机会约为万分之一。请询问图片的来历。", w, h, models.ZH),
		},
		Measured: map[string]float64{"width": float64(w), "height": float64(h)},
	}
	if size.Camera(w, h) {
		f.Strength, f.Stance = evidence.Note, evidence.Neutral
		f.Text = text.Text{
			EN: fmt.Sprintf("The picture is %d x %d pixels, a size that image models give (%s). A camera's picture that somebody shrank to this width has it too.", w, h, models.EN),
			ZH: fmt.Sprintf("图片为 %d×%d 像素，与图像生成模型（%s）的输出尺寸相同；相机照片缩小到这个宽度也会如此。", w, h, models.ZH),
		}
	}
	return []evidence.Finding{f}
}

// modelNames names models in a row.
func modelNames(rows []size.Row) text.Text {
	var en, zh []string
	for _, r := range rows {
		e, z := r.Model, r.Model
		if r.Kin {
			e, z = e+" and editors built on it", z+" 及以其为基础的编辑器"
		}
		en, zh = append(en, e), append(zh, z)
	}
	return text.Text{EN: strings.Join(en, ", "), ZH: strings.Join(zh, "、")}
}

// rounded keeps a logarithm short, and finite for JSON.
func rounded(v float64) float64 { return math.Round(10*max(v, -9999)) / 10 }

// largest keeps the largest regions, in order of size.
func largest(r []evidence.Region) []evidence.Region {
	slices.SortStableFunc(r, func(a, b evidence.Region) int {
		switch x, y := a.Width*a.Height, b.Width*b.Height; {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	return r[:min(len(r), mostAreas)]
}

func placesEN(n int) string {
	if n == 1 {
		return "the marked place"
	}
	return fmt.Sprintf("%d marked places", n)
}

func placesZH(n int) string { return fmt.Sprintf(" %d ", n) }
