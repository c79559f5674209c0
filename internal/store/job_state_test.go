package store_test

import (
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/store"
)

func TestParseJobState(t *testing.T) {
	t.Parallel()

	at := func(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
	for text, want := range map[string]jobs.Job{
		"1 5815170693595136 7 1000":         {Status: jobs.Scheduled, ConversationID: "5815170693595136", Sequence: 7, AcceptedAt: at(1000)},
		"1 5815170693595136 7 1000 20":      {Status: jobs.Scheduled, ConversationID: "5815170693595136", Sequence: 7, AcceptedAt: at(1000), StartedAt: at(1020)},
		"3 5815170693595136 7 1000 0 300":   {Status: jobs.Completed, ConversationID: "5815170693595136", Sequence: 7, AcceptedAt: at(1000), StartedAt: at(1000), FinishedAt: at(1300), Analyzers: []string{"local"}},
		"4 5815170693595136 0 1000 - 300":   {Status: jobs.Failed, ConversationID: "5815170693595136", AcceptedAt: at(1000), FinishedAt: at(1300)},
		"4 5815170693595136 0 1000 -2 300":  {Status: jobs.Failed, ConversationID: "5815170693595136", AcceptedAt: at(1000), StartedAt: at(998), FinishedAt: at(1300)},
		"":                                  {},
		"9 5815170693595136":                {ConversationID: "5815170693595136"},
		"completed x y z 1 2 3 4 5 6 7 8 9": {ConversationID: "x"},
	} {
		equal(t, text, store.ParseJobState(text), want)
	}
}
