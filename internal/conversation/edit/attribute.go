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

// What one step of Attribute writes at most, beside the members: so many
// messages, and about so much text. More would hold Redis up.
const (
	maxBatchMessages = 500
	maxBatchBytes    = 512 << 10
)

// Attribute says anew who said what: each message of the time that the events
// tell about is that of the one who spoke for most of it. Speakers are found,
// or become members, as with [Editor.Update].
//
// It works in steps, of which each holds by itself. If the last one is not
// reached, the messages up to there are attributed, the others are not, and
// the same call goes on from there.
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
		t.Versions = nil // it is at one of ours from now on
		s = Step{MembersVersion: new(*s.MembersVersion + 1)}
	}
	return nil
}

// batches cuts lines up, into one portion at least.
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

// spans returns when who spoke. Who begins twice goes on, who stops twice, or
// without having begun, is silent as before.
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

// reattribute returns the messages that somebody else said than is noted.
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
