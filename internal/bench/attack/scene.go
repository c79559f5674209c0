package attack

import (
	"context"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/bench/process"
)

// The accounts, and the application of the attacker.
const (
	neighbourID = "neighbour"
	attackerID  = "attacker"
	appID       = "attacker-app"
)

// A scene is a worker with its Redis, and the two who call it.
type scene struct {
	*process.Worker

	neighbour *neighbour
	attacker  *assistant
}

// openScene starts a worker, and those who call it.
func openScene(ctx context.Context, opts Options) (s *scene, err error) {
	own := process.Account{ID: neighbourID, Token: account.NewToken()}
	other := process.Account{ID: attackerID, Token: account.NewToken(), App: appID}
	s = new(scene)
	if s.Worker, err = process.Start(ctx, process.Options{Command: opts.Worker, Accounts: []process.Account{own, other}}); err != nil {
		return nil, err
	}
	if s.neighbour, err = newNeighbour(ctx, s.API, own.Token); err == nil {
		s.attacker, err = newAssistant(ctx, opts, target{API: s.API, Token: other.Token, Scale: opts.Scale})
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// look notes which commands were slow, and the peak of the memory.
func (s *scene) look(ctx context.Context, r *Result) error {
	var err error
	if r.Slow, err = s.SlowSteps(ctx); err != nil {
		return err
	}
	peak, err := s.PeakMB()
	r.PeakMB = max(r.PeakMB, peak)
	return err
}

// close ends all of it.
func (s *scene) close() {
	if s.attacker != nil {
		s.attacker.end()
	}
	if s.neighbour != nil {
		s.neighbour.close()
	}
	s.Close()
}
