package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// Kind is what a file holds.
type Kind string

// The kinds.
const (
	Orders    Kind = "orders"
	Merchants Kind = "merchants"
	Buyers    Kind = "buyers"
	Claims    Kind = "claims"
)

// Kinds lists them all.
var Kinds = []Kind{Orders, Merchants, Buyers, Claims}

// note is something to be told once of a file.
type note = text.Text

// Options of one import. Only Kind is needed: what is left out is recognised,
// or refused where it cannot be.
type Options struct {
	Kind Kind
	// Zone is for times without one; nil is UTC+8.
	Zone *time.Location
	// DryRun says of each row what an import would, and keeps nothing.
	DryRun bool
	// Merchant is whose orders these are, where no column says; empty is the
	// only one that the desk knows.
	Merchant string
	// Currency is that of amounts where neither a column nor the platform
	// says; empty is CNY, but for platforms that sell in many.
	Currency  string
	Separator byte      // 0 is recognised
	Numbers   Style     // Unsure is recognised
	Dates     DateOrder // Unknown is recognised
	// Columns says what columns hold, by their headers; "-" is nothing.
	Columns map[string]string
	// Remembered tells what was said of the columns of a file with this
	// signature before; nil and no columns are nothing.
	Remembered func(signature string) (map[string]string, error)
	// NoConsent refuses merchants' standing consent, for whom it is not theirs to give.
	NoConsent bool
	// MaxRows is how many rows the file may have; 0 is as many as there may be.
	MaxRows int
	// First is how many of the first orders, parties or claims Shown hears of.
	First int
	held  int // how many rows may wait for others of their order; 0 is maxHeld
	// Wrong hears of each problem as it is found, Note once of each thing about
	// the file, Shown of the first things as understood, Progress of each row.
	Wrong    func(Problem)
	Note     func(text.Text)
	Shown    func(Understood)
	Progress func(rows, of int)
}

// Understood is an order, a party or a claim as it was read.
type Understood struct {
	Line  int
	Value any // order.Order, order.Merchant, order.Buyer or desk.Filing
}

// Report counts what became of the rows, and says how the file was read. Rows
// is Taken and Refused together. An order of several rows is one thing kept.
type Report struct {
	Rows    int
	Taken   int // rows of what was kept, or was there already
	Refused int // rows that were not taken
	Kept    int // things put into the desk, or with DryRun fit to be
	Same    int // there already
	Drafts  int // claims among Kept that wait for their evidence

	Encoding  string
	Separator string
	Sheet     string
	Platform  string
	Numbers   Style
	Dates     DateOrder
	Signature string // of the headers; empty for JSON
	Columns   []Column
}

func (o *Options) fill() {
	if o.Zone == nil {
		o.Zone = time.FixedZone("UTC+8", 8*3600)
	}
	if o.Wrong == nil {
		o.Wrong = func(Problem) {}
	}
	if o.Note == nil {
		o.Note = func(text.Text) {}
	}
	if o.Shown == nil {
		o.Shown = func(Understood) {}
	}
	if o.Progress == nil {
		o.Progress = func(int, int) {}
	}
	if o.held == 0 {
		o.held = maxHeld
	}
	if o.MaxRows == 0 {
		o.MaxRows = MaxRows
	}
}

// house is what an import asks of the desk.
type house interface {
	// Rehearse runs f with this house and keeps nothing of what it does there.
	Rehearse(ctx context.Context, f func(house) error) error
	Order(ctx context.Context, by access.Caller, id string) (order.Order, error)
	PutOrders(ctx context.Context, by access.Caller, list []order.Order) ([]error, error)
	Merchant(ctx context.Context, by access.Caller, id string) (order.Merchant, error)
	Merchants(ctx context.Context, by access.Caller, p work.Page) ([]order.Merchant, string, error)
	PutMerchant(ctx context.Context, by access.Caller, m order.Merchant) error
	PutBuyer(ctx context.Context, by access.Caller, b order.Buyer) error
	Claims(ctx context.Context, by access.Caller, f desk.ClaimFilter, p work.Page) ([]*claim.Claim, string, error)
	File(ctx context.Context, by access.Caller, f desk.Filing) (desk.Filed, error)
}

// real is the desk itself.
type real struct{ *desk.Desk }

