package httpapitest

import (
	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/analysis/digest"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/webhook"
)

// NewInterview returns a Backend with a conversation that has something of everything: members
// of each kind, one who turned out to be another, and what was found.
func NewInterview() *Backend {
	const (
		natalia = "a8e0b2f5-7a4e-5d0e-9b54-4f3a0b0c5d11"
		steve   = "b8e0b2f5-7a4e-5d0e-9b54-4f3a0b0c5d12"
		stevie  = "c8e0b2f5-7a4e-5d0e-9b54-4f3a0b0c5d13"
	)
	b := NewBackend()
	b.Stored.Conversation = conversation.Conversation{
		ID: ConversationID, Type: "meeting", Name: "Interview",
		Start: Time("2020-07-21T16:00:00Z"), End: Time("2020-07-21T16:00:12.400Z"),
		Members: []conversation.Member{
			{ID: natalia, Name: "Natalia", UserID: "natalia@example.com"},
			{ID: steve, Name: "Steve"},
		},
		Merged:   map[string]string{stevie: steve},
		Metadata: map[string]string{"agentId": "johndoe"},
		Messages: 4,
		Version:  "3-1",
	}
	b.Stored.Messages = []conversation.Message{
		{
			ID: "1000000000000001", Text: "Did you send it?", Member: natalia,
			Start: Time("2020-07-21T16:00:00Z"), End: Time("2020-07-21T16:00:02Z"), Polarity: new(-0.00004),
			Entities: []conversation.Entity{{Type: "custom", Custom: "Thing", Text: "it", Value: "the contract", Offset: 13, Score: 1}},
		},
		{
			ID: "1000000000000002", Text: "I will *send* it\ttoday.", Member: stevie,
			Start: Time("2020-07-21T16:00:02.400Z"), End: Time("2020-07-21T16:00:05.400Z"), Polarity: new(0.30049),
			Phrases: []string{"*send* it", "today"},
			Entities: []conversation.Entity{
				{Type: "custom", Custom: "Thing", Text: "it", Value: "The contract", Offset: 14, Score: 1},
				{Type: "date", Text: "today", Value: "2020-07-21", Offset: 17, Score: 0.9},
			},
			Matches: []conversation.Match{
				{Tracker: "3000000000000001", Name: "Promises", Term: "I will", Offset: 0, Score: 1},
				{Tracker: "3000000000000001", Name: "Promises", Term: "mailing", Offset: -1, Score: 0.7},
			},
		},
		{
			ID: "1000000000000003", Text: "Then call me.", Member: steve,
			Start: Time("2020-07-21T16:00:06Z"), End: Time("2020-07-21T16:00:08Z"), Polarity: new(-0.61),
			Matches: []conversation.Match{{Tracker: "3000000000000002", Name: "Calls", Term: "call", Offset: 5, Score: 1}},
		},
		{ID: "1000000000000004", Text: "Bye.", Start: Time("2020-07-21T16:00:12.400Z"), End: Time("2020-07-21T16:00:12.400Z")},
	}
	b.Stored.Insights = []analysis.Insight{
		{ID: "2000000000000001", Type: "question", Text: "Did you send it?", Score: 0.98, MessageIDs: []string{"1000000000000001"}},
		{
			ID: "2000000000000002", Type: "action_item", Text: "Steve will send it today.", Score: 0.9,
			MessageIDs: []string{"1000000000000002", "1000000000000001"},
			Phrases:    []string{"*send*"}, Definitive: true, Assignee: "steve", DueBy: Time("2020-07-21T16:00:00Z"),
			Entities: []conversation.Entity{
				{Type: "person", Text: "Steve", Value: "steve", Offset: 0, Score: 0.9},
				{Type: "date", Text: "today", Value: "2020-07-21", Offset: 19, Score: 0.9},
			},
		},
		{
			ID: "2000000000000003", Type: "follow_up", Text: "Then call me.", Score: 1, MessageIDs: []string{"1000000000000003"},
			Phrases: []string{"call me"}, Own: true,
			Entities: []conversation.Entity{{Type: "timerange", Text: "then", Start: "16:00:00", Offset: 0, Score: 0.6}},
		},
		{ID: "2000000000000004", Type: "question", Text: "Who is that?", Score: 0.5, MessageIDs: []string{"1000000000000004"}},
	}
	b.Stored.Topics.All = []digest.Topic{
		{ID: "4000000000000001", Text: "contract", Score: 0.71784, Messages: []string{"1000000000000001", "1000000000000002"}, Sentiment: 0.15, Parents: []string{"signed contract", "paper work"}},
		{ID: "4000000000000002", Text: "signed contract", Score: 0.5, Messages: []string{"1000000000000002"}, Sentiment: -0.4},
	}
	for _, m := range b.Stored.Messages[1:3] {
		b.Stored.Summary.Lines = append(b.Stored.Summary.Lines, digest.Line{ID: m.ID, Text: m.Text, Messages: []string{m.ID}, Start: m.Start, End: m.End})
	}
	b.Stored.Page = query.Page{Conversations: []conversation.Conversation{
		b.Stored.Conversation,
		{ID: "1000000000000009", Type: "meeting", Start: Time("2020-07-21T16:00:00Z"), End: Time("2020-07-21T16:00:00Z")},
	}}
	return b
}

