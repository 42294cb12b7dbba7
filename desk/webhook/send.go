package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// Bounds of one try.
const (
	timeout     = 10 * time.Second // from dialling to the end of the answer
	answerBytes = 64 << 10         // read of an answer's body, and thrown away
	headerBytes = 16 << 10
)

// Options makes a Sender.
type Options struct {
	// Now tells the time; nil means time.Now.
	Now func() time.Time
	// Random draws evenly from [0, 1), for the jitter; nil means none.
	Random func() float64
	// Hurry divides the waits between tries, for trials; 0 means 1.
	Hurry int
	// AllowPrivate lets messages go to private addresses and plain http: for
	// trials, or where receivers live in one's own network.
	AllowPrivate bool
	// TLS, where given, replaces the system's trust, as in tests.
	TLS *tls.Config
	Log *slog.Logger
}

// Sender sends. It may be used by several goroutines at once.
type Sender struct {
	opts   Options
	client *http.Client
}

// NewSender makes a Sender. It never follows redirects and uses no proxy from
// the environment: either would lead around the guard on addresses.
func NewSender(o Options) *Sender {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = func() float64 { return 0.5 }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Hurry = max(o.Hurry, 1)
	dialer := &net.Dialer{Timeout: timeout}
	if !o.AllowPrivate {
		dialer.Control = guard
	}
	return &Sender{opts: o, client: &http.Client{
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSClientConfig: o.TLS, ForceAttemptHTTP2: true,
			TLSHandshakeTimeout: timeout, IdleConnTimeout: time.Minute, MaxIdleConns: 100, MaxIdleConnsPerHost: 4,
			MaxResponseHeaderBytes: headerBytes, DisableCompression: true,
		},
	}}
}

// Why a try failed, as DeliveryTry.Error has it. They are stable.
const (
	FailTimeout  = "timeout"
	FailAddress  = "address" // an address that is written out, and not a public one
	FailConnect  = "connect" // no connection, or it broke, or the guard refused what a name is: which names there are inside is not told
	FailTLS      = "tls"
	FailRedirect = "redirect" // not followed
	FailStatus   = "status"   // anything else but 2xx
	FailGone     = "gone"     // 410: the endpoint was disabled
	FailDisabled = "disabled" // not sent
	FailSecret   = "secret"   // not sent: the stored secret cannot be read
	FailURL      = "url"
	FailParty    = "party" // not sent: the message is about another merchant's claim
	FailKey      = "key"   // not sent: the key that added the webhook was revoked, or has expired
)

// FailText says a failure in words.
func FailText(code string) text.Text {
	switch code {
	case FailTimeout:
		return text.Text{EN: "The endpoint did not answer within ten seconds.", ZH: "接收方在 10 秒内没有响应。"}
	case FailAddress:
		return text.Text{EN: "The endpoint's address is a private or reserved one; messages go to public addresses only.", ZH: "接收地址属于内网或保留网段，消息只发往公网地址。"}
	case FailConnect:
		return text.Text{EN: "No connection to the endpoint, or it broke off.", ZH: "无法连接接收方，或连接中断。"}
	case FailTLS:
		return text.Text{EN: "The endpoint's certificate was not accepted.", ZH: "接收方的证书未通过验证。"}
	case FailRedirect:
		return text.Text{EN: "The endpoint answered with a redirect; give the final address instead.", ZH: "接收方返回了重定向，请直接填写最终地址。"}
	case FailStatus:
		return text.Text{EN: "The endpoint answered with an error.", ZH: "接收方返回了错误状态。"}
	case FailGone:
		return text.Text{EN: "The endpoint answered that it is gone; it was switched off.", ZH: "接收方表示地址已失效，该地址已停用。"}
	case FailDisabled:
		return text.Text{EN: "The endpoint is switched off or was removed; nothing was sent.", ZH: "接收地址已停用或删除，消息未发送。"}
	case FailSecret:
		return text.Text{EN: "The endpoint's secret cannot be read; make a new one.", ZH: "接收地址的签名密钥无法读取，请重新生成。"}
	case FailParty:
		return text.Text{EN: "The message is about another merchant's claim; it was not sent.", ZH: "消息涉及其他商家的申请，未发送。"}
	case FailKey:
		return text.Text{EN: "The API key that added the endpoint was revoked or has expired; nothing was sent.", ZH: "添加该接收地址的 API 密钥已吊销或过期，消息未发送。"}
	case FailURL:
		return text.Text{EN: "The endpoint's address is not one that messages may go to.", ZH: "接收地址不符合要求，消息未发送。"}
	}
	return text.Text{}
}