func (r real) Rehearse(ctx context.Context, f func(house) error) error {
	return r.Desk.Rehearse(ctx, func(d *desk.Desk) error { return f(real{d}) })
}

// importer is one import under way.
type importer struct {
	ctx    context.Context
	desk   house
	by     access.Caller
	o      Options
	src    *source
	habits habits
	survey *survey
	out    Report
	held   map[string]*group
	rows   int // in held
	batch  []gathered
	back   paidBack
	asked  map[uint64]int         // how often the file says a claim so far
	before map[string][]rehearsed // of a dry run: what it would have filed, by order
}

// try does something at the desk, or in a dry run rehearses it: what is refused
// then, and what is said of it, is what the import would hear.
func (i *importer) try(f func(house) error) error {
	if i.o.DryRun {
		return i.desk.Rehearse(i.ctx, f)
	}
	return f(i.desk)
}

// group is what came so far of one order, or of one party.
type group struct {
	parts  []part
	values []value
}

// value is a whole thing in one row.
type value struct {
	line  int
	lines []int // where it is said; more than one where it is said again
	v     any
	bad   []*Problem
}

// Run reads a file into the desk, whole: it is surveyed first, and then each
// order, party or claim is kept or refused. Rows that are refused are no
// error, but where nothing at all was taken there is one.
func Run(ctx context.Context, d *desk.Desk, by access.Caller, file io.ReadSeeker, o Options) (Report, error) {
	return run(ctx, real{d}, by, file, o)
}

func run(ctx context.Context, d house, by access.Caller, file io.ReadSeeker, o Options) (Report, error) {
	o.fill()
	i := &importer{
		ctx: ctx, desk: d, by: by, o: o, survey: newSurvey(), held: map[string]*group{},
		asked: map[uint64]int{}, before: map[string][]rehearsed{},
	}
	if _, ok := required[o.Kind]; !ok {
		return i.out, fmt.Errorf("there is no import of %q", o.Kind)
	}
	src, err := openSource(ctx, file, o)
	if i.src = src; src != nil {
		i.describe()
	}
	if err != nil {
		return i.out, err
	}
	defer src.close()
	if err := i.look(); err != nil {
		return i.out, err
	}
	if err := i.settle(); err != nil {
		return i.out, err
	}
	if err := i.takeAll(); err != nil {
		return i.out, fmt.Errorf("after %d rows: %w", i.out.Taken+i.out.Refused, err)
	}
	i.back.tell(i.o.Note)
	if i.out.Kept+i.out.Same == 0 {
		return i.out, fileError("Nothing was taken from this file.", "该文件没有任何内容被导入。")
	}
	return i.out, nil
}

// describe tells how the file is read.
func (i *importer) describe() {
	s := i.src
	i.out.Encoding, i.out.Sheet = s.encoding, s.sheet
	if s.sep != 0 {
		i.out.Separator = string(s.sep)
	}
	for _, n := range s.notes {
		i.o.Note(n)
	}
	if l := s.layout; l != nil {
		i.out.Platform, i.out.Columns, i.out.Signature = l.platform, l.columns, l.signature()
		for _, n := range l.notes() {
			i.o.Note(n)
		}
	}
}

// data walks over the rows below the header.
func (i *importer) data(yield func(record) error) error {
	var failed error
	above := 0
	err := i.src.table.rows(func(r record) bool {
		if l := i.src.layout; l != nil && r.line <= l.line {
			if r.line < l.line {
				above++
			}
			return true
		}
		if failed = i.ctx.Err(); failed == nil {
			failed = yield(r)
		}
		return failed == nil
	})
	if above > 0 && failed == nil && err == nil && i.out.Rows == 0 {
		i.o.Note(text.Text{
			EN: fmt.Sprintf("The header is line %d; what stands above it was not read.", i.src.layout.line),
			ZH: fmt.Sprintf("表头为第 %d 行，其上的内容未读取。", i.src.layout.line),
		})
	}
	return errors.Join(failed, err)
}

// look surveys the file.
func (i *importer) look() error {
	err := i.data(func(r record) error {
		if i.survey.rows >= i.o.MaxRows {
			return fileError(
				fmt.Sprintf("The file has more than %d rows: split it, or import it on the command line.", i.o.MaxRows),
				fmt.Sprintf("文件超过 %d 行，请拆分，或用命令行导入。", i.o.MaxRows),
			)
		}
		return i.survey.see(r, i.src.layout, i.key(r))
	})
	i.out.Rows = i.survey.rows
	return err
}

