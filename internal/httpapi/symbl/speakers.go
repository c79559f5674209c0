package symbl

import (
	"context"
	"fmt"
	"time"

	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/httpapi/conversations"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/httpapi/input"
)

// speakerEvents is the body of PUT /v1/conversations/{id}/speakers.
type speakerEvents struct {
	Events input.List[speakerEvent] `json:"speakerEvents"`
}

type speakerEvent struct {
	Type   string      `json:"type"`
	User   *memberBody `json:"user"`
	Offset *struct {
		Seconds input.Number `json:"seconds"`
		Nanos   input.Number `json:"nanos"` // more than a second's worth is seen
	} `json:"offset"`
}

// maxSeconds bounds the offset of an event: 30 years and more.
const maxSeconds = 1e9

// speakers serves PUT /v1/conversations/{id}/speakers.
func (h *handlers) speakers(_ context.Context, x *edge.Exchange) (any, error) {
	body, err := input.Decode[speakerEvents](x.Body)
	if err != nil {
		return nil, err
	}
	events, err := body.events()
	if err != nil {
		return nil, err
	}
	t, err := conversations.Target(x)
	if err != nil {
		return nil, err
	}
	// It reads and writes step by step, of which each has its time, as an answer is sent.
	if err := h.Editor.Attribute(x.Reading(), t, events); err != nil {
		return nil, err
	}
	return confirmation{fmt.Sprintf("Speaker events associated for conversationId: %s successfully! "+
		"The update should be reflected in all messages and insights along with this conversation", t.ID)}, nil
}

// events checks the events and returns them in the order given.
func (b *speakerEvents) events() ([]edit.SpeakerEvent, error) {
	if b.Events == nil {
		return nil, input.Invalid("speakerEvents", input.ErrRequired)
	}
	if len(b.Events) == 0 {
		return nil, input.Invalid("speakerEvents", input.ErrNoItems)
	}
	events := make([]edit.SpeakerEvent, len(b.Events))
	for i := range b.Events {
		e := &b.Events[i]
		if field, err := e.check(); err != nil {
			return nil, input.Invalid(fmt.Sprintf("speakerEvents[%d].%s", i, field), err)
		}
		events[i] = edit.SpeakerEvent{Started: e.Type == "started_speaking", Speaker: e.User.speaker(), Offset: e.offset()}
	}
	return events, nil
}

func (e *speakerEvent) check() (field string, err error) {
	switch e.Type {
	case "":
		return "type", input.ErrRequired
	case "started_speaking", "stopped_speaking":
	default:
		return "type", input.BadValue("must be one of [started_speaking, stopped_speaking]")
	}
	if e.User == nil {
		return "user", input.ErrRequired
	}
	if field, err := e.User.check(); err != nil {
		return "user" + field, err
	}
	if e.Offset == nil {
		return "offset", input.ErrRequired
	}
	if err := input.CheckRange(e.Offset.Seconds.Value, 0, maxSeconds); err != nil {
		return "offset.seconds", err
	}
	if err := input.CheckRange(e.Offset.Nanos.Value, 0, maxSeconds*1e9); err != nil {
		return "offset.nanos", err
	}
	return "", nil
}

// offset returns the sum of the two parts. Both are checked, so it does not
// overflow.
func (e *speakerEvent) offset() time.Duration {
	return time.Duration(valueOf(e.Offset.Seconds.Value)*float64(time.Second)) + time.Duration(valueOf(e.Offset.Nanos.Value))
}
