package settings

import (
	"slices"
	"time"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redisconn"
	"github.com/turnwise/turnwise/internal/webhook"
	"github.com/turnwise/turnwise/internal/webhook/keyring"
)

// Bounds that no sensible value comes near; they catch a slip of the hand.
const (
	year  = 365 * 24 * time.Hour
	many  = 10_000
	plain = 1_000_000_000
)

func processRows(s *Settings) []row {
	return []row{
		{
			key: "config", outside: true, value: text(&s.Config),
			doc: "path of the YAML file with settings and accounts; none if empty",
		},
		{
			key: "roles", def: "api,worker,dispatcher", value: roles(&s.Roles),
			doc: "what this process does: api answers requests, worker works jobs, dispatcher delivers webhooks",
		},
		{
			key: "listen", def: "127.0.0.1:8080", value: address(&s.Listen),
			doc: "address of the API; without accounts it must be on loopback",
		},
		{
			key: "ops_listen", def: "127.0.0.1:8081", value: address(&s.OpsListen),
			doc: "address of metrics, health checks and profiles, which need no token: keep it private",
		},
		{
			key: "ops_hosts", value: list(&s.OpsHosts, checkHost),
			doc: "names under which ops_listen is asked, as in worker.internal; addresses, localhost and its own name always are; " +
				"any other is refused, for it may be a page in a browser",
		},
		{
			key: "data_dir", value: directory(&s.DataDir),
			doc: "what the process keeps on disk; if empty, $XDG_STATE_HOME/turnwise or ~/.local/state/turnwise",
		},
		{
			key: "shutdown_grace", def: "10s", value: duration(&s.ShutdownGrace, 0, time.Hour),
			doc: "how long a stopping process finishes what it has begun; 0s for not at all",
		},
		{
			key: "shutdown_delay", def: "0s", value: duration(&s.ShutdownDelay, 0, time.Hour),
			doc: "how long a stopping process still answers requests, while /readyz is 503, before the grace begins: " +
				"what a load balancer takes to notice",
		},
		{
			key: "log_level", def: "info", value: level(&s.LogLevel),
			doc: "least level that is logged: debug, info, warn or error",
		},
		{
			key: "log_format", def: "text", value: choice(&s.LogFormat, "text", "json"),
			doc: "form of the log: text or json",
		},
	}
}

func callerRows(s *Settings) []row {
	return []row{
		{
			key: "token", secret: true, value: checked(&s.Token, checkOwnToken),
			doc: "token of the API while there are no accounts, 16 characters or more; made at the first start and kept if empty",
		},
		{
			key: "token_keys", secret: true, value: list(&s.TokenKeys, checkTokenKey),
			doc: "keys for the tokens that applications ask for, each 32 or more random bytes in base64: the first one signs, " +
				"tokens signed by the others are recognised; without accounts made and kept if empty",
		},
		{
			key: "token_ttl", def: "24h", value: duration(&s.TokenTTL, time.Minute, year),
			doc: "how long a token lives that an application asks for",
		},
		{
			key: "strict_types", def: "false", value: boolean(&s.StrictTypes),
			doc: "whether answers have the types that Symbl's Go SDK decodes, against its documents: whole scores of follow-ups, no phrases, " +
				"one tracker at …/trackers",
		},
		{
			key: "import_status", def: account.CompletedWords, value: choice(&s.ImportStatus, account.CompletedWords, account.FinishedWords),
			doc: "words of importStatus in the v2 API: completed, as in completed, pending and failed, or FINISHED, as in FINISHED, PENDING and FAILED",
		},
		{
			key: "cors_origins", value: list(&s.CORSOrigins, checkOrigin),
			doc: "origins whose pages may call the API from a browser, as in https://app.example.com, or * for all; none if empty",
		},
		{
			key: "console", def: "true", value: boolean(&s.Console),
			doc: "whether the role api serves the console at /console/, and whether the process tells consoles of itself",
		},
		{
			key: "console_operator_token", secret: true, value: checked(&s.ConsoleOperatorToken, checkOwnToken),
			doc: "token that signs in to the console for all accounts, and opens /v1/jobs and /v1/lanes of the account that the parameter account names, their lists of all, and nothing else of the API; 16 characters or more; nobody can if empty",
		},
		{
			key: "connections", def: "0", value: count(&s.Connections, 0, plain),
			doc: "connections that the API has at once; 0 stands for 2000, or less where the process may not open enough files",
		},
	}
}

