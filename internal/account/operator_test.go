package account_test

import (
	"testing"

	"github.com/turnwise/turnwise/internal/account"
)

func TestOperator(t *testing.T) {
	t.Parallel()

	d, err := account.NewDirectory(account.Entry{
		Account: account.Account{ID: "acme", WebhookSecrets: []string{"whsec_dGhlIHNlY3JldCBvZiB0aGUgdGVzdHMsIDMyIGJ5dGVz"}}, TokenHashes: []string{account.HashToken("a-token-of-acme-s")},
	})
	if err != nil {
		t.Fatal(err)
	}
	o := account.NewOperator(d, "the-operator-has-this")
	for token, want := range map[string]bool{"the-operator-has-this": true, "the-operator-has-thi": false, "a-token-of-acme-s": false, "": false} {
		if got := o.Is(token); got != want {
			t.Errorf("Is(%q) = %t, want %t", token, got, want)
		}
	}
	if _, known := o.ByID("acme"); !known {
		t.Error("the operator does not know the account")
	}
}
