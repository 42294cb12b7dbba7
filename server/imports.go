package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/intake"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/text"
)

// Bounds of a file that is imported by the API; larger ones go by the command line.
const (
	maxImportBody     = 16 << 20
	maxImportRows     = 50_000
	maxImportProblems = 5000
	maxImportShown    = 50
)

// ImportParams say what a file leaves unsaid. All may be left out.
type ImportParams struct {
	DryRun   bool   `query:"dry_run" doc:"Check everything, show the first rows as understood, and keep nothing"`
	Merchant string `query:"merchant" maxLength:"64" doc:"Whose orders these are, where no column says"`
	Currency string `query:"currency" maxLength:"3" doc:"Of amounts, where neither a column nor the platform says; default CNY"`
	Zone     string `query:"zone" maxLength:"6" default:"+08:00" doc:"Of times that name none"`
	Numbers  string `query:"numbers" enum:"auto,point,comma" default:"auto" doc:"How decimals are written: 1,299.00 or 1.299,00"`
	Dates    string `query:"dates" enum:"auto,mdy,dmy" default:"auto" doc:"The order of dates such as 11/1/2026"`
	First    int    `query:"first" minimum:"0" maximum:"50" default:"5" doc:"How many of the first rows to show as understood"`
}

type importInput struct{ ImportParams }

// importedFile describes the body. The file is not among what huma reads, for
// it would copy it; see readBody.
func importedFile() *huma.RequestBody {
	return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}
}

// ImportColumn is one column of a file as it was understood.
type ImportColumn struct {
	Header string `json:"header"`
	Field  string `json:"field" doc:"Empty where it is not known; - where it is known and not kept"`
}

// ImportField is what a column can hold.
type ImportField struct {
	Name  string `json:"name"`
	About string `json:"about"`
}

// ImportRow is a row that was not taken, or a part of why.
type ImportRow struct {
	Line   int    `json:"line"`
	Field  string `json:"field"`
	Column string `json:"column" doc:"As the file has it"`
	Detail string `json:"detail"`
}

// ImportShown is one of the first orders, parties or claims as understood.
type ImportShown struct {
	Line     int             `json:"line"`
	Order    *order.Order    `json:"order,omitempty"`
	Merchant *order.Merchant `json:"merchant,omitempty"`
	Buyer    *order.Buyer    `json:"buyer,omitempty"`
	Claim    *ImportedClaim  `json:"claim,omitempty"`
}

// ImportedClaim is a claim as a file says it.
type ImportedClaim struct {
	OrderID string         `json:"order_id"`
	LineIDs []string       `json:"line_ids,omitempty"`
	Units   map[string]int `json:"units,omitempty"`
	Kind    claim.Kind     `json:"kind"`
	Reason  claim.Reason   `json:"reason"`
	Ask     money.Money    `json:"ask"`
	Story   string         `json:"story"`
}

// ImportResult says what became of a file.
type ImportResult struct {
	DryRun    bool           `json:"dry_run"`
	Wrong     string         `json:"wrong" doc:"Why nothing was taken, of the file as a whole; empty: something was"`
	Rows      int            `json:"rows" doc:"Taken and refused together"`
	Taken     int            `json:"taken"`
	Refused   int            `json:"refused"`
	Kept      int            `json:"kept" doc:"Orders, parties or claims kept, or in a dry run fit to be"`
	Same      int            `json:"same" doc:"There already"`
	Drafts    int            `json:"drafts" doc:"Claims kept that wait for their evidence"`
	Encoding  string         `json:"encoding"`
	Separator string         `json:"separator"`
	Sheet     string         `json:"sheet"`
	Platform  string         `json:"platform" doc:"Whose export it was recognised as"`
	Numbers   string         `json:"numbers"`
	Dates     string         `json:"dates"`
	Signature string         `json:"signature" doc:"By which the columns are known again"`
	Columns   []ImportColumn `json:"columns"`
	Fields    []ImportField  `json:"fields" doc:"What a column can hold"`
	Notes     []string       `json:"notes" doc:"What was found in the file beside its rows"`
	First     []ImportShown  `json:"first"`
	Problems  []ImportRow    `json:"problems" doc:"At most 5,000"`
	More      int            `json:"more" doc:"How many problems are not in the list"`
}

type importOutput struct{ Body ImportResult }

type importColumnsInput struct {
	Kind      string `path:"kind" enum:"orders,merchants,buyers,claims"`
	Signature string `path:"signature" maxLength:"32" pattern:"^[0-9a-f]{32}$"`
	Body      struct {
		Columns map[string]string `json:"columns" doc:"What each column holds, by its header; - is nothing, and a header that is not named is recognised"`
	}
}

