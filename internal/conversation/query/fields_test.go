package query_test

import (
	"os"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/query"
)

// Each field is compared: a conversation that has all of them matches a
// condition that every value meets.
func TestEveryFieldIsCompared(t *testing.T) {
	t.Parallel()

	source, err := os.ReadFile("query.go")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	c := conversation.Conversation{
		ID: "1", Type: "meeting", Name: "Call", Start: now, End: now, ExternalID: "x",
		Labels: map[string]string{"k": "v"}, Metadata: map[string]string{"k": "v"}, Members: []conversation.Member{{UserID: "ann@example.com"}},
	}
	fields := regexp.MustCompile(`Field = "(\w+)"`).FindAllStringSubmatch(string(source), -1)
	if len(fields) < 10 {
		t.Fatalf("query.go has %d fields, want 10 or more", len(fields))
	}
	for _, m := range fields {
		k := query.Condition{Field: query.Field(m[1]), Name: "k", Op: query.Contains, Values: []string{""}}
		if slices.Contains([]query.Field{query.Start, query.End}, k.Field) {
			k.Op, k.Times = query.Equal, []time.Time{now}
		}
		if !k.Match(c) {
			t.Errorf("%s is not compared", k.Field)
		}
	}
}
