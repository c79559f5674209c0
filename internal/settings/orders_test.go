package settings_test

import (
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/settings"
)

// Settings that contradict each other are refused, each pair with a sentence
// that names both, their values, what would come of it and the way out.
func TestContradictions(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name string
		args []string
		want string
	}{
		{
			name: "first wait between attempts at a job", args: []string{"--job-backoff-initial=2m"},
			want: "job_backoff_initial is 2m0s, which is longer than job_backoff_max, 1m0s, so no wait could be right; raise TURNWISE_JOB_BACKOFF_MAX or lower TURNWISE_JOB_BACKOFF_INITIAL",
		},
		{
			name: "first wait between attempts at a webhook", args: []string{"--webhook-backoff-initial=7h"},
			want: "webhook_backoff_initial is 7h0m0s, which is longer than webhook_backoff_max, 6h0m0s, so no wait could be right; raise TURNWISE_WEBHOOK_BACKOFF_MAX or lower TURNWISE_WEBHOOK_BACKOFF_INITIAL",
		},
		{
			name: "no second attempt at a webhook", args: []string{"--webhook-max-elapsed=20s", "--webhook-backoff-initial=30s"},
			want: "webhook_backoff_initial is 30s, which is longer than webhook_max_elapsed, 20s, so a webhook would be given up before its second attempt; raise TURNWISE_WEBHOOK_MAX_ELAPSED or lower TURNWISE_WEBHOOK_BACKOFF_INITIAL",
		},
		{
			name: "an attempt outlasts its webhook", args: []string{"--webhook-max-elapsed=10s"},
			want: "webhook_timeout is 15s, which is longer than webhook_max_elapsed, 10s, so one attempt could outlast all the time that a webhook has; raise TURNWISE_WEBHOOK_MAX_ELAPSED or lower TURNWISE_WEBHOOK_TIMEOUT",
		},
		{
			name: "a claim outlasts its job", args: []string{"--lease=2m", "--job-retention=1m"},
			want: "lease is 2m0s, which is longer than job_retention, 1m0s, so a job could be forgotten while its last worker may still hold it; raise TURNWISE_JOB_RETENTION or lower TURNWISE_LEASE",
		},
		{
			name: "two Redis", args: []string{"--redis-url=redis://h", "--embedded=memory"},
			want: "embedded (--embedded, TURNWISE_EMBEDDED) is memory, but redis_url (--redis-url, TURNWISE_REDIS_URL) names a Redis, so none of its own would be started; leave one of them out",
		},
		{
			name: "one port, all addresses", args: []string{"--listen=127.0.0.1:8081", "--ops-listen=0.0.0.0:8081"},
			want: "listen is 127.0.0.1:8081 and ops_listen 0.0.0.0:8081, which is the same port; give them different ones (--listen, --ops-listen)",
		},
		{
			name: "one port, no address", args: []string{"--listen=127.0.0.1:8081", "--ops-listen=:8081"},
			want: "listen is 127.0.0.1:8081 and ops_listen :8081, which is the same port; give them different ones (--listen, --ops-listen)",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			if _, err := settings.Load(tt.args, nil); err == nil || err.Error() != tt.want {
				t.Errorf("Load(%q) = %v,\nwant %s", tt.args, err, tt.want)
			}
		})
	}
}

// What only looks like a contradiction is none.
func TestNoContradictions(t *testing.T) {
	t.Parallel()

	for _, args := range [][]string{
		{"--job-backoff-initial=1m", "--job-backoff-max=1m"},
		{"--webhook-max-elapsed=15s"}, // the longest wait is not reached
		{"--job-retention=1m"},        // begins when the last event is settled
		{"--shutdown-grace=0s", "--shutdown-delay=1m"},
		{"--listen=127.0.0.1:8080", "--ops-listen=127.0.0.2:8080"},
		{"--listen=127.0.0.1:0", "--ops-listen=127.0.0.1:0"},
		{"--redis-url=redis://h", "--embedded=auto"},
		{"--redis-url=redis://h", "--roles=worker", "--listen=127.0.0.1:8081"}, // which is not listened on
	} {
		if _, err := settings.Load(args, nil); err != nil {
			t.Errorf("Load(%q) = %v", strings.Join(args, " "), err)
		}
	}
}