func (s *Server) registerImports() {
	words := map[intake.Kind]text.Text{
		intake.Orders: text.Both("Import orders from a file", "从文件导入订单"), intake.Merchants: text.Both("Import merchants from a file", "从文件导入商家"),
		intake.Buyers: text.Both("Import buyers from a file", "从文件导入买家"), intake.Claims: text.Both("Import claims from a file", "从文件导入售后申请"),
	}
	for _, kind := range intake.Kinds {
		// Fresh: the same file again changes nothing, so that no answer need be kept for a repeated key.
		a := Access{Roles: []access.Role{access.RoleIntegrator, access.RoleOperator}, Scope: access.ScopeOrdersWrite, Fresh: true, Within: sweepWithin}
		if kind == intake.Claims {
			a.Scope = access.ScopeClaimsWrite
		}
		o := op("import-"+string(kind), http.MethodPost, "/v1/imports/"+string(kind), "imports", "Takes a file of at most 16 MB and 50,000 rows: CSV in any common encoding, an Excel workbook, or JSON Lines. An order is kept whole or refused whole; each row is taken, or counted and told. The same file again changes nothing. The answer is 200 also where rows were refused: read problems and wrong.", 200)
		o.MaxBodyBytes, o.RequestBody = maxImportBody, importedFile()
		route(s, o, a, words[kind], func(ctx context.Context, in *importInput) (*importOutput, error) { return s.importFile(ctx, kind, in) })
	}
	o := op("put-import-columns", http.MethodPut, "/v1/imports/{kind}/columns/{signature}", "imports", "Remembers what the columns of a file with these headers hold, for everybody at the desk.", 204)
	route(s, o, Access{Roles: []access.Role{access.RoleOperator}, People: true}, text.Both("Remember what columns hold", "记住列的含义"), s.putImportColumns)
}

// importer is as whom a file is taken: a key as itself, and an operator for the
// platform, under their own name.
func importer(by access.Caller) access.Caller {
	if by.Kind == access.CallerKey || !by.Has(access.RoleOperator) {
		return by
	}
	out := intake.Platform
	out.ID = by.ID
	return out
}

func (s *Server) columns() intake.Memory {
	return intake.Memory{Store: s.opt.Store, Record: s.opt.Desk}
}

func (s *Server) putImportColumns(ctx context.Context, in *importColumnsInput) (*empty, error) {
	return nil, s.columns().Keep(ctx, CallerOf(ctx), intake.Kind(in.Kind), in.Signature, in.Body.Columns)
}

func (s *Server) importFile(ctx context.Context, kind intake.Kind, in *importInput) (*importOutput, error) {
	at, err := time.Parse("-07:00", in.Zone)
	if err != nil {
		return nil, text.Refuse(text.CodeInvalid, "query.zone", "Write an offset such as +08:00.", "请填写 +08:00 这样的时差。")
	}
	by := CallerOf(ctx)
	l := languageIn(ctx)
	out := ImportResult{DryRun: in.DryRun, Notes: []string{}, First: []ImportShown{}, Problems: []ImportRow{}, Columns: []ImportColumn{}}
	o := intake.Options{
		Kind: kind, Zone: at.Location(), DryRun: in.DryRun, Merchant: in.Merchant, Currency: in.Currency, First: min(in.First, maxImportShown), MaxRows: maxImportRows,
		NoConsent:  by.Kind != access.CallerKey,
		Remembered: func(signature string) (map[string]string, error) { return s.columns().Of(ctx, kind, signature) },
		Note:       func(t text.Text) { out.Notes = append(out.Notes, l.in(t)) },
		Shown:      func(u intake.Understood) { out.First = append(out.First, shownOf(u)) },
		Wrong: func(p intake.Problem) {
			if len(out.Problems) == maxImportProblems {
				out.More++
				return
			}
			out.Problems = append(out.Problems, ImportRow{Line: p.Line, Field: p.Field, Column: p.Column, Detail: l.in(p.Text)})
		},
	}
	if in.Numbers != "auto" {
		o.Numbers = intake.Style(in.Numbers)
	}
	if in.Dates != "auto" {
		o.Dates = intake.DateOrder(in.Dates)
	}
	r, err := intake.Run(ctx, s.opt.Desk, importer(by), bytes.NewReader(readBody(ctx)), o)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) && in.DryRun {
		out.Wrong = l.in(text.Both("Time ran out before all of the file was checked: check it in parts. Nothing was kept.", "处理超时，文件未检查完，请拆分后再检查。未导入任何内容。"))
	} else if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		out.Wrong = l.in(text.Both("Time ran out. What is counted here is kept; send the same file again, and it goes on from there.", "处理超时。以上计数的内容已导入；请重新提交同一文件，将从中断处继续。"))
	} else if e, ours := intake.AsFileError(err); ours {
		out.Wrong = l.in(e.Text)
	} else if err != nil {
		return nil, fmt.Errorf("importing %s: %w", kind, err)
	}
	out.Rows, out.Taken, out.Refused, out.Kept, out.Same, out.Drafts = r.Rows, r.Taken, r.Refused, r.Kept, r.Same, r.Drafts
	out.Encoding, out.Separator, out.Sheet, out.Numbers, out.Dates, out.Signature = r.Encoding, r.Separator, r.Sheet, string(r.Numbers), string(r.Dates), r.Signature
	if r.Platform != "" {
		out.Platform = l.in(intake.PlatformName(r.Platform))
	}
	for _, c := range r.Columns {
		out.Columns = append(out.Columns, ImportColumn(c))
	}
	for _, f := range intake.Fields(kind) {
		out.Fields = append(out.Fields, ImportField{Name: f.Name, About: l.in(f.About)})
	}
	return &importOutput{Body: out}, nil
}

func shownOf(u intake.Understood) ImportShown {
	out := ImportShown{Line: u.Line}
	switch v := u.Value.(type) {
	case order.Order:
		out.Order = &v
	case order.Merchant:
		out.Merchant = &v
	case order.Buyer:
		out.Buyer = &v
	case desk.Filing:
		out.Claim = &ImportedClaim{OrderID: v.OrderID, LineIDs: v.LineIDs, Units: v.Units, Kind: v.Kind, Reason: v.Reason, Ask: v.Ask, Story: v.Story}
	}
	return out
}
