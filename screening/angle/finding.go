package angle

import (
	"fmt"
	"maps"
	"path/filepath"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/text"
)

// Finding words the answer for people; otherName is the second picture's file.
func (l Look) Finding(otherName string) evidence.Finding {
	name := filepath.Base(otherName)
	return l.FindingOn(otherName, text.Text{EN: "“" + name + "”", ZH: "「" + name + "」"})
}

// FindingOn is Finding for a picture that has an id, and words instead of a
// name: "the buyer's second photo".
func (l Look) FindingOn(id string, called text.Text) evidence.Finding {
	f := evidence.Finding{
		Code: l.Code(), Strength: l.Strength, Stance: l.Stance(), Reference: id, FalseAlarm: l.FalseAlarm,
		Regions: []evidence.Region{l.Place}, Measured: l.Measured,
	}
	switch f.Code {
	case evidence.AngleInconsistent:
		f.Text = l.absent(called)
	case evidence.AngleConsistent:
		f.Text = l.present(called)
	default:
		f.Text = l.unseen(called)
	}
	return f
}

// FindingThere is FindingOn the other way round: for the second picture, which
// was asked about a place on the first, and came after it. Its region is where
// the place lies in the second picture, where that is known; "there_…" is the
// place on the first.
func (l Look) FindingThere(id string, called text.Text) evidence.Finding {
	f := l.FindingOn(id, called)
	f.Measured = maps.Clone(l.Measured)
	f.Regions = nil
	if w := l.Measured["there_width"]; w > 0 {
		f.Regions = []evidence.Region{{
			X: l.Measured["there_x"], Y: l.Measured["there_y"], Width: w, Height: l.Measured["there_height"], Kind: evidence.Asked,
		}}
		f.Measured["there_x"], f.Measured["there_y"] = l.Place.X, l.Place.Y
		f.Measured["there_width"], f.Measured["there_height"] = l.Place.Width, l.Place.Height
	}
	switch f.Code {
	case evidence.AngleInconsistent:
		f.Text = l.absentHere(called)
	case evidence.AngleConsistent:
		f.Text = l.presentHere(called)
	default:
		why := unseenWhy[l.Reason]
		f.Text = text.Text{
			EN: fmt.Sprintf("This photo cannot say whether a place in doubt on %s is as it is shown there: %s. This speaks for neither side.", called.EN, why.EN),
			ZH: fmt.Sprintf("这张照片无法印证%s上有疑问的一处：%s。这对双方都不构成不利。", called.ZH, why.ZH),
		}
	}
	return f
}

// Code names the answer.
func (l Look) Code() evidence.Code {
	switch l.Answer {
	case Absent:
		return evidence.AngleInconsistent
	case Present:
		return evidence.AngleConsistent
	}
	return evidence.AngleUnseen
}

// Stance is whom the answer speaks for.
func (l Look) Stance() evidence.Stance {
	switch l.Answer {
	case Absent:
		return evidence.Against
	case Present:
		return evidence.For
	}
	return evidence.Neutral
}

func (l Look) absent(name text.Text) text.Text {
	around, missing := l.Measured["ring"], 100*l.Missing
	t := text.Text{
		EN: fmt.Sprintf("What this photo shows in the outlined place is not there in %s, which shows the same surface from elsewhere: the %.0f patches around the place lie there as on one rigid thing, and %.0f%% of what is inside has no counterpart.", name.EN, around, missing),
		ZH: fmt.Sprintf("这张照片框出处的内容，在%s中并不存在。后者从另一位置拍到了同一表面：周围 %.0f 处纹理按同一刚性物体逐一对上，而框内内容的 %.0f%% 找不到对应。", name.ZH, around, missing),
	}
	return l.whatAbsenceIsNot(t)
}

// whatAbsenceIsNot adds what an absence asks for, and what it does not prove.
func (l Look) whatAbsenceIsNot(t text.Text) text.Text {
	if l.Strength == evidence.Strong {
		t.EN += " A person should look at both."
		t.ZH += "请人工对照两张照片。"
	}
	t.EN += " It does not show which of the two photos was changed, nor by whom; a light, a drop or a crumb that was there for only one of them can look the same."
	t.ZH += "这一结果不能说明哪一张被改过，也不能说明是谁改的；只在其中一张里出现的反光、水珠或碎屑也可能造成同样的现象。"
	return t
}

