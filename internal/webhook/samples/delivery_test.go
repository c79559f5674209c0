package samples

import (
	"context"
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/webhook"
)

// TestReceiversTakeDeliveries sends each receiver of the documents the events of a
// job, by the code that delivers them, before, while and after the secret is
// replaced. Each receiver has the old secret and the new one.
func TestReceiversTakeDeliveries(t *testing.T) {
	t.Parallel()

	next := webhook.NewSecret()
	for _, p := range programs {
		if p.path == "" {
			continue
		}
		t.Run(p.String(), func(t *testing.T) {
			t.Parallel()

			known := secret
			if p.decodes {
				known += "," + next
			}
			r := p.run(t, known)
			d := &delivery{t: t, url: "http://" + r.addr + p.path, secrets: []string{secret}}
			d.send("scheduled", 1)
			d.secrets = []string{next, secret}
			d.send("in_progress", 2)
			d.send("in_progress", 2) // the answer did not get back
			if p.decodes {
				d.secrets = []string{next, webhook.NewSecretOf(webhook.Ed25519)}
			}
			d.send("completed", 3)
			d.send("scheduled", 1) // late
			if !p.decodes {
				return
			}
			var took []string
			for _, m := range regexp.MustCompile(`job `+d.job()+` is (\w+)`).FindAllStringSubmatch(r.said.String(), -1) {
				took = append(took, m[1])
			}
			if got := strings.Join(took, " "); got != "scheduled in_progress completed" {
				t.Errorf("it took %q, want each event once, in order", got)
			}
		})
	}
}

// A delivery sends events of one job.
type delivery struct {
	t       *testing.T
	url     string
	secrets []string
}

func (d *delivery) job() string { return "6fa9bc98-5f9c-400f-8f84-30f0a5f37dde" }

// send delivers an event and checks that it is taken.
func (d *delivery) send(status string, sequence int64) {
	d.t.Helper()
	var secrets []webhook.Secret
	for _, text := range d.secrets {
		s, err := webhook.ParseSecret(text)
		if err != nil {
			d.t.Fatal(err)
		}
		secrets = append(secrets, s)
	}
	guard := webhook.NewGuard([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")})
	sender := webhook.NewSender(func(context.Context, string) ([]webhook.Secret, error) { return secrets, nil }, guard, webhook.SenderOptions{})
	defer sender.Close()
	r := sender.Send(d.t.Context(), webhook.Event{
		JobID: d.job(), ConversationID: "7182718916282163", URL: d.url, Status: status, Sequence: sequence, OccurredAt: time.Now(),
	}, 1)
	if r.Outcome != webhook.Delivered {
		d.t.Errorf("%s %d: %s", status, sequence, fmt.Sprint(r.Outcome, r.Attempt.Code, r.Attempt.Error, r.Attempt.Answer))
	}
}
