package store

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/batch"
	"github.com/turnwise/turnwise/internal/redis/retry"
)

// Accept implements [jobs.Intake].
func (s *Store) Accept(ctx context.Context, job jobs.Job, terms jobs.Terms) (*jobs.Claim, lane.Wake, error) {
	step := "accept job " + job.ID
	_, shard, ok := jobs.ParseID(job.ID)
	if !ok || shard >= s.opts.Shards {
		return nil, lane.Wake{}, fmt.Errorf("%s: the id names no shard", step)
	}
	request, err := s.arrival(job, terms)
	if err != nil {
		return nil, lane.Wake{}, err
	}
	if err := s.putLong(ctx, shard, job, request.long); err != nil {
		return nil, lane.Wake{}, err
	}
	r, err := retry.Value(ctx, func(ctx context.Context) (reply, error) { return s.arrivals.Do(ctx, shard, request) })
	if err != nil {
		err = fault(step, err)
		s.noteUnconfirmed(place{lane.Append, shard}, request.claim, err)
		return nil, lane.Wake{}, err
	}
	switch r.word() {
	case "taken":
		return nil, lane.Wake{}, jobs.ErrIDTaken
	case "unknown":
		return nil, lane.Wake{}, jobs.ErrUnknownConversation
	case "full":
		return nil, lane.Wake{}, &jobs.BacklogError{Limit: terms.MaxPending}
	}
	return s.grantedOne(ctx, r, step, shard)
}

// longFor is how long the long part of a body waits for the step that accepts its job,
// which follows at once if it follows at all.
const longFor = 10 * time.Minute

// putLong stores the long part of the body of a job that is about to be accepted. It
// is a command of its own, which Redis needs not copy the part for.
func (s *Store) putLong(ctx context.Context, shard int, job jobs.Job, long []byte) error {
	if long == nil {
		return nil
	}
	// Until it is written: one who waited for something else with the turn in hand would hold up
	// those who wait for that turn.
	defer lane.Wait(ctx)()
	end, err := s.takeLong(ctx, job.Account)
	if err != nil {
		return err
	}
	defer end()
	err = retry.Do(ctx, func(ctx context.Context) error {
		return s.rdb.SetNX(ctx, keysOf(shard).body(member(job.Account, job.ID)), long, longFor).Err()
	})
	if err != nil {
		return fault("store the text of job "+job.ID, err)
	}
	return nil
}

// An acceptRequest is one request of accept_jobs.
type acceptRequest struct {
	lane, job   string
	body, kept  []byte
	long        []byte // the part of the body that does not stand in the lane
	hook        string // id of the endpoint of its webhooks; empty if its caller wants none
	told        string // the statuses of which it wants them; empty for all
	most        int    // unfinished jobs in the conversation
	claim       string // id of a claim to make; empty if none
	create      string // "1" to make the conversation
	begin, name string // of it
	metadata    []byte
}

// arrival returns the request that accepts a job.
func (s *Store) arrival(job jobs.Job, terms jobs.Terms) (acceptRequest, error) {
	r := acceptRequest{
		lane: member(job.Account, job.ConversationID), job: job.ID, hook: endpointID(job), told: toldOf(job),
		most: terms.MaxPending, create: boolArg(terms.Create),
	}
	if terms.Claim {
		r.claim = newClaimID(s.process)
	}
	var err error
	if r.body, err = encodeBody(job); err != nil {
		return r, err
	}
	r.kept, _, _ = bytes.Cut(r.body, []byte("\n"))
	r.body, r.long = splitBody(r.body)
	if !terms.Create {
		return r, nil
	}
	r.begin, r.name = millis(begin(job)), job.Options.Name
	if len(job.Options.Metadata) > 0 {
		if r.metadata, err = json.Marshal(job.Options.Metadata); err != nil {
			return r, fmt.Errorf("encode the metadata of job %s: %w", job.ID, err)
		}
	}
	return r, nil
}

// acceptAll has the requests of a shard answered by one call of accept_jobs.
func (s *Store) acceptAll(ctx context.Context, shard int, requests []acceptRequest) ([]reply, error) {
	args := make([]any, 0, 1+13*len(requests))
	args = append(args, ms(s.opts.Lease))
	for _, r := range requests {
		args = append(args, r.lane, r.job, r.body, r.kept, r.hook, r.told, r.most, r.claim, r.create, r.begin, r.name, r.metadata, boolArg(r.long != nil))
	}
	return s.answers(ctx, acceptJobs, shardJobs(keysOf(shard)), args, len(requests))
}

// groupArrivals returns the group in which the jobs of a shard travel that are
// accepted at the same moment. As long as few are, each goes by itself: to wait for
// the reply of another one takes longer than what one step for both saves.
func (s *Store) groupArrivals() *batch.Group[int, acceptRequest, reply] {
	return batch.NewGroup(s.acceptAll, batch.Options[acceptRequest, reply]{
		Most: 16, Room: 256 << 10, Size: func(r acceptRequest) int { return len(r.body) },
		OnTime: 4, UnderWay: 16, Alone: toBeAlone,
	})
}

// begin returns when a conversation begins whose first job this is, or the
// zero time if only the analysis can tell. It is where the list of
// conversations has it until then, and nearly always what it stays.
func begin(job jobs.Job) time.Time {
	var first time.Time
	for _, u := range job.Utterances {
		switch {
		case u.Start.IsZero():
			return job.Options.StartTime
		case first.IsZero() || u.Start.Before(first):
			first = u.Start
		}
	}
	return first
}
