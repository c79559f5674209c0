// Package presence has the processes of one service know of one another: which there
// are, what they do, and how much of it in the last two minutes.
//
// Every process writes a record of itself into the store every two seconds. Whoever
// wants to know reads the records of all. One that is older than a few seconds is of a
// process that has ended or is cut off, and is left out.
package presence

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"
)

const (
	// Bucket is the time that a number of a [Series] counts.
	Bucket = 2 * time.Second
	// Buckets is how many numbers a Series has.
	Buckets = 60
	// sweepEvery is how many records a process writes before it looks for those of
	// processes that have gone.
	sweepEvery = 30
)

// Totals are what a process has done since it began.
type Totals struct{ Accepted, Completed, Failed, Delivered int64 }

// minus returns what was done since before.
func (t Totals) minus(before Totals) Totals {
	return Totals{t.Accepted - before.Accepted, t.Completed - before.Completed, t.Failed - before.Failed, t.Delivered - before.Delivered}
}

// plus returns both together.
func (t Totals) plus(other Totals) Totals {
	return Totals{t.Accepted + other.Accepted, t.Completed + other.Completed, t.Failed + other.Failed, t.Delivered + other.Delivered}
}

// A Process is a process as it tells of itself.
type Process struct {
	ID      string    `json:"id"`
	Host    string    `json:"host"`
	PID     int       `json:"pid"`
	Version string    `json:"version"`
	Roles   []string  `json:"roles"`
	Started time.Time `json:"started"`
	Until   int64     `json:"until"`  // the last bucket of Series, counted from 1970
	Series  []Totals  `json:"series"` // the latest last, Buckets at most
}

// A Store keeps the records.
type Store interface {
	// Beat keeps the record of a process, in place of the one before.
	Beat(ctx context.Context, id string, record []byte) error
	// Beats returns the records that are fresh, by process, and drops those that are
	// long outdated.
	Beats(ctx context.Context) (map[string][]byte, error)
	// EndBeat drops the record of a process.
	EndBeat(ctx context.Context, id string) error
}

// A Reporter tells of this process.
type Reporter struct {
	store  Store
	self   Process
	totals func() Totals
	log    *slog.Logger
}

// NewReporter returns a Reporter. totals returns what the process has done so far.
func NewReporter(store Store, self Process, totals func() Totals, log *slog.Logger) *Reporter {
	return &Reporter{store, self, totals, log}
}

// Run tells of the process until ctx is done, and then that it has gone. A store that
// does not answer is no reason to end.
func (r *Reporter) Run(ctx context.Context) error {
	p, before := r.self, r.totals()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return r.leave(ctx)
		case <-timer.C:
		}
		now := time.Now()
		at, totals := now.UnixNano()/int64(Bucket)-1, r.totals()
		p.advance(at, totals.minus(before))
		before = totals
		if err := r.beat(ctx, p, n%sweepEvery == sweepEvery-1); err != nil && ctx.Err() == nil {
			r.log.LogAttrs(ctx, slog.LevelDebug, "presence not written", slog.Any("err", err))
		}
		timer.Reset(Bucket - time.Duration(now.UnixNano()%int64(Bucket)))
	}
}

// advance adds what was done up to the end of a bucket.
func (p *Process) advance(at int64, done Totals) {
	switch missed := at - p.Until; {
	case len(p.Series) > 0 && missed <= 0: // the clock was put back, or twice in one bucket
		last := len(p.Series) - 1
		p.Series[last] = p.Series[last].plus(done)
		return
	case len(p.Series) > 0 && missed < Buckets:
		p.Series = append(p.Series, make([]Totals, missed-1)...)
	default:
		p.Series = nil
	}
	p.Series = append(p.Series, done)
	p.Series = slices.Clone(p.Series[max(len(p.Series)-Buckets, 0):])
	p.Until = at
}

// writeBound is how long a record may take to be written.
const writeBound = time.Second

func (r *Reporter) beat(ctx context.Context, p Process, sweep bool) error {
	ctx, cancel := context.WithTimeout(ctx, writeBound)
	defer cancel()
	record, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("encode the record of the process: %w", err)
	}
	if err := r.store.Beat(ctx, p.ID, record); err != nil || !sweep {
		return err
	}
	_, err = r.store.Beats(ctx)
	return err
}

func (r *Reporter) leave(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeBound)
	defer cancel()
	if err := r.store.EndBeat(ctx, r.self.ID); err != nil {
		r.log.LogAttrs(ctx, slog.LevelDebug, "presence not withdrawn", slog.Any("err", err))
	}
	return nil // the record is outdated in a moment
}

// Read returns the processes that are there, by host and start.
func Read(ctx context.Context, store Store) ([]Process, error) {
	records, err := store.Beats(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]Process, 0, len(records))
	for _, id := range slices.Sorted(maps.Keys(records)) {
		var p Process
		if json.Unmarshal(records[id], &p) != nil || len(p.Series) > Buckets {
			continue // of another version
		}
		all = append(all, p)
	}
	slices.SortStableFunc(all, func(a, b Process) int { return a.Started.Compare(b.Started) })
	return all, nil
}

// Sum returns what all have done together in each of the last buckets, the latest last.
// The last one is that which all but the slowest may have told of.
func Sum(all []Process) []Totals {
	sum := make([]Totals, Buckets)
	var until int64
	for _, p := range all {
		until = max(until, p.Until)
	}
	for _, p := range all {
		for i, t := range p.Series {
			at := p.Until - int64(len(p.Series)-1-i)
			if place := int64(Buckets-1) - (until - at); place >= 0 {
				sum[place] = sum[place].plus(t)
			}
		}
	}
	return sum
}
