package store

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
)

// Accept implements [jobs.Intake].
func (s *Store) Accept(ctx context.Context, job jobs.Job, terms jobs.Terms) (*jobs.Claim, lane.Wake, error) {
	step := "accept job " + job.ID
	body, err := encodeBody(job)
	if err != nil {
		return nil, lane.Wake{}, err
	}
	kept, _, _ := bytes.Cut(body, []byte("\n"))
	var metadata []byte
	if terms.Create && len(job.Options.Metadata) > 0 {
		if metadata, err = json.Marshal(job.Options.Metadata); err != nil {
			return nil, lane.Wake{}, fmt.Errorf("encode the metadata of job %s: %w", job.ID, err)
		}
	}
	_, shard, ok := jobs.ParseID(job.ID)
	if !ok || shard >= s.opts.Shards {
		return nil, lane.Wake{}, fmt.Errorf("%s: the id names no shard", step)
	}
	claim := ""
	if terms.Claim {
		claim = newClaimID(s.process)
	}
	k, line, deliver := keysOf(shard), member(job.Account, job.ConversationID), member(job.Account, job.ID)
	r, err := s.run(ctx, acceptJob, step,
		append(shardJobs(k), k.job(deliver)),
		line, deliver, job.ConversationID, job.ID, body, boolArg(job.WebhookURL != ""), boolArg(terms.Create),
		job.Options.Name, metadata, terms.MaxPending, claim, ms(s.opts.Lease), millis(begin(job)), kept)
	if err != nil {
		s.noteUnconfirmed(place{lane.Append, shard}, claim, err)
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
	return r.grantedOne(step, shard)
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
