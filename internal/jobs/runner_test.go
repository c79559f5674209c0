package jobs_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
)

// overlapDetector is an Analyzer that tells when two jobs of a conversation overlap.
type overlapDetector struct {
	t      *testing.T
	mu     sync.Mutex
	active map[string]string // text by conversation
}

func (l *overlapDetector) Analyze(ctx context.Context, t jobs.Task) (analysis.Result, error) {
	l.mu.Lock()
	if other, overlap := l.active[t.ConversationID]; overlap {
		l.t.Errorf("%q is analysed while %q is", text(t), other)
	}
	l.active[t.ConversationID] = text(t)
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.active, t.ConversationID)
	}()
	if err := pause(ctx, 100*time.Microsecond); err != nil {
		return analysis.Result{}, err
	}
	return jobs.Local{}.Analyze(ctx, t)
}

// Several workers on one shard: each conversation is worked in the order of
// acceptance, one job at a time, whatever the size of the batches.
func TestOrder(t *testing.T) {
	t.Parallel()

	for _, batch := range []int{1, 2, 16} {
		t.Run(fmt.Sprintf("batches of %d", batch), func(t *testing.T) {
			crowded(t, func(t *testing.T, w *world) {
				const talks, each = 6, 50
				var talkIDs []string
				var jobIDs [][]string
				for range talks {
					id, ids := w.talk(each)
					talkIDs, jobIDs = append(talkIDs, id), append(jobIDs, ids)
				}
				r := w.runner(&overlapDetector{t: t, active: map[string]string{}}, jobs.RunnerOptions{Batch: batch})
				var wg sync.WaitGroup
				for range 4 {
					wg.Go(func() {
						for w.meter.done() < talks*each && !t.Failed() {
							if _, err := r.Drain(t.Context(), 0); err != nil {
								t.Errorf("Drain: %v", err)
							}
						}
					})
				}
				wg.Wait()
				for n, id := range talkIDs {
					equal(t, "messages", w.texts(id), texts(1, each))
					equal(t, "statuses", w.statuses(jobIDs[n]), strings.Repeat("c", each))
				}
				equal(t, "refused for a lost claim", w.meter.stale, 0)
			})
		})
	}
}

// One worker empties a shard in one drain, lane by lane.
func TestDrainEmptiesAShard(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		one, _ := w.talk(40)
		time.Sleep(time.Millisecond) // what came first is due first
		two, _ := w.talk(3)
		var j analysisLog
		if more := w.drain(w.runner(j.of(jobs.Local{}), jobs.RunnerOptions{})); more {
			t.Error("Drain says that lanes may be left")
		}
		equal(t, "analyses", j.read(), slices.Concat(once(texts(1, 40)), once(texts(1, 3))))
		equal(t, "messages of the one", w.texts(one), texts(1, 40))
		equal(t, "messages of the other", w.texts(two), texts(1, 3))
		if more := w.drain(w.runner(jobs.Local{}, jobs.RunnerOptions{})); more {
			t.Error("Drain of an empty shard says that lanes may be left")
		}
	})
}

// A Task says all that an analyzer may want to know.
func TestTask(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		a := request("", "One. Two.")
		a.Options = analysis.Options{Name: "Review", DetectPhrases: true}
		r, err := w.service.Submit(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		accepted := w.job(r.JobID).AcceptedAt
		time.Sleep(time.Minute)
		second := w.submit(r.ConversationID, "Three.")
		var tasks []jobs.Task
		w.work(w.runner(analyze(func(ctx context.Context, t jobs.Task) (analysis.Result, error) {
			tasks = append(tasks, t)
			return jobs.Local{}.Analyze(ctx, t)
		}), jobs.RunnerOptions{}))
		equal(t, "tasks", tasks, []jobs.Task{
			{JobID: r.JobID, ConversationID: r.ConversationID, Account: account, Attempt: 1, Input: analysis.Input{
				Account: account, JobID: r.JobID, AcceptedAt: accepted, Utterances: a.Utterances, Options: a.Options,
			}},
			{JobID: second.JobID, ConversationID: r.ConversationID, Account: account, Attempt: 1, Input: analysis.Input{
				Account: account, JobID: second.JobID, AcceptedAt: accepted.Add(time.Minute), After: accepted.Add(time.Second),
				Utterances: request("", "Three.").Utterances,
			}},
		})
	})
}

