package mail

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"mime"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/store"
)

// letterbox is a real SMTP server that keeps what it is given.
type letterbox struct {
	at     string
	mu     sync.Mutex
	got    []string
	users  []string
	plain  int   // letters over a connection without TLS
	answer error // to the recipient, instead of taking the letter
}

type visit struct {
	box  *letterbox
	conn *smtp.Conn
}

func (b *letterbox) NewSession(c *smtp.Conn) (smtp.Session, error) { return &visit{b, c}, nil }

func (v *visit) AuthMechanisms() []string { return []string{sasl.Plain} }

func (v *visit) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if password != "p@ss:word" {
			return smtp.ErrAuthFailed
		}
		v.box.mu.Lock()
		defer v.box.mu.Unlock()
		v.box.users = append(v.box.users, user)
		return nil
	}), nil
}

func (v *visit) Mail(string, *smtp.MailOptions) error { return nil }

func (v *visit) Rcpt(string, *smtp.RcptOptions) error {
	v.box.mu.Lock()
	defer v.box.mu.Unlock()
	return v.box.answer
}

func (v *visit) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	v.box.mu.Lock()
	defer v.box.mu.Unlock()
	v.box.got = append(v.box.got, string(raw))
	if _, encrypted := v.conn.TLSConnectionState(); !encrypted {
		v.box.plain++
	}
	return err
}

func (v *visit) Reset()        {}
func (v *visit) Logout() error { return nil }

func (b *letterbox) refuse(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.answer = err
}

// letters are those taken so far.
func (b *letterbox) letters() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string{}, b.got...)
}

// open starts a server; implicit is TLS from the first byte, cert nil none at all.
func open(t *testing.T, cert *tls.Config, implicit bool) *letterbox {
	t.Helper()
	b := &letterbox{}
	s := smtp.NewServer(b)
	s.Domain, s.TLSConfig, s.AllowInsecureAuth = "localhost", cert, true
	s.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if implicit {
		l = tls.NewListener(l, cert)
	}
	b.at = l.Addr().String()
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	return b
}

// certificate makes one for 127.0.0.1, and the configuration that believes it.
func certificate(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, &tls.Config{RootCAs: pool}
}

func TestSendEachWay(t *testing.T) {
	server, client := certificate(t)
	for name, tt := range map[string]struct {
		scheme, options string
		server, client  *tls.Config
		plain, fails    bool
	}{
		"STARTTLS":                         {"smtp", "&tls=required", server, client, false, false},
		"TLS from the beginning":           {"smtps", "", server, client, false, false},
		"this machine, no TLS to be had":   {"smtp", "", nil, nil, true, false},
		"this machine, TLS to be had":      {"smtp", "", server, client, false, false},
		"none":                             {"smtp", "&tls=none", server, client, true, false},
		"STARTTLS is not to be had":        {"smtp", "&tls=required", nil, nil, false, true},
		"a certificate nobody believes":    {"smtp", "&tls=required", server, nil, false, true},
		"a certificate nobody believes, s": {"smtps", "", server, nil, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			b := open(t, tt.server, tt.scheme == "smtps")
			s, err := NewSender(Options{URL: tt.scheme + "://" + b.at + "?from=" + url.QueryEscape("持平 <desk@example.com>") + tt.options, TLS: tt.client})
			if err != nil {
				t.Fatal(err)
			}
			err = s.Send(t.Context(), Letter{To: "li@example.com", Subject: "你好", Text: "一封信\n"})
			if (err != nil) != tt.fails || errors.Is(err, ErrRefused) {
				t.Fatalf("sent: %v", err)
			}
			if tt.fails {
				return
			}
			if got := b.letters(); len(got) != 1 || (b.plain == 1) != tt.plain {
				t.Errorf("%d letters, %d in the clear", len(got), b.plain)
			}
			m, text := parse(t, b.letters()[0])
			if from, err := m.Header.AddressList("From"); err != nil || from[0].Name != "持平" || from[0].Address != "desk@example.com" {
				t.Errorf("from %v %v", from, err)
			}
			if subject, _ := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); subject != "你好" || text != "一封信" || m.Header.Get("Date") == "" || m.Header.Get("Message-ID") == "" || m.Header.Get("Auto-Submitted") == "" {
				t.Errorf("the letter: %v %q", m.Header, text)
			}
		})
	}
}

// parse takes a letter apart.
func parse(t *testing.T, raw string) (*netmail.Message, string) {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	var r io.Reader = m.Body
	if m.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
		r = quotedprintable.NewReader(r)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return m, strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n"))
}

func TestSignInAtTheServer(t *testing.T) {
	server, client := certificate(t)
	b := open(t, server, false)
	for password, fails := range map[string]bool{"p@ss:word": false, "wrong": true} {
		u := url.URL{Scheme: "smtp", Host: b.at, User: url.UserPassword("desk", password), RawQuery: "from=desk@example.com&tls=required"}
		s, err := NewSender(Options{URL: u.String(), TLS: client})
		if err != nil {
			t.Fatal(err)
		}
		err = s.Send(t.Context(), Letter{To: "li@example.com", Subject: "x", Text: "x"})
		// A password that is wrong today is mended tomorrow: the letter waits.
		if (err != nil) != fails || errors.Is(err, ErrRefused) {
			t.Errorf("with %q: %v", password, err)
		}
	}
	if len(b.users) != 1 || b.users[0] != "desk" {
		t.Errorf("signed in as %v", b.users)
	}
}

