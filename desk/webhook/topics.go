package webhook

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/text"
)

// knownTopic refuses a topic that no message has, and names the one that was
// probably meant: mistyped, or without its "claim.".
func knownTopic(t string) error {
	known := desk.Topics()
	if slices.Contains(known, t) {
		return nil
	}
	meant := cmp.Or(policy.Nearest(t, known), policy.Nearest("claim."+t, known))
	if i := slices.IndexFunc(known, func(k string) bool { return len(t) > len("claim.") && strings.HasPrefix(k, t) }); meant == "" && i >= 0 {
		meant = known[i]
	}
	if meant == "" {
		return text.Refuse(text.CodeInvalid, "topics", fmt.Sprintf("There is no topic %q. There are remedy.ordered, claim. with a move, such as claim.submitted, and webhook.test; none at all means all of them.", t),
			fmt.Sprintf("没有 %q 这个事件。可用的是 remedy.ordered、claim. 加动作名（如 claim.submitted）和 webhook.test；一个都不填即接收全部。", t))
	}
	return text.Refuse(text.CodeInvalid, "topics", fmt.Sprintf("There is no topic %q; did you mean %s?", t, meant), fmt.Sprintf("没有 %q 这个事件，是否指 %s？", t, meant))
}
