package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// defaultPatience is how long one step of a sending may take: to connect, or
// to get an answer.
const defaultPatience = 30 * time.Second

// Options are what differs between installations.
type Options struct {
	// URL is smtp://user:password@host:port?from=desk@example.com, or smtps://
	// where the connection begins with TLS. smtp:// goes on with STARTTLS:
	// always, unless the server is this machine or ?tls says "opportunistic" or
	// "none". from may carry a name: "Evenhand <desk@example.com>".
	URL string
	// TLS is for servers with a certificate of their own; nil: the system's.
	TLS *tls.Config
	// Patience bounds each step of a sending; 0: 30 s.
	Patience time.Duration
}

// Sender hands letters to one SMTP server. It keeps no connection: a desk
// sends few.
type Sender struct {
	client   *gomail.Client
	from     string
	patience time.Duration
}

// errURL says what is wrong with an address without showing its password.
func errURL(format string, args ...any) error {
	return fmt.Errorf("EVENHAND_SMTP_URL: "+format+"; write smtp://user:password@mail.example.com:587?from=desk@example.com", args...)
}

// NewSender reads the address. The server is asked for nothing yet.
func NewSender(o Options) (*Sender, error) {
	u, err := url.Parse(o.URL)
	if err != nil {
		return nil, errURL("this is no address") // the parser's own error would show the password
	}
	host, from := u.Hostname(), u.Query().Get("from")
	if host == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, errURL("it must begin with smtp:// or smtps:// and name a server")
	}
	if err := gomail.NewMsg().From(from); err != nil {
		return nil, errURL("from=%q is no e-mail address", from)
	}
	options, err := security(u, o.TLS)
	if err != nil {
		return nil, err
	}
	patience := o.Patience
	if patience == 0 {
		patience = defaultPatience
	}
	options = append(options, gomail.WithTimeout(patience))
	if p := u.Port(); p != "" {
		port, err := strconv.Atoi(p)
		if err != nil || port < 1 || port > 65535 {
			return nil, errURL("the port must be 1 to 65535")
		}
		options = append(options, gomail.WithPort(port))
	}
	if u.User != nil {
		password, _ := u.User.Password()
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	client, err := gomail.NewClient(host, options...)
	if err != nil {
		return nil, errURL("%v", err)
	}
	return &Sender{client: client, from: from, patience: patience}, nil
}

// security chooses how the connection is encrypted.
func security(u *url.URL, own *tls.Config) (options []gomail.Option, err error) {
	if own != nil {
		c := own.Clone()
		c.ServerName = u.Hostname()
		options = append(options, gomail.WithTLSConfig(c))
	}
	if u.Scheme == "smtps" {
		return append(options, gomail.WithSSLPort(false)), nil
	}
	wanted := u.Query().Get("tls")
	if wanted == "" && local(u.Hostname()) {
		wanted = "opportunistic"
	}
	policy := gomail.TLSMandatory
	switch wanted {
	case "", "required":
	case "opportunistic":
		policy = gomail.TLSOpportunistic
	case "none":
		policy = gomail.NoTLS
	default:
		return nil, errURL("tls must be required, opportunistic or none")
	}
	return append(options, gomail.WithTLSPortPolicy(policy)), nil
}

// local is whether a host is this machine, between which and itself nobody listens.
func local(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// Letter is a plain text to one person.
type Letter struct {
	To, Subject, Text string
}

// ErrRefused means that the server will never take this letter: the address
// is wrong, or nobody is there.
var ErrRefused = errors.New("the mail server refuses the letter")

// Send hands a letter over. An error other than ErrRefused is worth another try.
func (s *Sender) Send(ctx context.Context, l Letter) error {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := errors.Join(m.From(s.from), m.To(l.To)); err != nil {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	m.Subject(l.Subject)
	m.SetDate()
	m.SetMessageID()
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no automatic answers, please
	m.SetBodyString(gomail.TypeTextPlain, l.Text)
	ctx, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	err := s.client.DialAndSendWithContext(ctx, m)
	var failed *gomail.SendError
	if errors.As(err, &failed) && !failed.IsTemp() && failed.ErrorCode() >= 500 {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return fmt.Errorf("looking up the mail server: %w", err)
	}
	if err != nil {
		return fmt.Errorf("sending mail: %w", err)
	}
	return nil
}
