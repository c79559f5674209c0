package httpapi_test

import (
	"context"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/jobs"
)

// An edited is a call of the editor.
type edited struct {
	Call   string
	Target edit.Target
	Change edit.Change
	Member string
	As     conversation.Speaker
	Events []edit.SpeakerEvent
}

func (w *world) edit(ctx context.Context, e edited) error {
	if err := w.fault(ctx, e.Target.ID); err != nil {
		return err
	}
	if e.Target.Account != "ann" || e.Target.ID != w.conversation.ID {
		return jobs.ErrUnknownConversation
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.edits = append(w.edits, e)
	return nil
}

func (w *world) Update(ctx context.Context, t edit.Target, c edit.Change) (conversation.Conversation, error) {
	return w.conversation, w.edit(ctx, edited{Call: "update", Target: t, Change: c})
}

func (w *world) UpdateMember(ctx context.Context, t edit.Target, memberID string, as conversation.Speaker) error {
	return w.edit(ctx, edited{Call: "member", Target: t, Member: memberID, As: as})
}

func (w *world) Attribute(ctx context.Context, t edit.Target, events []edit.SpeakerEvent) error {
	return w.edit(ctx, edited{Call: "speakers", Target: t, Events: events})
}

func (w *world) Delete(ctx context.Context, t edit.Target) error {
	return w.edit(ctx, edited{Call: "delete", Target: t})
}
