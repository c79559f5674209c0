package client_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/turnwise/turnwise/client"
)

// apps is an API that gives tokens to an app, and takes the latest of them.
type apps struct {
	life    time.Duration
	given   int
	broken  bool
	revoked bool
	ends    time.Time
}

func (a *apps) answer(r *http.Request) answer {
	if strings.HasSuffix(r.URL.Path, "/oauth2/token:generate") {
		if a.broken {
			return refused(503, "Later.")
		}
		a.given++
		a.revoked, a.ends = false, time.Now().Add(a.life)
		return ok(fmt.Sprintf(`{"accessToken":"t%d","expiresIn":%d}`, a.given, int(a.life.Seconds())))
	}
	if a.revoked || time.Now().After(a.ends) || r.Header.Get("Authorization") != fmt.Sprintf("Bearer t%d", a.given) {
		return refused(401, "Token validation failed for provided token.")
	}
	return ok(`{"id":"j","status":"completed"}`)
}

// TestAppGetsTokens goes through the life of a token: got once for all, got
// anew before its end, kept while no other can be got, and got anew when it
// was revoked.
func TestAppGetsTokens(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		api := &apps{life: time.Hour}
		s := &script{always: api.answer}
		c := s.client(t, client.Options{AppID: "app", AppSecret: "secret"})
		ask := func(when string, given int) {
			t.Helper()
			began := time.Now()
			_, err := c.Job(t.Context(), "j")
			if took := time.Since(began); err != nil || api.given != given || took != 0 {
				t.Errorf("%s: Job = %v after %v with %d tokens given, want %d at once", when, err, took, api.given, given)
			}
		}
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() { _, _ = c.Job(t.Context(), "j") })
		}
		all.Wait()
		ask("ten at once and one more", 1)
		if want := `{"appId":"app","appSecret":"secret","type":"application"}`; s.calls[0].body != want || s.calls[0].header.Get("Authorization") != "" {
			t.Errorf("the token was asked for with %+v, want %s and no token", s.calls[0], want)
		}
		time.Sleep(time.Hour - 31*time.Second)
		ask("31 seconds before its end", 1)
		time.Sleep(2 * time.Second)
		api.broken = true
		ask("29 seconds before its end, none to be got", 1)
		api.broken = false
		ask("29 seconds before its end", 2)
		api.revoked = true
		ask("revoked", 3)
	})
}

func TestAppIsUnknown(t *testing.T) {
	t.Parallel()

	s := &script{answers: []answer{refused(401, "Unknown app.")}}
	_, err := s.client(t, client.Options{AppID: "app", AppSecret: "secret"}).Job(t.Context(), "j")
	if !errors.Is(err, client.ErrUnauthorized) || len(s.calls) != 1 {
		t.Errorf("Job = %v after %d calls, want the refusal after one", err, len(s.calls))
	}
}
