package account_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

var (
	annApp = account.Credentials{AppID: "app-ann", AppSecret: "secret of ann's"}
	bobApp = account.Credentials{AppID: "app-bob", AppSecret: "secret of bob's"}
)

func withApp(id string, c account.Credentials) account.Entry {
	return account.Entry{
		Account: account.Account{ID: id}, AppID: c.AppID,
		AppSecretHashes: []string{account.HashToken("an older secret of " + id), account.HashToken(c.AppSecret)},
	}
}

// key returns a key of 32 times the same byte, and its bytes.
func key(t *testing.T, b string) (account.Key, []byte) {
	t.Helper()
	bytes := []byte(strings.Repeat(b, 32))
	k, err := account.ParseKey(base64.StdEncoding.EncodeToString(bytes))
	if err != nil {
		t.Fatal(err)
	}
	return k, bytes
}

// issuer returns an Issuer to the applications of ann and bob, whose tokens
// live for an hour.
func issuer(t *testing.T, ledger account.TokenStore, keys ...account.Key) *account.Issuer {
	t.Helper()
	dir, err := account.NewDirectory(withApp("ann", annApp), withApp("bob", bobApp))
	if err != nil {
		t.Fatal(err)
	}
	i, err := account.NewIssuer(dir, ledger, keys, account.IssuerOptions{Life: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func ledger(t *testing.T) *store.Store {
	t.Helper()
	return store.New(redistest.New(t), store.Options{})
}

func generate(t *testing.T, i *account.Issuer, c account.Credentials) account.Token {
	t.Helper()
	token, err := i.Generate(t.Context(), c)
	if err != nil {
		t.Fatalf("Generate(%s): %v", c, err)
	}
	return token
}

// wantOwner checks whose token it is: nobody's if the owner is empty.
func wantOwner(t *testing.T, i *account.Issuer, token, owner string) {
	t.Helper()
	got, err := i.ByToken(t.Context(), token)
	if got.ID != owner || errors.Is(err, account.ErrUnknownToken) != (owner == "") {
		t.Errorf("ByToken = %q, %v; want %q", got.ID, err, owner)
	}
}

// A client that reads the token finds in it what it looks for.
func TestTokenIsAJWT(t *testing.T) {
	t.Parallel()

	k, _ := key(t, "a")
	token := generate(t, issuer(t, ledger(t), k), annApp)
	parts := strings.Split(token.Text, ".")
	if len(parts) != 3 {
		t.Fatalf("the token is %q, want three parts", token.Text)
	}
	var header, claims map[string]any
	for n, into := range []*map[string]any{&header, &claims} {
		text, err := base64.RawURLEncoding.DecodeString(parts[n])
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, into); err != nil {
			t.Fatal(err)
		}
	}
	if want := map[string]any{"alg": "HS256", "typ": "JWT", "kid": k.String()}; !maps.Equal(header, want) {
		t.Errorf("the header is %v, want %v", header, want)
	}
	issued, _ := claims["iat"].(float64)
	expires, _ := claims["exp"].(float64)
	if id, _ := claims["jti"].(string); expires-issued != 3600 || len(id) != 26 {
		t.Errorf("the claims are %v, want an id and an hour between iat and exp", claims)
	}
	if claims["iss"] != "turnwise" || claims["sub"] != "ann" || claims["client_id"] != annApp.AppID || len(claims) != 6 {
		t.Errorf("the claims are %v, want issuer, account and application beside those", claims)
	}
}

func TestTokenStaysTheSameWithinItsLife(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		store := ledger(t)
		k, _ := key(t, "a")
		here, there := issuer(t, store, k), issuer(t, store, k)
		first := generate(t, here, annApp)
		if first.Remaining != time.Hour {
			t.Errorf("a new token lives for %s, want an hour", first.Remaining)
		}
		time.Sleep(59 * time.Minute)
		if again := generate(t, there, annApp); again.Text != first.Text || again.Remaining != time.Minute {
			t.Errorf("the token after 59 minutes lives for %s, the same: %t; want the same and a minute", again.Remaining, again.Text == first.Text)
		}
		time.Sleep(time.Second)
		next := generate(t, there, annApp)
		if next.Text == first.Text || next.Remaining != time.Hour {
			t.Errorf("the token in the last minute lives for %s, want a new one", next.Remaining)
		}
		wantOwner(t, here, first.Text, "ann")
		time.Sleep(time.Minute)
		wantOwner(t, here, first.Text, "")
		wantOwner(t, here, next.Text, "ann")
	})
}

