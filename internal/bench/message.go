package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
)

const (
	account   = "bench"
	producers = 64 // goroutines that submit
)

// message returns the text of message n of a conversation, of about 200 bytes.
// Its number comes first, to check the order by.
func message(n int) string {
	return strconv.Itoa(n) + " " + strings.Repeat("word after word of a message ", 7)
}

// numberOf undoes message. It returns -1 if the text is none of the bench's.
func numberOf(text string) int {
	first, _, _ := strings.Cut(text, " ")
	n, err := strconv.Atoi(first)
	if err != nil {
		return -1
	}
	return n
}

// speaker says all messages.
func speaker() conversation.Speaker {
	return conversation.Speaker{Name: "Ann", UserID: "ann@example.com"}
}

// body returns the request that appends message n over HTTP. Its length is what
// a job has of its own.
func body(n int) []byte {
	content, err := json.Marshal(message(n))
	if err != nil {
		panic(err) // a string has no value that JSON lacks
	}
	return fmt.Appendf(nil, `{"messages":[{"payload":{"content":%s},"from":{"name":%q,"userId":%q}}]}`,
		content, speaker().Name, speaker().UserID)
}

// A batch is a number of conversations with as many jobs in each.
type batch struct {
	conversations, each int
	webhookURL          string
	messages            int // of a job; 1 if zero
}

func (f batch) jobs() int { return f.conversations * f.each }

// submitAll submits to new conversations and returns their ids.
func (s *system) submitAll(ctx context.Context, f batch) ([]string, error) {
	ids := make([]string, f.conversations)
	return ids, s.appendAll(ctx, ids, 0, f)
}

// appendAll submits messages from the number on, from as many producers as
// there are: concurrently to different conversations, one after the other to
// each. An empty id stands for a new conversation, and is replaced by its id.
func (s *system) appendAll(ctx context.Context, ids []string, from int, f batch) error {
	g, ctx := errgroup.WithContext(ctx)
	for p := range min(producers, len(ids)) {
		g.Go(func() error {
			for n := range f.each {
				for c := p; c < len(ids); c += producers {
					r, err := s.service.Submit(ctx, f.job(ids[c], from+n))
					if err != nil {
						return fmt.Errorf("submit: %w", err)
					}
					ids[c] = r.ConversationID
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// job returns job n of a conversation.
func (f batch) job(conversationID string, n int) jobs.Append {
	messages := max(f.messages, 1)
	a := jobs.Append{Account: account, ConversationID: conversationID, WebhookURL: f.webhookURL}
	for m := range messages {
		a.Utterances = append(a.Utterances, analysis.Utterance{From: speaker(), Text: message(n*messages + m)})
	}
	return a
}
