package webhook

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestPayloadIsReadBack(t *testing.T) {
	t.Parallel()

	want := NewPayload(event(""))
	raw, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got Payload
	if err := json.Unmarshal(raw, &got); err != nil || got != want {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
}

// An id stands for one body: whatever a receiver can see of an event changes
// it, and nothing else does.
func TestIDStandsForTheBody(t *testing.T) {
	t.Parallel()

	same := event("http://one.test/")
	id := same.ID()
	if want := same.JobID + "_3_"; !strings.HasPrefix(id, want) || len(id) != len(want)+8 || strings.Contains(id, ".") {
		t.Errorf("ID() = %s, want %s and eight digits, without a dot", id, want)
	}
	tests := []struct {
		name   string
		change func(*Event)
		same   bool
	}{
		{name: "another attempt", change: func(*Event) {}, same: true},
		{name: "the same moment elsewhere", change: func(e *Event) { e.OccurredAt = e.OccurredAt.UTC() }, same: true},
		{name: "less than the body tells", change: func(e *Event) { e.OccurredAt = e.OccurredAt.Add(time.Microsecond) }, same: true},
		{name: "another address", change: func(e *Event) { e.URL = "http://two.test/" }, same: true},
		{name: "after a rollback, later", change: func(e *Event) { e.OccurredAt = e.OccurredAt.Add(time.Millisecond) }},
		{name: "after a rollback, failed", change: func(e *Event) { e.Status = "failed" }},
		{name: "another conversation", change: func(e *Event) { e.ConversationID = "1" }},
		{name: "another job", change: func(e *Event) { e.JobID = "1" }},
		{name: "another sequence", change: func(e *Event) { e.Sequence = 2 }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			other := event("http://one.test/")
			tt.change(&other)
			if got := other.ID(); (got == id) != tt.same || (string(other.body()) == string(same.body())) != tt.same {
				t.Errorf("ID() = %s beside %s, want the same: %t", got, id, tt.same)
			}
		})
	}
}
