package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
)

// product is something that a shop sells.
type product struct {
	sku, title, category string
	price                int64  // fen
	drawn                string // the camera's name for it; empty where it cannot be drawn
}

// shop is a merchant. UpTo is the limit of its standing consent in fen, 0 none.
type shop struct {
	id, login, name string
	kinds           []claim.Kind
	upTo            int64
	products        []product
}

// shops are made up, as are their goods. Half of them have given a standing
// consent, each another one.
var shops = []shop{
	{"M1001", "shop-taoran", "陶然居瓷器", []claim.Kind{claim.RefundOnly, claim.PartialRefund}, 5000, []product{
		{"TR-MUG", "印花粗陶马克杯", "home", 3900, "mug"}, {"TR-VASE", "青花瓷瓶", "home", 16800, "vase"}, {"TR-SET", "手绘茶具六件套", "home", 45900, ""},
	}},
	{"M1002", "shop-xiaoxiong", "小熊窝玩具", nil, 0, []product{
		{"XX-BEAR", "毛绒小熊", "toys", 8900, "bear"}, {"XX-BOOK", "精装图册", "books", 12800, "book"}, {"XX-TRAIN", "木轨小火车", "toys", 25900, ""},
	}},
	{"M1003", "shop-guoyuan", "果源鲜生", []claim.Kind{claim.RefundOnly}, 10000, []product{
		{"GY-FRUIT", "时令水果拼篮", "水果", 6800, "fruit"}, {"GY-BERRY", "现摘蓝莓 4 盒", "水果", 5900, ""}, {"GY-FISH", "冰鲜黄鱼 2 条", "海鲜水产", 9900, ""},
	}},
	{"M1004", "shop-kuaibu", "快步运动", []claim.Kind{claim.ReturnRefund}, 50000, []product{
		{"KB-SHOE", "飞织跑鞋", "shoes", 32900, "shoe"}, {"KB-COAT", "防风皮肤衣", "clothing", 19900, ""},
	}},
	{"M1005", "shop-mingdian", "明电小家电", nil, 0, []product{
		{"MD-KETTLE", "电热水壶（整箱）", "electronics", 15900, "box"}, {"MD-FRYER", "空气炸锅", "electronics", 39900, ""}, {"MD-ROBOT", "扫地机器人", "electronics", 189900, ""},
	}},
	{"M1006", "shop-chayu", "茶语轩", []claim.Kind{claim.RefundOnly, claim.PartialRefund, claim.ReturnRefund}, 4500, []product{
		{"CY-TIN", "茶叶罐", "tea", 4200, "tin"}, {"CY-OOL", "高山乌龙 250 克", "tea", 26800, ""},
	}},
	{"M1007", "shop-yunduo", "云朵家纺", nil, 0, []product{
		{"YD-QUILT", "四季蚕丝被", "home", 69900, ""}, {"YD-PILLOW", "荞麦枕", "home", 8800, ""},
	}},
	{"M1008", "shop-shuzi", "数字方舟", nil, 0, []product{
		{"SZ-EAR", "降噪耳机", "electronics", 59900, ""}, {"SZ-WATCH", "运动手表", "electronics", 129900, ""}, {"SZ-CABLE", "编织数据线", "electronics", 2900, ""},
	}},
}

// bought is an order with what is known of it beside its row.
type bought struct {
	order.Order
	product product
}

// market makes shops with their consents, buyers and orders. What a shop
// consents to, it says itself.
func (w *world) market(ctx context.Context) error {
	for _, s := range shops {
		m := order.Merchant{ID: s.id, Name: s.name}
		if s.upTo > 0 {
			for _, k := range s.kinds {
				m.Consent.Kinds = append(m.Consent.Kinds, string(k))
			}
			m.Consent.UpTo = money.Money{Amount: s.upTo, Currency: "CNY"}
		}
		if err := w.desk.PutMerchant(ctx, w.merchants[s.id], m); err != nil {
			return err
		}
	}
	for n := range buyers {
		if err := w.desk.PutBuyer(ctx, w.platform, w.buyer(n)); err != nil {
			return err
		}
	}
	var list []order.Order
	for n := range w.o.Claims + w.o.Claims/3 + 10 {
		b := w.order(n)
		w.orders, list = append(w.orders, b), append(list, b.Order)
	}
	for chunk := range slices.Chunk(list, 200) {
		rows, err := w.desk.PutOrders(ctx, w.platform, chunk)
		if err != nil {
			return err
		}
		for _, err := range rows {
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// order makes the n-th order. The first ones are of goods that the camera can
// draw, for those claims have pictures.
func (w *world) order(n int) bought {
	s := shops[w.r.IntN(len(shops))]
	p := s.products[w.r.IntN(len(s.products))]
	if n == 0 {
		s = shops[0] // whose account the demonstration shows first
	}
	for n < w.o.Pictured && (p.drawn == "" || n == 0 && !slices.Contains(s.products, p)) {
		if n == 0 {
			p = s.products[w.r.IntN(len(s.products))]
			continue
		}
		s = shops[w.r.IntN(len(shops))]
		p = s.products[w.r.IntN(len(s.products))]
	}
	// More happens lately: a third of all orders lies in the last week.
	back := time.Duration(w.r.Int64N(int64(past - 8*24*time.Hour)))
	if w.r.IntN(3) == 0 {
		back = time.Duration(w.r.Int64N(int64(7 * 24 * time.Hour)))
	}
	if staysAt(n, w.o.Pictured) != "" {
		back = 3 * 24 * time.Hour
	}
	placed := w.end.Add(-back - 3*24*time.Hour).Truncate(time.Second)
	shipped := placed.Add(time.Duration(6+w.r.IntN(24)) * time.Hour)
	delivered := shipped.Add(time.Duration(12+w.r.IntN(24)) * time.Hour)
	who := w.r.IntN(buyers)
	if w.r.IntN(4) == 0 {
		who = w.r.IntN(8) // those who buy often
	}
	if n == 1 || n == 3 || n == 12 {
		who = 0 // the buyer who can sign in: two of these stay in review
	}
	quantity := 1
	if p.price < 5000 && p.drawn == "" {
		quantity += w.r.IntN(3)
	}
	price := money.Money{Amount: p.price, Currency: "CNY"}
	o := order.Order{
		ID: fmt.Sprintf("%s%05d", placed.Format("20060102"), 20000+n*7), MerchantID: s.id, BuyerID: buyerID(who),
		Lines:    []order.Line{{ID: "1", SKU: p.sku, Title: p.title, Category: p.category, Quantity: quantity, Price: price}},
		Total:    money.Money{Amount: p.price * int64(quantity), Currency: "CNY"},
		PlacedAt: placed, ShippedAt: &shipped, DeliveredAt: &delivered,
		Shipment: &order.Shipment{Carrier: "示例快递", Tracking: fmt.Sprintf("EX%010d", 7_000_000+n), Province: "浙江省", City: "杭州市", District: "西湖区"},
	}
	if n >= w.o.Pictured && w.r.IntN(4) == 0 {
		o.DeliveredAt = nil // the parcel is lost
	}
	return bought{o, p}
}
