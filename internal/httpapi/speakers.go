package httpapi

import (
	"context"
	"fmt"
	"time"

	"github.com/turnwise/turnwise/internal/conversation/edit"
)

// speakerEvents is the body of PUT /v1/conversations/{id}/speakers.
type speakerEvents struct {
	Events list[speakerEvent] `json:"speakerEvents"`
}

type speakerEvent struct {
	Type   string      `json:"type"`
	User   *personBody `json:"user"`
	Offset *struct {
		Seconds *float64 `json:"seconds"`
		Nanos   *float64 `json:"nanos"` // more than a second's worth is seen
	} `json:"offset"`
}

// maxSeconds bounds the offset of an event: 30 years and more.
const maxSeconds = 1e9

// speakers serves PUT /v1/conversations/{id}/speakers.
func (a *API) speakers(ctx context.Context, x *exchange) (any, error) {
	body, err := decode[speakerEvents](x.body)
	if err != nil {
		return nil, err
	}
	events, err := body.events()
	if err != nil {
		return nil, err
	}
	t, err := x.target()
	if err != nil {
		return nil, err
	}
	if err := a.deps.Editor.Attribute(ctx, t, events); err != nil {
		return nil, err
	}
	return done{fmt.Sprintf("Speaker events associated for conversationId: %s successfully! "+
		"The update should be reflected in all messages and insights along with this conversation", t.ID)}, nil
}

// events checks the events and returns them in the order given.
func (b *speakerEvents) events() ([]edit.SpeakerEvent, error) {
	if b.Events == nil {
		return nil, invalid("speakerEvents", errRequired)
	}
	if len(b.Events) == 0 {
		return nil, invalid("speakerEvents", errNoItems)
	}
	events := make([]edit.SpeakerEvent, len(b.Events))
	for i := range b.Events {
		e := &b.Events[i]
		if field, err := e.check(); err != nil {
			return nil, invalid(fmt.Sprintf("speakerEvents[%d].%s", i, field), err)
		}
		events[i] = edit.SpeakerEvent{Started: e.Type == "started_speaking", Speaker: e.User.speaker(), Offset: e.offset()}
	}
	return events, nil
}

func (e *speakerEvent) check() (field string, err error) {
	switch e.Type {
	case "":
		return "type", errRequired
	case "started_speaking", "stopped_speaking":
	default:
		return "type", badValue("must be one of [started_speaking, stopped_speaking]")
	}
	if e.User == nil {
		return "user", errRequired
	}
	if field, err := e.User.check(); err != nil {
		return "user" + field, err
	}
	if e.Offset == nil {
		return "offset", errRequired
	}
	if err := between(e.Offset.Seconds, 0, maxSeconds); err != nil {
		return "offset.seconds", err
	}
	if err := between(e.Offset.Nanos, 0, maxSeconds*1e9); err != nil {
		return "offset.nanos", err
	}
	return "", nil
}

// offset adds the two parts up. Both are checked, so the sum has room.
func (e *speakerEvent) offset() time.Duration {
	return time.Duration(value(e.Offset.Seconds)*float64(time.Second)) + time.Duration(value(e.Offset.Nanos))
}
