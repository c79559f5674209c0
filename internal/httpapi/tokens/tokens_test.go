package tokens_test

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
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
	"github.com/turnwise/turnwise/internal/jobs"
)

const (
	noApp     = "The appId and the appSecret are not those of an application."
	bobSecret = `"appId":"app-bob","appSecret":"secret-bob"`
	bobAsks   = `{"type":"application",` + bobSecret + `}`
)

type tokenAnswer struct {
	AccessToken string
	ExpiresIn   int
}

// token asks for a token, without having one.
func issueToken(service *httpapitest.Service, target, body string) tokenAnswer {
	service.T.Helper()
	got := service.Do(http.MethodPost, target, body, "Authorization", "")
	httpapitest.WantStatus(service.T, got, http.StatusOK)
	var answer tokenAnswer
	if err := json.Unmarshal(got.Body.Bytes(), &answer); err != nil {
		service.T.Fatal(err)
	}
	if store := got.Header().Get("Cache-Control"); store != "no-store" {
		service.T.Errorf("Cache-Control of a token is %q, want no-store", store)
	}
	return answer
}

func TestGenerateToken(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	first := issueToken(service, httpapitest.GeneratePath, httpapitest.AnnGenerates)
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
		{"/oauth2/token%3Agenerate", httpapitest.AnnGenerates},
		{"/oauth2/token%3agenerate", httpapitest.AnnGenerates},
		{httpapitest.GeneratePath, `{"AppSecret":"secret-ann","appID":"app-ann","type":"application","AuthURI":"https://api.symbl.ai/oauth2/token:generate"}`},
	} {
		if got := issueToken(service, again.target, again.body); got.AccessToken != first.AccessToken {
			t.Errorf("%s with %s gave another token", again.target, again.body)
		}
	}
	if bobs := issueToken(service, httpapitest.GeneratePath, bobAsks); bobs.AccessToken == first.AccessToken {
		t.Error("two applications have one token")
	}
}

func TestTokenRefusals(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	bobs := issueToken(service, httpapitest.GeneratePath, bobAsks).AccessToken
	tests := []struct {
		target, body string
		status       int
		message      string
	}{
		{httpapitest.GeneratePath, ``, 400, "The body is empty. It must be a JSON object."},
		{httpapitest.GeneratePath, `[]`, 400, "The body must be a JSON object."},
		{httpapitest.GeneratePath, `{` + httpapitest.AnnSecret + `}`, 400, `"type" is required`},
		{httpapitest.GeneratePath, `{"type":"",` + httpapitest.AnnSecret + `}`, 400, `"type" is not allowed to be empty`},
		{httpapitest.GeneratePath, `{"type":"password","username":"a","password":"b"}`, 400, `"type" must be application`},
		{httpapitest.GeneratePath, `{"type":5}`, 400, `"type" must be a string`},
		{httpapitest.GeneratePath, `{"type":"application"}`, 400, `"appId" is required`},
		{httpapitest.GeneratePath, `{"type":"application","appId":"app-ann"}`, 400, `"appSecret" is required`},
		{httpapitest.GeneratePath, `{"type":"application","appId":"app-ann","appSecret":""}`, 400, `"appSecret" is not allowed to be empty`},
		{httpapitest.GeneratePath, `{"type":"application","appId":"app-ann","appSecret":["secret-ann"]}`, 400, `"appSecret" must be a string`},
		{httpapitest.GeneratePath, `{"type":"application","appId":"app-eve","appSecret":"secret-ann"}`, 401, noApp},
		{httpapitest.GeneratePath, `{"type":"application","appId":"app-ann","appSecret":"secret-bob"}`, 401, noApp},
		{httpapitest.GeneratePath, httpapitest.AnnGenerates + strings.Repeat(" ", 16<<10), 413, "The body must not be larger than 16384 bytes. Send less at a time."},
		{httpapitest.RefreshPath, `{` + httpapitest.AnnSecret + `}`, 400, `"refreshToken" is required`},
		{httpapitest.RefreshPath, `{"refreshToken":"x"}`, 400, `"appId" is required`},
		{httpapitest.RefreshPath, `{` + httpapitest.AnnSecret + `,"refreshToken":"x"}`, 401, httpapitest.NoToken},
		{httpapitest.RefreshPath, `{` + httpapitest.AnnSecret + `,"refreshToken":"ann"}`, 401, httpapitest.NoToken},
		{httpapitest.RefreshPath, `{` + httpapitest.AnnSecret + `,"refreshToken":"` + bobs + `"}`, 401, httpapitest.NoToken},
		{httpapitest.RefreshPath, `{"appId":"app-ann","appSecret":"x","refreshToken":"x"}`, 401, noApp},
	}
	for _, tt := range tests {
		httpapitest.WantRefusal(t, service.Do(http.MethodPost, tt.target, tt.body, "Authorization", ""), tt.status, tt.message)
	}
}