func redisRows(s *Settings) []row {
	return []row{
		{
			key: "redis_url", redact: redisconn.Redact, value: checked(&s.RedisURL, redisconn.Validate),
			doc: "Redis to use: redis://, rediss://, unix://, redis+sentinel://h1,h2/master or redis+cluster://h1,h2; " +
				"one of its own if empty",
		},
		{
			key: "embedded", def: "auto", value: choice(&s.Embedded, "auto", "memory", "redis"),
			doc: "kind of its own Redis: redis is a redis-server that keeps all on disk, memory keeps nothing, " +
				"auto is redis where redis-server or valkey-server is installed",
		},
		{
			key: "allow_eviction", def: "false", value: boolean(&s.AllowEviction),
			doc: "whether to start on a Redis that may drop keys, and jobs with them, when its memory is full",
		},
		{
			key: "allow_data_loss", def: "false", value: boolean(&s.AllowDataLoss),
			doc: "whether to start though its own Redis has less on disk than it had; meant for one start",
		},
		{
			key: "shards", def: "0", value: count(&s.Shards, 0, lane.MaxShards),
			doc: "parts that the data is split into; 0 stands for those that it is split into already, or else 4, or 16 on a Cluster; fixed by the first process that uses a Redis",
		},
	}
}

func jobRows(s *Settings) []row {
	return []row{
		{
			key: "lease", def: "4s", value: duration(&s.Lease, 500*time.Millisecond, time.Hour),
			doc: "how long after a process died its work is taken over",
		},
		{
			key: "concurrency", def: "0", value: count(&s.Concurrency, 0, many),
			doc: "conversations worked at once; 0 stands for 4 per core, or 64 with an external analyzer or a model, which are waited for",
		},
		{
			key: "job_backoff_initial", def: "1s", value: duration(&s.JobBackoffInitial, time.Millisecond, year),
			doc: "wait before a job is tried a second time; it doubles from then on",
		},
		{
			key: "job_backoff_max", def: "1m", value: duration(&s.JobBackoffMax, time.Millisecond, year),
			doc: "longest wait between two attempts at a job",
		},
		{
			key: "job_on_failure", def: "continue", value: choice(&s.JobOnFailure, failurePolicies()...),
			doc: "what becomes of a job that has failed for good: continue fails it and goes on with the next one, hold leaves it at the head of its conversation, which waits for somebody",
		},
		{
			key: "job_max_attempts", def: "5", value: count(&s.JobMaxAttempts, 1, many),
			doc: "attempts after which a job has failed",
		},
		{
			key: "job_retention", def: "720h", value: duration(&s.JobRetention, time.Minute, 100*year),
			doc: "how long finished jobs are kept, with the attempts to deliver their events",
		},
		{
			key: "max_concurrent_jobs", def: "0", value: count(&s.MaxConcurrentJobs, 0, plain),
			doc: "unfinished jobs that an account may have; 0 is no limit",
		},
		{
			key: "max_pending_jobs", def: "100000", value: count(&s.MaxPendingJobs, 0, plain),
			doc: "about how many unfinished jobs each account may have, if there are accounts and max_concurrent_jobs does not say how many exactly; 0 is no limit",
		},
		{
			key: "max_requests_per_second", def: "1000", value: count(&s.MaxRequestRate, 0, plain),
			doc: "requests a second that each account may send to a process, if there are accounts; 0 is no limit",
		},
		{
			key: "max_pending_per_conversation", def: "10000", value: count(&s.MaxPendingPerConversation, 0, plain),
			doc: "unfinished jobs that a conversation may have; 0 is no limit",
		},
		{
			key: "analyzer_url", redact: redisconn.Redact, value: checked(&s.AnalyzerURL, checkHTTP),
			doc: "service that each job is sent to for its insights; none if empty",
		},
		{
			key: "analyzer_timeout", def: "30s", value: duration(&s.AnalyzerTimeout, time.Millisecond, time.Hour),
			doc: "time limit of one call of that service",
		},
	}
}

func modelRows(s *Settings) []row {
	return []row{
		{
			key: "model_url", redact: redisconn.Redact, value: checked(&s.ModelURL, checkHTTP),
			doc: "server of models that speaks the API of OpenAI, with the version, as in http://127.0.0.1:11434/v1; " +
				"it is sent what is said; none if empty",
		},
		{
			key: "model_key", secret: true, value: checked(&s.ModelKey, checkToken),
			doc: "key for that server; none if empty",
		},
		{
			key: "embedding_model", value: text(&s.EmbeddingModel),
			doc: "model of that server whose vectors match trackers and weigh topics by meaning; none if empty",
		},
		{
			key: "chat_model", value: text(&s.ChatModel),
			doc: "model of that server that finds action items and follow-ups and writes summaries; none if empty",
		},
		{
			key: "model_timeout", def: "30s", value: duration(&s.ModelTimeout, time.Millisecond, time.Hour),
			doc: "time limit of one call of a model, with the wait for its turn; then the job goes on without it",
		},
		{
			key: "model_concurrency", def: "8", value: count(&s.ModelConcurrency, 1, many),
			doc: "calls of models in flight at once",
		},
	}
}

func webhookRows(s *Settings) []row {
	return slices.Concat(deliveryRows(s), endpointRows(s), secretRows(s))
}

