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

// appTokens has the token of an app, and requests another one before it expires.
type appTokens struct {
	client   Client // sends no token
	body     []byte
	requests singleflight.Group // for a token, one at a time

	mu        sync.Mutex // guards the following; never held during a request
	token     string
	renewAt   time.Time // when to request another one
	expiresAt time.Time
}

func newAppTokens(c *Client) *appTokens {
	body, _ := json.Marshal(map[string]string{ // strings can always be encoded
		"type": "application", "appId": c.opts.AppID, "appSecret": c.opts.AppSecret,
	})
	return &appTokens{client: *c, body: body}
}

// current returns a token that is valid for a while. While one is requested,
// callers get the previous one if that is still valid. Otherwise they wait for
// the new one, as long as their contexts last.
func (t *appTokens) current(ctx context.Context) (string, error) {
	token, renew, valid := t.cached(time.Now())
	if valid && !renew {
		return token, nil
	}
	requested := t.requests.DoChan("", func() (_ any, err error) {
		defer func() {
			if p := recover(); p != nil { // of a Transport; no caller could recover it
				err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			}
		}()
		// The first caller may stop waiting while others still wait. The
		// request ends by itself: each try has a time limit, and so have all
		// tries together.
		return t.request(context.WithoutCancel(ctx))
	})
	if valid {
		return token, nil
	}
	select {
	case r := <-requested:
		if r.Err != nil {
			return "", r.Err
		}
		return r.Val.(string), nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// cached returns the last token, whether it is time to request another one, and
// whether this one is still valid.
func (t *appTokens) cached(now time.Time) (token string, renew, valid bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.token, !now.Before(t.renewAt), now.Before(t.expiresAt)
}

// request requests a token. The API returns the same one while much of its
// lifetime is left, and says how much that is.
func (t *appTokens) request(ctx context.Context) (string, error) {
	sentAt := time.Now()
	if token, renew, _ := t.cached(sentAt); !renew {
		return token, nil // a request has ended since the caller read the cache
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
	lifetime := time.Duration(got.ExpiresIn) * time.Second
	t.mu.Lock()
	defer t.mu.Unlock()
	t.token, t.expiresAt = got.AccessToken, sentAt.Add(lifetime)
	t.renewAt = t.expiresAt.Add(-min(30*time.Second, lifetime/10)) // for requests that arrive later than they were sent
	return t.token, nil
}

// drop removes a token that the API has refused, unless another one has
// replaced it.
func (t *appTokens) drop(token string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.token == token {
		t.token, t.renewAt, t.expiresAt = "", time.Time{}, time.Time{}
	}
}