// outcome is what one try came to.
type outcome struct {
	status     int
	fail       string
	retryAfter time.Duration
}

// post sends body once.
func (s *Sender) post(ctx context.Context, hook desk.Webhook, id string, body []byte) outcome {
	if hook.Disabled || hook.ID == "" {
		return outcome{fail: FailDisabled}
	}
	key, err := ParseSecret(hook.Secret)
	if err != nil {
		return outcome{fail: FailSecret}
	}
	if err := s.CheckURL(hook.URL); err != nil {
		if errors.Is(err, errAddress) {
			return outcome{fail: FailAddress}
		}
		return outcome{fail: FailURL}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, hook.URL, bytes.NewReader(body))
	if err != nil {
		return outcome{fail: FailURL}
	}
	at := s.opts.Now()
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "Evenhand-Webhook/1")
	request.Header.Set(HeaderID, id)
	request.Header.Set(HeaderTimestamp, strconv.FormatInt(at.Unix(), 10))
	request.Header.Set(HeaderSignature, key.Sign(id, at, body))
	answer, err := s.client.Do(request)
	if err != nil {
		return outcome{fail: failOf(err)}
	}
	defer answer.Body.Close()
	// What the answer says does not matter, but a short one read to its end
	// lets the connection be used again.
	io.Copy(io.Discard, io.LimitReader(answer.Body, answerBytes))
	return outcome{status: answer.StatusCode, fail: statusFail(answer.StatusCode), retryAfter: retryAfter(answer.Header, at)}
}

func statusFail(status int) string {
	switch {
	case status >= 200 && status < 300:
		return ""
	case status >= 300 && status < 400:
		return FailRedirect
	case status == http.StatusGone:
		return FailGone
	}
	return FailStatus
}

func failOf(err error) string {
	var timed interface{ Timeout() bool }
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	switch {
	case errors.As(err, &certificate), errors.As(err, &record), errors.As(err, &alert):
		return FailTLS
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timed) && timed.Timeout():
		return FailTimeout
	}
	return FailConnect
}

// retryAfter is how long the receiver asks to be left alone (RFC 9110,
// 10.2.3); 0 where it does not.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := h.Get("Retry-After")
	if n, err := strconv.Atoi(v); err == nil && n > 0 && n <= 7*24*3600 {
		return time.Duration(n) * time.Second
	}
	if at, err := http.ParseTime(v); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}

// envelope is the body that receivers get: the shape that Standard Webhooks
// recommends, and the message's subject.
type envelope struct {
	Type      string          `json:"type"`
	Timestamp time.Time       `json:"timestamp"`
	Subject   string          `json:"subject,omitempty"`
	Data      json.RawMessage `json:"data"`
}

// payload is the body for a message; the same message has the same body at
// each try.
func payload(m work.Message) ([]byte, error) {
	data := m.Body
	if len(data) == 0 {
		data = json.RawMessage("{}")
	}
	body, err := json.Marshal(envelope{Type: m.Topic, Timestamp: m.At.UTC(), Subject: m.Subject, Data: data})
	if err != nil {
		return nil, fmt.Errorf("writing the body of message %s: %w", m.ID, err)
	}
	return body, nil
}
