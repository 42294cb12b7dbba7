// Command first-claims tells four stories over the API alone, as a platform's
// engineer would: a forged claim that a reviewer refuses, an honest one that
// is paid, one that the merchant's own standing consent settles at once, and
// an appeal that overturns.
//
//	evenhand serve --demo                  # in one terminal
//	go run ./examples/first-claims         # in another
//
// Without the demonstration it needs a platform's key and two reviewers:
//
//	evenhand serve --no-require-totp       # a script has no second factor
//	evenhand key create example
//	evenhand user add lin  --role reviewer --password-stdin
//	evenhand user add chen --role reviewer --password-stdin
//	go run ./examples/first-claims -key ehk_… -reviewer lin:PASSWORD -second chen:PASSWORD
//
// Read tell first; everything else is how to send a request.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"time"
)

func main() {
	server := flag.String("server", "http://127.0.0.1:8080", "where evenhand serve listens")
	demo := flag.String("demo", "evenhand-data/demo.json", "logins that evenhand serve --demo wrote")
	key := flag.String("key", os.Getenv("EVENHAND_KEY"), "API key of the platform")
	first := flag.String("reviewer", os.Getenv("EVENHAND_REVIEWER"), "login:password of a reviewer")
	second := flag.String("second", os.Getenv("EVENHAND_SECOND"), "login:password of another reviewer")
	flag.Parse()
	if *key == "" || *first == "" || *second == "" {
		if err := fromDemo(*demo, key, first, second); err != nil {
			fmt.Fprintln(os.Stderr, "first-claims: start evenhand serve --demo, or give -key, -reviewer and -second:", err)
			os.Exit(2)
		}
	}
	if err := tell(*server, *key, *first, *second); err != nil {
		fmt.Fprintln(os.Stderr, "first-claims:", err)
		os.Exit(1)
	}
}

// fromDemo fills in what was not given from the demonstration's logins.
func fromDemo(file string, key, first, second *string) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var s struct {
		Key    string
		Logins []struct{ Login, Password, Role string }
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return err
	}
	into := []*string{first, second}
	for _, l := range s.Logins {
		if l.Role == "reviewer" && len(into) > 0 {
			*into[0], into = l.Login+":"+l.Password, into[1:]
		}
	}
	*key = s.Key
	return nil
}

// say prints one step in both languages.
func say(en, zh string, args ...any) {
	fmt.Printf("· %s\n  %s\n", fmt.Sprintf(en, args...), fmt.Sprintf(zh, args...))
}

// must ends a story at the first thing that fails; tell catches it.
func must(err error) {
	if err != nil {
		panic(failure{err})
	}
}

// check fails the story where the claim is not what it should be.
func check(ok bool, what string, c claim) {
	if !ok {
		must(fmt.Errorf("%s: claim %s is %s, closing %q, remedy %+v", what, c.ID, c.State, c.Closing, c.Remedy))
	}
}

type failure struct{ error }

