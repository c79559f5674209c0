package settings

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/jobs"
)

// readAccounts reads the list of accounts, which only the file may hold. A
// value of the wrong type is named but not repeated, it may be a secret.
func (l *loader) readAccounts() {
	raw := l.file.Get("accounts")
	if raw == nil {
		return
	}
	list, isList := raw.([]any)
	if !isList {
		l.mistake("accounts in %s must be a list", l.path)
		return
	}
	for i, item := range list {
		r := accountReader{loader: l, index: i}
		l.settings.Accounts = append(l.settings.Accounts, r.read(item))
	}
	if _, err := account.NewDirectory(l.settings.Accounts...); err != nil {
		l.mistakeEach(err)
	}
}

// mistakeEach takes the mistakes of a directory apart.
func (l *loader) mistakeEach(err error) {
	all := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok { // this very error, not one that it wraps
		all = joined.Unwrap()
	}
	for _, e := range all {
		l.mistake("%v, in %s", e, l.path)
	}
}

// accountReader reads one account of the list.
type accountReader struct {
	*loader
	index int
}

func (r accountReader) read(item any) account.Entry {
	var e account.Entry
	fields, isMap := item.(map[string]any)
	if !isMap {
		r.mistake("accounts[%d] in %s must have an id, and token_hashes or an app_id", r.index, r.path)
		return e
	}
	for _, key := range slices.Sorted(maps.Keys(fields)) { // so id before webhook_endpoints, which are of that account
		v := fields[key]
		switch key {
		case "id":
			e.ID = r.text(key, v)
		case "token_hashes":
			e.TokenHashes = r.texts(key, v)
		case "app_id":
			e.AppID = r.text(key, v)
		case "app_secret_hashes":
			e.AppSecretHashes = r.texts(key, v)
		case "max_concurrent_jobs":
			e.MaxConcurrentJobs = r.number(key, v)
		case "max_pending_jobs":
			e.MaxPendingJobs = r.number(key, v)
		case "on_failure":
			e.OnFailure = r.text(key, v)
			if !slices.Contains(failurePolicies(), e.OnFailure) {
				r.wrong(key, oneOf(failurePolicies()))
			}
		case "max_requests_per_second":
			e.MaxRequestRate = r.number(key, v)
		case "weight":
			e.Weight = r.number(key, v)
		case "strict_types":
			e.StrictTypes = r.boolean(key, v)
		case "import_status":
			e.ImportStatus = r.text(key, v)
		case "webhook_secrets", "webhook_gap", "webhook_events", endpointsKey:
			r.readWebhooks(&e, key, v)
		default:
			r.mistake("accounts[%d].%s in %s is not a setting; an account has id, token_hashes, app_id, app_secret_hashes, webhook_secrets, webhook_gap, webhook_events, webhook_endpoints, on_failure, max_concurrent_jobs, max_pending_jobs, max_requests_per_second, weight, strict_types and import_status",
				r.index, key, r.path)
		}
	}
	return e
}

// readWebhooks reads what is set about the webhooks of an account.
func (r accountReader) readWebhooks(e *account.Entry, key string, v any) {
	switch key {
	case "webhook_secrets":
		e.WebhookSecrets = r.texts(key, v)
	case "webhook_gap":
		e.WebhookGap = r.text(key, v)
		if !slices.Contains(gapPolicies(), e.WebhookGap) {
			r.wrong(key, oneOf(gapPolicies()))
		}
	case "webhook_events":
		e.WebhookEvents = r.texts(key, v)
		if _, err := jobs.ParseStatuses(e.WebhookEvents); err != nil {
			r.wrong(key, "a list of one or more of scheduled, in_progress, completed and failed")
		}
	case endpointsKey:
		r.addEndpoints(v, e.ID, fmt.Sprintf("accounts[%d].%s", r.index, key))
	}
}

func (r accountReader) text(key string, v any) string {
	s, ok := v.(string)
	if !ok {
		r.wrong(key, "a text; put it into quotes")
	}
	return s
}

func (r accountReader) texts(key string, v any) []string {
	list, ok := v.([]any)
	if !ok {
		r.wrong(key, "a list of texts")
	}
	texts := make([]string, len(list))
	for i := range list {
		texts[i] = r.text(key, list[i])
	}
	return texts
}

func (r accountReader) number(key string, v any) int {
	text, _ := textOf(v)
	n, err := strconv.Atoi(text)
	if err != nil {
		r.wrong(key, "a whole number")
	}
	return n
}

func (r accountReader) boolean(key string, v any) bool {
	text, _ := textOf(v)
	b, err := strconv.ParseBool(text)
	if err != nil {
		r.wrong(key, "true or false")
	}
	return b
}

func (r accountReader) wrong(key, want string) {
	r.mistake("accounts[%d].%s in %s must be %s", r.index, key, r.path, want)
}
