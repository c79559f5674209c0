package jobs_test

import (
	"context"
	"errors"
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

// A conversation whose jobs never end, whether they succeed or fail, keeps the
// others of its shard waiting for a turn of 100 ms, and not much longer, even
// if there is one worker only.
func TestHotConversationTakesTurns(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name   string
		err    error // of each hot job
		takes  time.Duration
		within time.Duration
	}{
		{"jobs that succeed", nil, 10 * time.Millisecond, 150 * time.Millisecond},
		{"jobs that fail", &jobs.PermanentError{Message: "no use"}, 10 * time.Millisecond, 150 * time.Millisecond},
		{"slow jobs", nil, 150 * time.Millisecond, 500 * time.Millisecond},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, w *world) {
				ctx, stop := context.WithTimeout(t.Context(), 2*time.Second)
				defer stop()
				hot := w.submit("", "Hot.").ConversationID
				for range 40 {
					w.submit(hot, "Hot.")
				}
				r := w.runner(analyze(func(ctx context.Context, task jobs.Task) (analysis.Result, error) {
					if task.ConversationID != hot {
						return jobs.Local{}.Analyze(ctx, task)
					}
					w.submit(hot, "Hot.") // it never ends
					time.Sleep(tt.takes)
					result, _ := jobs.Local{}.Analyze(ctx, task)
					return result, tt.err
				}), jobs.RunnerOptions{})
				var wg sync.WaitGroup
				wg.Go(func() {
					for ctx.Err() == nil {
						if _, err := r.Drain(ctx, 0); err != nil {
							t.Errorf("Drain: %v", err)
						}
					}
				})
				var others []string
				for range 3 {
					time.Sleep(430 * time.Millisecond)
					others = append(others, w.submit("", "Other.").JobID)
				}
				wg.Wait()
				for n, id := range others {
					job := w.job(id)
					if waited := job.FinishedAt.Sub(job.AcceptedAt); job.Status != jobs.Completed || waited > tt.within {
						t.Errorf("job %d beside the hot ones is %s after %v, want it completed within %v", n+1, job.Status, waited, tt.within)
					}
				}
			})
		})
	}
}

// Hot conversations take turns with one another.
func TestHotConversationsShare(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		var talks []string
		for range 3 {
			id, _ := w.talk(120)
			talks = append(talks, id)
		}
		w.drain(w.runner(taking(2*time.Millisecond), jobs.RunnerOptions{}))
		for _, id := range talks {
			// A shift is three turns, of some fifty jobs each.
			if n := len(w.texts(id)); n < 40 || n > 70 {
				t.Errorf("%d jobs of conversation %s were worked in a shift, want a third of 150", n, id)
			}
		}
	})
}

// A turn ends after 256 jobs and a batch, however quick they are, and whether
// they succeed or fail.
func TestTurnEndsAfterSoManyJobs(t *testing.T) {
	t.Parallel()

	for _, err := range []error{nil, &jobs.PermanentError{Message: "no use"}} {
		t.Run(fmt.Sprintf("each ends with %v", err), func(t *testing.T) {
			bubble(t, func(t *testing.T, w *world) {
				hot, _ := w.talk(300)
				time.Sleep(time.Millisecond)
				other := w.submit("", "Other.")
				time.Sleep(time.Millisecond) // so that it is due before the hot one again
				before, worked := 0, 0
				w.drain(w.runner(analyze(func(ctx context.Context, t jobs.Task) (analysis.Result, error) {
					if t.ConversationID != hot {
						before = worked
						return jobs.Local{}.Analyze(ctx, t)
					}
					worked++
					result, _ := jobs.Local{}.Analyze(ctx, t)
					return result, err
				}), jobs.RunnerOptions{Batch: 16}))
				if before < 256 || before > 256+16 {
					t.Errorf("%d jobs were worked before the other conversation's turn, want 256 and a batch at most", before)
				}
				equal(t, "jobs worked in all", worked, 300)
				equal(t, "status of the other job", w.job(other.JobID).Status, jobs.Completed)
			})
		})
	}
}

// A drain ends after its shift and says that lanes may be left, so that the
// shards of a process take turns, too.
func TestDrainEndsAfterItsShift(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		id, ids := w.talk(100)
		w.bell.heard()
		r := w.runner(taking(10*time.Millisecond), jobs.RunnerOptions{})
		begun := time.Now()
		more := w.drain(r)
		if took := time.Since(begun); !more || took < 300*time.Millisecond || took > 350*time.Millisecond {
			t.Errorf("Drain = %t after %v, want true after a shift of 300 ms", more, took)
		}
		done := len(w.texts(id))
		if _, err := r.Drain(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		if again := len(w.texts(id)); again <= done {
			t.Errorf("the next drain found nothing to do after %d jobs of %d", again, len(ids))
		}
	})
}

// A worker that takes one of several due lanes calls for help with the rest.
func TestClaimCallsForHelp(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		w.talk(1)
		w.talk(1)
		w.bell.heard()
		rings := 0
		w.drain(w.runner(analyze(func(ctx context.Context, t jobs.Task) (analysis.Result, error) {
			rings += len(w.bell.heard())
			return jobs.Local{}.Analyze(ctx, t)
		}), jobs.RunnerOptions{}))
		equal(t, "rings for the second lane", rings, 1)
	})
}