// NewFull returns a Backend with values in every field.
func NewFull() *Backend {
	b := NewBackend()
	b.Stored.Job.Status = jobs.Failed
	b.Stored.Job.Message = "The analyzer refused the text."
	b.Stored.Job.AcceptedAt = Time("2026-05-01T10:00:00Z")
	b.Stored.Job.StartedAt = Time("2026-05-01T12:00:00.0015+02:00")
	b.Stored.Job.FinishedAt = Time("2026-05-01T10:00:01Z")
	b.Stored.Conversation = conversation.Conversation{
		ID: ConversationID, Type: "meeting", Name: "Internships",
		Start: Time("2020-07-21T16:02:19.010Z"), End: Time("2020-07-21T16:04:20.990Z"),
		Members: []conversation.Member{
			{ID: "a8e0b2f5-7a4e-5d0e-9b54-4f3a0b0c5d11", Name: "Natalia", UserID: "natalia@example.com", Since: 1, Index: 0},
			{ID: "b8e0b2f5-7a4e-5d0e-9b54-4f3a0b0c5d12", Name: "Mike"},
		},
		Metadata: map[string]string{"stage": "one"},
	}
	b.Stored.Messages = []conversation.Message{
		{ID: "1000000000000001", Text: "Hi <Mike> & \u2028 all.", Member: "a8e0b2f5-7a4e-5d0e-9b54-4f3a0b0c5d11", Start: Time("2020-07-21T16:02:19.010Z"), End: Time("2020-07-21T16:02:20.004Z")},
		{ID: "1000000000000002", Text: "Hey.", Start: Time("2020-07-21T16:02:24.910Z"), End: Time("2020-07-21T16:02:24.910Z")},
	}
	b.Stored.Insights = []analysis.Insight{{ID: "2000000000000001", Type: "question", Text: "Who?", Score: 0.98, MessageIDs: []string{"1000000000000001"}}}
	b.Stored.Attempts = []webhook.Attempt{
		{EventID: JobID + "_1", Status: "scheduled", Number: 1, At: Time("2026-05-01T10:00:00.020Z"), Outcome: webhook.Retry, Code: 503, Answer: "busy", DNS: 0.5, Connect: 1, TLS: 2, FirstByte: 3, Total: 4.25, NextAt: Time("2026-05-01T10:00:05Z")},
		{EventID: JobID + "_1", Status: "scheduled", Number: 2, At: Time("2026-05-01T10:00:05Z"), Outcome: webhook.Dead, Error: "connection refused"},
	}
	return b
}