func deliveryRows(s *Settings) []row {
	return []row{
		{
			key: "webhook_concurrency", def: "64", value: count(&s.WebhookConcurrency, 1, many),
			doc: "webhooks in flight at once",
		},
		{
			key: "webhook_timeout", def: "15s", value: duration(&s.WebhookTimeout, time.Millisecond, time.Hour),
			doc: "time limit of one attempt, from the name look-up to the answer",
		},
		{
			key: "webhook_backoff_initial", def: "5s", value: duration(&s.WebhookBackoffInitial, time.Millisecond, year),
			doc: "wait before a webhook is tried a second time; it doubles from then on",
		},
		{
			key: "webhook_backoff_max", def: "6h", value: duration(&s.WebhookBackoffMax, time.Millisecond, year),
			doc: "longest wait between two attempts at a webhook",
		},
		{
			key: "webhook_max_elapsed", def: "72h", value: duration(&s.WebhookMaxElapsed, time.Millisecond, year),
			doc: "how long after its first attempt a webhook is given up",
		},
		{
			key: "webhook_consent_origin", value: checked(&s.WebhookConsentOrigin, checkDomain),
			doc: "a name of yours, as turnwise.example.com, in which each address is asked for its consent before its first webhook, by the OPTIONS request of CloudEvents; if empty none is asked",
		},
		{
			key: "webhook_events", value: list(&s.WebhookEvents, checkEvent),
			doc: "the changes of a job's status of which its webhooks tell, where a submission does not choose: scheduled, in_progress, completed and failed; all if empty",
		},
		{
			key: "webhook_gap", def: "continue", value: choice(&s.WebhookGap, gapPolicies()...),
			doc: "what becomes of the webhooks of a job behind one that is given up: continue sends them, halt has them wait for an operator, latest sends the last one of the job alone if it is there",
		},
	}
}

func endpointRows(s *Settings) []row {
	return []row{
		{
			key: "webhook_endpoint_concurrency", def: "128", value: count(&s.WebhookEndpointConcurrency, 1, many),
			doc: "jobs whose webhooks are in flight at once to one endpoint, which is scheme, host and port, from all processes, but one of each shard at least; a quarter of it if the endpoint is slow or not known",
		},
		{
			key: "webhook_endpoint_rate", def: "0", value: count(&s.WebhookEndpointRate, 0, many),
			doc: "webhooks a second to one endpoint, each shard having an equal part; 0 is no limit",
		},
		{
			key: "webhook_breaker_failures", def: "5", value: count(&s.WebhookBreakerFailures, 1, many),
			doc: "failures within webhook_breaker_window after which an endpoint is left alone in a shard, but for a probe after webhook_backoff_initial, then after twice as long, and so on",
		},
		{
			key: "webhook_breaker_ratio", def: "50", value: count(&s.WebhookBreakerRatio, 1, 100),
			doc: "how many of a hundred attempts since the first of these failures must have failed, too",
		},
		{
			key: "webhook_breaker_window", def: "2m", value: duration(&s.WebhookBreakerWindow, time.Second, year),
			doc: "how long failures of an endpoint are counted together",
		},
		{
			key: "webhook_breaker_max_pause", def: "2m", value: duration(&s.WebhookBreakerMaxPause, time.Millisecond, year),
			doc: "longest wait between two probes of an endpoint that is left alone",
		},
	}
}

func secretRows(s *Settings) []row {
	return []row{
		{
			key: "webhook_secret", secret: true, value: checked(&s.WebhookSecret, checkSecret),
			doc: "secret (whsec_… or whsk_…) that signs the webhooks of accounts without one of their own; without accounts made and kept if empty",
		},
		{
			key: "webhook_secret_keys", secret: true, value: list(&s.WebhookSecretKeys, checkSecretKey),
			doc: "keys that encrypt the secrets which accounts make for themselves, each 32 random bytes in base64: the first one encrypts, " +
				"what the others have encrypted is read; kept in Redis as they are if empty",
		},
		{
			key: "webhook_allow_cidrs", value: prefixes(&s.WebhookAllowCIDRs),
			doc: "networks that webhooks may go to although they are not public, as in 10.1.0.0/16,192.168.7.9/32",
		},
	}
}

func checkTokenKey(text string) error {
	_, err := account.ParseKey(text)
	return err
}

// gapPolicies returns the names of the gap policies.
// failurePolicies are the words for what becomes of a conversation of which a job has
// failed for good.
func failurePolicies() []string { return []string{account.ContinueOnFailure, account.HoldOnFailure} }

func gapPolicies() []string {
	var names []string
	for _, p := range webhook.GapPolicies() {
		names = append(names, string(p))
	}
	return names
}

func checkEvent(text string) error {
	_, err := jobs.ParseStatuses([]string{text})
	return err
}

func checkSecretKey(text string) error {
	_, err := keyring.ParseKey(text)
	return err
}

func checkSecret(text string) error {
	_, err := webhook.ParseSecret(text)
	return err
}
