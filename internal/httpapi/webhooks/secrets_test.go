package webhooks_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
	"github.com/turnwise/turnwise/internal/webhook"
	"github.com/turnwise/turnwise/internal/webhook/keyring"
)

const secretsPath = "/v1/webhooks/secrets"

// A madeSecret is the answer to a rotation.
type madeSecret struct{ ID, Scheme, Source, Secret, PublicKey, CreatedAt, ExpiresAt string }

func rotate(t *testing.T, s *httpapitest.Service, body string) madeSecret {
	t.Helper()
	got := s.Do(http.MethodPost, secretsPath, body)
	httpapitest.WantStatus(t, got, http.StatusCreated)
	if c := got.Header().Get("Cache-Control"); c != "no-store" {
		t.Errorf("Cache-Control is %q, want no-store", c)
	}
	var made madeSecret
	if err := json.Unmarshal(got.Body.Bytes(), &made); err != nil {
		t.Fatal(err)
	}
	return made
}

func listed(t *testing.T, s *httpapitest.Service, headers ...string) (all []madeSecret, text string) {
	t.Helper()
	got := s.Do(http.MethodGet, secretsPath, "", headers...)
	httpapitest.WantStatus(t, got, http.StatusOK)
	var list struct{ Secrets []madeSecret }
	if err := json.Unmarshal(got.Body.Bytes(), &list); err != nil {
		t.Fatal(err)
	}
	return list.Secrets, got.Body.String()
}

// A secret is shown once, replaces those of its scheme, and ends when it is told
// to, but for the last one.
func TestSecrets(t *testing.T) {
	t.Parallel()

	s := httpapitest.NewService(t)
	first, _ := listed(t, s)
	if len(first) != 1 || first[0].Source != "configuration" || first[0].ExpiresAt != "" {
		t.Fatalf("at first there are %+v, want that of the configuration", first)
	}
	httpapitest.WantRefusal(t, s.Do(http.MethodDelete, secretsPath+"/"+first[0].ID, ""), 409,
		"It is the only secret that signs your webhooks, and they are never sent unsigned. Make another one first.")

	shared, pair := rotate(t, s, ""), rotate(t, s, `{"scheme":"v1a","overlapSeconds":60}`)
	if _, err := webhook.ParseSecret(shared.Secret); err != nil || shared.Scheme != "v1" || shared.PublicKey != "" {
		t.Errorf("made %+v, %v; want a shared secret", shared, err)
	}
	if pair.Secret != "" || !strings.HasPrefix(pair.PublicKey, "whpk_") || pair.Scheme != "v1a" {
		t.Errorf("made %+v, want a public key", pair)
	}
	all, text := listed(t, s)
	if len(all) != 3 || strings.Contains(text, "whsec_") || strings.Contains(text, "whsk_") || strings.Contains(text, shared.Secret) {
		t.Fatalf("listed %s, want three secrets that are not shown", text)
	}
	old := all[2]
	expires, err := time.Parse(time.RFC3339, old.ExpiresAt)
	if left := time.Until(expires); err != nil || old.ID != first[0].ID || left < 23*time.Hour || left > 25*time.Hour {
		t.Errorf("that of the configuration is %+v, want it to expire in a day", old)
	}

	httpapitest.WantStatus(t, s.Do(http.MethodDelete, secretsPath+"/"+old.ID, ""), 200)
	httpapitest.WantRefusal(t, s.Do(http.MethodDelete, secretsPath+"/"+old.ID, ""), 404, "The secretId is either invalid or does not exist.")
	last := rotate(t, s, `{"overlapSeconds":0}`)
	all, _ = listed(t, s)
	if len(all) != 2 || all[0].ID != last.ID || all[1].ID != pair.ID {
		t.Errorf("listed %+v, want the last one and the key pair", all)
	}
	if bobs, _ := listed(t, s, "Authorization", "bob"); len(bobs) != 1 || bobs[0].ExpiresAt != "" {
		t.Errorf("bob has %+v, want his own as it was", bobs)
	}
}

func TestSecretsAreBounded(t *testing.T) {
	t.Parallel()

	s := httpapitest.NewService(t)
	for range keyring.MaxSecrets {
		rotate(t, s, "")
	}
	httpapitest.WantRefusal(t, s.Do(http.MethodPost, secretsPath, ""), 409,
		"You have 8 webhook secrets that still sign, which is the limit. End one of them first, or wait until one expires.")
}

func TestBadRotations(t *testing.T) {
	t.Parallel()

	s := httpapitest.NewService(t)
	tests := []struct{ body, message string }{
		{`{"scheme":"v2"}`, `"scheme" must be v1 or v1a`},
		{`{"overlapSeconds":-1}`, `"overlapSeconds" must be from 0 to 2592000, which are 30 days`},
		{`{"overlapSeconds":2592001}`, `"overlapSeconds" must be from 0 to 2592000, which are 30 days`},
	}
	for _, tt := range tests {
		httpapitest.WantRefusal(t, s.Do(http.MethodPost, secretsPath, tt.body), 400, tt.message)
	}
	if all, _ := listed(t, s); len(all) != 1 {
		t.Errorf("there are %+v, want no new one", all)
	}
}

// A process that does not have the configuration does not guess.
func TestSecretsThatAreNotKnownHere(t *testing.T) {
	t.Parallel()

	api := httpapitest.NewBackend().API(httpapi.Options{})
	for _, r := range [][2]string{{"GET", secretsPath}, {"POST", secretsPath}, {"DELETE", secretsPath + "/0a7dc21f4be8"}} {
		httpapitest.WantRefusal(t, httpapitest.Serve(api, httpapitest.Request(r[0], r[1], "")), 501, "Webhook secrets are not known here. Ask the API of a worker.")
	}
}
