package store_test

import (
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	accounts "github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

var hour = accounts.Terms{Life: time.Hour, Least: time.Minute, Keys: []string{"new", "old"}}

// issue enters a grant with the id, unless the terms let another one do.
func (f *fixture) issue(id, key string, terms accounts.Terms) accounts.Grant {
	f.t.Helper()
	g, remaining, err := f.Issue(f.t.Context(), accounts.Grant{ID: id, Account: "acme", App: "app", Key: key}, terms)
	if err != nil {
		f.t.Fatalf("Issue(%s): %v", id, err)
	}
	if lived := g.ExpiresAt.Sub(g.IssuedAt) - remaining; lived < 0 || lived > time.Minute {
		f.t.Errorf("Issue(%s) = %+v with %s to live", id, g, remaining)
	}
	return g
}

func (f *fixture) inForce(ids ...string) []string {
	f.t.Helper()
	var in []string
	for _, id := range ids {
		ok, err := f.InForce(f.t.Context(), accounts.Grant{ID: id, Account: "acme", App: "app"})
		if err != nil {
			f.t.Fatal(err)
		}
		if ok {
			in = append(in, id)
		}
	}
	return in
}

func TestTokenIsKeptWithinItsLife(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		first := f.issue("first", "old", hour)
		if first.ID != "first" || first.Key != "old" || first.ExpiresAt.Sub(first.IssuedAt) != time.Hour {
			t.Errorf("the first token is %+v", first)
		}
		equal(t, "repeated", f.issue("second", "new", hour), first)

		tests := []struct {
			name  string
			terms accounts.Terms
		}{
			{"too little life", accounts.Terms{Life: time.Hour, Least: time.Hour + time.Second, Keys: hour.Keys}},
			{"a key that is gone", accounts.Terms{Life: time.Hour, Least: time.Minute, Keys: []string{"ol", "older"}}},
		}
		for n, tt := range tests {
			id := "another" + strconv.Itoa(n)
			if g := f.issue(id, "old", tt.terms); g.ID != id {
				t.Errorf("%s: Issue = %+v, want another one", tt.name, g)
			}
		}
		equal(t, "in force", f.inForce("first", "second", "another0", "another1"), []string{"first", "another0", "another1"})
	})
}

func TestTokenEndsWhenRevoked(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		g := f.issue("first", "new", hour)
		for range 2 {
			if err := f.Revoke(t.Context(), g); err != nil {
				t.Fatal(err)
			}
		}
		equal(t, "in force", f.inForce("first", "newest"), []string(nil))
		if again := f.issue("second", "new", hour); again.ID != "second" {
			t.Errorf("Issue after Revoke = %+v, want another token", again)
		}
	})
}

// Applications know nothing of each other's tokens, nor do accounts.
func TestTokensOfOthers(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		mine := f.issue("mine", "new", hour)
		for _, other := range []accounts.Grant{
			{ID: "mine", Account: "other", App: mine.App},
			{ID: "mine", Account: mine.Account, App: "other"},
		} {
			if ok, err := f.InForce(t.Context(), other); ok || err != nil {
				t.Errorf("InForce(%+v) = %t, %v; want false", other, ok, err)
			}
			if err := f.Revoke(t.Context(), other); err != nil {
				t.Error(err)
			}
		}
		equal(t, "in force", f.inForce("mine"), []string{"mine"})
	})
}

// Processes that ask at the same time get the same token.
func TestTokenIsIssuedOnce(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		var got [8]string
		var wg sync.WaitGroup
		for n := range got {
			wg.Go(func() { got[n] = f.issue(strconv.Itoa(n), "new", hour).ID })
		}
		wg.Wait()
		if all := slices.Compact(got[:]); len(all) != 1 {
			t.Errorf("issued %v, want one token", all)
		}
	})
}

// Tokens that have expired leave nothing behind.
func TestTokensExpire(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		replace := accounts.Terms{Least: 4 * time.Hour, Keys: hour.Keys}
		for n, life := range []time.Duration{3 * time.Hour, 0, time.Hour} {
			replace.Life = life
			f.issue([]string{"long", "dead", "short"}[n], "new", replace)
		}
		equal(t, "in force", f.inForce("dead", "long", "short"), []string{"long", "short"})
		if left := f.rdb.TTL(t.Context(), "tw:{acme}:tokens:app").Val(); left < 2*time.Hour || left > 3*time.Hour {
			t.Errorf("the key lives for %s, want as long as its longest token", left)
		}
	})
}

func TestTokensWithoutRedis(t *testing.T) {
	t.Parallel()

	srv := redistest.Server(t)
	f := newFixture(t, srv.Client())
	srv.Kill()
	g := accounts.Grant{ID: "x", Account: "acme", App: "app"}
	_, _, issued := f.Issue(t.Context(), g, hour)
	_, looked := f.InForce(t.Context(), g)
	for _, err := range []error{issued, looked, f.Revoke(t.Context(), g)} {
		if !errors.Is(err, jobs.ErrUnavailable) {
			t.Errorf("without Redis: %v, want ErrUnavailable", err)
		}
	}
}

// The count of unfinished jobs is that of the jobs, whatever slots they left
// behind.
func TestUnfinished(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		count := func(want int, known bool) {
			t.Helper()
			n, ok, err := f.Unfinished(t.Context(), account)
			if n != want || ok != known || err != nil {
				t.Errorf("Unfinished = %d, %t, %v; want %d, %t", n, ok, err, want, known)
			}
		}
		take := func(id string) {
			t.Helper()
			if err := f.TakeSlot(t.Context(), account, id, 1000); err != nil {
				t.Fatal(err)
			}
		}
		count(0, true)
		for n := range 3 {
			take(f.accept(strconv.Itoa(n), n == 0).ID)
		}
		count(3, true)
		f.commit(f.claim(1), 1, store.Next{})
		count(2, true)
		take(jobs.NewID(shard)) // being accepted
		count(3, true)
		if held := f.rdb.ZCard(t.Context(), "tw:{"+account+"}:slots").Val(); held != 3 {
			t.Errorf("%d slots are held, want that of the completed job to be free", held)
		}
		for range 98 {
			take(jobs.NewID(lane.ShardOf(talk, shards)))
		}
		count(0, false)
	})
}