// tell tells the four stories. Ids are made of the time, so that they can be
// told again on the same server.
func tell(server, key, first, second string) (err error) {
	defer func() {
		r := recover()
		f, told := r.(failure)
		if told {
			err = f.error
		} else if r != nil {
			panic(r)
		}
	}()
	platform := withKey(server, key)
	lin, chen := signIn(server, first), signIn(server, second)
	run := fmt.Sprint(time.Now().UnixMilli())
	photos := newCamera(uint64(time.Now().UnixNano()))

	fmt.Println("1. A forged claim / 伪造的申请")
	platform.put("/v1/merchants/EX-"+run, map[string]any{"name": "Example pottery 示例陶瓷店"})
	order := platform.order("EX-"+run+"-1", "EX-"+run, "EXB-"+run+"-1", 16800)
	platform.upload("/v1/orders/"+order+"/media", "listing", photos.listing())
	say("The platform tells the desk of an order, with the shop's listing photo.", "平台推送一份订单，附商品图。")
	c := platform.file(order, "refund_only", "damaged", "It came broken. 收到时已经碎了。")
	for i, purpose := range []string{"whole", "close_up", "second_angle"} {
		platform.upload("/v1/claims/"+c.ID+"/evidence", purpose, photos.forged(i))
	}
	c = platform.move(c, "/submit", nil)
	say("A buyer asks for the money back; the photos are the listing photo with cracks painted on it.", "买家申请仅退款，照片是在商品图上画了裂痕。")
	c = platform.until(c, "awaiting_merchant")
	say("The photos were examined. No machine refuses: the merchant is asked first.", "照片已鉴定。机器不作拒绝，先请商家答复。")
	shop := withLink(server, platform.link(c, "merchant"))
	c = shop.move(c, "/contest", map[string]any{"text": "That is our own listing photo. 这是我们自己的商品图。"})
	say("The merchant disagrees, by the signed link it was sent.", "商家通过签名链接提出异议。")
	c = platform.until(c, "review")
	lin.lease(c)
	found := lin.findings(c)
	c = lin.move(c, "/decision", map[string]any{
		"outcome": "refused", "reasons": []string{"not_genuine"}, "findings": found,
		"text": "The photos were made from the shop's listing photo. 照片由商品图改成。",
	})
	check(c.State == "decided" && len(found) > 0, "a forged claim is refused", c)
	say("Reviewer %s refuses, resting on %d findings, with reasons that both sides read. An appeal is open for 7 days.", "审核员 %s 依据 %d 项鉴定发现作出“不支持”的裁决，双方都能看到理由；7 天内可申诉。", lin.name, len(found))
	withLink(server, platform.link(c, "buyer")).explain(c)

	fmt.Println("2. An honest claim / 诚实的申请")
	order = platform.order("EX-"+run+"-2", "EX-"+run, "EXB-"+run+"-2", 16800)
	platform.upload("/v1/orders/"+order+"/media", "listing", photos.listing())
	c = platform.file(order, "refund_only", "damaged", "The rim is cracked. 杯口有裂痕。")
	for i, purpose := range []string{"whole", "close_up", "second_angle"} {
		platform.upload("/v1/claims/"+c.ID+"/evidence", purpose, photos.honest(i))
	}
	c = platform.until(platform.move(c, "/submit", nil), "awaiting_merchant")
	say("Another buyer photographs a mug that really is cracked.", "另一位买家拍下了真正有裂痕的杯子。")
	shop = withLink(server, platform.link(c, "merchant"))
	c = platform.until(shop.move(c, "/contest", map[string]any{"text": "It left us whole. 发货时完好。"}), "review")
	lin.lease(c)
	c = lin.move(c, "/decision", map[string]any{
		"outcome": "granted", "reasons": []string{"damage_shown"}, "remedy": map[string]any{"kind": "refund_only", "amount": c.Ask},
		"text": "Three views show the same crack. 三个角度显示同一处裂痕。",
	})
	c = platform.move(c, "/remedy/done", nil)
	check(c.Remedy != nil && c.Remedy.State == "done", "an honest claim is paid", c)
	say("The reviewer grants it, and the platform has paid: %s.", "审核员支持，平台已退款：%s。", c.Remedy.Amount)

	fmt.Println("3. The merchant's standing consent / 商家事先同意")
	platform.put("/v1/merchants/EXC-"+run, map[string]any{"name": "Example tea 示例茶铺", "consent": map[string]any{
		"kinds": []string{"refund_only"}, "up_to": map[string]any{"amount": 5000, "currency": "CNY"},
	}})
	order = platform.order("EX-"+run+"-3", "EXC-"+run, "EXB-"+run+"-3", 3900)
	c = platform.file(order, "refund_only", "damaged", "One cup broke on the way. 路上碎了一只。")
	for i, purpose := range []string{"whole", "close_up", "second_angle"} {
		platform.upload("/v1/claims/"+c.ID+"/evidence", purpose, photos.honest(10+i))
	}
	c = platform.until(platform.move(c, "/submit", nil), "closed")
	check(c.Closing == "settled", "a small claim is settled", c)
	say("The shop had agreed to refunds of up to 50 yuan; nobody had to be asked.", "店铺事先同意 50 元以内仅退款，无需再询问任何人。")

	fmt.Println("4. An appeal / 申诉")
	order = platform.order("EX-"+run+"-4", "EX-"+run, "EXB-"+run+"-4", 8800)
	c = platform.submitted(order, "refund_only", "not_received", "It says delivered; nobody has it. 显示签收，但没有收到。")
	shop = withLink(server, platform.link(c, "merchant"))
	c = platform.until(shop.move(c, "/contest", map[string]any{"text": "The carrier delivered it. 快递已签收。"}), "review")
	lin.lease(c)
	c = lin.move(c, "/decision", map[string]any{"outcome": "refused", "reasons": []string{"delivered_as_ordered"}, "text": "The tracking shows a delivery. 物流显示已投递。"})
	say("%s refuses: the tracking shows a delivery.", "%s 不支持：物流显示已投递。", lin.name)
	c = platform.move(c, "/appeal", map[string]any{"side": "buyer", "text": "The signature is not mine. 签名不是我的。"})
	c = platform.until(c, "review")
	if lin.mayLease(c) {
		must(fmt.Errorf("the first reviewer was given the appeal"))
	}
	chen.lease(c)
	c = chen.move(c, "/decision", map[string]any{
		"outcome": "granted", "reasons": []string{"missing_shown", "appeal_error"}, "remedy": map[string]any{"kind": "refund_only", "amount": c.Ask},
		"text": "The signature is another person's. 签名属于他人。",
	})
	check(c.State == "closed" && c.Remedy != nil, "an appeal overturns", c)
	say("The buyer appeals. The case goes to %s, never to %s again, and the decision is overturned; it is final.", "买家申诉，由 %s 重新审阅，绝不再交给 %s；原裁决被改变，为最终裁决。", chen.name, lin.name)
	fmt.Println("All four ended as they should. / 四个故事都按预期结束。")
	return nil
}
