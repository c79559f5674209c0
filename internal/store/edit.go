package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
)

var _ edit.Store = (*Store)(nil)

// Picture implements [edit.Store].
func (s *Store) Picture(ctx context.Context, account, id string) (edit.Picture, error) {
	if !conversation.ValidID(id) {
		return edit.Picture{}, jobs.ErrUnknownConversation
	}
	record, people, err := s.readConversation(ctx, account, id)
	if err != nil {
		return edit.Picture{}, err
	}
	c, ok, err := decodeConversation(id, record, people)
	if err == nil && !ok {
		err = jobs.ErrUnknownConversation
	}
	if err != nil {
		return edit.Picture{}, err
	}
	p := edit.Picture{Conversation: c, Keys: map[string]string{}, People: count(record, "people"), Stored: people}
	for field, value := range people {
		if field[0] != 'm' && field[0] != 'a' {
			p.Keys[field] = value
		}
	}
	return p, nil
}

// Edit implements [edit.Store].
func (s *Store) Edit(ctx context.Context, t edit.Target, e edit.Step) (conversation.Conversation, error) {
	if !conversation.ValidID(t.ID) {
		return conversation.Conversation{}, jobs.ErrUnknownConversation
	}
	step := "edit conversation " + t.ID
	args, err := editArgs(t, e)
	if err != nil {
		return conversation.Conversation{}, fmt.Errorf("%s: %w", step, err)
	}
	k, m := keysOf(lane.ShardOf(t.ID, s.opts.Shards)), member(t.Account, t.ID)
	r, err := s.run(ctx, editConversation, step, []string{
		k.index(t.Account), k.archive(t.Account), k.conversation(m), k.members(m), k.messages(m),
	}, args...)
	if err != nil {
		return conversation.Conversation{}, err
	}
	switch r.word() {
	case "edited":
	case "contended":
		return conversation.Conversation{}, edit.ErrContended
	case "span":
		return conversation.Conversation{}, &edit.SpanError{Start: r.time(1), End: r.time(2)}
	default:
		return conversation.Conversation{}, r.refused(step)
	}
	c, _, err := decodeConversation(t.ID, r.list(1).fields(), r.list(2).fields())
	return c, err
}

// Delete implements [edit.Store].
func (s *Store) Delete(ctx context.Context, t edit.Target) (lane.Wake, error) {
	if !conversation.ValidID(t.ID) {
		return lane.Wake{}, jobs.ErrUnknownConversation
	}
	step := "delete conversation " + t.ID
	k, m := keysOf(lane.ShardOf(t.ID, s.opts.Shards)), member(t.Account, t.ID)
	external, err := read(ctx, func(ctx context.Context) (string, error) {
		return s.rdb.HGet(ctx, k.conversation(m), "external").Result()
	})
	if err != nil && !errors.Is(err, redis.Nil) {
		return lane.Wake{}, fault(step, err)
	}
	args := append([]any{m, t.ID, ms(s.opts.Retention), newRequestID(), ms(requestKept)}, versionArgs(t)...)
	r, err := s.run(ctx, deleteConversation, step, append(shardJobs(k),
		k.index(t.Account), k.archive(t.Account), k.conversation(m), k.members(m), k.messages(m), k.insights(m),
		k.deleted(m), k.undone(m)),
		args...)
	if err != nil {
		return lane.Wake{}, err
	}
	if r.word() != "deleted" {
		return lane.Wake{}, r.refused(step)
	}
	wake := lane.Wake{Append: r.number(1) == 1, Deliver: r.number(2) == 1}
	if external != "" { // should this get lost, the id is given up all the same: its conversation does not exist
		_ = s.unbindExternalID(ctx, t.Account, external, t.ID)
	}
	return wake, nil
}

// refused returns the error of a step that was not made.
func (r reply) refused(step string) error {
	switch r.word() {
	case "unknown":
		return jobs.ErrUnknownConversation
	case "changed":
		return edit.ErrVersion
	}
	return r.unexpected(step)
}

// fields returns what a script has from HGETALL.
func (r reply) fields() map[string]string {
	all := make(map[string]string, len(r)/2)
	for n := 0; n+1 < len(r); n += 2 {
		all[r.text(n)] = r.text(n + 1)
	}
	return all
}
