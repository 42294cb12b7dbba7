package webhook

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

// vector is the one that the specification's own libraries test themselves by.
var vector = struct {
	secret, id, body, signature string
	at                          time.Time
}{
	"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", `{"test": 2432232314}`,
	"v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", time.Unix(1614265330, 0),
}

func TestSignMeetsTheVector(t *testing.T) {
	for _, secret := range []string{vector.secret, strings.TrimPrefix(vector.secret, "whsec_")} {
		key, err := ParseSecret(secret)
		if err != nil {
			t.Fatal(err)
		}
		if got := key.Sign(vector.id, vector.at, []byte(vector.body)); got != vector.signature {
			t.Errorf("got %s, want %s", got, vector.signature)
		}
	}
}

func TestVerify(t *testing.T) {
	key, err := ParseSecret(vector.secret)
	if err != nil {
		t.Fatal(err)
	}
	const wrong = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc="
	tests := []struct {
		name, id, seconds, signature, body string
		late                               time.Duration // the receiver's clock after the message's
		want                               error
	}{
		{name: "as sent"},
		{name: "late within the tolerance", late: Tolerance},
		{name: "early within the tolerance", late: -Tolerance},
		{name: "too old", late: Tolerance + time.Second, want: ErrTooOld},
		{name: "too new", late: -Tolerance - time.Second, want: ErrTooNew},
		{name: "no id", id: "-", want: ErrHeaders},
		{name: "no time", seconds: "-", want: ErrHeaders},
		{name: "no signature", signature: "-", want: ErrHeaders},
		{name: "time is no number", seconds: "soon", want: ErrHeaders},
		{name: "time overflows", seconds: "9223372036854775807", want: ErrTooNew},
		{name: "time before 1970", seconds: "-1", want: ErrTooOld},
		{name: "another id", id: "msg_other", want: ErrSignature},
		{name: "another time", seconds: "1614265331", want: ErrSignature},
		{name: "another body", body: vector.body + " ", want: ErrSignature},
		{name: "wrong signature", signature: wrong, want: ErrSignature},
		{name: "empty signature", signature: "v1,", want: ErrSignature},
		{name: "another version's", signature: strings.Replace(vector.signature, "v1", "v2", 1), want: ErrSignature},
		{name: "one of several", signature: wrong + " v2,abc " + vector.signature + " " + wrong},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := http.Header{}
			set := func(name, value, fallback string) {
				switch value {
				case "":
					h.Set(name, fallback)
				case "-":
				default:
					h.Set(name, value)
				}
			}
			set(HeaderID, tt.id, vector.id)
			set(HeaderTimestamp, tt.seconds, "1614265330")
			set(HeaderSignature, tt.signature, vector.signature)
			body := vector.body
			if tt.body != "" {
				body = tt.body
			}
			if err := key.Verify(h, []byte(body), vector.at.Add(tt.late)); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

func TestSecrets(t *testing.T) {
	secret, err := NewSecret(bytes.NewReader(bytes.Repeat([]byte{7}, 32)))
	if err != nil || !strings.HasPrefix(secret, "whsec_") {
		t.Fatal(secret, err)
	}
	if key, err := ParseSecret(secret); err != nil || !bytes.Equal(key, bytes.Repeat([]byte{7}, 32)) {
		t.Errorf("got %v, %v", key, err)
	}
	if _, err := NewSecret(bytes.NewReader(nil)); err == nil {
		t.Error("a secret out of nothing")
	}
	for _, bad := range []string{"", "whsec_", "whsec_!!!!", "whsec_c2hvcnQ=", "whsec_" + strings.Repeat("AAAA", 22)} {
		if _, err := ParseSecret(bad); err == nil || bad != "" && strings.Contains(err.Error(), "c2hvcnQ") {
			t.Errorf("%q: got %v", bad, err)
		}
	}
}
