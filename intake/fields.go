package intake

import (
	"slices"
	"strings"

	"github.com/evenhand/evenhand/text"
)

// form is how a cell of a field is read.
type form int

const (
	words  form = iota // as it is
	number             // an order's, a line's, a party's: what spreadsheets wrap is unwrapped
	amount
	count
	moment
	listed
)

// field is one thing that a column can hold. The documentation's tables are
// checked against this list by a test.
type field struct {
	name string
	of   []Kind
	form form
	// whole means that it is the order's, so that its rows may not disagree.
	whole bool
	// many means that several columns may hold it: their amounts are added.
	many bool
	// names are the headers by which it is known, besides name itself.
	names []string
	about text.Text
}

// fields lists what columns can hold.
var fields = []field{
	{
		name: "order_id", of: []Kind{Orders, Claims}, form: number,
		names: []string{"订单号", "订单编号", "order id", "order number", "order no", "id", "编号"},
		about: text.Text{
			EN: "the order's number; rows with the same one are one order, wherever they stand",
			ZH: "订单编号；编号相同的行是同一订单，无论在文件何处",
		},
	},
	{
		name: "merchant_id", of: []Kind{Orders, Merchants}, form: number, whole: true,
		names: []string{"商家编号", "店铺编号", "店铺id", "merchant id", "shop id", "id", "编号"},
		about: text.Text{EN: "whose shop it is", ZH: "商家编号"},
	},
	{
		name: "buyer_id", of: []Kind{Orders, Buyers}, form: number, whole: true,
		names: []string{"买家编号", "buyer id", "customer id", "id", "编号"},
		about: text.Text{EN: "who bought, by your own number", ZH: "买家编号（贵平台自己的）"},
	},
	{
		name: "buyer", of: []Kind{Orders}, whole: true,
		names: []string{"买家", "买家账号", "buyer"},
		about: text.Text{
			EN: "who bought, by an account, a name or an address: a number is made of it that is always the same",
			ZH: "买家账号、昵称或邮箱：由它生成固定不变的编号",
		},
	},
	{
		name: "line_id", of: []Kind{Orders}, form: number,
		names: []string{"行号", "line id", "line"},
		about: text.Text{
			EN: "the line's number within the order; left out, lines are numbered 1, 2, 3 in the order of the file",
			ZH: "订单内的行号；不填则按文件顺序编为 1、2、3",
		},
	},
	{
		name: "sku", of: []Kind{Orders}, form: number,
		names: []string{"商品编码"},
		about: text.Text{EN: "the article's code", ZH: "商品编码"},
	},
	{
		name: "title", of: []Kind{Orders},
		names: []string{"商品名称", "product name", "product"},
		about: text.Text{EN: "what the article is called", ZH: "商品名称"},
	},
	{
		name: "category", of: []Kind{Orders},
		names: []string{"类目"},
		about: text.Text{EN: "your own word for the kind of goods", ZH: "商品类目"},
	},
	{
		name: "quantity", of: []Kind{Orders}, form: count,
		names: []string{"数量", "qty"},
		about: text.Text{EN: "how many pieces; left out, 1", ZH: "件数；不填为 1"},
	},
	{
		name: "price", of: []Kind{Orders}, form: amount,
		names: []string{"单价", "unit price"},
		about: text.Text{EN: "for one piece", ZH: "每件单价"},
	},
	{
		name: "line_amount", of: []Kind{Orders}, form: amount,
		names: []string{"小计", "行金额", "line amount", "line total"},
		about: text.Text{EN: "for all pieces of the line, instead of price", ZH: "该行全部件数的金额，可代替单价"},
	},
	{
		name: "line_paid", of: []Kind{Orders}, form: amount,
		names: []string{"行实付金额", "line paid"},
		about: text.Text{EN: "what was paid for the line; the total is the sum", ZH: "该行实付金额；总额为各行之和"},
	},
	{
		name: "discount", of: []Kind{Orders}, form: amount, many: true, whole: true,
		names: []string{"优惠金额", "优惠"},
		about: text.Text{EN: "what the order cost less, in all; several columns are added", ZH: "整单优惠；多列相加"},
	},
	{
		name: "line_discount", of: []Kind{Orders}, form: amount, many: true,
		names: []string{"行优惠金额"},
		about: text.Text{EN: "what this line cost less; several columns are added", ZH: "该行优惠；多列相加"},
	},
	{
		name: "freight", of: []Kind{Orders}, form: amount, many: true, whole: true,
		names: []string{"运费", "邮费", "shipping fee"},
		about: text.Text{
			EN: "postage of the order, in the total; several columns are added",
			ZH: "整单运费，计入总额；多列相加",
		},
	},
	{
		name: "line_freight", of: []Kind{Orders}, form: amount, many: true,
		names: []string{"行运费"},
		about: text.Text{
			EN: "postage, tax or wrapping of this line, in the total; several columns are added",
			ZH: "该行的运费、税费、包装费，计入总额；多列相加",
		},
	},
	{
		name: "currency", of: []Kind{Orders, Merchants, Claims}, whole: true,
		names: []string{"币种", "货币"},
		about: text.Text{
			EN: "three letters, or a word such as RMB, 人民币, 元; left out, CNY",
			ZH: "三个字母，或 RMB、人民币、元等写法；不填为 CNY",
		},
	},
	{
		name: "total", of: []Kind{Orders}, form: amount, whole: true,
		names: []string{"实付金额", "order total"},
		about: text.Text{
			EN: "what was paid for the whole order; left out, the sum of its lines with freight and discounts",
			ZH: "整单实付金额；不填则为各行之和加运费减优惠",
		},
	},
	{
		name: "placed_at", of: []Kind{Orders}, form: moment, whole: true,
		names: []string{"下单时间", "order date"},
		about: text.Text{EN: "when it was ordered", ZH: "下单时间"},
	},
	{
		name: "shipped_at", of: []Kind{Orders}, form: moment, whole: true,
		names: []string{"发货时间"},
		about: text.Text{EN: "when it was sent", ZH: "发货时间"},
	},
	{
		name: "delivered_at", of: []Kind{Orders}, form: moment, whole: true,
		names: []string{"签收时间"},
		about: text.Text{EN: "when it arrived", ZH: "签收时间"},
	},
	{
		name: "updated_at", of: []Kind{Orders}, form: moment,
		names: []string{"更新时间", "last updated"},
		about: text.Text{
			EN: "when the source changed the order last: of two files the later one counts",
			ZH: "来源系统最后修改订单的时间：两份文件以较晚的为准",
		},
	},
	{
		name: "carrier", of: []Kind{Orders}, whole: true,
		names: []string{"快递公司", "物流公司"},
		about: text.Text{EN: "who carried it", ZH: "快递公司"},
	},
	{
		name: "tracking", of: []Kind{Orders}, form: number, whole: true,
		names: []string{"快递单号", "物流单号", "运单号"},
		about: text.Text{EN: "the parcel's number", ZH: "快递单号"},
	},
	{
		name: "province", of: []Kind{Orders}, whole: true,
		names: []string{"省", "省份"},
		about: text.Text{EN: "where it went, no finer than a district", ZH: "收货地省份"},
	},
	{
		name: "city", of: []Kind{Orders}, whole: true,
		names: []string{"市", "城市"},
		about: text.Text{EN: "where it went, no finer than a district", ZH: "收货地城市"},
	},
	{
		name: "district", of: []Kind{Orders}, whole: true,
		names: []string{"区", "区县"},
		about: text.Text{EN: "where it went, no finer than a district", ZH: "收货地区县"},
	},
	{
		name: "name", of: []Kind{Merchants, Buyers},
		names: []string{"名称", "姓名"},
		about: text.Text{EN: "what they are called", ZH: "名称或姓名"},
	},
	{
		name: "phone", of: []Kind{Buyers}, form: number,
		names: []string{"手机", "电话"},
		about: text.Text{EN: "telephone", ZH: "手机"},
	},
	{name: "email", of: []Kind{Buyers}, names: []string{"邮箱", "e-mail"}, about: text.Text{EN: "e-mail", ZH: "邮箱"}},
	{name: "language", of: []Kind{Buyers}, names: []string{"语言"}, about: text.Text{EN: "zh or en", ZH: "zh 或 en"}},
	{
		name: "consent_kinds", of: []Kind{Merchants}, form: listed,
		names: []string{"同意类型"},
		about: text.Text{
			EN: "kinds of claim that the merchant agrees to beforehand, separated by semicolons",
			ZH: "商家预先同意的售后类型，用分号分隔",
		},
	},
	{
		name: "consent_reasons", of: []Kind{Merchants}, form: listed,
		names: []string{"同意原因"},
		about: text.Text{EN: "for which reasons; empty is any", ZH: "适用原因；空为不限"},
	},
	{
		name: "consent_categories", of: []Kind{Merchants}, form: listed,
		names: []string{"同意类目"},
		about: text.Text{EN: "for which categories; empty is any", ZH: "适用类目；空为不限"},
	},
	{
		name: "consent_up_to", of: []Kind{Merchants}, form: amount,
		names: []string{"同意上限"},
		about: text.Text{EN: "up to which amount", ZH: "金额上限"},
	},
	{
		name: "line_ids", of: []Kind{Claims}, form: listed,
		names: []string{"行号", "line ids"},
		about: text.Text{
			EN: "which lines it is about, separated by semicolons; empty is the whole order",
			ZH: "涉及的行号，用分号分隔；空为整单",
		},
	},
	{
		name: "units", of: []Kind{Claims}, form: listed,
		names: []string{"退款数量", "申请数量", "售后数量"},
		about: text.Text{
			EN: "how many pieces of each of these lines, in the same sequence; empty is all",
			ZH: "各行的件数，与行号顺序一致；空为全部",
		},
	},
	{
		name: "kind", of: []Kind{Claims},
		names: []string{"售后类型", "退款类型", "售后申请类型", "服务类型"},
		about: text.Text{EN: "what is asked for", ZH: "售后类型"},
	},
	{
		name: "reason", of: []Kind{Claims},
		names: []string{"申请原因", "退款原因", "售后原因", "买家退款原因"},
		about: text.Text{EN: "why", ZH: "申请原因"},
	},
	{
		name: "ask", of: []Kind{Claims}, form: amount,
		names: []string{"申请金额", "退款金额", "买家申请退款金额"},
		about: text.Text{EN: "how much is asked for; empty is the whole value", ZH: "申请金额；空为全部金额"},
	},
	{
		name: "story", of: []Kind{Claims},
		names: []string{"说明", "退款说明", "买家退款说明", "问题描述"},
		about: text.Text{EN: "what happened, in the buyer's words", ZH: "买家的说明"},
	},
}