func (l Look) present(name text.Text) text.Text {
	t := text.Text{
		EN: fmt.Sprintf("What this photo shows in the outlined place is also there in %s, seen from elsewhere: it lies where the surface around it says (%.0f patches), turns with it, and has the same details (%.0f%% of them).", name.EN, l.Measured["ring"], 100*(1-l.Missing)),
		ZH: fmt.Sprintf("这张照片框出处的内容，在从另一位置拍摄的%s中同样存在：位置与周围表面推算的一致（%.0f 处纹理），随表面一起转动，细节也相同（%.0f%%）。", name.ZH, l.Measured["ring"], 100*(1-l.Missing)),
	}
	return whatPresenceIsNot(t)
}

// whatPresenceIsNot adds what damage seen twice does not prove.
func whatPresenceIsNot(t text.Text) text.Text {
	t.EN += " It does not show when the damage was done, nor by whom; and whoever paints both photos alike, or photographs a picture twice, gets the same."
	t.ZH += "这一结果不能说明损坏发生在何时、由谁造成；若两张照片被改得一模一样，或把同一张图片翻拍两次，结果也会相同。"
	return t
}

// absentHere is absent, told on the second picture.
func (l Look) absentHere(name text.Text) text.Text {
	return l.whatAbsenceIsNot(text.Text{
		EN: fmt.Sprintf("What %s shows at the place outlined here is not there in this photo, which shows the same surface from elsewhere: the %.0f patches around the place lie here as on one rigid thing, and %.0f%% of what is inside has no counterpart.", name.EN, l.Measured["ring"], 100*l.Missing),
		ZH: fmt.Sprintf("%s在框出位置所示的内容，在这张照片中并不存在。这张照片从另一位置拍到了同一表面：周围 %.0f 处纹理按同一刚性物体逐一对上，而框内内容的 %.0f%% 找不到对应。", name.ZH, l.Measured["ring"], 100*l.Missing),
	})
}

// presentHere is present, told on the second picture.
func (l Look) presentHere(name text.Text) text.Text {
	return whatPresenceIsNot(text.Text{
		EN: fmt.Sprintf("What %s shows is also there in this photo, in the outlined place, seen from elsewhere: it lies where the surface around it says (%.0f patches), turns with it, and has the same details (%.0f%% of them).", name.EN, l.Measured["ring"], 100*(1-l.Missing)),
		ZH: fmt.Sprintf("%s所示的内容，在这张从另一位置拍摄的照片框出处同样存在：位置与周围表面推算的一致（%.0f 处纹理），随表面一起转动，细节也相同（%.0f%%）。", name.ZH, l.Measured["ring"], 100*(1-l.Missing)),
	})
}

// unseenWhy says for each reason why there is no answer.
var unseenWhy = map[Reason]text.Text{
	NotCommon:     {EN: "the two photos show too little in common", ZH: "两张照片中相同的部分太少"},
	SamePicture:   {EN: "it is, or may be, the same picture bent or lit otherwise, or was taken from the same spot, and so no second angle", ZH: "它是、或可能是同一张图片经弯曲或调光而来，或在同一位置拍摄，算不上另一个角度"},
	Derived:       {EN: "it was itself made from another picture, and bears nothing out", ZH: "它本身就是由另一张图片制作而成，不能用来印证"},
	Unread:        {EN: "one of the two photos could not be opened then", ZH: "其中一张照片当时未能打开"},
	NotSurrounded: {EN: "the surface around the place is not seen in both, or is too uneven there", ZH: "该处周围的表面没有同时被两张照片拍到，或者起伏过大"},
	TooPlain:      {EN: "the place shows too little at the fineness that both photos have", ZH: "在两张照片都能达到的清晰度下，该处没有足够的内容可供比对"},
	Glare:         {EN: "light hides the place", ZH: "该处被反光遮住"},
	TooBlurred:    {EN: "even what surrounds the place looks different in the two", ZH: "连该处周围在两张照片里看起来也不一样"},
	Undecided:     {EN: "what is seen there is neither clearly the same nor clearly something else", ZH: "所见内容既不能说相同，也不能说明显不同"},
}

func (l Look) unseen(name text.Text) text.Text {
	why := unseenWhy[l.Reason]
	return text.Text{
		EN: fmt.Sprintf("%s cannot say whether the outlined place is as this photo shows it: %s. This speaks for neither side.", capital(name.EN), why.EN),
		ZH: fmt.Sprintf("%s无法印证这张照片框出处的内容：%s。这对双方都不构成不利。", name.ZH, why.ZH),
	}
}

// capital begins a sentence.
func capital(s string) string {
	if s != "" && s[0] >= 'a' && s[0] <= 'z' {
		return string(s[0]-'a'+'A') + s[1:]
	}
	return s
}
