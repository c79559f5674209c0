package httpapi_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/jobs"
)

const (
	noApp       = "The appId and the appSecret are not those of an application."
	generate    = "/oauth2/token:generate"
	refresh     = "/oauth2/token:refresh"
	revoke      = "/oauth2/token:revoke"
	annSecret   = `"appId":"app-ann","appSecret":"secret-ann"`
	bobSecret   = `"appId":"app-bob","appSecret":"secret-bob"`
	annAsks     = `{"type":"application",` + annSecret + `}`
	bobAsks     = `{"type":"application",` + bobSecret + `}`
	unavailable = "The service is not available just now. Send the request again; with an Idempotency-Key it takes effect once."
)

// newIssuer returns what gives tokens to the applications of ann and bob,
// which are named after them. The tokens live for an hour.
func newIssuer(t testing.TB, ledger account.TokenStore) *account.Issuer {
	t.Helper()
	var entries []account.Entry
	for _, name := range []string{"ann", "bob"} {
		entries = append(entries, account.Entry{
			Account: account.Account{ID: name}, AppID: "app-" + name,
			AppSecretHashes: []string{account.HashToken("secret-" + name)},
		})
	}
	dir, err := account.NewDirectory(entries...)
	if err != nil {
		t.Fatal(err)
	}
	key, err := account.ParseKey(account.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	issuer, err := account.NewIssuer(dir, ledger, []account.Key{key}, account.IssuerOptions{Life: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	return issuer
}

type tokenAnswer struct {
	AccessToken string
	ExpiresIn   int
}

// token asks for a token, without having one.
func (r *standing) token(target, body string) tokenAnswer {
	r.t.Helper()
	got := r.do(http.MethodPost, target, body, "Authorization", "")
	wantStatus(r.t, got, http.StatusOK)
	var answer tokenAnswer
	if err := json.Unmarshal(got.Body.Bytes(), &answer); err != nil {
		r.t.Fatal(err)
	}
	if store := got.Header().Get("Cache-Control"); store != "no-store" {
		r.t.Errorf("Cache-Control of a token is %q, want no-store", store)
	}
	return answer
}

func TestGenerateToken(t *testing.T) {
	t.Parallel()

	r := newReal(t)
	first := r.token(generate, annAsks)
	if first.ExpiresIn < 3590 || first.ExpiresIn > 3600 {
		t.Errorf("expiresIn is %d, want an hour", first.ExpiresIn)
	}
	// What a client does to learn when it ends.
	var claims struct{ Exp float64 }
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(first.AccessToken, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(payload, &claims); err != nil || claims.Exp < float64(time.Now().Unix()) {
		t.Errorf("the token ends at %v, %v", claims.Exp, err)
	}
	for _, again := range []struct{ target, body string }{
		{"/oauth2/token%3Agenerate", annAsks},
		{"/oauth2/token%3agenerate", annAsks},
		{generate, `{"AppSecret":"secret-ann","appID":"app-ann","type":"application","AuthURI":"https://api.symbl.ai/oauth2/token:generate"}`},
	} {
		if got := r.token(again.target, again.body); got.AccessToken != first.AccessToken {
			t.Errorf("%s with %s gave another token", again.target, again.body)
		}
	}
	if bobs := r.token(generate, bobAsks); bobs.AccessToken == first.AccessToken {
		t.Error("two applications have one token")
	}
}

func TestTokenRefusals(t *testing.T) {
	t.Parallel()

	r := newReal(t)
	bobs := r.token(generate, bobAsks).AccessToken
	tests := []struct {
		target, body string
		status       int
		message      string
	}{
		{generate, ``, 400, "The body is empty. It must be a JSON object."},
		{generate, `[]`, 400, "The body must be a JSON object."},
		{generate, `{` + annSecret + `}`, 400, `"type" is required`},
		{generate, `{"type":"",` + annSecret + `}`, 400, `"type" is not allowed to be empty`},
		{generate, `{"type":"password","username":"a","password":"b"}`, 400, `"type" must be application`},
		{generate, `{"type":5}`, 400, `"type" must be a string`},
		{generate, `{"type":"application"}`, 400, `"appId" is required`},
		{generate, `{"type":"application","appId":"app-ann"}`, 400, `"appSecret" is required`},
		{generate, `{"type":"application","appId":"app-ann","appSecret":""}`, 400, `"appSecret" is not allowed to be empty`},
		{generate, `{"type":"application","appId":"app-ann","appSecret":["secret-ann"]}`, 400, `"appSecret" must be a string`},
		{generate, `{"type":"application","appId":"app-eve","appSecret":"secret-ann"}`, 401, noApp},
		{generate, `{"type":"application","appId":"app-ann","appSecret":"secret-bob"}`, 401, noApp},
		{generate, annAsks + strings.Repeat(" ", 16<<10), 413, "The body must not be larger than 16384 bytes. Send less at a time."},
		{refresh, `{` + annSecret + `}`, 400, `"refreshToken" is required`},
		{refresh, `{"refreshToken":"x"}`, 400, `"appId" is required`},
		{refresh, `{` + annSecret + `,"refreshToken":"x"}`, 401, noToken},
		{refresh, `{` + annSecret + `,"refreshToken":"ann"}`, 401, noToken},
		{refresh, `{` + annSecret + `,"refreshToken":"` + bobs + `"}`, 401, noToken},
		{refresh, `{"appId":"app-ann","appSecret":"x","refreshToken":"x"}`, 401, noApp},
	}
	for _, tt := range tests {
		wantRefusal(t, r.do(http.MethodPost, tt.target, tt.body, "Authorization", ""), tt.status, tt.message)
	}
}

// A token that was asked for is taken in every place where another one is.
func TestGeneratedTokenLetsIn(t *testing.T) {
	t.Parallel()

	r := newReal(t)
	id := r.begin(hello)
	anns, bobs := r.token(generate, annAsks).AccessToken, r.token(generate, bobAsks).AccessToken
	for _, header := range [][2]string{{"Authorization", "Bearer %s"}, {"Authorization", "%s"}, {"X-API-KEY", "%s"}} {
		for token, status := range map[string]int{anns: 200, bobs: 404, anns + "x": 401, "x" + anns: 401} {
			got := r.do(http.MethodGet, "/v1/conversations/"+id, "", "Authorization", "", header[0], fmt.Sprintf(header[1], token))
			if got.Code != status {
				t.Errorf("%s of %.5s…%s: status %d, want %d", header[0], token, token[len(token)-1:], got.Code, status)
			}
		}
	}
}

func TestRefreshToken(t *testing.T) {
	t.Parallel()

	r := newReal(t)
	first := r.token(generate, annAsks)
	next := r.token(refresh, `{`+annSecret+`,"refreshToken":"`+first.AccessToken+`"}`)
	if next.AccessToken == "" || next.ExpiresIn < first.ExpiresIn-1 {
		t.Errorf("refreshed, the token lives for %d s, want as long as a new one", next.ExpiresIn)
	}
}

func TestRevokeToken(t *testing.T) {
	t.Parallel()

	r := newReal(t)
	anns := r.token(generate, annAsks).AccessToken
	refusals := []struct {
		token, body string
		status      int
		message     string
	}{
		{"", `{` + annSecret + `}`, 401, noToken},
		{"x", `{` + annSecret + `}`, 401, noToken},
		{anns, ``, 400, "The body is empty. It must be a JSON object."},
		{anns, `{}`, 400, `"appId" is required`},
		{anns, `{"appId":"app-ann","appSecret":"x"}`, 401, noApp},
		{anns, `{` + bobSecret + `}`, 401, noToken},
		{"ann", `{` + annSecret + `}`, 400, "The token of the request stands in the configuration of the service, and only its operator can end it."},
	}
	for _, tt := range refusals {
		wantRefusal(t, r.do(http.MethodDelete, revoke, tt.body, "Authorization", "", "X-Api-Key", tt.token), tt.status, tt.message)
	}

	got := r.do(http.MethodDelete, revoke, `{`+annSecret+`}`, "Authorization", "", "X-Api-Key", anns)
	wantStatus(t, got, http.StatusOK)
	if got.Body.Len() != 0 || got.Header().Get("Content-Type") != "" || got.Header().Get("Content-Length") != "0" {
		t.Errorf("the answer is %q with %v, want an empty one", got.Body, got.Header())
	}
	wantRefusal(t, r.do(http.MethodGet, "/v1/conversations/5", "", "Authorization", anns), 401, noToken)
	if next := r.token(generate, annAsks).AccessToken; next == anns {
		t.Error("the revoked token was given out again")
	}
}

// away is a ledger that does not answer, behind an issuer that knows its keys.
type away struct{ account.TokenStore }

func (away) InForce(context.Context, account.Grant) (bool, error) { return false, jobs.ErrUnavailable }

// A token that cannot be looked up is not refused, it is put off.
func TestTokenWithoutRedis(t *testing.T) {
	t.Parallel()

	r := newReal(t)
	issuer := newIssuer(t, away{r.store})
	token, err := issuer.Generate(t.Context(), account.Credentials{AppID: "app-ann", AppSecret: "secret-ann"})
	if err != nil {
		t.Fatal(err)
	}
	api := newWorld().api(httpapi.Options{Tokens: issuer})
	got := serve(api, request("GET", "/v1/job/"+jobID, "", "Authorization", token.Text))
	wantRefusal(t, got, 503, unavailable)
	if after := got.Header().Get("Retry-After"); after != "1" {
		t.Errorf("Retry-After is %q, want 1", after)
	}
	wantRefusal(t, serve(api, request("GET", "/v1/job/"+jobID, "", "Authorization", "x"+token.Text)), 401, noToken)
	wantStatus(t, serve(api, request("GET", "/v1/job/"+jobID, "")), 200)
}

// Without applications the calls are there, and nobody's credentials are right.
func TestTokensWithoutApplications(t *testing.T) {
	t.Parallel()

	api := newWorld().api(httpapi.Options{})
	wantRefusal(t, serve(api, request("POST", generate, annAsks)), 401, noApp)
	wantRefusal(t, serve(api, request("POST", refresh, `{`+annSecret+`,"refreshToken":"x"}`)), 401, noApp)
	wantRefusal(t, serve(api, request("GET", "/v1/job/"+jobID, "", "Authorization", "a.b.c")), 401, noToken)
}
