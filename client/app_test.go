package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
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
			synctest.Wait() // for a token that is got beside the call
			took := time.Since(began)
			s.mu.Lock()
			defer s.mu.Unlock()
			if err != nil || api.given != given || took != 0 {
				t.Errorf("%s: Job = %v after %v with %d tokens given, want %d at once", when, err, took, api.given, given)
			}
		}
		set := func(what *bool, to bool) {
			s.mu.Lock()
			defer s.mu.Unlock()
			*what = to
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
		set(&api.broken, true)
		ask("29 seconds before its end, none to be got", 1)
		set(&api.broken, false)
		time.Sleep(4 * time.Second) // in which it is tried again
		ask("25 seconds before its end", 2)
		set(&api.revoked, true)
		ask("revoked", 3)
	})
}

// TestCallEndsWhileTokenIsGot has the API not answer a request for a token, and
// checks that calls end with their contexts all the same, and that those that
// have a good token make use of it.
func TestCallEndsWhileTokenIsGot(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name    string
		refused bool          // the token
		after   time.Duration // the first token was got
		err     error
		took    time.Duration
	}{
		{"a token refused while another call gets one", true, time.Minute, context.DeadlineExceeded, 500 * time.Millisecond},
		{"a token at its end", false, 2 * time.Hour, context.DeadlineExceeded, 500 * time.Millisecond},
		{"a token near its end", false, time.Hour - 20*time.Second, nil, 100 * time.Millisecond},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			synctest.Test(t, func(t *testing.T) {
				api := &hanging{refused: tt.refused}
				c, err := client.New("http://api.test/", "", client.Options{AppID: "app", AppSecret: "secret", Transport: api})
				if err != nil {
					t.Fatal(err)
				}
				if _, err := c.Entity(t.Context(), "e"); err != nil {
					t.Fatal(err)
				}
				time.Sleep(tt.after)
				api.hangs.Store(true)
				defer time.Sleep(2 * time.Minute) // what still asks for a token ends by itself
				go func() {
					time.Sleep(50 * time.Millisecond) // when the other call has been sent
					_, _ = c.Job(t.Context(), "first")
				}()
				ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
				defer cancel()
				began := time.Now()
				_, err = c.Job(ctx, "late")
				if took := time.Since(began); !errors.Is(err, tt.err) || took != tt.took {
					t.Errorf("Job = %v after %v, want %v after %v", err, took, tt.err, tt.took)
				}
			})
		})
	}
}

// hanging is an API of which the requests for tokens are not answered from some
// time on, and from then on tokens may be refused. It takes its time for one job.
type hanging struct {
	refused bool
	hangs   atomic.Bool
}

// RoundTrip implements [http.RoundTripper].
func (h *hanging) RoundTrip(r *http.Request) (*http.Response, error) {
	now, forToken := ok(`{"id":"j","status":"completed"}`), strings.HasSuffix(r.URL.Path, "/oauth2/token:generate")
	if strings.HasSuffix(r.URL.Path, "/late") {
		time.Sleep(100 * time.Millisecond)
	}
	switch {
	case forToken && h.hangs.Load():
		<-r.Context().Done()
		return nil, r.Context().Err()
	case forToken:
		now = ok(`{"accessToken":"t","expiresIn":3600}`)
	case h.hangs.Load() && h.refused:
		now = refused(401, "Token validation failed for provided token.")
	}
	return now.response(r), nil
}

func TestAppIsUnknown(t *testing.T) {
	t.Parallel()

	s := &script{answers: []answer{refused(401, "Unknown app.")}}
	_, err := s.client(t, client.Options{AppID: "app", AppSecret: "secret"}).Job(t.Context(), "j")
	if !errors.Is(err, client.ErrUnauthorized) || len(s.calls) != 1 {
		t.Errorf("Job = %v after %d calls, want the refusal after one", err, len(s.calls))
	}
}