// LocalSlots is a slot of this process, which a test fills by hand.
type slot struct {
	free  bool
	drain func(context.Context) (more bool, err error)
	given int // how often it was given back unused
}

func (s *slot) Reserve(int) (run func(func(context.Context) (bool, error)), ok bool) {
	if !s.free {
		return nil, false
	}
	s.free = false
	return func(drain func(context.Context) (bool, error)) {
		s.drain = drain
		if drain == nil {
			s.free = true
			s.given++
		}
	}, true
}

// With a slot free, a job is claimed by the step that accepts it: no ring, no
// second round trip.
func TestJobIsWorkedWhereItArrives(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		here := &slot{free: true}
		var j analysisLog
		r := w.runner(j.of(jobs.Local{}), jobs.RunnerOptions{})
		f := &faulty{Store: w.Store}
		service := jobs.NewService(f, w.bell, 1, jobs.ServiceOptions{LocalSlots: here, Runner: r, Meter: w.meter})
		first, err := service.Submit(t.Context(), request("", "One."))
		if err != nil || here.drain == nil {
			t.Fatalf("Submit = %v, and the slot is free: %t; want a drain in it", err, here.drain == nil)
		}
		equal(t, "status on arrival", w.job(first.JobID).Status, jobs.InProgress)
		equal(t, "rings", len(w.bell.heard()), 0)

		// The slot is taken: the bell it is, unless somebody holds the lane.
		second, err := service.Submit(t.Context(), request(first.ConversationID, "Two."))
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "rings for a lane that is held", len(w.bell.heard()), 0)
		elsewhere, err := service.Submit(t.Context(), request("", "Elsewhere."))
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "rings for another lane", len(w.bell.heard()), 1)

		if _, err := here.drain(t.Context()); err != nil {
			t.Errorf("drain: %v", err)
		}
		equal(t, "statuses", w.statuses([]string{first.JobID, second.JobID, elsewhere.JobID}), "ccc")
		equal(t, "messages", w.texts(first.ConversationID), []string{"One.", "Two."})
		equal(t, "analyses", slices.Sorted(slices.Values(j.read())), []string{"Elsewhere. 1", "One. 1", "Two. 1"})

		// What comes to nothing gives the slot back.
		here.free = true
		f.faults = []fault{{err: errors.New("odd")}, {err: jobs.ErrUnavailable}, {err: jobs.ErrUnknownConversation}}
		for range f.faults {
			if _, err := service.Submit(t.Context(), request("", "Never.")); err == nil {
				t.Error("Submit of a request that is refused: want an error")
			}
		}
		equal(t, "slot given back", fmt.Sprint(here.free, here.given), "true 3")
	})
}

// A long text takes no slot while it is accepted, which takes several steps: it is rung
// for.
func TestLongTextTakesNoSlotWhileItIsAccepted(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		here := &slot{free: true}
		service := jobs.NewService(w.Store, w.bell, 1, jobs.ServiceOptions{LocalSlots: here, Runner: w.runner(jobs.Local{}, jobs.RunnerOptions{}), Meter: w.meter})
		long, err := service.Submit(t.Context(), request("", strings.Repeat("b", largeJob+1)))
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "the slot is free, and never was another's", fmt.Sprint(here.free, here.given), "true 0")
		equal(t, "rings", len(w.bell.heard()), 1)
		equal(t, "status", w.job(long.JobID).Status, jobs.Scheduled)
	})
}

// Jobs with many speakers are committed in steps of their own, however many lanes
// and jobs a claim has.
func TestCrowdedJobsAreCommittedInSeveralSteps(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var ids []string
		for lane := range 4 {
			id := w.submit("", "Hello.").ConversationID
			for n := range 3 {
				a := request(id, "Hi.")
				for speaker := range 600 {
					a.Utterances = append(a.Utterances, analysis.Utterance{
						From: conversation.Speaker{Name: fmt.Sprint("Speaker ", lane, n, " ", speaker)}, Text: "Hi.",
					})
				}
				if _, err := w.service.Submit(t.Context(), a); err != nil {
					t.Fatal(err)
				}
			}
			ids = append(ids, id)
		}
		watched := &mostChanges{Lanes: w.Store}
		r := w.runnerOn(watched, jobs.Local{}, jobs.RunnerOptions{})
		w.work(r)
		for _, id := range ids {
			if got := len(w.texts(id)); got != 1+3*601 {
				t.Errorf("%d messages, want %d", got, 1+3*601)
			}
		}
		if watched.most > 4000+500 {
			t.Errorf("one step made %d changes of members", watched.most)
		}
	})
}

// mostChanges are lanes that note the most changes of members of a step. Steps of a
// round may be under way side by side.
type mostChanges struct {
	jobs.Lanes

	mu   sync.Mutex
	most int
}

func (m *mostChanges) Commit(ctx context.Context, shard int, done []jobs.Done, want jobs.Want) (jobs.Committed, error) {
	changes := 0
	for _, d := range done {
		for _, e := range d.Effects {
			changes += len(e.Members.Members) + len(e.Members.Keys)
		}
	}
	m.mu.Lock()
	m.most = max(m.most, changes)
	m.mu.Unlock()
	return m.Lanes.Commit(ctx, shard, done, want)
}