func TestRefusals(t *testing.T) {
	b := open(t, nil, false)
	s, err := NewSender(Options{URL: "smtp://" + b.at + "?from=desk@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	l := Letter{To: "li@example.com", Subject: "x", Text: "x"}
	b.refuse(&smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "nobody here"})
	if err := s.Send(t.Context(), l); !errors.Is(err, ErrRefused) {
		t.Errorf("nobody there: %v", err)
	}
	b.refuse(&smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "later"})
	if err := s.Send(t.Context(), l); err == nil || errors.Is(err, ErrRefused) {
		t.Errorf("not now: %v", err)
	}
	b.refuse(nil)
	for _, to := range []string{"", "x", "a@b\r\nBcc: c@d", "a@b, c@d"} {
		if err := s.Send(t.Context(), Letter{To: to, Subject: "x\r\nBcc: c@d", Text: "x"}); !errors.Is(err, ErrRefused) {
			t.Errorf("to %q: %v", to, err)
		}
	}
	if len(b.letters()) != 0 {
		t.Errorf("letters went out: %q", b.letters())
	}
	// A server that takes the connection and says nothing must not hold a job.
	l2, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l2.Close()
	mute, err := NewSender(Options{URL: "smtp://" + l2.Addr().String() + "?from=desk@example.com", Patience: 300 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := mute.Send(t.Context(), l); err == nil || time.Since(began) > 10*time.Second {
		t.Errorf("a mute server: %v after %v", err, time.Since(began))
	}
}

func TestAddressOfTheServer(t *testing.T) {
	for _, bad := range []string{
		"", "mail.example.com", "http://mail.example.com?from=a@example.com", "smtp://?from=a@example.com", "smtp://mail.example.com", "smtp://mail.example.com?from=x",
		"smtp://mail.example.com:0?from=a@example.com", "smtp://mail.example.com?from=a@example.com&tls=perhaps", "smtp://u:topsecret@mail.example.com:x?from=a@example.com", "smtp://u:topsecret@%zz",
	} {
		_, err := NewSender(Options{URL: bad})
		if err == nil || !strings.Contains(err.Error(), "EVENHAND_SMTP_URL") || strings.Contains(err.Error(), "topsecret") {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, err := NewSender(Options{URL: "smtp://u:p@mail.example.com:587?from=a@example.com"}); err != nil {
		t.Error(err)
	}
}

// TestForgottenPassword goes the whole way: asked for, sent by a job, opened.
func TestForgottenPassword(t *testing.T) {
	ctx := t.Context()
	db, err := store.Open(ctx, store.Options{Dir: t.TempDir(), RelaxedSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	accounts, err := account.New(db, account.Options{Hash: account.Cost{Memory: 64, Time: 1, Lanes: 1}})
	if err != nil {
		t.Fatal(err)
	}
	add := func(login, language string) {
		t.Helper()
		_, once, err := accounts.AddUser(ctx, account.Profile{Login: login, Name: "李雷", Email: login + "@example.com", Language: language, Roles: []access.Role{access.RoleReviewer}})
		if err == nil {
			err = accounts.SetPasswordOnce(ctx, once, "a good long password")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	add("li", "zh")
	add("ann", "en")
	add("both", "")
	b := open(t, nil, false)
	sender, err := NewSender(Options{URL: "smtp://" + b.at + "?from=desk@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	public, _ := url.Parse("https://desk.example.com/claims")
	post := &Post{Accounts: accounts, Sender: sender, Public: public, Log: slog.New(slog.DiscardHandler)}
	d := desk.New(desk.Options{Store: db, Blobs: db.Blobs(), Mail: post.Work})
	b.refuse(&smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "later"}) // the first tries fail
	for _, login := range []string{"li", " ANN ", "both", "nobody", "li"} {
		if err := accounts.Forgot(ctx, login); err != nil {
			t.Fatal(err)
		}
	}
	run, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- db.Run(run, d) }()
	time.Sleep(300 * time.Millisecond)
	b.refuse(nil)
	for range 3000 {
		if len(b.letters()) >= 3 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	time.Sleep(100 * time.Millisecond)
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if n := len(b.letters()); n != 3 {
		t.Fatalf("%d letters were sent, want one each to three people", n)
	}
	link := regexp.MustCompile(`https://desk\.example\.com/claims/password#(\S+)`)
	for _, raw := range b.letters() {
		m, text := parse(t, raw)
		found := link.FindStringSubmatch(text)
		if found == nil {
			t.Fatalf("no link in %q", text)
		}
		zh, en := strings.Contains(text, "重设密码"), strings.Contains(text, "new password")
		to := m.Header.Get("To")
		if wantZH, wantEN := !strings.Contains(to, "ann@"), !strings.Contains(to, "li@"); zh != wantZH || en != wantEN {
			t.Errorf("to %s: Chinese %v, English %v", to, zh, en)
		}
		token, err := url.QueryUnescape(found[1])
		if err != nil {
			t.Fatal(err)
		}
		if err := accounts.SetPasswordOnce(ctx, token, "another good password"); err != nil {
			t.Errorf("%s: %v", to, err)
		}
		if err := accounts.SetPasswordOnce(ctx, token, "yet another password"); err == nil {
			t.Errorf("%s: the link works twice", to)
		}
	}
}
