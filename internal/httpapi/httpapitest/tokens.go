package httpapitest

import (
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/account"
)

// NewIssuer returns what gives tokens to the applications of ann and bob,
// which are named after them. The tokens live for an hour.
func NewIssuer(t testing.TB, ledger account.TokenStore) *account.Issuer {
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
