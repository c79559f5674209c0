package edit

import (
	"context"
	"errors"
	"fmt"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/lane"
)

// maxAttempts is how often an edit is computed before it fails with
// [ErrContended]. It is refused only if a member that it depends on has changed
// meanwhile, or any member if it merges two.
const maxAttempts = 20

// An Editor changes conversations and deletes them. Unless said otherwise its
// methods return [jobs.ErrUnknownConversation], [jobs.ErrUnavailable],
// [ErrVersion] or, if members are concerned, [ErrContended].
type Editor struct {
	store  Store
	bell   lane.Doorbell
	shards int
}

// New returns an Editor of the conversations in a number of shards.
func New(store Store, bell lane.Doorbell, shards int) *Editor {
	return &Editor{store: store, bell: bell, shards: shards}
}

// Update makes a change and returns the changed conversation. It also returns a
// [*SpanError].
func (e *Editor) Update(ctx context.Context, t Target, c Change) (conversation.Conversation, error) {
	if len(c.Members) == 0 {
		return e.store.Edit(ctx, t, Step{Change: c})
	}
	return e.withMembers(ctx, t, func(r *memberSet) (Step, error) {
		for _, s := range c.Members {
			r.resolve(s)
		}
		return Step{Change: c}, nil
	})
}

// UpdateMember sets the name and the user id of a member if they are not empty.
// Another member with that user id is merged into it.
// It also returns [ErrUnknownMember].
func (e *Editor) UpdateMember(ctx context.Context, t Target, memberID string, as conversation.Speaker) error {
	_, err := e.withMembers(ctx, t, func(r *memberSet) (Step, error) {
		m := r.byID(memberID)
		if m == nil {
			return Step{}, ErrUnknownMember
		}
		r.update(m, as)
		return Step{}, nil
	})
	return err
}

// Delete removes a conversation with all that belongs to it. Its unfinished
// jobs fail.
func (e *Editor) Delete(ctx context.Context, t Target) error {
	wake, err := e.store.Delete(ctx, t)
	if err != nil {
		return err
	}
	e.bell.Ring(ctx, lane.ShardOf(t.ID, e.shards), wake)
	return nil
}

// withMembers computes a step that depends on the members and stores it. It
// computes it again as long as other requests change them meanwhile.
func (e *Editor) withMembers(ctx context.Context, t Target, compute func(*memberSet) (Step, error)) (conversation.Conversation, error) {
	for range maxAttempts {
		p, err := e.store.Snapshot(ctx, t.Account, t.ID)
		if err != nil {
			return conversation.Conversation{}, err
		}
		r := newMemberSet(p)
		s, err := compute(r)
		if err != nil {
			return conversation.Conversation{}, err
		}
		s.MemberChanges = r.changes()
		if len(s.MemberChanges.Merged) > 0 { // it may affect keys that the snapshot lacks
			s.MembersVersion = &p.MembersVersion
		} else {
			s.Reads, s.Stored = r.reads(), p.Stored
		}
		c, err := e.store.Edit(ctx, t, s)
		if !errors.Is(err, ErrContended) {
			return c, err
		}
	}
	return conversation.Conversation{}, fmt.Errorf("edit conversation %s: %w", t.ID, ErrContended)
}
