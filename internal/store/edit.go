package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/retry"
)

var _ edit.Store = (*Store)(nil)

// Snapshot implements [edit.Store].
func (s *Store) Snapshot(ctx context.Context, account, id string) (edit.Snapshot, error) {
	if !conversation.ValidID(id) {
		return edit.Snapshot{}, jobs.ErrUnknownConversation
	}
	record, people, err := s.readConversation(ctx, account, id, everyField)
	if err != nil {
		return edit.Snapshot{}, err
	}
	c, ok, err := decodeConversation(id, record, people)
	if err == nil && !ok {
		err = jobs.ErrUnknownConversation
	}
	if err != nil {
		return edit.Snapshot{}, err
	}
	p := edit.Snapshot{Conversation: c, Keys: map[string]string{}, MembersVersion: parseState(record["state"]).people, Stored: people}
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
		k.index(t.Account), k.archive(t.Account), k.conversation(m), k.members(m), k.messages(m), k.state(lane.Append, m),
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
	record, people := r.conversation()
	if r.text(4) != "" { // its members are too many for that step
		if record, people, err = s.readConversation(ctx, t.Account, t.ID, membersOnly); err != nil {
			return conversation.Conversation{}, err
		}
	}
	c, _, err := decodeConversation(t.ID, record, people)
	return c, err
}

// Delete implements [edit.Store].
func (s *Store) Delete(ctx context.Context, t edit.Target) (lane.Wake, error) {
	if !conversation.ValidID(t.ID) {
		return lane.Wake{}, jobs.ErrUnknownConversation
	}
	step := "delete conversation " + t.ID
	k, m := keysOf(lane.ShardOf(t.ID, s.opts.Shards)), member(t.Account, t.ID)
	external, err := retry.Value(ctx, func(ctx context.Context) (string, error) {
		return s.rdb.HGet(ctx, k.conversation(m), "external").Result()
	})
	if err != nil && !errors.Is(err, redis.Nil) {
		return lane.Wake{}, fault(step, err)
	}
	args := append([]any{m, t.ID, ms(s.opts.Retention), newRequestID(), ms(requestRetention)}, versionArgs(t)...)
	r, err := s.run(ctx, deleteConversation, step, append(shardJobs(k),
		k.index(t.Account), k.archive(t.Account), k.conversation(m), k.members(m), k.messages(m), k.insights(m),
		k.deleted(m), k.deletedBy(m), k.state(lane.Append, m)),
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

// conversation returns what a script says of a conversation and its members. The
// state of its lane is among the fields; it is "" if there is no conversation.
func (r reply) conversation() (record, people map[string]string) {
	record, people = r.list(1).fields(), r.list(2).fields()
	record["state"] = r.text(3)
	return record, people
}

// fields returns what a script has from HGETALL.
func (r reply) fields() map[string]string {
	all := make(map[string]string, len(r)/2)
	for n := 0; n+1 < len(r); n += 2 {
		all[r.text(n)] = r.text(n + 1)
	}
	return all
}

// editArgs returns the arguments of edit_conversation.
func editArgs(t edit.Target, e edit.Step) ([]any, error) {
	c := e.Change
	args := []any{newRequestID(), t.ID, "", "", boolArg(c.Toggle), ""}
	if c.Start != nil {
		args[2] = millis(*c.Start)
	}
	if c.End != nil {
		args[3] = millis(*c.End)
	}
	if e.MembersVersion != nil {
		args[5] = *e.MembersVersion
	}
	fields, err := changedFields(c)
	if err != nil {
		return nil, err
	}
	people, err := revisedFields(e.MemberChanges)
	if err != nil {
		return nil, err
	}
	lines := make([]any, 0, 2*len(e.Replacements))
	for _, l := range e.Replacements {
		b, err := encodeMessage(&l.Message)
		if err != nil {
			return nil, fmt.Errorf("encode message %s: %w", l.Message.ID, err)
		}
		lines = append(lines, l.Index, b)
	}
	for _, list := range [...][]any{versionArgs(t), readArgs(e), fields.set, fields.drop, people.set, people.drop, lines} {
		args = append(append(args, len(list)), list...)
	}
	return args, nil
}

// readArgs returns what the members were that the step was computed from: a
// field, then "=" and its value, or "" if there was none.
func readArgs(e edit.Step) []any {
	var args []any
	for _, entry := range e.Reads {
		field := string(entry.Kind) + entry.ID
		value, ok := e.Stored[field]
		if ok {
			value = "=" + value
		}
		args = append(args, field, value)
	}
	return args
}

func versionArgs(t edit.Target) []any {
	args := make([]any, len(t.Versions))
	for n, v := range t.Versions {
		args[n] = v
	}
	return args
}

// fields are what to write to a hash: fields that are set, each before its
// value, and fields that are taken away.
type fields struct{ set, drop []any }

// put sets a field. What is empty is not kept.
func (f *fields) put(field, value string) {
	if value == "" {
		f.drop = append(f.drop, field)
	} else {
		f.set = append(f.set, field, value)
	}
}

// changedFields returns what a change writes to the conversation but for the
// times and the toggle, which depend on what is there.
func changedFields(c edit.Change) (fields, error) {
	var f fields
	for name, value := range map[string]*string{"name": c.Name, "external": c.ExternalID} {
		if value != nil {
			f.put(name, *value)
		}
	}
	for name, value := range map[string]*bool{"archived": c.Archived, "private": c.Private} {
		if value != nil {
			f.put(name, boolArg(*value))
		}
	}
	for name, values := range map[string]map[string]string{"metadata": c.Metadata, "labels": c.Labels} {
		if values == nil {
			continue
		}
		if len(values) == 0 {
			f.put(name, "")
			continue
		}
		b, err := json.Marshal(values)
		if err != nil {
			return fields{}, fmt.Errorf("encode the %s: %w", name, err)
		}
		f.put(name, string(b))
	}
	return f, nil
}

// revisedFields returns what a revision writes to the members.
func revisedFields(r edit.MemberChanges) (fields, error) {
	var f fields
	for _, m := range r.Members {
		b, err := json.Marshal(m)
		if err != nil {
			return fields{}, fmt.Errorf("encode member %s: %w", m.ID, err)
		}
		f.put("m:"+m.ID, string(b))
	}
	for key, id := range r.Keys {
		f.put(key, id)
	}
	for old, id := range r.Merged {
		f.put("a:"+old, id)
		f.put("m:"+old, "")
	}
	return f, nil
}