// A token that was asked for is taken in every place where another one is.
func TestGeneratedTokenLetsIn(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	id := service.Begin(httpapitest.Hello)
	anns, bobs := issueToken(service, httpapitest.GeneratePath, httpapitest.AnnGenerates).AccessToken, issueToken(service, httpapitest.GeneratePath, bobAsks).AccessToken
	for _, header := range [][2]string{{"Authorization", "Bearer %s"}, {"Authorization", "%s"}, {"X-API-KEY", "%s"}} {
		for token, status := range map[string]int{anns: 200, bobs: 404, anns + "x": 401, "x" + anns: 401} {
			got := service.Do(http.MethodGet, "/v1/conversations/"+id, "", "Authorization", "", header[0], fmt.Sprintf(header[1], token))
			if got.Code != status {
				t.Errorf("%s of %.5s…%s: status %d, want %d", header[0], token, token[len(token)-1:], got.Code, status)
			}
		}
	}
}

func TestRefreshToken(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	first := issueToken(service, httpapitest.GeneratePath, httpapitest.AnnGenerates)
	next := issueToken(service, httpapitest.RefreshPath, `{`+httpapitest.AnnSecret+`,"refreshToken":"`+first.AccessToken+`"}`)
	if next.AccessToken == "" || next.ExpiresIn < first.ExpiresIn-1 {
		t.Errorf("refreshed, the token lives for %d s, want as long as a new one", next.ExpiresIn)
	}
}

func TestRevokeToken(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	anns := issueToken(service, httpapitest.GeneratePath, httpapitest.AnnGenerates).AccessToken
	refusals := []struct {
		token, body string
		status      int
		message     string
	}{
		{"", `{` + httpapitest.AnnSecret + `}`, 401, httpapitest.NoToken},
		{"x", `{` + httpapitest.AnnSecret + `}`, 401, httpapitest.NoToken},
		{anns, ``, 400, "The body is empty. It must be a JSON object."},
		{anns, `{}`, 400, `"appId" is required`},
		{anns, `{"appId":"app-ann","appSecret":"x"}`, 401, noApp},
		{anns, `{` + bobSecret + `}`, 401, httpapitest.NoToken},
		{"ann", `{` + httpapitest.AnnSecret + `}`, 400, "The token of the request stands in the configuration of the service, and only its operator can end it."},
	}
	for _, tt := range refusals {
		httpapitest.WantRefusal(t, service.Do(http.MethodDelete, httpapitest.RevokePath, tt.body, "Authorization", "", "X-Api-Key", tt.token), tt.status, tt.message)
	}

	got := service.Do(http.MethodDelete, httpapitest.RevokePath, `{`+httpapitest.AnnSecret+`}`, "Authorization", "", "X-Api-Key", anns)
	httpapitest.WantStatus(t, got, http.StatusOK)
	if got.Body.Len() != 0 || got.Header().Get("Content-Type") != "" || got.Header().Get("Content-Length") != "0" {
		t.Errorf("the answer is %q with %v, want an empty one", got.Body, got.Header())
	}
	httpapitest.WantRefusal(t, service.Do(http.MethodGet, "/v1/conversations/5", "", "Authorization", anns), 401, httpapitest.NoToken)
	if next := issueToken(service, httpapitest.GeneratePath, httpapitest.AnnGenerates).AccessToken; next == anns {
		t.Error("the revoked token was given out again")
	}
}

