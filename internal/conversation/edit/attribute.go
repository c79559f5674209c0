package edit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
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
// It works in atomic steps. If it fails between two of them, the messages
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
	messages, err := e.store.Messages(ctx, t.Account, t.ID)
	if err != nil {
		return err
	}
	r := newMemberSet(p)
	lines := r.reattribute(messages, r.spans(events))
	s := Step{MemberChanges: r.changes(), MembersVersion: &p.MembersVersion}
	for s.Replacements = range batches(lines) {
		if _, err := e.store.Edit(ctx, *t, s); err != nil {
			return err
		}
		t.Versions = nil // the version is from our own step now
		s = Step{MembersVersion: new(*s.MembersVersion + 1)}
	}
	return nil
}

// batches splits replacements. There is one batch at least.
func batches(lines []Replacement) iter.Seq[[]Replacement] {
	return func(yield func([]Replacement) bool) {
		from, bytes := 0, 0
		for n, l := range lines {
			if n-from == maxBatchMessages || bytes > maxBatchBytes {
				if !yield(lines[from:n]) {
					return
				}
				from, bytes = n, 0
			}
			bytes += len(l.Message.Text)
		}
		yield(lines[from:])
	}
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

// reattribute returns the messages whose speaker changes.
func (r *memberSet) reattribute(messages []conversation.Message, spans []conversation.Span) []Replacement {
	var lines []Replacement
	for n, who := range conversation.Attribute(messages, spans) {
		m := messages[n]
		if who != "" && who != cmp.Or(r.merged[m.Member], m.Member) {
			m.Member = who
			lines = append(lines, Replacement{Index: n, Message: m})
		}
	}
	return lines
}
