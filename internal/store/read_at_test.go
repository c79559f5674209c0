package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/store"
)

// Messages are read at any indexes that increase, few at once, and not beyond the last.
func TestMessagesAt(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		job := jobs.Job{ID: jobs.NewID(shard), Account: account, ConversationID: talk}
		for n := range 60 {
			job.Utterances = append(job.Utterances, analysis.Utterance{Text: fmt.Sprint("Message ", n)})
		}
		if _, _, err := f.Accept(t.Context(), job, jobs.Terms{Create: true}); err != nil {
			t.Fatal(err)
		}
		f.commit(f.claim(1), 1, store.Next{})
		all := make([]int, 60)
		for n := range all {
			all[n] = n
		}
		for _, at := range [][]int{nil, {0}, {59}, {3, 4, 5, 40, 41, 59}, all} {
			var got, want []string
			for _, n := range at {
				want = append(want, fmt.Sprint("Message ", n))
			}
			for m, err := range f.MessagesAt(t.Context(), account, talk, slices.Values(at)) {
				if err != nil {
					t.Fatalf("MessagesAt(%v): %v", at, err)
				}
				got = append(got, m.Text)
			}
			equal(t, fmt.Sprint("messages at ", at), got, want)
		}
		for _, id := range []string{talk, "5815170693595137", "no id"} {
			for _, err := range f.MessagesAt(t.Context(), account, id, slices.Values([]int{58, 60})) {
				if err != nil && !errors.Is(err, jobs.ErrUnknownConversation) || err == nil && id != talk {
					t.Errorf("MessagesAt beyond the last one of %s: %v, want ErrUnknownConversation", id, err)
				}
			}
		}
		read := 0
		for range f.MessagesAt(t.Context(), account, talk, func(yield func(int) bool) {
			for n := 0; n < 60 && yield(n); n++ {
				read++
			}
		}) {
			break
		}
		if read > 16 {
			t.Errorf("%d messages were asked for to yield the first, want 16 at most", read)
		}
	})
}

// Insights are read at any indexes in any order, and not beyond the last.
func TestInsightsAt(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.accept("A job.", true)
		c := f.claim(1)
		if _, _, err := f.CommitOne(t.Context(), c, []jobs.Effect{numbered(c.Jobs[0], "Insight", 40)}, store.Next{}); err != nil {
			t.Fatal(err)
		}
		for _, at := range [][]int{nil, {39}, {7, 8, 9, 3, 3, 2, 30, 31, 5, 4, 39, 0, 1, 20, 19, 18, 17, 17, 16, 33}} {
			var got, want []string
			for _, n := range at {
				want = append(want, fmt.Sprint("Insight ", n))
			}
			for in, err := range f.InsightsAt(t.Context(), account, talk, slices.Values(at)) {
				if err != nil {
					t.Fatalf("InsightsAt(%v): %v", at, err)
				}
				got = append(got, in.Text)
			}
			equal(t, fmt.Sprint("insights at ", at), got, want)
		}
		for _, id := range []string{talk, "5815170693595137", "no id"} {
			for _, err := range f.InsightsAt(t.Context(), account, id, slices.Values([]int{38, 40})) {
				if !errors.Is(err, jobs.ErrUnknownConversation) {
					t.Errorf("InsightsAt beyond the last one of %s: %v, want ErrUnknownConversation", id, err)
				}
			}
		}
	})
}
