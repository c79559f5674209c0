package keyring_test

import (
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
	"github.com/turnwise/turnwise/internal/webhook"
	"github.com/turnwise/turnwise/internal/webhook/keyring"
)

const account = "acme"

func parse(t *testing.T, text string) webhook.Secret {
	t.Helper()
	s, err := webhook.ParseSecret(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// process returns the keyring of a process, with the configuration that all have.
func process(t *testing.T, stored keyring.Store, configured []webhook.Secret, keys ...string) *keyring.Keyring {
	t.Helper()
	sealer, err := keyring.NewSealer(keys)
	if err != nil {
		t.Fatal(err)
	}
	return keyring.New(map[string][]webhook.Secret{account: configured, "other": nil}, stored, sealer)
}

// ids returns the names of what an account's webhooks are signed with.
func ids(t *testing.T, k *keyring.Keyring, account string) []string {
	t.Helper()
	secrets, err := k.Secrets(t.Context(), account)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, s := range secrets {
		all = append(all, s.ID())
	}
	slices.Sort(all)
	return all
}

// sorted returns the texts in order, and leaves what it is given as it is.
func sorted(all ...string) []string { return slices.Sorted(slices.Values(all)) }

// A change is in force in every process from the moment it is answered.
func TestChangesAreInForceEverywhere(t *testing.T) {
	t.Parallel()

	stored := store.New(redistest.Server(t).Client(), store.Options{})
	configured := []webhook.Secret{parse(t, webhook.NewSecret())}
	here, there := process(t, stored, configured), process(t, stored, configured)
	want := []string{configured[0].ID()}
	check := func(step string) {
		t.Helper()
		for name, k := range map[string]*keyring.Keyring{"here": here, "there": there} {
			if got := ids(t, k, account); !slices.Equal(got, sorted(want...)) {
				t.Errorf("%s: signed %s with %v, want %v", step, name, got, want)
			}
		}
	}
	check("at first") // and so both have read it
	for range 3 {
		made, err := here.Rotate(t.Context(), account, webhook.HMAC, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, made.ID)
		check("rotated")
	}
	pair, err := there.Rotate(t.Context(), account, webhook.Ed25519, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, pair.ID)
	check("a second scheme")
	for len(want) > 1 {
		if err := there.End(t.Context(), account, want[0]); err != nil {
			t.Fatal(err)
		}
		want = want[1:]
		check("ended")
	}
	if err := here.End(t.Context(), account, want[0]); !errors.Is(err, keyring.ErrLast) {
		t.Errorf("End of the last one = %v, want ErrLast", err)
	}
	if err := here.End(t.Context(), account, configured[0].ID()); !errors.Is(err, keyring.ErrUnknown) {
		t.Errorf("End of one that has ended = %v, want ErrUnknown", err)
	}
	if got := ids(t, here, "stranger"); got != nil {
		t.Errorf("an account that is not known is signed for with %v", got)
	}
}

// What is replaced signs until the overlap is over.
func TestOverlap(t *testing.T) {
	t.Parallel()

	stored := store.New(redistest.Server(t).Client(), store.Options{})
	k := process(t, stored, []webhook.Secret{parse(t, webhook.NewSecret())})
	made, err := k.Rotate(t.Context(), account, webhook.HMAC, 700*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if got := ids(t, k, account); len(got) != 2 {
		t.Errorf("signed with %v during the overlap, want both", got)
	}
	time.Sleep(time.Second)
	if got := ids(t, k, account); !slices.Equal(got, []string{made.ID}) {
		t.Errorf("signed with %v after the overlap, want %s", got, made.ID)
	}
	next, err := k.Rotate(t.Context(), account, webhook.HMAC, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := ids(t, k, account); !slices.Equal(got, []string{next.ID}) {
		t.Errorf("signed with %v without an overlap, want %s", got, next.ID)
	}
}

// counting counts the reads of a store, and makes them slow.
type counting struct {
	keyring.Store

	reads atomic.Int64
	slow  time.Duration
}

func (c *counting) WebhookSecrets(ctx context.Context, account string) (keyring.Stored, error) {
	c.reads.Add(1)
	time.Sleep(c.slow)
	return c.Store.WebhookSecrets(ctx, account)
}

// Many attempts at once cost Redis a few reads a second.
func TestReadsAreShared(t *testing.T) {
	t.Parallel()

	stored := &counting{Store: store.New(redistest.Server(t).Client(), store.Options{})}
	k := process(t, stored, []webhook.Secret{parse(t, webhook.NewSecret())})
	began := time.Now()
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for range 500 {
				ids(t, k, account)
			}
		})
	}
	wg.Wait()
	if n, most := stored.reads.Load(), 2+int64(time.Since(began)/(100*time.Millisecond)); n > most {
		t.Errorf("8,000 attempts read %d times in %s, want %d at most", n, time.Since(began), most)
	}
}

// What takes long to read is not believed for longer.
func TestSlowReadsAreNotOlder(t *testing.T) {
	t.Parallel()

	stored := &counting{Store: store.New(redistest.Server(t).Client(), store.Options{}), slow: 300 * time.Millisecond}
	writer := process(t, stored.Store, nil)
	k := process(t, stored, nil)
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for range 4 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					ids(t, k, account)
				}
			}
		})
	}
	for range 3 {
		made, err := writer.Rotate(t.Context(), account, webhook.HMAC, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		if got := ids(t, k, account); !slices.Contains(got, made.ID) {
			t.Errorf("signed with %v after the rotation, want %s among them", got, made.ID)
		}
	}
	close(stop)
	wg.Wait()
}

// What is stored is sealed for one account and one secret, and opens with the
// older keys as well.
func TestSecretsAreSealed(t *testing.T) {
	t.Parallel()

	rdb := redistest.Server(t).Client()
	stored := store.New(rdb, store.Options{})
	key := func(b string) string { return base64.StdEncoding.EncodeToString([]byte(strings.Repeat(b, 32))) }
	k := process(t, stored, nil, key("a"))
	made, err := k.Rotate(t.Context(), account, webhook.HMAC, 0)
	if err != nil {
		t.Fatal(err)
	}
	kept := rdb.HGet(t.Context(), "tw:{acme}:secrets", "s:"+made.ID).Val()
	if !strings.Contains(kept, "aes:") || strings.Contains(kept, strings.TrimPrefix(made.Text, "whsec_")) || strings.Contains(kept, "whsec_") {
		t.Errorf("stored %q, want it sealed", kept)
	}
	tests := []struct {
		name  string
		keys  []string
		opens bool
	}{
		{"the same key", []string{key("a")}, true},
		{"a newer key before it", []string{key("b"), key("a")}, true},
		{"another key", []string{key("b")}, false},
		{"no key", nil, false},
	}
	for _, tt := range tests {
		secrets, err := process(t, stored, nil, tt.keys...).Secrets(t.Context(), account)
		if (err == nil) != tt.opens || len(secrets) == 1 != tt.opens {
			t.Errorf("%s: got %d secrets, %v; want it to open: %t", tt.name, len(secrets), err, tt.opens)
		}
	}
	if err := rdb.HSet(t.Context(), "tw:{other}:secrets", "s:"+made.ID, kept).Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Secrets(t.Context(), "other"); err == nil {
		t.Error("what was sealed for one account opens for another")
	}
	for _, bad := range []string{"", "AAAA", "*"} {
		if _, err := keyring.NewSealer([]string{key("a"), bad}); err == nil || !strings.Contains(err.Error(), "key 2 of 2") {
			t.Errorf("NewSealer with %q = %v, want it refused", bad, err)
		}
	}
}
