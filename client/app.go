package client

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// appTokens has the token of an app, and gets another one before it expires.
type appTokens struct {
	client   Client // sends no token
	body     []byte
	underway singleflight.Group // of requests for a token, one at most

	mu    sync.Mutex // held for no longer than it takes to look or to note
	token string
	renew time.Time // when to get another one
	ends  time.Time
}

func newAppTokens(c *Client) *appTokens {
	body, _ := json.Marshal(map[string]string{ // strings can always be encoded
		"type": "application", "appId": c.opts.AppID, "appSecret": c.opts.AppSecret,
	})
	return &appTokens{client: *c, body: body}
}

// current returns a token that is good for a while. Callers that come while one
// is being got wait for that one, as long as their contexts last, unless the one
// before it is still good.
func (t *appTokens) current(ctx context.Context) (string, error) {
	token, renew, usable := t.known(time.Now())
	if usable && !renew {
		return token, nil
	}
	got := t.underway.DoChan("", func() (_ any, err error) {
		defer func() {
			if p := recover(); p != nil { // of a Transport; nobody above could recover
				err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			}
		}()
		// Whoever asked first may hang up; the others still want it. It ends
		// by itself: each try has a time limit, and so have all together.
		return t.get(context.WithoutCancel(ctx))
	})
	if usable {
		return token, nil
	}
	select {
	case r := <-got:
		if r.Err != nil {
			return "", r.Err
		}
		return r.Val.(string), nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// known returns the token, whether it is time for another one, and whether this
// one is good until then.
func (t *appTokens) known(now time.Time) (token string, renew, usable bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.token, !now.Before(t.renew), now.Before(t.ends)
}

// get asks for a token. The API gives the same one as long as much of its
// life is left, and says how much that is.
func (t *appTokens) get(ctx context.Context) (string, error) {
	asked := time.Now()
	if token, renew, _ := t.known(asked); !renew {
		return token, nil // it came since the caller looked
	}
	answer, err := t.client.Do(ctx, Request{
		Method:     http.MethodPost,
		Path:       []string{"oauth2", "token:generate"},
		Body:       t.body,
		Repeatable: true,
	})
	if err != nil {
		return "", err
	}
	var got struct {
		AccessToken string `json:"accessToken"`
		ExpiresIn   int64  `json:"expiresIn"`
	}
	if err := json.Unmarshal(answer.Body, &got); err != nil {
		return "", fmt.Errorf("%w: %w", ErrNotAPI, err)
	}
	if got.AccessToken == "" || hasControl(got.AccessToken) {
		return "", fmt.Errorf("%w: it has no token", ErrNotAPI)
	}
	life := time.Duration(got.ExpiresIn) * time.Second
	t.mu.Lock()
	defer t.mu.Unlock()
	t.token, t.ends = got.AccessToken, asked.Add(life)
	t.renew = t.ends.Add(-min(30*time.Second, life/10)) // what is under way then must find it good
	return t.token, nil
}

// forget drops a token that the API has refused, unless another one has taken
// its place by now.
func (t *appTokens) forget(token string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.token == token {
		t.token, t.renew, t.ends = "", time.Time{}, time.Time{}
	}
}
