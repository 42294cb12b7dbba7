package main

import (
	"log/slog"
	"net"
	"net/url"
	"strings"
	"unicode"

	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/text"
)

// envOIDCSecret names the variable with the client's secret. It has no flag:
// what is on a command line can be read by everybody on the machine.
const envOIDCSecret = "EVENHAND_OIDC_CLIENT_SECRET"

// oidcFlags say at which provider staff may sign in instead of here.
type oidcFlags struct {
	OIDCIssuer   string `name:"oidc-issuer" env:"EVENHAND_OIDC_ISSUER" placeholder:"URL" help:"OpenID Connect provider where staff may sign in as well; the client's secret comes by EVENHAND_OIDC_CLIENT_SECRET. Default: none."`
	OIDCClientID string `name:"oidc-client-id" env:"EVENHAND_OIDC_CLIENT_ID" placeholder:"ID" help:"What the provider calls this desk."`
	OIDCName     string `name:"oidc-name" env:"EVENHAND_OIDC_NAME" placeholder:"NAME" help:"What people call the provider, on the sign-in button. Default: the issuer's host."`
}

// provider is where staff may sign in; nil where none is named. Nobody is
// asked yet: the provider may be down when the desk starts.
func (f oidcFlags) provider(a *app, accounts *account.Accounts, public string, log *slog.Logger) (*account.Provider, error) {
	if err := f.check(a); err != nil || f.OIDCIssuer == "" {
		return nil, err
	}
	back := strings.TrimSuffix(public, "/") + "/v1/oidc/callback"
	log.Info("staff may sign in at a provider", "issuer", f.OIDCIssuer, "client", f.OIDCClientID, "redirect_uri", back)
	return account.NewProvider(accounts, account.ProviderOptions{
		Issuer: f.OIDCIssuer, ClientID: f.OIDCClientID, ClientSecret: f.secret(a), RedirectURL: back, Name: f.OIDCName, Log: log,
	}), nil
}

// secret comes without the line end that files of secrets have.
func (f oidcFlags) secret(a *app) string { return strings.TrimRight(a.getenv(envOIDCSecret), "\r\n") }

// check refuses settings that are there by half, and addresses to which no
// password should be led.
func (f oidcFlags) check(a *app) error {
	secret := f.secret(a)
	lacks := func(what, alone string) error {
		return a.fail(text.Text{EN: what + " is missing; " + alone + " does nothing without it", ZH: "缺少 " + what + "，单独设置 " + alone + " 不起作用"})
	}
	switch {
	case f.OIDCIssuer == "" && f.OIDCClientID != "":
		return lacks("--oidc-issuer", "--oidc-client-id")
	case f.OIDCIssuer == "" && secret != "":
		return lacks("--oidc-issuer", envOIDCSecret)
	case f.OIDCIssuer == "" && f.OIDCName != "":
		return lacks("--oidc-issuer", "--oidc-name")
	case f.OIDCIssuer == "":
		return nil
	case f.OIDCClientID == "":
		return lacks("--oidc-client-id", "--oidc-issuer")
	case secret == "":
		return lacks(envOIDCSecret, "--oidc-issuer")
	}
	u, err := url.Parse(f.OIDCIssuer)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Scheme != "https" && (u.Scheme != "http" || !thisMachine(u.Hostname())) {
		// Not shown: somebody may have put a password into it.
		return a.fail(text.Text{
			EN: "--oidc-issuer must be an address such as https://login.example.com/realms/staff: https (http for this machine alone), without user, query and fragment",
			ZH: "--oidc-issuer 应为 https://login.example.com/realms/staff 这样的地址：必须使用 https（仅本机可用 http），不含用户名、查询参数和锚点",
		})
	}
	if strings.ContainsFunc(f.OIDCName, unicode.IsControl) || len([]rune(f.OIDCName)) > 60 {
		return a.fail(text.Text{EN: "--oidc-name must have at most 60 characters, on one line", ZH: "--oidc-name 不得超过 60 个字，且不能换行"})
	}
	return nil
}

func thisMachine(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
