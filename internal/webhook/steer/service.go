package steer

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/webhook"
)

// A Store keeps deliveries, endpoints and resends; package store provides it. Its
// methods say what errors they return.
type Store interface {
	Deliveries(ctx context.Context, account string, q webhook.DeliveryQuery) (page []webhook.Delivery, cursor string, err error)
	Delivery(ctx context.Context, account, id string) (webhook.Delivery, error)
	ResendEvent(ctx context.Context, d webhook.Delivery) (shard int, wake lane.Wake, err error)
	SendTest(ctx context.Context, account, jobID, url string) (e webhook.Event, shard int, wake lane.Wake, err error)
	DropDead(ctx context.Context, shard int, account, endpoint string, before time.Time, n int) (dropped int64, more bool, wake lane.Wake, err error)

	Endpoints(ctx context.Context, account string) ([]webhook.EndpointState, error)
	EndpointsIn(ctx context.Context, shard int, account string) ([]string, error)
	PauseEndpoint(ctx context.Context, account string, e webhook.Endpoint, pause bool) (ring []int, err error)

	BeginResend(ctx context.Context, r webhook.Resend) error
	Resends(ctx context.Context, account string) ([]webhook.Resend, error)
	Resend(ctx context.Context, account, id string) (webhook.Resend, error)
	EndResend(ctx context.Context, r webhook.Resend, state webhook.ResendState) error
	CountDead(ctx context.Context, r webhook.Resend) (int64, error)
	DueResend(ctx context.Context) (r *webhook.Resend, next time.Time, err error)
	ResendSome(ctx context.Context, r webhook.Resend, endpoint string, n int) (sent int64, more, busy bool, wake lane.Wake, err error)
	AdvanceResend(ctx context.Context, r webhook.Resend, sent int64, done bool, next time.Time) error

	Shards() int
}

// A Service steers deliveries.
type Service struct {
	Store

	bell  lane.Doorbell
	newID func() string // of a job that tests are of
	log   *slog.Logger
}

// New returns a Service on a store. newID returns ids of jobs.
func New(store Store, bell lane.Doorbell, newID func() string, log *slog.Logger) *Service {
	return &Service{store, bell, newID, log}
}

// ResendOne has an event that was delivered or given up sent again. Its errors are
// [webhook.ErrNoDelivery], [webhook.ErrStillTried] and [webhook.ErrUnrebuilt].
func (s *Service) ResendOne(ctx context.Context, account, id string) (webhook.Delivery, error) {
	d, err := s.Delivery(ctx, account, id)
	if err != nil {
		return d, err
	}
	if d.State == webhook.StatePending || d.State == webhook.StateRetrying {
		return d, webhook.ErrStillTried
	}
	shard, wake, err := s.ResendEvent(ctx, d)
	if err != nil {
		return d, err
	}
	s.bell.Ring(ctx, shard, wake)
	d.State, d.Replay, d.Halted, d.EndedAt = webhook.StatePending, true, false, time.Time{}
	return d, nil
}

// endpoint returns an endpoint of the account's, or [webhook.ErrNoEndpoint].
func (s *Service) endpoint(ctx context.Context, account, id string) (webhook.EndpointState, error) {
	all, err := s.Endpoints(ctx, account)
	if err != nil {
		return webhook.EndpointState{}, err
	}
	for _, e := range all {
		if e.ID == id {
			return e, nil
		}
	}
	return webhook.EndpointState{}, webhook.ErrNoEndpoint
}

// Endpoint is endpoint, for callers.
func (s *Service) Endpoint(ctx context.Context, account, id string) (webhook.EndpointState, error) {
	return s.endpoint(ctx, account, id)
}

// Pause has an endpoint be left alone, or asked again.
func (s *Service) Pause(ctx context.Context, account, id string, pause bool) (webhook.EndpointState, error) {
	e, err := s.endpoint(ctx, account, id)
	if err != nil {
		return e, err
	}
	ring, err := s.PauseEndpoint(ctx, account, e.Endpoint, pause)
	for _, shard := range ring {
		s.bell.Ring(ctx, shard, lane.Wake{Deliver: true})
	}
	if err != nil {
		return e, err
	}
	return s.endpoint(ctx, account, id)
}

