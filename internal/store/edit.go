package store

import (
	"context"
	"fmt"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/edit"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
)

var _ edit.Store = (*Store)(nil)

// Picture implements [edit.Store].
func (s *Store) Picture(ctx context.Context, account, id string) (edit.Picture, error) {
	if !conversation.ValidID(id) {
		return edit.Picture{}, jobs.ErrUnknownConversation
	}
	k, m := keysOf(lane.ShardOf(id, s.opts.Shards)), member(account, id)
	pipe := s.rdb.TxPipeline()
	record, people := pipe.HGetAll(ctx, k.conversation(m)), pipe.HGetAll(ctx, k.members(m))
	if _, err := pipe.Exec(ctx); err != nil {
		return edit.Picture{}, fault("read conversation "+id, err)
	}
	c, ok, err := decodeConversation(id, record.Val(), people.Val())
	if err == nil && !ok {
		err = jobs.ErrUnknownConversation
	}
	if err != nil {
		return edit.Picture{}, err
	}
	p := edit.Picture{Conversation: c, Keys: map[string]string{}, People: count(record.Val(), "people")}
	for field, value := range people.Val() {
		if field[0] != 'm' && field[0] != 'a' {
			p.Keys[field] = value
		}
	}
	return p, nil
}

// Edit implements [edit.Store].
func (s *Store) Edit(ctx context.Context, t edit.Target, e edit.Step) (conversation.Conversation, lane.Wake, error) {
	if !conversation.ValidID(t.ID) {
		return conversation.Conversation{}, lane.Wake{}, jobs.ErrUnknownConversation
	}
	step := "edit conversation " + t.ID
	args, err := editArgs(t, e)
	if err != nil {
		return conversation.Conversation{}, lane.Wake{}, fmt.Errorf("%s: %w", step, err)
	}
	k, m := keysOf(lane.ShardOf(t.ID, s.opts.Shards)), member(t.Account, t.ID)
	r, err := s.run(ctx, editConversation, step, []string{
		k.ready(lane.Append), k.bell(lane.Append), k.index(t.Account), k.archive(t.Account),
		k.conversation(m), k.members(m), k.messages(m),
	}, args...)
	if err != nil {
		return conversation.Conversation{}, lane.Wake{}, err
	}
	switch r.word() {
	case "edited":
	case "contended":
		return conversation.Conversation{}, lane.Wake{}, edit.ErrContended
	case "span":
		return conversation.Conversation{}, lane.Wake{}, &edit.SpanError{Start: r.time(1), End: r.time(2)}
	default:
		return conversation.Conversation{}, lane.Wake{}, r.refused(step)
	}
	c, _, err := decodeConversation(t.ID, r.list(2).fields(), r.list(3).fields())
	return c, lane.Wake{Append: r.number(1) == 1}, err
}

// Delete implements [edit.Store].
func (s *Store) Delete(ctx context.Context, t edit.Target) (lane.Wake, error) {
	if !conversation.ValidID(t.ID) {
		return lane.Wake{}, jobs.ErrUnknownConversation
	}
	step := "delete conversation " + t.ID
	k, m := keysOf(lane.ShardOf(t.ID, s.opts.Shards)), member(t.Account, t.ID)
	args := append([]any{m, t.ID, ms(s.opts.Retention)}, versionArgs(t)...)
	r, err := s.run(ctx, deleteConversation, step, append(shardJobs(k),
		k.index(t.Account), k.archive(t.Account), k.conversation(m), k.members(m), k.messages(m), k.insights(m), k.deleted(m)),
		args...)
	if err != nil {
		return lane.Wake{}, err
	}
	if r.word() != "idle" {
		return lane.Wake{}, r.refused(step)
	}
	return lane.Wake{Append: r.number(1) == 1, Deliver: r.number(2) == 1}, nil
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
