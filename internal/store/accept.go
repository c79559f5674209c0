package store

import (
	"context"
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
)

// Accept implements [jobs.Intake].
func (s *Store) Accept(ctx context.Context, job jobs.Job, create bool, maxPending int) (lane.Wake, error) {
	step := "accept job " + job.ID
	body, err := encodeBody(job)
	if err != nil {
		return lane.Wake{}, err
	}
	var metadata []byte
	if create && len(job.Options.Metadata) > 0 {
		if metadata, err = json.Marshal(job.Options.Metadata); err != nil {
			return lane.Wake{}, fmt.Errorf("encode the metadata of job %s: %w", job.ID, err)
		}
	}
	_, shard, ok := jobs.ParseID(job.ID)
	if !ok || shard >= s.opts.Shards {
		return lane.Wake{}, fmt.Errorf("%s: the id names no shard", step)
	}
	k, line, deliver := keysOf(shard), member(job.Account, job.ConversationID), member(job.Account, job.ID)
	r, err := s.run(ctx, acceptJob, step,
		[]string{
			k.ready(lane.Append), k.bell(lane.Append), k.ready(lane.Deliver), k.bell(lane.Deliver),
			k.conversation(line), k.queue(line), k.job(deliver), k.events(deliver),
		},
		line, deliver, job.ConversationID, job.ID, body, flag(job.WebhookURL != ""), flag(create),
		job.Options.Name, metadata, maxPending)
	if err != nil {
		return lane.Wake{}, err
	}
	switch r.word() {
	case "accepted":
		return lane.Wake{Append: r.number(1) == 1, Deliver: r.number(2) == 1}, nil
	case "repeated":
		return lane.Wake{}, nil
	case "taken":
		return lane.Wake{}, jobs.ErrIDTaken
	case "unknown":
		return lane.Wake{}, jobs.ErrUnknownConversation
	case "full":
		return lane.Wake{}, &jobs.BacklogError{Limit: maxPending}
	}
	return lane.Wake{}, r.unexpected(step)
}
