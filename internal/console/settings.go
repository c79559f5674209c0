package console

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/turnwise/turnwise/internal/account"
)

func (c *Console) settingsRoutes() []route {
	return []route{page("/settings", c.settings)}
}

// A settingRow is a setting of an account with what it means.
type settingRow struct{ Name, Value, Meaning string }

// settings shows what is configured for the account. Tokens and secrets are not known
// here, or not shown.
func (c *Console) settings(x *exchange) error {
	a := x.account
	limit := func(n int) string {
		if n == 0 {
			return "no limit"
		}
		return count(n)
	}
	return c.show(x, "settings", "Settings", []settingRow{
		{"Account", a.ID, "the name under which everything of it is kept"},
		{"Unfinished jobs", limit(a.MaxConcurrentJobs), "how many it may have at a time"},
		{"Unfinished jobs, about", limit(a.MaxPendingJobs), "how many it may have, if there is no exact limit"},
		{"Requests a second", limit(a.MaxRequestRate), "that one process takes of it"},
		{"Weight", strconv.Itoa(max(a.Weight, 1)), "its part of the work beside other accounts, which have 1"},
		{"Behind an event that is given up", cmp.Or(a.WebhookGap, c.opts.Gap, "continue"), "what becomes of the later events of its job"},
		{"Events of which webhooks tell", cmp.Or(strings.Join(a.WebhookEvents, ", "), "all"), "where a submission does not choose"},
		{"Webhook secrets of the configuration", strconv.Itoa(len(a.WebhookSecrets)), "those made here are on the page of secrets"},
		{"Strict types", yes(a.StrictTypes), "whether answers have the types that Symbl's Go SDK decodes"},
		{"Import status", cmp.Or(a.ImportStatus, account.CompletedWords), "the words of importStatus in the v2 API"},
	})
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