func TestRefresh(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		k, _ := key(t, "a")
		i := issuer(t, ledger(t), k)
		first := generate(t, i, annApp)
		time.Sleep(2 * time.Minute)
		next, err := i.Refresh(t.Context(), annApp, first.Text)
		if err != nil || next.Text == first.Text || next.Remaining != time.Hour {
			t.Fatalf("Refresh = a life of %s, %v; want another token", next.Remaining, err)
		}
		time.Sleep(30 * time.Second)
		if again, err := i.Refresh(t.Context(), annApp, first.Text); again.Text != next.Text || err != nil {
			t.Errorf("Refresh repeated gave another token, %v", err)
		}
		if again := generate(t, i, annApp); again.Text != next.Text {
			t.Error("Generate after Refresh gave another token")
		}
		wantOwner(t, i, first.Text, "ann") // others may still hold it
		wantOwner(t, i, next.Text, "ann")
	})
}

func TestRevoke(t *testing.T) {
	t.Parallel()

	store := ledger(t)
	k, _ := key(t, "a")
	here, there := issuer(t, store, k), issuer(t, store, k)
	first := generate(t, here, annApp)
	if err := here.Revoke(t.Context(), annApp, first.Text); err != nil {
		t.Fatal(err)
	}
	wantOwner(t, there, first.Text, "")
	if err := here.Revoke(t.Context(), annApp, first.Text); !errors.Is(err, account.ErrUnknownToken) {
		t.Errorf("Revoke twice = %v, want %v", err, account.ErrUnknownToken)
	}
	next := generate(t, there, annApp)
	if next.Text == first.Text {
		t.Error("Generate gave the token that was revoked")
	}
	wantOwner(t, here, next.Text, "ann")
}

// Nothing is done with a token by who has not the credentials of its
// application.
func TestCredentials(t *testing.T) {
	t.Parallel()

	k, _ := key(t, "a")
	i := issuer(t, ledger(t), k)
	token := generate(t, i, annApp).Text
	generate(t, i, account.Credentials{AppID: annApp.AppID, AppSecret: "an older secret of ann"})
	tests := []struct {
		name        string
		credentials account.Credentials
		want        error
	}{
		{"unknown app", account.Credentials{AppID: "app", AppSecret: annApp.AppSecret}, account.ErrUnknownApp},
		{"wrong secret", account.Credentials{AppID: annApp.AppID, AppSecret: "secret"}, account.ErrUnknownApp},
		{"secret of another", account.Credentials{AppID: annApp.AppID, AppSecret: bobApp.AppSecret}, account.ErrUnknownApp},
		{"hash of the secret", account.Credentials{AppID: annApp.AppID, AppSecret: account.HashToken(annApp.AppSecret)}, account.ErrUnknownApp},
		{"nothing", account.Credentials{}, account.ErrUnknownApp},
		{"another app", bobApp, account.ErrUnknownToken},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, refreshed := i.Refresh(t.Context(), tt.credentials, token)
			revoked := i.Revoke(t.Context(), tt.credentials, token)
			if !errors.Is(refreshed, tt.want) || !errors.Is(revoked, tt.want) {
				t.Errorf("Refresh = %v, Revoke = %v; want %v", refreshed, revoked, tt.want)
			}
			if _, err := i.Generate(t.Context(), tt.credentials); errors.Is(err, account.ErrUnknownApp) != errors.Is(tt.want, account.ErrUnknownApp) {
				t.Errorf("Generate = %v", err)
			}
		})
	}
	wantOwner(t, i, token, "ann")
}

func TestKeysRotate(t *testing.T) {
	t.Parallel()

	store := ledger(t)
	oldKey, _ := key(t, "a")
	newKey, _ := key(t, "b")
	first := generate(t, issuer(t, store, oldKey), annApp).Text

	between := issuer(t, store, newKey, oldKey)
	wantOwner(t, between, first, "ann")
	if again := generate(t, between, annApp).Text; again != first {
		t.Error("a new key ended the token that an old one signs")
	}
	if other := generate(t, between, bobApp).Text; kid(t, other) != newKey.String() {
		t.Errorf("a new token is signed by %s, want the first key, %s", kid(t, other), newKey)
	}

	after := issuer(t, store, newKey)
	wantOwner(t, after, first, "")
	next := generate(t, after, annApp).Text
	if kid(t, next) != newKey.String() {
		t.Error("the token was not signed by the key that is left")
	}
	wantOwner(t, after, next, "ann")
}

func kid(t *testing.T, token string) string {
	t.Helper()
	parsed, _, err := jwt.NewParser().ParseUnverified(token, jwt.MapClaims{})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(parsed.Header["kid"])
}

