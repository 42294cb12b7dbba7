// Package client is how a platform's Go program talks to Evenhand: a method an
// operation that an API key can call, and the types that go with it. All but
// this file is generated from the server's own OpenAPI description, which lies
// beside it as openapi.json for whoever generates a client in another language.
//
// It is a plain translation. It does not try again, keeps nothing and knows no
// rule of a claim; what people with a session do (reviews, accounts, rules) and
// resumable uploads, which are tus, are not in it.
//
// A method answers an error where nothing came back. What the server refuses is
// an answer too: look at StatusCode, and at the Problem in
// ApplicationProblemJSONDefault, whose Code is stable.
package client

import (
	"context"
	"net/http"
)

//go:generate go test -count=1 -run Description$ -update .
//go:generate go tool -modfile=../tools/go.mod oapi-codegen -config oapi-codegen.yaml -o client.gen.go openapi.json

// WithKey sends an API key (ehk_…) with every request.
func WithKey(key string) ClientOption {
	return WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+key)
		return nil
	})
}
