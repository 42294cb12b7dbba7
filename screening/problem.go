package screening

import (
	"errors"
	"io/fs"

	"github.com/evenhand/evenhand/screening/detector"
	"github.com/evenhand/evenhand/text"
)

// texted is an error that words itself for people; imaging's errors do.
type texted interface{ Text() (en, zh string) }

// problemText says in both languages why a file could not be inspected, and
// what to do about it. The file's name is told beside it and left out here.
func problemText(err error) text.Text {
	var worded texted
	if errors.As(err, &worded) {
		en, zh := worded.Text()
		return text.Text{EN: en, ZH: zh}
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return text.Text{EN: "There is no such file: check the name and the folder.", ZH: "找不到这个文件，请检查文件名和所在文件夹。"}
	case errors.Is(err, fs.ErrPermission):
		return text.Text{
			EN: "This folder may not be read: ask its owner for permission.",
			ZH: "没有读取这个文件夹的权限，请向文件夹所有者申请权限。",
		}
	}
	reason := text.Reason(err) // without the name, which is already beside it
	return text.Text{EN: "It could not be read: " + reason.EN, ZH: "无法读取：" + reason.ZH}
}

// muteText says that a detector gave no answer, and why.
func muteText(err error) text.Text {
	t := problemText(err)
	var known *detector.Error
	if errors.As(err, &known) {
		t = known.Words()
	}
	return text.Text{EN: "A detector gave no answer: " + t.EN, ZH: "一个检测器没有给出结果：" + t.ZH}
}

// cutShortText is for a file that ended early: some of it was inspected, and
// the caller has to know that some of it was not.
func cutShortText() text.Text {
	return text.Text{
		EN: "The file is cut short: only the part that is there was inspected. Ask for the original file again.",
		ZH: "文件不完整：只检查了现有的部分。请重新索取原始文件。",
	}
}

// withMissingPart adds to a finding's words that a part of one picture was not
// there to compare, so that the gap is not read as an alteration.
func withMissingPart(t text.Text) text.Text {
	return text.Text{
		EN: t.EN + " One of the two files is cut short, and its missing part counts as different.",
		ZH: t.ZH + "两个文件之一不完整，缺失的部分会被计为不同。",
	}
}