// away is a ledger that does not answer, behind an issuer that knows its keys.
type away struct{ account.TokenStore }

func (away) InForce(context.Context, account.Grant) (bool, error) { return false, jobs.ErrUnavailable }

// A token that cannot be looked up is not refused, it is put off.
func TestTokenWithoutRedis(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	issuer := httpapitest.NewIssuer(t, away{service.Store})
	token, err := issuer.Generate(t.Context(), account.Credentials{AppID: "app-ann", AppSecret: "secret-ann"})
	if err != nil {
		t.Fatal(err)
	}
	api := httpapitest.NewBackend().API(httpapi.Options{Tokens: issuer})
	got := httpapitest.Serve(api, httpapitest.Request("GET", "/v1/job/"+httpapitest.JobID, "", "Authorization", token.Text))
	httpapitest.WantRefusal(t, got, 503, httpapitest.Unavailable)
	if after := got.Header().Get("Retry-After"); after != "1" {
		t.Errorf("Retry-After is %q, want 1", after)
	}
	httpapitest.WantRefusal(t, httpapitest.Serve(api, httpapitest.Request("GET", "/v1/job/"+httpapitest.JobID, "", "Authorization", "x"+token.Text)), 401, httpapitest.NoToken)
	httpapitest.WantStatus(t, httpapitest.Serve(api, httpapitest.Request("GET", "/v1/job/"+httpapitest.JobID, "")), 200)
}

// Without applications the calls are there, and nobody's credentials are right.
func TestTokensWithoutApplications(t *testing.T) {
	t.Parallel()

	api := httpapitest.NewBackend().API(httpapi.Options{})
	httpapitest.WantRefusal(t, httpapitest.Serve(api, httpapitest.Request("POST", httpapitest.GeneratePath, httpapitest.AnnGenerates)), 401, noApp)
	httpapitest.WantRefusal(t, httpapitest.Serve(api, httpapitest.Request("POST", httpapitest.RefreshPath, `{`+httpapitest.AnnSecret+`,"refreshToken":"x"}`)), 401, noApp)
	httpapitest.WantRefusal(t, httpapitest.Serve(api, httpapitest.Request("GET", "/v1/job/"+httpapitest.JobID, "", "Authorization", "a.b.c")), 401, httpapitest.NoToken)
}

// Each call that takes a secret slows those who try it.
func TestEveryCallSlowsGuesses(t *testing.T) {
	t.Parallel()

	for _, call := range []struct{ method, path, body string }{
		{http.MethodPost, "/oauth2/token:generate", `{"type":"application","appId":"app-bob","appSecret":"x"}`},
		{http.MethodPost, "/oauth2/token:refresh", `{"appId":"app-bob","appSecret":"x","refreshToken":"x"}`},
		{http.MethodDelete, "/oauth2/token:revoke", `{"appId":"app-bob","appSecret":"x"}`},
	} {
		t.Run(call.path, func(t *testing.T) {
			t.Parallel()

			service := httpapitest.NewService(t)
			token := issueToken(service, httpapitest.GeneratePath, bobAsks).AccessToken
			last := service.Do(http.MethodPost, httpapitest.GeneratePath, bobAsks, "Authorization", "")
			for range 31 { // as many as an address has, since this one has sent the right one
				last = service.Do(call.method, call.path, call.body, "Authorization", token)
			}
			httpapitest.WantStatus(t, last, http.StatusTooManyRequests)
		})
	}
}
