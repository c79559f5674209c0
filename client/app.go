package client

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// appTokens has the token of an app, and gets another one before it expires.
type appTokens struct {
	client Client // sends no token
	body   []byte
	turn   chan struct{} // holds one element while nobody has the turn

	token string
	renew time.Time // when to get another one
	ends  time.Time
}

func newAppTokens(c *Client) *appTokens {
	body, _ := json.Marshal(map[string]string{ // strings can always be encoded
		"type": "application", "appId": c.opts.AppID, "appSecret": c.opts.AppSecret,
	})
	t := &appTokens{client: *c, body: body, turn: make(chan struct{}, 1)}
	t.turn <- struct{}{}
	return t
}

// current returns a token that is good for a while. Callers that come while
// one is being got wait for that one.
func (t *appTokens) current(ctx context.Context) (string, error) {
	select {
	case <-t.turn:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	defer func() { t.turn <- struct{}{} }()
	now := time.Now()
	if now.Before(t.renew) {
		return t.token, nil
	}
	sender := t.client
	usable := now.Before(t.ends)
	if usable {
		sender.opts.RetryFor = -1 // nobody has to wait yet
	}
	if err := t.get(ctx, &sender); err != nil && !usable {
		return "", err
	}
	return t.token, nil
}

// get asks for a token. The API gives the same one as long as much of its
// life is left, and says how much that is.
func (t *appTokens) get(ctx context.Context, c *Client) error {
	asked := time.Now()
	answer, err := c.Do(ctx, Request{
		Method:     http.MethodPost,
		Path:       []string{"oauth2", "token:generate"},
		Body:       t.body,
		Repeatable: true,
	})
	if err != nil {
		return err
	}
	var got struct {
		AccessToken string `json:"accessToken"`
		ExpiresIn   int64  `json:"expiresIn"`
	}
	if err := json.Unmarshal(answer.Body, &got); err != nil {
		return fmt.Errorf("%w: %w", ErrNotAPI, err)
	}
	if got.AccessToken == "" || hasControl(got.AccessToken) {
		return fmt.Errorf("%w: it has no token", ErrNotAPI)
	}
	life := time.Duration(got.ExpiresIn) * time.Second
	t.token, t.ends = got.AccessToken, asked.Add(life)
	t.renew = t.ends.Add(-min(30*time.Second, life/10)) // what is under way then must find it good
	return nil
}

// forget drops a token that the API has refused, unless another one has taken
// its place by now.
func (t *appTokens) forget(token string) {
	<-t.turn
	defer func() { t.turn <- struct{}{} }()
	if t.token == token {
		t.token, t.renew, t.ends = "", time.Time{}, time.Time{}
	}
}
