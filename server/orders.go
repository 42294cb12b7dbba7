package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/text"
)

// OrderPath names an order by the platform's own number.
type OrderPath struct {
	ID string `path:"id" maxLength:"64" example:"2026112300017" doc:"The platform's own order number"`
}

// OrderBody is an order whose id is in the address. What is left out stays as
// it is kept.
type OrderBody struct {
	ID          string          `json:"id,omitempty" doc:"May be left out; given, it must be the one in the address"`
	MerchantID  string          `json:"merchant_id"`
	BuyerID     string          `json:"buyer_id"`
	Lines       []order.Line    `json:"lines"`
	Total       money.Money     `json:"total" doc:"What was paid for all of it, after coupons and discounts and with freight; remedies never exceed it"`
	PlacedAt    time.Time       `json:"placed_at"`
	ShippedAt   OptionalTime    `json:"shipped_at,omitempty" doc:"Left out, it stays as it is; null empties it"`
	DeliveredAt OptionalTime    `json:"delivered_at,omitempty" doc:"Left out, it stays as it is; null empties it"`
	Shipment    *order.Shipment `json:"shipment,omitempty" doc:"What is left out of it stays as it is"`
	UpdatedAt   *time.Time      `json:"updated_at,omitempty" doc:"When the source changed the order last, by its own clock; an older push than the one that is kept is refused, and so is a time in the future"`
	ToldBy      string          `json:"told_by,omitempty" maxLength:"20" doc:"As it was read; it is not taken from here"`
}

// order is the body as an order, and what it empties.
func (b OrderBody) order() (order.Order, desk.Sync) {
	var how desk.Sync
	if b.ShippedAt.Null {
		how.Clear = append(how.Clear, "shipped_at")
	}
	if b.DeliveredAt.Null {
		how.Clear = append(how.Clear, "delivered_at")
	}
	return order.Order{
		ID: b.ID, MerchantID: b.MerchantID, BuyerID: b.BuyerID, Lines: b.Lines, Total: b.Total, PlacedAt: b.PlacedAt,
		ShippedAt: b.ShippedAt.At, DeliveredAt: b.DeliveredAt.At, Shipment: b.Shipment, UpdatedAt: b.UpdatedAt,
	}, how
}

type orderInput struct {
	OrderPath
	MayMatch
	Body OrderBody
}

type orderOutput struct {
	ETag string `header:"ETag" doc:"Names what is kept; send it back in If-Match to change that and nothing else"`
	Body order.Order
}

type leftOutput struct{ Body desk.Remains }

type ordersInput struct {
	PageParams
	Merchant string `query:"merchant" maxLength:"64"`
	Buyer    string `query:"buyer" maxLength:"64"`
}

type ordersOutput struct{ Body List[order.Order] }

// BatchBody is many orders.
type BatchBody struct {
	Orders []json.RawMessage `json:"orders" minItems:"1" maxItems:"500" doc:"Orders, each as in PUT /v1/orders/{id}; what is wrong with one costs only that one"`
}

type batchInput struct{ Body BatchBody }

// BatchResult says what became of the orders.
type BatchResult struct {
	Kept   int            `json:"kept" doc:"How many were kept"`
	Errors []FieldProblem `json:"errors" doc:"What is wrong with the others: body.orders[3].lines[0].price"`
}

type batchOutput struct{ Body BatchResult }

