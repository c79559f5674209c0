package control

import (
	"context"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/webhook"
)

// A LaneStore lists lanes and has them go on; package store provides it.
type LaneStore interface {
	Lanes(ctx context.Context, accounts []string, q lane.Query) (lane.Page, error)
	Lane(ctx context.Context, account, id string) (lane.View, error)
	SteerLane(ctx context.Context, account, id string, what lane.Action) (shard int, wake lane.Wake, err error)
	DropHalted(ctx context.Context, account, endpoint, jobID string) (shard int, wake lane.Wake, err error)
	ResendEvent(ctx context.Context, d webhook.Delivery) (shard int, wake lane.Wake, err error)
}

// Lanes returns a page of lanes, or [jobs.ErrBadCursor].
func (s *Service) Lanes(ctx context.Context, account string, q lane.Query) (lane.Page, error) {
	return s.store.Lanes(ctx, []string{account}, q)
}

// Steer does to a lane what somebody says: to that of a conversation, or of the webhooks
// of a job. Its errors are [jobs.ErrUnknownConversation], [jobs.ErrNotFound],
// [lane.ErrBusy] and [lane.ErrUntroubled].
func (s *Service) Steer(ctx context.Context, account, id string, what lane.Action) (lane.View, error) {
	steer := s.steerConversation
	if job, _, ok := jobs.ParseID(id); ok {
		id, steer = job, s.steerWebhooks
	}
	shard, wake, err := steer(ctx, account, id, what)
	if err != nil {
		return lane.View{}, err
	}
	s.bell.Ring(ctx, shard, wake)
	return s.store.Lane(ctx, account, id)
}

func (s *Service) steerConversation(ctx context.Context, account, id string, what lane.Action) (int, lane.Wake, error) {
	return s.store.SteerLane(ctx, account, id, what)
}

// steerWebhooks has the webhooks of a job go on that wait for somebody.
func (s *Service) steerWebhooks(ctx context.Context, account, id string, what lane.Action) (int, lane.Wake, error) {
	all, _, err := s.store.Deliveries(ctx, account, webhook.DeliveryQuery{JobID: id})
	if err != nil {
		return 0, lane.Wake{}, err
	}
	for _, d := range all {
		if !d.Halted {
			continue
		}
		if what == lane.Skip {
			return s.store.DropHalted(ctx, account, d.Endpoint, id)
		}
		return s.store.ResendEvent(ctx, d)
	}
	return 0, lane.Wake{}, lane.ErrUntroubled
}
