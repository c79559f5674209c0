package webhook

import (
	"time"

	"github.com/turnwise/turnwise/internal/lane"
)

// A Meter is told what a [Dispatcher] and its [Sender] do.
type Meter interface {
	// Claimed counts a claim that was asked for, and whether there was one.
	Claimed(k lane.Kind, granted bool)
	// StaleRefused counts work that was refused or broken off because the
	// claim had been lost.
	StaleRefused(k lane.Kind)
	// LaneMended counts a lane that was incomplete in the store.
	LaneMended(k lane.Kind)
	// WebhookAttempted counts an attempt, with how it ended and what it took.
	WebhookAttempted(a Attempt)
	// WebhookDelivered counts a success, with the time since the change of
	// status that it told of.
	WebhookDelivered(sinceChange time.Duration)
	// WebhookLag observes how much later than due an attempt began.
	WebhookLag(late time.Duration)
	// WebhookWithheld counts an attempt at which nothing was sent, because the
	// secret of the account is not known here.
	WebhookWithheld()
	// AccountAsked counts a request to Redis for an account.
	AccountAsked(account string)
}

func orNoMeter(m Meter) Meter {
	if m == nil {
		return noMeter{}
	}
	return m
}

// noMeter counts nothing.
type noMeter struct{}

func (noMeter) Claimed(lane.Kind, bool)        {}
func (noMeter) StaleRefused(lane.Kind)         {}
func (noMeter) LaneMended(lane.Kind)           {}
func (noMeter) WebhookAttempted(Attempt)       {}
func (noMeter) WebhookDelivered(time.Duration) {}
func (noMeter) WebhookLag(time.Duration)       {}
func (noMeter) WebhookWithheld()               {}
func (noMeter) AccountAsked(string)            {}
