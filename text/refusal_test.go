package text_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/evenhand/evenhand/text"
)

// TestRefusalIsFound: however deep it lies, with its code, its words and its
// cause.
func TestRefusalIsFound(t *testing.T) {
	plain := text.Refuse(text.CodeConflict, "", "Load it again.", "请刷新后重试。")
	caused := plain.Because(io.ErrUnexpectedEOF)
	got, ok := text.AsRefusal(fmt.Errorf("deciding: %w", errors.Join(io.EOF, caused)))
	if !ok || got != caused || got.Text != (text.Text{EN: "Load it again.", ZH: "请刷新后重试。"}) {
		t.Fatalf("%v %v", got, ok)
	}
	if !errors.Is(got, io.ErrUnexpectedEOF) {
		t.Error("the cause is lost")
	}
	if errors.Is(plain, io.ErrUnexpectedEOF) {
		t.Error("Because changed the refusal that it was asked of")
	}
	if _, ok := text.AsRefusal(io.EOF); ok {
		t.Error("io.EOF is no refusal")
	}
}

// TestWordsOfErrors: what the log reads is English, and names the field.
func TestWordsOfErrors(t *testing.T) {
	for want, err := range map[string]error{
		"invalid: lines[0].price: It is too small.": text.Refuse(text.CodeInvalid, "lines[0].price", "It is too small.", "太小。"),
		"not_found: There is none.":                 text.Refuse(text.CodeNotFound, "", "There is none.", "没有。"),
		"must be 1 to 5":                            text.Faultf("must be 1 to %d", "须为 1 至 %d", 5),
	} {
		if err.Error() != want {
			t.Errorf("%q, want %q", err, want)
		}
	}
}

// TestBothf: the halves may take the particulars in another order.
func TestBothf(t *testing.T) {
	got := text.Bothf("%d of %d", "共 %[2]d 份，第 %[1]d 份", 2, 7)
	if got != text.Both("2 of 7", "共 7 份，第 2 份") {
		t.Errorf("%q", got)
	}
}