// key is what a row is about, where rows are gathered by it.
func (i *importer) key(r record) string {
	if r.lost != nil || i.o.Kind == Claims {
		return ""
	}
	if r.json != nil {
		return jsonKey(r.json)
	}
	s := i.sheet(r)
	return s.id(map[Kind]string{Orders: "order_id", Merchants: "merchant_id", Buyers: "buyer_id"}[i.o.Kind])
}

func (i *importer) sheet(r record) *sheet {
	return &sheet{line: r.line, cells: r.cells, numbers: r.numbers, layout: i.src.layout, habits: i.habits}
}

// settle turns what the file's rows say together into how each is read.
func (i *importer) settle() error {
	v, o := i.survey, i.o
	if o.Currency != "" {
		code, ok := currencyOf(o.Currency)
		if !ok {
			return fileError(
				"The currency that was said is none: write three letters, such as CNY.",
				"指定的币种无效，请写三个字母，如 CNY。")
		}
		o.Currency = code
	}
	h := habits{
		numbers: o.Numbers, mixed: v.styles.mixed(), dates: o.Dates, zone: o.Zone, merchant: o.Merchant,
		currency: o.Currency, cut: v.cut(),
	}
	if h.numbers == Unsure {
		h.numbers = v.styles.style(i.src.sep)
	}
	if h.dates == Unknown {
		h.dates = v.dates.order()
	}
	if h.mixed && o.Numbers == Unsure {
		o.Note(text.Text{
			EN: "Some amounts have a comma before the decimals, others a point: those that could mean two things were refused.",
			ZH: "部分金额以逗号作小数点，部分以点号作小数点：含义不明确的已拒绝。",
		})
	}
	if h.numbers == Comma && o.Numbers == Unsure {
		o.Note(text.Text{
			EN: "Amounts are read with the comma before the decimals, as this file writes them: 1.299,00.",
			ZH: "该文件以逗号作小数点（如 1.299,00），金额按此读取。",
		})
	}
	l := i.src.layout
	if l != nil {
		h.platform = l.platform
		if h.currency == "" && l.platform != "" {
			h.currency = manners[l.platform].currency
			if h.currency == "" && !l.has("currency") {
				return fileError("The file does not say in which currency its amounts are: say it.", "文件未注明币种，请指定。")
			}
		}
	}
	if h.currency == "" && h.platform == "" {
		h.currency = "CNY"
	}
	i.out.Numbers, i.out.Dates = h.numbers, h.dates
	if o.Kind == Orders && l != nil && !l.has("merchant_id") && h.merchant == "" {
		id, err := i.onlyMerchant()
		if err != nil {
			return err
		}
		h.merchant = id
	}
	if l != nil && o.NoConsent && slices.ContainsFunc(l.of, func(f field) bool { return strings.HasPrefix(f.name, "consent_") }) {
		return fileError(
			"Standing consent is the merchant's own to give, or the platform's key passes it on: remove these columns here.",
			"预先同意须由商家本人设置，或由平台密钥代为传递；请在此移除这些列。")
	}
	i.habits = h
	return nil
}

// onlyMerchant is the one that the desk knows, if it is one.
func (i *importer) onlyMerchant() (string, error) {
	list, next, err := i.desk.Merchants(i.ctx, i.by, work.Page{Limit: 2})
	if err != nil && refusalOnly(err) != nil {
		return "", err
	}
	if len(list) != 1 || next != "" {
		return "", fileError("The file does not say whose orders these are: name the merchant.", "文件未注明商家，请指定商家编号。")
	}
	i.o.Note(text.Text{
		EN: "The orders are taken for those of " + list[0].ID + ", the only merchant.",
		ZH: "订单归属唯一的商家 " + list[0].ID + "。",
	})
	return list[0].ID, nil
}

// Platform is as whom an operator's import acts.
var Platform = access.Caller{
	ID: "import", Kind: access.CallerKey, Roles: []access.Role{access.RoleIntegrator},
	Scopes: []string{access.ScopeAll},
}

// gathered is an order that waits for others to be kept with.
type gathered struct {
	o     order.Order
	lines []int
}
