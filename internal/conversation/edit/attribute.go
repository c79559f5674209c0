package edit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/turnwise/turnwise/internal/conversation"
)

// The limits of one step of Attribute, besides the members. A larger one would
// block Redis.
const (
	maxBatchMessages = 500
	maxBatchBytes    = 512 << 10
)

// Attribute changes who said the messages: each message belongs to the speaker
// who, by the events, spoke for most of its time. Speakers are resolved as in
// [Editor.Update], and added if they are new.
//
// It works in atomic steps, and reads the messages between them: no more of these are
// held than a step replaces, however long the conversation is. If it fails between two of them, the messages
// before are attributed and the others are not. The same call again completes
// them.
func (e *Editor) Attribute(ctx context.Context, t Target, events []SpeakerEvent) error {
	for range maxAttempts {
		err := e.attribute(ctx, &t, events)
		if !errors.Is(err, ErrContended) {
			return err
		}
	}
	return fmt.Errorf("attribute the messages of conversation %s: %w", t.ID, ErrContended)
}

func (e *Editor) attribute(ctx context.Context, t *Target, events []SpeakerEvent) error {
	p, err := e.store.Snapshot(ctx, t.Account, t.ID)
	if err != nil {
		return err
	}
	r := newMemberSet(p)
	by := conversation.SpeakerBy(r.spans(events))
	s := Step{MemberChanges: r.changes(), MembersVersion: &p.MembersVersion}
	step := func() error {
		if _, err := e.store.Edit(ctx, *t, s); err != nil {
			return err
		}
		t.Versions = nil // the version is from our own step now
		s = Step{Replacements: s.Replacements[:0], MembersVersion: new(*s.MembersVersion + 1)}
		return nil
	}
	index, bytes, begun := 0, 0, false
	for m, err := range e.store.EachMessage(ctx, t.Account, t.ID, 0) {
		if err != nil {
			return err
		}
		if who := by(m); r.isOther(m, who) {
			m.Member = who
			s.Replacements = append(s.Replacements, Replacement{Index: index, Message: m})
			bytes += len(m.Text)
		}
		if index++; len(s.Replacements) == maxBatchMessages || bytes > maxBatchBytes {
			if err := step(); err != nil {
				return err
			}
			bytes, begun = 0, true
		}
	}
	if begun && len(s.Replacements) == 0 {
		return nil
	}
	return step()
}

// isOther reports whether that is another speaker than the message has.
func (r *memberSet) isOther(m conversation.Message, who string) bool {
	return who != "" && who != cmp.Or(r.merged[m.Member], m.Member)
}

// spans returns when each member spoke. A second start and a second stop of the
// same member are ignored, as is a stop without a start.
func (r *memberSet) spans(events []SpeakerEvent) []conversation.Span {
	inOrder := slices.SortedStableFunc(slices.Values(events), func(a, b SpeakerEvent) int { return cmp.Compare(a.Offset, b.Offset) })
	members := make([]string, len(inOrder))
	for n, event := range inOrder {
		members[n] = r.resolve(event.Speaker)
	}
	var spans []conversation.Span
	speaking := map[string]int{} // by member, the span
	for n, event := range inOrder {
		member, at := cmp.Or(r.merged[members[n]], members[n]), r.snapshot.Start.Add(event.Offset)
		open, speaks := speaking[member]
		switch {
		case event.Started && !speaks:
			speaking[member] = len(spans)
			spans = append(spans, conversation.Span{Member: member, From: at})
		case !event.Started && speaks:
			spans[open].To = at
			delete(speaking, member)
		}
	}
	return spans
}
