package aigc

import (
	"strings"
	"testing"

	"github.com/evenhand/evenhand/evidence"
)

func TestDuty(t *testing.T) {
	one := func(d Degree) Labels { return Labels{{Label: Label{Label: d, ContentProducer: "x"}}} }
	for _, tt := range []struct {
		name             string
		labels           Labels
		declared, traces bool
		want             Case
		notice           string
	}{
		{"labelled", one(Generated), false, false, Labelled, "该内容属于人工智能生成合成内容。"},
		{"labelled and declared", one(Generated), true, true, Labelled, "该内容属于人工智能生成合成内容。"},
		{"labelled without degree", one(Unstated), false, false, Labelled, "该内容属于人工智能生成合成内容。"},
		{"declared", nil, true, false, Declared, "该内容可能为人工智能生成合成内容。"},
		{"declared, with traces", nil, true, true, Declared, "该内容可能为人工智能生成合成内容。"},
		{"labelled as possible", one(Possible), false, false, Declared, "该内容可能为人工智能生成合成内容。"},
		{"traces", nil, false, true, Traced, "该内容疑似人工智能生成合成内容。"},
		{"labelled as suspected", one(Suspected), false, false, Traced, "该内容疑似人工智能生成合成内容。"},
		{"suspected and declared", one(Suspected), true, false, Declared, "该内容可能为人工智能生成合成内容。"},
		{"nothing", nil, false, false, NoCase, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := DutyFor(tt.labels, tt.declared, tt.traces)
			if got.Case != tt.want || got.Notice.ZH != tt.notice || got.Fields != (tt.want != NoCase) || got.Text.EN == "" || got.Text.ZH == "" {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestFindings(t *testing.T) {
	label := func(d Degree, producer string) Found {
		return Found{Label: Label{Label: d, ContentProducer: producer}, Form: XMPElement}
	}
	for _, tt := range []struct {
		name     string
		labels   Labels
		strength evidence.Strength
		has      string
	}{
		{"named", Labels{label(Generated, fresh.ContentProducer)}, evidence.Strong, "91440300708461136T, check digit correct"},
		{"made up", Labels{label(Generated, "001191440300708461136X13080")}, evidence.Strong, "wrong check digit"},
		{"by name", Labels{label(Generated, "doubao")}, evidence.Strong, "producer: doubao"},
		{"by nobody", Labels{label(Generated, "")}, evidence.Weak, "made or altered by AI"},
		{"possible", Labels{label(Possible, "x")}, evidence.Weak, "possibly"},
		{"suspected", Labels{label(Suspected, "x")}, evidence.Weak, "suspected"},
		{"trial", Labels{label(Unstated, "value2")}, evidence.Weak, "without a degree"},
		{"service", Labels{{Service: "腾讯云", ServiceUser: "1"}}, evidence.Strong, "腾讯云"},
		{"steering characters", Labels{label(Generated, "a\x1b[31m\nb"+strings.Repeat("x", 200))}, evidence.Strong, "a [31m b"},
		{"several", Labels{label(Possible, "x"), label(Generated, "y")}, evidence.Strong, "2 labels that disagree"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.labels.Findings()
			if len(got) != 1 {
				t.Fatalf("%d findings", len(got))
			}
			f := got[0]
			if f.Code != evidence.ProvenanceAIGCLabel || f.Strength != tt.strength || f.Stance != evidence.Against {
				t.Errorf("got %s %s %s", f.Code, f.Strength, f.Stance)
			}
			if !strings.Contains(f.Text.EN, tt.has) || !strings.Contains(f.Text.EN, "can be added to a real photo") || !strings.Contains(f.Text.ZH, "真实照片") {
				t.Errorf("got %s / %s", f.Text.EN, f.Text.ZH)
			}
			if strings.ContainsAny(f.Text.EN+f.Text.ZH, "\x1b\n") {
				t.Error("a stranger's control characters came through")
			}
		})
	}
	if got := (Labels{}).Findings(); got != nil {
		t.Errorf("an unlabelled file has findings: %v", got)
	}
}
