package httpapitest

import (
	"context"
	"testing"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/jobs"
)

// An Edit is a call of the editor.
type Edit struct {
	Call   string
	Target edit.Target
	Change edit.Change
	Member string
	As     conversation.Speaker
	Events []edit.SpeakerEvent
}

func (b *Backend) edit(ctx context.Context, e Edit) error {
	if err := b.fault(ctx, e.Target.ID); err != nil {
		return err
	}
	if e.Target.Account != "ann" || e.Target.ID != b.Stored.Conversation.ID {
		return jobs.ErrUnknownConversation
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.Edits = append(b.Edits, e)
	return nil
}

// Update implements symbl.Editor.
func (b *Backend) Update(ctx context.Context, t edit.Target, c edit.Change) (conversation.Conversation, error) {
	return b.Stored.Conversation, b.edit(ctx, Edit{Call: "update", Target: t, Change: c})
}

// UpdateMember implements symbl.Editor.
func (b *Backend) UpdateMember(ctx context.Context, t edit.Target, memberID string, as conversation.Speaker) error {
	return b.edit(ctx, Edit{Call: "member", Target: t, Member: memberID, As: as})
}

// Attribute implements symbl.Editor.
func (b *Backend) Attribute(ctx context.Context, t edit.Target, events []edit.SpeakerEvent) error {
	return b.edit(ctx, Edit{Call: "speakers", Target: t, Events: events})
}

// Delete implements symbl.Editor.
func (b *Backend) Delete(ctx context.Context, t edit.Target) error {
	return b.edit(ctx, Edit{Call: "delete", Target: t})
}

// OnlyEdit returns the one call of the editor.
func (b *Backend) OnlyEdit(t *testing.T) Edit {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.Edits) != 1 {
		t.Fatalf("the editor was called %d times, want once", len(b.Edits))
	}
	return b.Edits[0]
}
