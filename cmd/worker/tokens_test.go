package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/account/tryout"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// token asks for a token with the credentials of an application.
func (c *client) token(appID, appSecret string) string {
	c.t.Helper()
	body := fmt.Sprintf(`{"type":"application","appId":%q,"appSecret":%q}`, appID, appSecret)
	got, err := c.send(c.t.Context(), http.MethodPost, "/oauth2/token:generate", body, "Authorization", "")
	if err != nil || got.status != http.StatusOK {
		c.t.Fatalf("ask for a token: %d %s, %v", got.status, got.body, err)
	}
	var answer struct{ AccessToken string }
	if err := json.Unmarshal([]byte(got.body), &answer); err != nil {
		c.t.Fatal(err)
	}
	return answer.AccessToken
}

// wantStatusWith asks for a job, which there is not, with a token, as it is.
func (c *client) wantStatusWith(token string, status int) {
	c.t.Helper()
	got, err := c.send(c.t.Context(), http.MethodGet, "/v1/job/5", "", "Authorization", token)
	if err != nil || got.status != status {
		c.t.Errorf("with the token: %d %s, %v; want %d", got.status, got.body, err, status)
	}
}

// The application of a try-out is made with it, told to the programs of the
// same user, and gets tokens.
func TestTokenOfATryOut(t *testing.T) {
	t.Parallel()

	w := startWorker(t, "EMBEDDED=memory")
	state := noteOf(t, w.dir)
	c := newClient(w)
	c.wantStatusWith(c.token(state.AppID, state.AppSecret), http.StatusNotFound)
	c.wantStatusWith("x", http.StatusUnauthorized)
}

// noteOf returns what the worker tells programs of the same user.
func noteOf(t *testing.T, dir string) (state tryout.State) {
	t.Helper()
	await(t, "the worker leaves its note", func() bool {
		var err error
		state, err = tryout.ReadState(dir)
		return err == nil
	})
	return state
}

// A token is one in all processes: given out by one, taken by another, and
// worth nothing in either once it is revoked.
func TestTokenOfAFleet(t *testing.T) {
	t.Parallel()

	srv := redistest.Server(t)
	config := filepath.Join(t.TempDir(), "turnwise.yaml")
	content := fmt.Sprintf("accounts:\n  - {id: acme, app_id: app, app_secret_hashes: [%q], webhook_secrets: [%q]}\n",
		account.HashToken("secret"), testSecret)
	if err := os.WriteFile(config, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	settings := []string{"TOKEN=", "CONFIG=" + config, "REDIS_URL=" + srv.URL(), "TOKEN_KEYS=" + account.NewKey()}
	here, there := newClient(startWorker(t, settings...)), newClient(startWorker(t, settings...))
	token := here.token("app", "secret")
	if other := there.token("app", "secret"); other != token {
		t.Error("two processes give out different tokens")
	}
	there.wantStatusWith(token, http.StatusNotFound)
	revoked, err := here.send(t.Context(), http.MethodDelete, "/oauth2/token:revoke", `{"appId":"app","appSecret":"secret"}`, "Authorization", "Bearer "+token)
	if err != nil || revoked.status != http.StatusOK || revoked.body != "" {
		t.Fatalf("revoke: %d %q, %v", revoked.status, revoked.body, err)
	}
	there.wantStatusWith(token, http.StatusUnauthorized)

	token = there.token("app", "secret")
	srv.Kill()
	here.wantStatusWith(token, http.StatusServiceUnavailable)
}