// fieldOf is a field of a kind of file by its own name.
func fieldOf(kind Kind, name string) (field, bool) {
	i := slices.IndexFunc(fields, func(f field) bool { return f.name == name && slices.Contains(f.of, kind) })
	if i < 0 {
		return field{}, false
	}
	return fields[i], true
}

// Field describes what a column can hold, for those who choose.
type Field struct {
	Name  string
	About text.Text
}

// Fields lists what the columns of a kind of file can hold.
func Fields(kind Kind) []Field {
	var out []Field
	for _, f := range fields {
		if slices.Contains(f.of, kind) {
			out = append(out, Field{Name: f.name, About: f.about})
		}
	}
	return out
}

// required are what a file of a kind cannot be without: one of each set.
var required = map[Kind][][]string{
	Orders:    {{"order_id"}, {"title"}, {"price", "line_amount"}, {"placed_at"}},
	Merchants: {{"merchant_id"}, {"name"}},
	Buyers:    {{"buyer_id"}},
	Claims:    {{"order_id"}, {"kind"}, {"reason"}},
}

// plain is a header as it is compared: in small letters, with ASCII brackets,
// one space for many, and without the marks of a required column or a unit.
func plain(header string) string {
	h := strings.ToLower(strings.Join(strings.Fields(unwrapped(header)), " "))
	h = strings.NewReplacer("（", "(", "）", ")", "：", ":").Replace(h)
	return strings.Trim(h, "*: ")
}
