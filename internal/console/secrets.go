package console

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/turnwise/turnwise/internal/webhook"
	"github.com/turnwise/turnwise/internal/webhook/keyring"
)

func (c *Console) secretRoutes() []route {
	return []route{
		page("/webhooks/secrets", func(x *exchange) error { return c.showSecrets(x, http.StatusOK, keyring.Made{}, "") }),
		action("/webhooks/secrets", "rotate webhook secret", c.rotate),
		action("/webhooks/secrets/{id}/end", "end webhook secret", c.endSecret),
	}
}

// secretsView is what the list of secrets shows: which there are, never what they are,
// but for one that was made a moment ago.
type secretsView struct {
	Secrets []keyring.Info
	Made    keyring.Made
	Mistake string
}

func (c *Console) showSecrets(x *exchange, status int, made keyring.Made, mistake string) error {
	all, err := c.Secrets.List(x.r.Context(), x.account.ID)
	if err != nil {
		return err
	}
	return c.write(x, status, "secrets", "Webhook secrets", secretsView{all, made, mistake})
}

// maxOverlap is how many hours two secrets sign together, at most.
const maxOverlap = 30 * 24

// rotate makes a secret. It is shown in the answer, and never again.
func (c *Console) rotate(x *exchange) error {
	scheme := webhook.Scheme(x.r.PostFormValue("scheme"))
	if scheme != webhook.HMAC && scheme != webhook.Ed25519 {
		return refuse(http.StatusUnprocessableEntity, "The scheme must be v1 or v1a.")
	}
	hours, err := strconv.Atoi(x.r.PostFormValue("overlap"))
	if err != nil || hours < 0 || hours > maxOverlap {
		return refuse(http.StatusUnprocessableEntity, "The overlap must be a number of hours from 0 to 720.")
	}
	made, err := c.Secrets.Rotate(x.r.Context(), x.account.ID, scheme, time.Duration(hours)*time.Hour)
	if errors.Is(err, keyring.ErrFull) {
		return c.showSecrets(x, http.StatusConflict, made, "There are as many secrets that still sign as there may be. End one of them first, or wait until one expires.")
	}
	if err != nil {
		return err
	}
	x.subject = "secret " + made.ID
	return c.showSecrets(x, http.StatusOK, made, "")
}

func (c *Console) endSecret(x *exchange) error {
	id := x.r.PathValue("id")
	x.subject = "secret " + id
	err := c.Secrets.End(x.r.Context(), x.account.ID, id)
	switch {
	case errors.Is(err, keyring.ErrUnknown):
		return errNothing
	case errors.Is(err, keyring.ErrLast):
		return c.showSecrets(x, http.StatusConflict, keyring.Made{}, "It is the only secret that signs your webhooks, and they are never sent unsigned. Make another one first.")
	case err != nil:
		return err
	}
	return x.see("ended", "webhooks", "secrets")
}
