// Package control is how people look after jobs: they list and count them, look at
// one with all that became of it, cancel one that waits, and send one again that has
// failed.
//
// It changes nothing that could harm the order of a conversation: what is sent again is
// a new job, at the end of its lane.
package control

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/webhook"
)

// A Store lists jobs; package store provides it. Its methods say what errors they
// return.
type Store interface {
	Jobs(ctx context.Context, accounts []string, q jobs.Query) (jobs.Page, error)
	CountJobs(ctx context.Context, account string) (jobs.Counts, error)
	JobDetail(ctx context.Context, account, id string) (jobs.Detail, error)
	TrimJobs(ctx context.Context, accounts []string, every time.Duration) error

	CancelJob(ctx context.Context, account, id string) error
	Payload(ctx context.Context, account, id string) (jobs.Append, error)

	LaneStore

	Deliveries(ctx context.Context, account string, q webhook.DeliveryQuery) (page []webhook.Delivery, cursor string, err error)
	Attempts(ctx context.Context, account, jobID string) ([]webhook.Attempt, error)
}

// An Intake accepts appends; [jobs.Service] is one.
type Intake interface {
	Submit(ctx context.Context, a jobs.Append) (jobs.Receipt, error)
}

// A Service looks after the jobs of accounts.
type Service struct {
	store    Store
	intake   Intake
	bell     lane.Doorbell
	accounts []string // in order
	log      *slog.Logger
}

// New returns a Service on a store, for accounts with those ids.
func New(store Store, intake Intake, bell lane.Doorbell, accounts []string, log *slog.Logger) *Service {
	return &Service{store, intake, bell, slices.Sorted(slices.Values(accounts)), log}
}

// A Detail is all that is known of a job.
type Detail struct {
	jobs.Detail

	Deliveries []webhook.Delivery // of its events, each with its attempts
}

// List returns a page of jobs, or [jobs.ErrBadCursor].
func (s *Service) List(ctx context.Context, account string, q jobs.Query) (jobs.Page, error) {
	return s.store.Jobs(ctx, []string{account}, q)
}

// Count counts the jobs of an account by status.
func (s *Service) Count(ctx context.Context, account string) (jobs.Counts, error) {
	return s.store.CountJobs(ctx, account)
}

// Show returns all that is known of a job, or [jobs.ErrNotFound].
func (s *Service) Show(ctx context.Context, account, id string) (d Detail, err error) {
	if d.Detail, err = s.store.JobDetail(ctx, account, id); err != nil || d.WebhookURL == "" {
		return d, err
	}
	if d.Deliveries, _, err = s.store.Deliveries(ctx, account, webhook.DeliveryQuery{JobID: d.ID}); err != nil {
		return d, err
	}
	attempts, err := s.store.Attempts(ctx, account, d.ID)
	for _, a := range attempts {
		for n := range d.Deliveries {
			if e := &d.Deliveries[n]; strings.HasPrefix(a.EventID+"_", d.ID+"_"+strconv.FormatInt(e.Sequence, 10)+"_") {
				e.AttemptsN = append(e.AttemptsN, a)
			}
		}
	}
	return d, err
}

// Cancel cancels a job that waits: its text is gone at once, and when its turn comes it
// is failed. Its errors are [jobs.ErrNotFound], [jobs.ErrBegun] and [jobs.ErrEnded].
func (s *Service) Cancel(ctx context.Context, account, id string) (Detail, error) {
	if err := s.store.CancelJob(ctx, account, id); err != nil {
		return Detail{}, err
	}
	return s.Show(ctx, account, id)
}

// Retry sends a job that has failed again, as a new one at the end of its lane. Within a
// day it is sent again once, however often it is asked for: what fails anew is sent
// again by its own id. Its errors are [jobs.ErrNotFound], [jobs.ErrNotFailed] and
// [jobs.ErrNoPayload], and those of an append.
func (s *Service) Retry(ctx context.Context, account, id string) (jobs.Receipt, error) {
	a, err := s.store.Payload(ctx, account, id)
	if err != nil {
		return jobs.Receipt{}, err
	}
	a.IdempotencyKey, a.Fingerprint = "\x00retry "+id, id // no caller has such a key
	return s.intake.Submit(ctx, a)
}

// trimEvery is how often what is no longer listed is taken out of the indexes.
const trimEvery = 10 * time.Minute

// Run keeps the indexes of jobs small until ctx ends, in turns with the Services of
// other processes.
func (s *Service) Run(ctx context.Context) error {
	timer := time.NewTimer(rand.N(trimEvery))
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		}
		if err := s.store.TrimJobs(ctx, s.accounts, trimEvery); err != nil && ctx.Err() == nil {
			s.log.LogAttrs(ctx, slog.LevelWarn, "indexes of jobs not trimmed", slog.Any("err", err))
		}
		timer.Reset(trimEvery + rand.N(trimEvery/4))
	}
}
