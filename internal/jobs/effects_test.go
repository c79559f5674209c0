package jobs_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
)

// TestNameAndMetadata says what a conversation is called and described as
// after jobs that each ask for something.
func TestNameAndMetadata(t *testing.T) {
	t.Parallel()

	type options = analysis.Options
	type data = map[string]string
	tests := []struct {
		name     string
		jobs     []options
		called   string
		metadata data
	}{
		{"nothing asked for", []options{{}, {}}, "", data{}},
		{"given at the beginning", []options{{Name: "Review", Metadata: data{"a": "1"}}}, "Review", data{"a": "1"}},
		{"given later", []options{{}, {Name: "Review", Metadata: data{"a": "1"}}}, "Review", data{"a": "1"}},
		{"the last one wins", []options{
			{Name: "One", Metadata: data{"a": "1"}}, {Name: "Two", Metadata: data{"b": "2"}}, {Name: "Three", Metadata: data{"c": "3"}},
		}, "Three", data{"c": "3"}},
		{"nothing leaves what was", []options{{Name: "One", Metadata: data{"a": "1"}}, {}, {}}, "One", data{"a": "1"}},
		{"an empty object leaves what was", []options{{Metadata: data{"a": "1"}}, {Metadata: data{}}}, "", data{"a": "1"}},
		{"each by itself", []options{{Name: "One", Metadata: data{"a": "1"}}, {Name: "Two"}, {Metadata: data{"b": "2"}}}, "Two", data{"b": "2"}},
	}
	for _, tt := range tests {
		for _, batch := range []int{1, 16} {
			t.Run(fmt.Sprintf("%s, batches of %d", tt.name, batch), func(t *testing.T) {
				bubble(t, func(t *testing.T, w *world) {
					id := ""
					for _, o := range tt.jobs {
						a := request(id, "Hello.")
						a.Options = o
						r, err := w.service.Submit(t.Context(), a)
						if err != nil {
							t.Fatal(err)
						}
						id = r.ConversationID
					}
					w.work(w.runner(jobs.Local{}, jobs.RunnerOptions{Batch: batch}))
					c, err := w.Conversation(t.Context(), account, id)
					if err != nil {
						t.Fatal(err)
					}
					equal(t, "name", c.Name, tt.called)
					equal(t, "metadata", c.Metadata, tt.metadata)
				})
			})
		}
	}
}

// Until a job is worked, what it asks for has no effect on a conversation that
// was there before.
func TestNameWaitsForItsTurn(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		first := w.submit("", "Hello.")
		a := request(first.ConversationID, "Hello again.")
		a.Options = analysis.Options{Name: "Later", Metadata: map[string]string{"a": "1"}}
		if _, err := w.service.Submit(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		c, err := w.Conversation(t.Context(), account, first.ConversationID)
		if err != nil || c.Name != "" || len(c.Metadata) != 0 {
			t.Errorf("Conversation = %+v, %v; want neither name nor metadata yet", c, err)
		}
	})
}

// Members are the same people in every job, and messages follow one another
// in time, whether jobs share a batch or not.
func TestMembersAndTimesGoOn(t *testing.T) {
	t.Parallel()

	for _, batch := range []int{1, 16} {
		t.Run(fmt.Sprintf("batches of %d", batch), func(t *testing.T) {
			bubble(t, func(t *testing.T, w *world) {
				speakers := []conversation.Speaker{
					{Name: "Ann"}, {Name: "Bob"}, {Name: "Ann", UserID: "ann@example.com"}, {UserID: "ANN@example.com"}, {Name: "bob"}, {},
				}
				id := ""
				for _, s := range speakers {
					a := request(id, "One. Two.")
					a.Utterances[0].From = s
					r, err := w.service.Submit(t.Context(), a)
					if err != nil {
						t.Fatal(err)
					}
					id = r.ConversationID
				}
				w.work(w.runner(jobs.Local{}, jobs.RunnerOptions{Batch: batch}))
				messages, err := w.Messages(t.Context(), account, id)
				if err != nil || len(messages) != 12 {
					t.Fatalf("Messages = %+v, %v; want two of each job", messages, err)
				}
				ann, bob := messages[0].Member, messages[2].Member
				var members []string
				for n := 0; n < len(messages); n += 2 {
					members = append(members, messages[n].Member)
				}
				equal(t, "members", members, []string{ann, bob, ann, ann, bob, ""})
				for n := 1; n < len(messages); n++ {
					if messages[n].Start.Before(messages[n-1].End) {
						t.Errorf("message %d starts at %v, before message %d ends, at %v", n+1, messages[n].Start, n, messages[n-1].End)
					}
				}
				c, err := w.Conversation(t.Context(), account, id)
				if err != nil || len(c.Members) != 2 || c.Messages != 12 || !c.End.Equal(messages[11].End) {
					t.Errorf("Conversation = %+v, %v; want two members, 12 messages, and the end of the last", c, err)
				}
			})
		})
	}
}

// A completed job tells whose findings it has, and so does the log.
func TestAnalyzersAreTold(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		_, ids := w.talk(3)
		var log bytes.Buffer
		w.work(w.runner(analyze(func(ctx context.Context, t jobs.Task) (analysis.Result, error) {
			r, err := jobs.Local{}.Analyze(ctx, t)
			switch text(t) {
			case "Message 2.":
				r.Analyzers = append(r.Analyzers, "chat")
			case "Message 3.":
				err = &jobs.PermanentError{Message: "no"}
			}
			return r, err
		}), jobs.RunnerOptions{Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))}))
		for i, want := range [][]string{{"local"}, {"local", "chat"}, nil} {
			job := w.job(ids[i])
			equal(t, "analyzers of a job that is "+string(job.Status), job.Analyzers, want)
			line := fmt.Sprintf("analyzers=%v", slog.AnyValue(want))
			if !slices.ContainsFunc(strings.Split(log.String(), "\n"), func(s string) bool {
				return strings.Contains(s, "job finished") && strings.Contains(s, ids[i]) && strings.Contains(strings.ReplaceAll(s, `"`, ""), line)
			}) {
				t.Errorf("the log does not say of job %d that %s:\n%s", i+1, line, &log)
			}
		}
	})
}

// Insights are stored with the messages that they refer to.
func TestInsightsAreStored(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		id, ids := w.talk(2)
		var want []analysis.Insight
		for n, jobID := range ids {
			want = append(want, analysis.Insight{
				ID: fmt.Sprint(n), Type: "question", Text: "Why?", Score: 0.75,
				MessageIDs: []string{conversation.MessageID(jobID, 0)},
			})
		}
		given := want
		w.work(w.runner(analyze(func(ctx context.Context, t jobs.Task) (analysis.Result, error) {
			r, err := jobs.Local{}.Analyze(ctx, t)
			r.Insights, given = given[:1], given[1:]
			return r, err
		}), jobs.RunnerOptions{}))
		got, err := w.Insights(t.Context(), account, id)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "insights", got, want)
	})
}
