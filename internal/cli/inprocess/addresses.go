package inprocess

import "github.com/turnwise/turnwise/internal/webhook"

// addresses takes every address of a webhook that is well-formed, because which
// networks are allowed is for the workers to say. It warns of one that they refuse
// unless they have been told otherwise.
type addresses struct {
	warn func(format string, args ...any)
}

// CheckURL implements symbl.Addresses.
func (a addresses) CheckURL(raw string) error {
	if err := webhook.CheckURL(raw); err != nil {
		return err //nolint:wrapcheck // half a sentence, which goes on from the name of the field
	}
	if err := webhook.NewGuard(nil).CheckURL(raw); err != nil {
		a.warn("the webhook URL %v", err)
	}
	return nil
}
