package demo

import (
	"context"
	"fmt"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/order"
)

// staff are the desk's own people, all made up.
var staff = []struct {
	login, name string
	role        access.Role
}{
	{"lin", "林晓 Lin Xiao", access.RoleReviewer},
	{"chen", "陈默 Chen Mo", access.RoleReviewer},
	{"zhao", "赵宁 Zhao Ning", access.RoleReviewer},
	{"su", "苏岩 Su Yan", access.RoleSenior},
	{"he", "何川 He Chuan", access.RoleSenior},
	{"wu", "吴越 Wu Yue", access.RoleOperator},
	{"tang", "唐一 Tang Yi", access.RoleOperator},
	{"jin", "金审 Jin Shen", access.RoleAuditor},
}

// people makes the accounts and the platform's key.
func (w *world) people(ctx context.Context, s *Summary) error {
	for _, p := range staff {
		who, err := w.add(ctx, s, account.Profile{Login: p.login, Name: p.name, Roles: []access.Role{p.role}, Language: "zh"})
		if err != nil {
			return err
		}
		switch p.role {
		case access.RoleReviewer, access.RoleSenior:
			who.Senior = p.role == access.RoleSenior
			w.reviewers = append(w.reviewers, who)
		case access.RoleOperator:
			w.operator = who
		}
	}
	for _, m := range shops {
		who, err := w.add(ctx, s, account.Profile{Login: m.login, Name: m.name, Roles: []access.Role{access.RoleMerchant}, Party: m.id, Language: "zh"})
		if err != nil {
			return err
		}
		w.merchants[m.id] = who
	}
	if _, err := w.add(ctx, s, account.Profile{Login: "buyer", Name: "买家 " + buyerName(0), Roles: []access.Role{access.RoleBuyer}, Party: buyerID(0), Language: "zh"}); err != nil {
		return err
	}
	key, text, err := w.accounts.IssueKey(ctx, w.operator, account.KeyWish{Name: "Demo platform", Scopes: []string{access.ScopeAll}, Roles: []access.Role{access.RoleIntegrator}})
	if err != nil {
		return err
	}
	s.Key = text
	w.platform = access.Caller{ID: key.ID, Kind: access.CallerKey, Roles: key.Roles, Scopes: key.Scopes}
	return nil
}

// add makes one account with a password and answers as whom it acts.
func (w *world) add(ctx context.Context, s *Summary, p account.Profile) (access.Caller, error) {
	u, once, err := w.accounts.AddUser(ctx, p)
	if err != nil {
		return access.Caller{}, err
	}
	password := secret()
	if err := w.accounts.SetPasswordOnce(ctx, once, password); err != nil {
		return access.Caller{}, err
	}
	s.Logins = append(s.Logins, Login{Login: p.Login, Password: password, Role: string(p.Roles[0]), Name: p.Name, Party: p.Party})
	return access.Caller{ID: u.ID, Kind: access.CallerSession, Roles: p.Roles, Party: p.Party}, nil
}

// buyers is how many people buy; some buy often.
const buyers = 90

func buyerID(n int) string { return fmt.Sprintf("B%05d", 10001+n*37) }

// buyerName puts a made-up name together.
func buyerName(n int) string {
	family := []string{"王", "李", "张", "刘", "陈", "杨", "黄", "周", "吴", "徐", "孙", "马"}
	given := []string{"佳怡", "子涵", "明轩", "雨桐", "浩然", "思远", "晓雯", "志强", "慧敏", "文博", "静", "磊", "悦"}
	return family[n%len(family)] + given[(n*5+n/12)%len(given)]
}

func (w *world) buyer(n int) order.Buyer {
	return order.Buyer{
		ID: buyerID(n), Name: buyerName(n), Phone: fmt.Sprintf("1990000%04d", n), // no such numbers are given out
		Email: fmt.Sprintf("buyer%d@example.com", n), Language: []string{"zh", "zh", "zh", "en"}[n%4],
	}
}