// Test sends a test event to a URL.
func (s *Service) Test(ctx context.Context, account, url string) (webhook.Event, error) {
	id := s.newID()
	e, shard, wake, err := s.SendTest(ctx, account, id, url)
	if err == nil {
		s.bell.Ring(ctx, shard, wake)
	}
	return e, err
}

// Start begins a resend.
func (s *Service) Start(ctx context.Context, r webhook.Resend) (webhook.Resend, error) {
	if r.Endpoint != "" {
		if _, err := s.endpoint(ctx, r.Account, r.Endpoint); err != nil {
			return r, err
		}
	}
	r.ID, r.Created = uuid.NewString(), time.Now()
	r.Until, r.State = r.Created, webhook.ResendRunning
	if err := s.BeginResend(ctx, r); err != nil {
		return r, err
	}
	return s.Progress(ctx, r.Account, r.ID)
}

// known returns a resend of the account's, or [webhook.ErrNoResend].
func (s *Service) known(ctx context.Context, account, id string) (webhook.Resend, error) {
	if uuid.Validate(id) != nil {
		return webhook.Resend{}, webhook.ErrNoResend
	}
	return s.Resend(ctx, account, id)
}

// Progress returns a resend with what it has before it.
func (s *Service) Progress(ctx context.Context, account, id string) (webhook.Resend, error) {
	r, err := s.known(ctx, account, id)
	if err != nil || r.State != webhook.ResendRunning {
		return r, err
	}
	r.Left, err = s.CountDead(ctx, r)
	return r, err
}

// Cancel ends a resend: what it put into the lanes is sent all the same.
func (s *Service) Cancel(ctx context.Context, account, id string) (webhook.Resend, error) {
	r, err := s.known(ctx, account, id)
	if err != nil || r.State != webhook.ResendRunning {
		return r, err
	}
	if err := s.EndResend(ctx, r, webhook.ResendCancelled); err != nil {
		return r, err
	}
	return s.Progress(ctx, account, id)
}

// A portion of what is dropped or sent again is one step of Redis, of which none may
// take long.
const portion = 50

// Purge drops the dead events of an endpoint that were given up before a time, if that
// is not zero, until all are or ctx ends: then more is true.
func (s *Service) Purge(ctx context.Context, account, id string, before time.Time) (dropped int64, more bool, err error) {
	if _, err := s.endpoint(ctx, account, id); err != nil {
		return 0, false, err
	}
	stop := time.Now().Add(time.Second)
	for shard := range s.Shards() {
		for more = true; more; {
			if time.Now().After(stop) {
				return dropped, true, nil
			}
			n, left, wake, err := s.DropDead(ctx, shard, account, id, before, portion)
			if err != nil {
				return dropped, true, err
			}
			s.bell.Ring(ctx, shard, wake)
			dropped, more = dropped+n, left
		}
	}
	return dropped, false, nil
}

// Deliveries returns a page of the deliveries that a query selects. One that names
// neither a job nor a conversation nor an endpoint selects those of all endpoints, one
// after the other.
func (s *Service) Deliveries(ctx context.Context, account string, q webhook.DeliveryQuery) (page []webhook.Delivery, cursor string, err error) {
	if q.Endpoint != "" && !webhook.ValidEndpointID(q.Endpoint) {
		return nil, "", webhook.ErrNoEndpoint
	}
	if q.JobID != "" || q.ConversationID != "" || q.Endpoint != "" {
		return s.Store.Deliveries(ctx, account, q)
	}
	all, err := s.Endpoints(ctx, account)
	if err != nil {
		return nil, "", err
	}
	slices.SortFunc(all, func(a, b webhook.EndpointState) int { return strings.Compare(a.ID, b.ID) })
	at, rest, ok := strings.Cut(q.Cursor, ".")
	if q.Cursor != "" && !ok {
		return nil, "", webhook.ErrBadCursor
	}
	for _, e := range all {
		if e.ID < at {
			continue
		}
		q.Endpoint, q.Cursor = e.ID, ""
		if e.ID == at {
			q.Cursor = rest
		}
		page, cursor, err = s.Store.Deliveries(ctx, account, q)
		if err != nil {
			return nil, "", err
		}
		if cursor != "" {
			return page, e.ID + "." + cursor, nil
		}
		if len(page) > 0 && e.ID != all[len(all)-1].ID {
			return page, e.ID + "/.", nil // it sorts behind the endpoint
		}
		if len(page) > 0 {
			break
		}
	}
	return page, "", nil
}