// An analyzer is told where the messages of the conversation end, those of
// earlier jobs of the same batch included, and not those of another one.
func TestTaskFollowsItsConversation(t *testing.T) {
	t.Parallel()

	for _, batch := range []int{1, 16} {
		t.Run(fmt.Sprintf("batches of %d", batch), func(t *testing.T) {
			bubble(t, func(t *testing.T, w *world) {
				begun := time.Now()
				after := map[string]time.Duration{}
				r := w.runner(analyze(func(_ context.Context, t jobs.Task) (analysis.Result, error) {
					if end := t.Input.After; !end.IsZero() {
						after[text(t)] = end.Sub(begun)
					}
					return analysis.Result{Sentences: []analysis.Sentence{ // the last one does not end last
						{Message: conversation.Message{ID: t.JobID + "-1", Text: "a", Start: begun, End: begun.Add(10 * time.Second)}},
						{Message: conversation.Message{ID: t.JobID + "-2", Text: "b", Start: begun, End: begun.Add(5 * time.Second)}},
					}}, nil
				}), jobs.RunnerOptions{Batch: batch})
				one := w.submit("", "First.").ConversationID
				w.submit(one, "Second.")
				time.Sleep(time.Millisecond)
				w.submit("", "Other.")
				w.drain(r)
				w.submit(one, "Third.")
				w.drain(r)
				equal(t, "ends of what was there before", after, map[string]time.Duration{
					"Second.": 10 * time.Second, "Third.": 10 * time.Second,
				})
			})
		})
	}
}

// How long a job waited, ran and took in all.
func TestFigures(t *testing.T) {
	tests := []struct {
		name   string
		texts  []string
		err    error // of the analysis, which takes two seconds
		status jobs.Status
		want   []time.Duration // wait, run and total of each
	}{
		{"completed", []string{"One."}, nil, jobs.Completed, seconds(5, 2, 7)},
		{"completed one after the other", []string{"One.", "Two."}, nil, jobs.Completed, seconds(5, 2, 9, 7, 2, 9)},
		{"failed", []string{"One."}, &jobs.PermanentError{Message: "no use"}, jobs.Failed, seconds(5, 2, 7)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, w *world) {
				id := ""
				for _, s := range tt.texts {
					id = w.submit(id, s).ConversationID
				}
				time.Sleep(5 * time.Second)
				w.drain(w.runner(analyze(func(ctx context.Context, t jobs.Task) (analysis.Result, error) {
					time.Sleep(2 * time.Second)
					r, _ := jobs.Local{}.Analyze(ctx, t)
					return r, tt.err
				}), jobs.RunnerOptions{}))
				equal(t, "wait, run and total", w.meter.figures, tt.want)
				equal(t, "jobs counted", w.meter.finished, map[jobs.Status]int{tt.status: len(tt.texts)})
			})
		})
	}
}

// The figures of a job that fails behind others of its batch do not count the
// time of theirs twice.
func TestFiguresOfAFailureBehindOthers(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		id := w.submit("", "One.").ConversationID
		w.submit(id, "Two.")
		time.Sleep(5 * time.Second)
		w.drain(w.runner(analyze(func(ctx context.Context, t jobs.Task) (analysis.Result, error) {
			time.Sleep(2 * time.Second)
			return failing(&jobs.PermanentError{Message: "no use"}, "Two.")(ctx, t)
		}), jobs.RunnerOptions{}))
		equal(t, "wait, run and total", w.meter.figures, seconds(5, 2, 9, 7, 2, 9))
	})
}

func seconds(n ...int) []time.Duration {
	d := make([]time.Duration, len(n))
	for i := range n {
		d[i] = time.Duration(n[i]) * time.Second
	}
	return d
}

// A claim that finds nothing is counted apart.
func TestClaimsAreCounted(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		w.talk(3)
		r := w.runner(jobs.Local{}, jobs.RunnerOptions{Batch: 1})
		w.drain(r)
		w.drain(r)
		equal(t, "claims granted and not", w.meter.claims, map[bool]int{true: 3, false: 2})
	})
}
