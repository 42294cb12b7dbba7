package server

import (
	"context"
	"net/http"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/text"
)

// PartyPath names a merchant or a buyer by the platform's own id.
type PartyPath struct {
	ID string `path:"id" maxLength:"64" doc:"The platform's own id"`
}

// ConsentBody is what a merchant agrees to beforehand.
type ConsentBody struct {
	Kinds      []string     `json:"kinds,omitempty" maxItems:"10" doc:"Kinds of claim; none: no consent"`
	Reasons    []string     `json:"reasons,omitempty" maxItems:"20" doc:"None: all"`
	Categories []string     `json:"categories,omitempty" maxItems:"200" doc:"None: all"`
	UpTo       *money.Money `json:"up_to,omitempty" doc:"The most of one claim, in minor units"`
}

// MerchantBody is a shop.
type MerchantBody struct {
	ID      string       `json:"id,omitempty" maxLength:"64" doc:"May be left out; given, it must be the one in the address"`
	Name    string       `json:"name,omitempty" minLength:"1" maxLength:"200" doc:"Left out, it stays as it is"`
	Consent *ConsentBody `json:"consent,omitempty" doc:"What the shop agrees to beforehand; left out, it stays as it is, and without kinds it is taken back. It is the shop's own: once it has spoken for itself, a platform's word leaves it alone"`
}

type merchantInput struct {
	PartyPath
	MayMatch
	Body MerchantBody
}

// sync is the body as a shop, and what it empties.
func (b MerchantBody) sync(id, tag string) (order.Merchant, desk.Sync) {
	m, how := order.Merchant{ID: id, Name: b.Name}, desk.Sync{Match: tag}
	if c := b.Consent; c != nil {
		how.Clear = []string{"consent"}
		m.Consent = order.Consent{Kinds: c.Kinds, Reasons: c.Reasons, Categories: c.Categories}
		if c.UpTo != nil {
			m.Consent.UpTo = *c.UpTo
		}
	}
	return m, how
}

type merchantOutput struct {
	ETag string `header:"ETag" doc:"Names what is kept; send it back in If-Match to change that and nothing else"`
	Body order.Merchant
}

type merchantsInput struct{ PageParams }

type merchantsOutput struct{ Body List[order.Merchant] }

// BuyerBody is how a buyer can be reached.
type BuyerBody struct {
	ID       string  `json:"id,omitempty" maxLength:"64" doc:"May be left out; given, it must be the one in the address"`
	Name     *string `json:"name,omitempty" nullable:"true" maxLength:"200" doc:"Left out, it stays as it is; null empties it"`
	Phone    *string `json:"phone,omitempty" nullable:"true" maxLength:"40" doc:"Left out, it stays as it is; null empties it"`
	Email    *string `json:"email,omitempty" nullable:"true" maxLength:"254" doc:"Left out, it stays as it is; null empties it"`
	Language string  `json:"language,omitempty" enum:"zh,en" doc:"Left out, it stays as it is"`
}

type buyerInput struct {
	PartyPath
	RawBody []byte
	Body    BuyerBody
}

// sync is the body as a buyer, and what it empties.
func (in *buyerInput) sync() (order.Buyer, desk.Sync) {
	var how desk.Sync
	b, sent := in.Body, sentFields(in.RawBody)
	return order.Buyer{
		ID: in.ID, Name: optionalText(b.Name, sent["name"], "name", &how.Clear), Phone: optionalText(b.Phone, sent["phone"], "phone", &how.Clear),
		Email: optionalText(b.Email, sent["email"], "email", &how.Clear), Language: b.Language,
	}, how
}

type exportOutput struct{ Body desk.PersonalData }

