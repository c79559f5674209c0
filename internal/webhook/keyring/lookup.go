package keyring

import (
	"context"
	"fmt"
	"time"
)

// A lookup is what was read last of an account's secrets. Who has its turn reads;
// the others wait, and take what was read after they had come.
type lookup struct {
	turn  chan struct{} // has one element while it is nobody's
	begun time.Time     // when the reading began
	found Stored
}

// recent returns what is stored of an account. It was read after the call had
// begun, or [maxAge] before at most.
func (k *Keyring) recent(ctx context.Context, account string) (Stored, error) {
	came := time.Now()
	l := k.lookup(account)
	select {
	case <-l.turn:
	case <-ctx.Done():
		return Stored{}, context.Cause(ctx)
	}
	defer func() { l.turn <- struct{}{} }()
	begin := time.Now()
	if !l.begun.IsZero() && (l.begun.After(came) || begin.Sub(l.begun) < maxAge) {
		return l.found, nil
	}
	found, err := k.store.WebhookSecrets(ctx, account)
	if err != nil {
		return Stored{}, fmt.Errorf("read the webhook secrets of account %s: %w", account, err)
	}
	l.begun, l.found = begin, found
	return found, nil
}

func (k *Keyring) lookup(account string) *lookup {
	if known, found := k.read.Load(account); found {
		return known.(*lookup)
	}
	fresh := &lookup{turn: make(chan struct{}, 1)}
	fresh.turn <- struct{}{}
	known, _ := k.read.LoadOrStore(account, fresh)
	return known.(*lookup)
}