// What was not given out here lets nobody in, however it is signed.
func TestForgeries(t *testing.T) {
	t.Parallel()

	store := ledger(t)
	k, bytes := key(t, "a")
	other, otherBytes := key(t, "b")
	i := issuer(t, store, k, other)
	genuine := generate(t, i, annApp).Text
	claims := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(genuine, claims); err != nil {
		t.Fatal(err)
	}
	// with returns the claims of the genuine token with one of them changed.
	with := func(name string, value any) jwt.MapClaims {
		c := maps.Clone(claims)
		c[name] = value
		if value == nil {
			delete(c, name)
		}
		return c
	}
	parts := strings.Split(genuine, ".")
	hs256 := jwt.SigningMethodHS256
	tests := []struct{ name, token string }{
		{"nothing", ""},
		{"no JWT", "tw_x"},
		{"no signature", parts[0] + "." + parts[1] + "."},
		{"another signature", parts[0] + "." + parts[1] + "." + strings.Repeat("A", len(parts[2]))},
		{"a bit more", genuine + "A"},
		{"padding", genuine + "="},
		{"algorithm none", sign(t, jwt.SigningMethodNone, k.String(), jwt.UnsafeAllowNoneSignatureType, claims)},
		{"another algorithm, the right key", sign(t, jwt.SigningMethodHS512, k.String(), bytes, claims)},
		{"another key", sign(t, hs256, k.String(), []byte(strings.Repeat("c", 32)), claims)},
		{"a key under the name of another", sign(t, hs256, k.String(), otherBytes, claims)},
		{"no name of a key", sign(t, hs256, "", bytes, claims)},
		{"unknown key", sign(t, hs256, "x", bytes, claims)},
		{"another issuer", sign(t, hs256, k.String(), bytes, with("iss", "somebody"))},
		{"expired", sign(t, hs256, k.String(), bytes, with("exp", 1))},
		{"without an end", sign(t, hs256, k.String(), bytes, with("exp", nil))},
		{"not in the ledger", sign(t, hs256, k.String(), bytes, with("jti", "X"))},
		{"a field of the ledger", sign(t, hs256, k.String(), bytes, with("jti", "newest"))},
		{"another account", sign(t, hs256, k.String(), bytes, with("sub", "bob"))},
		{"another application", sign(t, hs256, k.String(), bytes, with("client_id", bobApp.AppID))},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { wantOwner(t, i, tt.token, "") })
	}
	wantOwner(t, i, sign(t, hs256, k.String(), bytes, claims), "ann") // the way of signing is right
}

func sign(t *testing.T, method jwt.SigningMethod, kid string, key any, claims jwt.MapClaims) string {
	t.Helper()
	token := jwt.NewWithClaims(method, claims)
	if kid != "" {
		token.Header["kid"] = kid
	}
	text, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// A token ends with its application, though it is in the ledger.
func TestTokenOfAnAppThatIsGone(t *testing.T) {
	t.Parallel()

	store := ledger(t)
	k, _ := key(t, "a")
	token := generate(t, issuer(t, store, k), annApp).Text
	for _, id := range []string{"bob", "ann"} { // its application is another account's now, or has another name
		c := annApp
		if id == "ann" {
			c.AppID = "renamed"
		}
		dir, err := account.NewDirectory(withApp(id, c))
		if err != nil {
			t.Fatal(err)
		}
		i, err := account.NewIssuer(dir, store, []account.Key{k}, account.IssuerOptions{})
		if err != nil {
			t.Fatal(err)
		}
		wantOwner(t, i, token, "")
	}
}

func TestNewIssuerNeedsAKeyForApps(t *testing.T) {
	t.Parallel()

	apps, err := account.NewDirectory(withApp("ann", annApp))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := account.NewIssuer(apps, nil, nil, account.IssuerOptions{}); err == nil {
		t.Error("NewIssuer with an application but no key: want an error")
	}
	none, err := account.NewDirectory(entry("ann", "tw_a"))
	if err != nil {
		t.Fatal(err)
	}
	i, err := account.NewIssuer(none, nil, nil, account.IssuerOptions{})
	if err != nil {
		t.Fatalf("NewIssuer with neither: %v", err)
	}
	if _, err := i.Generate(t.Context(), annApp); !errors.Is(err, account.ErrUnknownApp) {
		t.Errorf("Generate without applications = %v, want %v", err, account.ErrUnknownApp)
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()

	for _, text := range []string{"", "short", base64.StdEncoding.EncodeToString(make([]byte, 31)), strings.Repeat("!", 44)} {
		if _, err := account.ParseKey(text); err == nil {
			t.Errorf("ParseKey(%q): want an error", text)
		}
	}
	text := account.NewKey()
	_, err := account.ParseKey(text)
	if err != nil || account.NewKey() == text {
		t.Fatalf("NewKey() = %q, ParseKey of it: %v", text, err)
	}
}

func TestWhatSignsIsNotPrinted(t *testing.T) {
	t.Parallel()

	k, bytes := key(t, "a")
	c := account.Credentials{AppID: "app", AppSecret: string(bytes)}
	var out strings.Builder
	slog.New(slog.NewJSONHandler(&out, nil)).Info("m", slog.Any("key", k), slog.Any("credentials", c))
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d"} {
		fmt.Fprintf(&out, " "+verb+verb, k, c)
	}
	text := out.String()
	if strings.Contains(text, "aaa") || strings.Contains(text, "97 97") {
		t.Errorf("a secret was printed: %s", text)
	}
	if strings.Count(text, k.String()) < 5 || strings.Count(text, "app") < 6 {
		t.Errorf("the ids are not there: %s", text)
	}
}