func (s *Server) registerParties() {
	d := s.opt.Desk
	own := Access{Roles: []access.Role{access.RoleMerchant, access.RoleIntegrator}, Scope: access.ScopeOrdersWrite}
	read := Access{Roles: []access.Role{access.RoleMerchant, access.RoleReviewer, access.RoleSenior, access.RoleOperator, access.RoleAuditor, access.RoleIntegrator}, Scope: access.ScopeOrdersRead}
	platform := Access{Roles: []access.Role{access.RoleIntegrator}, Scope: access.ScopeOrdersWrite}
	person := []access.Role{access.RoleBuyer, access.RoleOperator, access.RoleIntegrator}
	route(s, unread(op("put-merchant", http.MethodPut, "/v1/merchants/{id}", "parties", "Keeps a shop; what is left out stays as it is. A platform that passes a consent on answers for it; once the shop itself has given or taken back one, only the shop changes it.", 200)), own, text.Both("Keep a merchant", "保存商家"), func(ctx context.Context, in *merchantInput) (*keptOutput[order.Merchant], error) {
		if err := sameID(in.ID, in.Body.ID); err != nil {
			return nil, err
		}
		tag, err := in.tag()
		if err != nil {
			return nil, err
		}
		m, how := in.Body.sync(in.ID, tag)
		kept, err := d.KeepMerchant(ctx, CallerOf(ctx), m, how)
		if err != nil {
			return nil, in.synced(err)
		}
		return showKept(kept), nil
	})
	route(s, op("merchant", http.MethodGet, "/v1/merchants/{id}", "parties", "", 200), read, text.Both("One merchant", "商家详情"), func(ctx context.Context, in *PartyPath) (*merchantOutput, error) {
		m, err := d.Merchant(ctx, CallerOf(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		tag, err := d.Tag(ctx, m)
		return &merchantOutput{ETag: quoted(tag), Body: m}, err
	})
	route(s, op("merchants", http.MethodGet, "/v1/merchants", "parties", "", 200), Access{Roles: append([]access.Role{access.RoleIntegrator}, staffRoles...), Scope: access.ScopeOrdersRead}, text.Both("List merchants", "商家列表"), func(ctx context.Context, in *merchantsInput) (*merchantsOutput, error) {
		p, err := s.page(ctx, "merchants", in.PageParams)
		if err != nil {
			return nil, err
		}
		items, next, err := d.Merchants(ctx, CallerOf(ctx), p)
		if err != nil {
			return nil, cursorError(err)
		}
		out, err := listOf(ctx, s, "merchants", items, next)
		return &merchantsOutput{Body: out}, err
	})
	route(s, op("put-buyer", http.MethodPut, "/v1/buyers/{id}", "parties", "Keeps how a buyer can be reached. Nothing here is needed for a claim.", 204), platform, text.Both("Keep a buyer", "保存买家"), func(ctx context.Context, in *buyerInput) (*empty, error) {
		if err := sameID(in.ID, in.Body.ID); err != nil {
			return nil, err
		}
		b, how := in.sync()
		_, err := d.KeepBuyer(ctx, CallerOf(ctx), b, how)
		return nil, err
	})
	route(s, op("export-buyer", http.MethodGet, "/v1/buyers/{id}/export", "parties", "All that is held about a buyer (Personal Information Protection Law, art. 45).", 200), Access{Roles: person, Scope: access.ScopePeopleRead}, text.Both("Export a buyer's data", "导出买家数据"), func(ctx context.Context, in *PartyPath) (*exportOutput, error) {
		p, err := d.Export(ctx, CallerOf(ctx), in.ID)
		return &exportOutput{Body: p}, err
	})
	route(s, op("erase-buyer", http.MethodDelete, "/v1/buyers/{id}", "parties", "Removes what is personal; the history stays whole. Not while a claim is open.", 204), Access{Roles: person, Scope: access.ScopePeopleErase}, text.Both("Erase a buyer's data", "删除买家数据"), func(ctx context.Context, in *PartyPath) (*empty, error) {
		return nil, d.Erase(ctx, CallerOf(ctx), in.ID)
	})
}