func (s *Server) registerOrders() {
	write := Access{Roles: []access.Role{access.RoleIntegrator, access.RoleOperator}, Scope: access.ScopeOrdersWrite}
	read := Access{Roles: allRoles, Scope: access.ScopeOrdersRead}
	route(s, unread(op("put-order", http.MethodPut, "/v1/orders/{id}", "orders", "Keeps an order; the same number again changes it, and what is left out stays as it is. Its parties and its currency never change once the platform has told them. A key that is narrowed to one shop adds what is missing of an order that the platform has told, or about which there are claims, and changes nothing of it; of others it lowers nothing.", 200)), write, text.Both("Keep an order", "保存订单"), s.putOrder)
	route(s, op("order", http.MethodGet, "/v1/orders/{id}", "orders", "", 200), read, text.Both("One order", "订单详情"), func(ctx context.Context, in *OrderPath) (*orderOutput, error) {
		o, tag, err := s.opt.Desk.OrderSeen(ctx, CallerOf(ctx), in.ID)
		return &orderOutput{ETag: quoted(tag), Body: o}, err
	})
	route(s, op("order-left", http.MethodGet, "/v1/orders/{id}/left", "orders", "What remains of an order for remedies, of the whole and by line: units, and of what was paid what has not been paid back.", 200), read, text.Both("What is left of an order", "订单剩余可申请"), func(ctx context.Context, in *OrderPath) (*leftOutput, error) {
		left, err := s.opt.Desk.Left(ctx, CallerOf(ctx), in.ID)
		return &leftOutput{Body: left}, err
	})
	route(s, op("orders", http.MethodGet, "/v1/orders", "orders", "Orders that you may see, newest first.", 200), read, text.Both("List orders", "订单列表"), func(ctx context.Context, in *ordersInput) (*ordersOutput, error) {
		p, err := s.page(ctx, "orders", in.PageParams)
		if err != nil {
			return nil, err
		}
		items, next, err := s.opt.Desk.Orders(ctx, CallerOf(ctx), desk.OrderFilter{MerchantID: in.Merchant, BuyerID: in.Buyer}, p)
		if err != nil {
			return nil, cursorError(err)
		}
		out, err := listOf(ctx, s, "orders", items, next)
		return &ordersOutput{Body: out}, err
	})
	many := op("put-orders", http.MethodPost, "/v1/orders/batch", "orders", "Keeps up to 500 orders. The answer is 200 also where some were refused: read errors.", 200)
	many.MaxBodyBytes = s.opt.Limits.ListBody
	route(s, many, write, text.Both("Keep many orders", "批量保存订单"), s.putOrders)
}

// sameID refuses a body that names another thing than its address.
func sameID(path, body string) error {
	if body != "" && body != path {
		return text.Refuse(text.CodeInvalid, "body.id", "The id must be the one in the address; it may be left out here.", "编号须与地址中的一致，此处也可省略。")
	}
	return nil
}

func (s *Server) putOrder(ctx context.Context, in *orderInput) (*keptOutput[order.Order], error) {
	if err := sameID(in.ID, in.Body.ID); err != nil {
		return nil, err
	}
	tag, err := in.tag()
	if err != nil {
		return nil, err
	}
	o, how := in.Body.order()
	o.ID, how.Match = in.ID, tag
	kept, err := s.opt.Desk.KeepOrder(ctx, CallerOf(ctx), o, how)
	if err != nil {
		return nil, in.synced(err)
	}
	return showKept(kept), nil
}

func (s *Server) putOrders(ctx context.Context, in *batchInput) (*batchOutput, error) {
	out := &batchOutput{Body: BatchResult{Errors: []FieldProblem{}}}
	wrong := func(i int, f FieldProblem) {
		f.Field = fmt.Sprintf("body.orders[%d]%s", i, f.Field)
		out.Body.Errors = append(out.Body.Errors, f)
	}
	l := languageIn(ctx)
	var list []order.Order
	var how []desk.Sync
	var at []int // the row of each that can be read
	for i, raw := range in.Body.Orders {
		body, field, why := readOrder(raw)
		if why != nil {
			wrong(i, FieldProblem{Code: "json", Field: field, Detail: l.in(*why)})
			continue
		}
		o, clear := body.order()
		list, how, at = append(list, o), append(how, clear), append(at, i)
	}
	rows, err := s.opt.Desk.KeepOrders(ctx, CallerOf(ctx), list, how)
	if err != nil {
		return nil, err
	}
	for n, err := range rows {
		e, refused := text.AsRefusal(err)
		if !refused {
			out.Body.Kept++
			continue
		}
		f := FieldProblem{Code: string(e.Code), Detail: l.in(e.Text)}
		if e.Field != "" {
			f.Field = "." + e.Field
		}
		wrong(at[n], f)
	}
	return out, nil
}

// readOrder is strict: a field with a wrong name would be lost in silence.
// Where it is no order, field and why say what is wrong; they hold nothing
// that was sent but names of fields.
func readOrder(raw json.RawMessage) (o OrderBody, field string, why *text.Text) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	err := d.Decode(&o)
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &kind):
		if kind.Field != "" {
			field = "." + kind.Field
		}
		shape := desk.ShapeOf(kind.Type)
		return o, field, new(text.Both("This must be "+shape.EN+".", "此处应为"+shape.ZH+"。"))
	case err != nil:
		return o, "", new(text.Both("This is no order of the documented shape: it has a field that is not known, or a time that is none.", "不符合文档所述的订单格式：含有未知字段，或时间写法有误。"))
	}
	if _, err := d.Token(); err != io.EOF {
		return o, "", new(text.Both("There is more than one value here.", "此处多于一个值。"))
	}
	return o, "", nil
}
