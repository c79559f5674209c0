package settings

import (
	"cmp"
	"net"
	"net/netip"
	"slices"

	"github.com/turnwise/turnwise/internal/account"
)

// checkRules looks for settings that do not go together. Those that are
// mistaken by themselves are left out.
func (l *loader) checkRules() {
	l.checkExposure()
	l.checkDataDir()
	l.checkAccounts()
	l.checkConsole()
	l.checkRoles()
	l.checkModels()
	l.checkRedis()
	l.checkOrders()
}

// valid reports whether the settings were read without a mistake.
func (l *loader) valid(keys ...string) bool {
	return !slices.ContainsFunc(keys, func(key string) bool { return slices.Contains(l.broken, key) })
}

// checkExposure keeps a process that lets the bearer of one token do
// everything off the network.
func (l *loader) checkExposure() {
	s := &l.settings
	answers := s.Has(API) || !l.valid("roles")
	if l.valid("listen") && answers && s.TryOut() && !loopback(s.Listen) {
		l.mistake("listening on %s without accounts is refused; configure accounts, or listen on 127.0.0.1 (--listen, TURNWISE_LISTEN)", s.Listen)
	}
	if l.valid("listen", "ops_listen") && answers && collide(s.Listen, s.OpsListen) {
		l.mistake("listen is %s and ops_listen %s, which is the same port; give them different ones (--listen, --ops-listen)", s.Listen, s.OpsListen)
	}
}

// checkDataDir finds data that there would be no place for.
func (l *loader) checkDataDir() {
	s := &l.settings
	keeps := s.TryOut() || s.RedisURL == "" && s.Embedded != "memory"
	if s.DataDir == "" && keeps && l.valid("data_dir", "redis_url", "embedded") {
		l.mistake("data_dir (--data-dir, TURNWISE_DATA_DIR) is empty, and there is no home directory to keep the data in, because neither HOME " +
			"nor XDG_STATE_HOME is set; name a directory that lasts and that only this user can write to")
	}
}

// checkAccounts also gives accounts what they leave open.
func (l *loader) checkAccounts() {
	s := &l.settings
	if s.TryOut() {
		return
	}
	if s.Token != "" {
		l.mistake("token (--token, TURNWISE_TOKEN) has no effect with accounts; remove it, or add its hash to an account's token_hashes")
	}
	if s.Demo {
		l.mistake("--demo uses the token of the try-out, so it cannot go with accounts; leave --config (TURNWISE_CONFIG) out")
	}
	for i := range s.Accounts {
		a := &s.Accounts[i]
		if a.AppID != "" && len(s.TokenKeys) == 0 && s.Has(API) && l.valid("roles", "token_keys") {
			l.mistake("accounts[%d] in %s has an app_id, but token_keys (--token-keys, TURNWISE_TOKEN_KEYS) is empty, so its tokens could not be signed; "+
				"set it to what openssl rand -base64 32 prints, the same in all processes", i, l.path)
		}
		a.WebhookGap = cmp.Or(a.WebhookGap, s.WebhookGap)
		if len(a.WebhookEvents) == 0 {
			a.WebhookEvents = s.WebhookEvents
		}
		a.OnFailure = cmp.Or(a.OnFailure, s.JobOnFailure)
		a.MaxConcurrentJobs = cmp.Or(a.MaxConcurrentJobs, s.MaxConcurrentJobs)
		a.MaxPendingJobs = cmp.Or(a.MaxPendingJobs, s.MaxPendingJobs)
		a.MaxRequestRate = cmp.Or(a.MaxRequestRate, s.MaxRequestRate)
		a.StrictTypes = a.StrictTypes || s.StrictTypes
		a.ImportStatus = cmp.Or(a.ImportStatus, s.ImportStatus)
		switch {
		case len(a.WebhookSecrets) > 0:
		case s.WebhookSecret != "":
			a.WebhookSecrets = []string{s.WebhookSecret}
		default:
			l.mistake("accounts[%d] in %s has no webhook_secrets, so its webhooks could not be signed; add one, or set TURNWISE_WEBHOOK_SECRET for all",
				i, l.path)
		}
	}
}

// checkConsole keeps the token of the operator from being somebody else's, who would
// see all accounts, and finds a console that nobody would serve.
func (l *loader) checkConsole() {
	s := &l.settings
	if s.Open && (!s.Console || !s.Has(API)) && l.valid("console", "roles") {
		l.mistake("--open opens the console, which this process does not serve; it needs the role api, and console (--console, TURNWISE_CONSOLE) to be true")
	}
	token := s.ConsoleOperatorToken
	if token == "" {
		return
	}
	taken := token == s.Token
	for _, a := range s.Accounts {
		taken = taken || slices.Contains(a.TokenHashes, account.HashToken(token))
	}
	if taken {
		l.mistake("console_operator_token (--console-operator-token, TURNWISE_CONSOLE_OPERATOR_TOKEN) is the token of an account too, so whoever has that would see all accounts; " +
			"set it to what openssl rand -hex 32 prints")
	}
}

// checkRoles finds work that nobody would do.
func (l *loader) checkRoles() {
	s := &l.settings
	if !l.valid("roles", "redis_url") || len(s.Roles) == len(Roles()) {
		return
	}
	if s.RedisURL == "" {
		l.mistake("roles (--roles, TURNWISE_ROLES) is %q, but without redis_url (--redis-url, TURNWISE_REDIS_URL) the Redis is this process's own, "+
			"so nobody would do the rest; name a Redis that all processes share, or leave roles at its default", join(s.Roles))
		return
	}
	if s.Demo {
		l.mistake("--demo shows the whole way of a chat, but roles (--roles, TURNWISE_ROLES) is %q; leave roles at its default", join(s.Roles))
	}
}

// checkRedis finds a Redis of its own that would not be started.
func (l *loader) checkRedis() {
	s := &l.settings
	if l.valid("redis_url", "embedded") && s.RedisURL != "" && s.Embedded != "auto" {
		l.mistake("embedded (--embedded, TURNWISE_EMBEDDED) is %s, but redis_url (--redis-url, TURNWISE_REDIS_URL) names a Redis, so none of its own would be started; "+
			"leave one of them out", s.Embedded)
	}
}

// checkModels finds models that nobody would ask, or that two would be asked
// for the same.
func (l *loader) checkModels() {
	s := &l.settings
	if !l.valid("model_url", "analyzer_url") {
		return
	}
	models := s.EmbeddingModel != "" || s.ChatModel != ""
	switch {
	case models && s.ModelURL == "":
		l.mistake("embedding_model or chat_model is set, but model_url (--model-url, TURNWISE_MODEL_URL) is empty, so there is no server to ask; " +
			"set it, as in http://127.0.0.1:11434/v1")
	case !models && s.ModelURL != "":
		l.mistake("model_url (--model-url, TURNWISE_MODEL_URL) is set, but neither embedding_model nor chat_model is, so it would not be asked; " +
			"name a model of it (--embedding-model, --chat-model)")
	case s.ModelKey != "" && s.ModelURL == "":
		l.mistake("model_key (--model-key, TURNWISE_MODEL_KEY) has no effect without model_url; remove it, or set TURNWISE_MODEL_URL")
	}
	if s.ChatModel != "" && s.AnalyzerURL != "" {
		l.mistake("analyzer_url and chat_model are both set, and both would find action items; leave one of them empty (--analyzer-url, --chat-model)")
	}
}

// loopback reports whether only this machine reaches the address.
func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}
