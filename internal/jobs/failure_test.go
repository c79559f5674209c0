package jobs_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
)

// refusing returns an Analyzer that fails each job for good.
func refusing(reason string) analyze {
	return func(context.Context, jobs.Task) (analysis.Result, error) {
		return analysis.Result{}, fmt.Errorf("ask the model: %w", &jobs.PermanentError{Message: reason})
	}
}

// failing returns an Analyzer that fails the jobs with the given texts.
func failing(err error, bad ...string) analyze {
	return func(ctx context.Context, t jobs.Task) (analysis.Result, error) {
		if slices.Contains(bad, text(t)) {
			return analysis.Result{}, err
		}
		return jobs.Local{}.Analyze(ctx, t)
	}
}

func TestFailedAttemptsBackOff(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		id, ids := w.talk(3)
		var j analysisLog
		w.work(w.runner(j.of(failing(errBusy, "Message 2.")), jobs.RunnerOptions{MaxAttempts: 8}))

		want := []string{"Message 1. 1"}
		for n := range 8 {
			want = append(want, fmt.Sprintf("Message 2. %d", n+1))
		}
		equal(t, "analyses", j.read(), append(want, "Message 3. 1"))
		for n, d := range []time.Duration{1, 2, 4, 8, 16, 32, 60} {
			d *= time.Second
			low, high := d*4/5, min(d*6/5, time.Minute)+time.Millisecond
			if waited := j.at[n+2].Sub(j.at[n+1]); waited < low-time.Millisecond || waited > high {
				t.Errorf("attempt %d came after %v, want %v, give or take a fifth", n+2, waited, d)
			}
		}
		equal(t, "statuses", w.statuses(ids), "cfc")
		equal(t, "reason", w.job(ids[1]).Message, errBusy.Error())
		equal(t, "messages", w.texts(id), []string{"Message 1.", "Message 3."})
		equal(t, "retries, jobs completed and failed counted",
			[]int{w.meter.retried, w.meter.finished[jobs.Completed], w.meter.finished[jobs.Failed]}, []int{7, 2, 1})
	})
}

// A service that asks to be left alone is asked again when that time is over, and
// not sooner than a failed attempt is repeated anyway.
func TestBusyServiceIsLeftAlone(t *testing.T) {
	tests := []struct {
		name             string
		after, low, high time.Duration
	}{
		{"longer than the backoff", 5 * time.Minute, 5 * time.Minute, 5*time.Minute + time.Second},
		{"shorter", time.Millisecond, 799 * time.Millisecond, 1201 * time.Millisecond},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, w *world) {
				_, ids := w.talk(1)
				var j analysisLog
				busy := fmt.Errorf("ask the model: %w", &jobs.BusyError{Message: "busy", After: tt.after})
				w.work(w.runner(j.of(failing(busy, "Message 1.")), jobs.RunnerOptions{MaxAttempts: 2}))
				if waited := j.at[1].Sub(j.at[0]); waited < tt.low || waited > tt.high {
					t.Errorf("the second attempt came after %v", waited)
				}
				equal(t, "reason", w.job(ids[0]).Message, "ask the model: busy")
			})
		})
	}
}

// Five attempts are made unless the options say otherwise.
func TestFailedAfterFiveAttempts(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		_, ids := w.talk(1)
		var j analysisLog
		w.work(w.runner(j.of(failing(errBusy, "Message 1.")), jobs.RunnerOptions{}))
		equal(t, "attempts", len(j.read()), 5)
		equal(t, "status", w.job(ids[0]).Status, jobs.Failed)
	})
}

// A job in its backoff holds its own conversation, and no other.
func TestBackoffHoldsOneConversation(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		r := w.runner(failing(errBusy, "Bad."), jobs.RunnerOptions{
			Backoff: lane.Backoff{Initial: time.Hour, Max: time.Hour},
		})
		bad := w.submit("", "Bad.")
		behind := w.submit(bad.ConversationID, "Behind.")
		elsewhere := w.submit("", "Elsewhere.")
		w.drain(r)
		later := w.submit("", "Later.")
		w.submit(bad.ConversationID, "Far behind.")
		w.drain(r)
		equal(t, "statuses", w.statuses([]string{bad.JobID, behind.JobID, elsewhere.JobID, later.JobID}), "iscc")
		time.Sleep(47 * time.Minute)
		w.drain(r)
		equal(t, "status before the backoff is over", w.statuses([]string{bad.JobID, behind.JobID}), "is")
		equal(t, "retries counted", w.meter.retried, 1)
	})
}

func TestPermanentErrorFailsAtOnce(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		id, ids := w.talk(3)
		var j analysisLog
		refused := fmt.Errorf("ask: %w", &jobs.PermanentError{Message: "too long"})
		begun := time.Now()
		w.work(w.runner(j.of(failing(refused, "Message 1.", "Message 3.")), jobs.RunnerOptions{}))
		if took := time.Since(begun); took > 100*time.Millisecond {
			t.Errorf("it took %v, want no backoff", took)
		}
		equal(t, "analyses", j.read(), once(texts(1, 3)))
		equal(t, "statuses", w.statuses(ids), "fcf")
		equal(t, "reason", w.job(ids[0]).Message, "ask: too long")
		equal(t, "messages", w.texts(id), []string{"Message 2."})
	})
}

// When item 7 of 16 fails, those before it are committed, it is the head, and
// those behind it are untouched.
func TestFailureInTheMiddleOfABatch(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id, ids := w.talk(16)
		var j analysisLog
		busy := true
		r := w.runner(j.of(analyze(func(ctx context.Context, t jobs.Task) (analysis.Result, error) {
			if busy && text(t) == "Message 7." {
				return analysis.Result{}, errBusy
			}
			return jobs.Local{}.Analyze(ctx, t)
		})), jobs.RunnerOptions{Backoff: lane.Backoff{Initial: 100 * time.Millisecond, Max: 100 * time.Millisecond}})
		w.drain(r)
		equal(t, "statuses in the backoff", w.statuses(ids), "cccccc"+"i"+"sssssssss")
		equal(t, "messages in the backoff", w.texts(id), texts(1, 6))
		equal(t, "analyses in the backoff", j.read(), once(texts(1, 7)))

		busy = false
		w.work(r)
		equal(t, "statuses", w.statuses(ids), strings.Repeat("c", 16))
		equal(t, "messages", w.texts(id), texts(1, 16))
		equal(t, "analyses", j.read(), slices.Concat(once(texts(1, 7)), []string{"Message 7. 2"}, once(texts(8, 16))))
	})
}

// A text that makes the analyzer panic costs its own job, nothing else.
func TestPanicOfTheAnalyzer(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		id, ids := w.talk(4)
		var j analysisLog
		var log bytes.Buffer
		w.work(w.runner(j.of(analyze(func(ctx context.Context, t jobs.Task) (analysis.Result, error) {
			if text(t) == "Message 3." {
				panic("index out of range")
			}
			return jobs.Local{}.Analyze(ctx, t)
		})), jobs.RunnerOptions{MaxAttempts: 3, Log: slog.New(slog.NewTextHandler(&log, nil))}))
		equal(t, "analyses", j.read(), []string{
			"Message 1. 1", "Message 2. 1", "Message 3. 1", "Message 3. 2", "Message 3. 3", "Message 4. 1",
		})
		equal(t, "statuses", w.statuses(ids), "ccfc")
		equal(t, "reason", w.job(ids[2]).Message, "the analysis of the text broke down")
		equal(t, "messages", w.texts(id), []string{"Message 1.", "Message 2.", "Message 4."})
		for _, want := range []string{`level=ERROR msg="analysis panicked"`, "job=" + ids[2], "index out of range", "failure_test.go"} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("the log does not tell of %q:\n%s", want, log.String())
			}
		}
	})
}

// dyingLanes are the lanes as seen by a worker that dies at a bad text: after that
// it says nothing to anybody.
type dyingLanes struct {
	jobs.Lanes
	dead bool
}

func (m *dyingLanes) Commit(ctx context.Context, shard int, done []jobs.Done, want jobs.Want) (jobs.Committed, error) {
	if m.dead {
		return jobs.Committed{}, jobs.ErrUnavailable
	}
	return m.Lanes.Commit(ctx, shard, done, want)
}

func (m *dyingLanes) Fail(ctx context.Context, c *jobs.Claim, f jobs.Failure, stay int) (*jobs.Claim, lane.Wake, error) {
	if m.dead {
		return nil, lane.Wake{}, jobs.ErrUnavailable
	}
	return m.Lanes.Fail(ctx, c, f, stay)
}

// A job that kills whoever works it is found out by the count of its claims,
// and failed without being run once more. Jobs that shared a claim with it
// are innocent.
func TestJobThatKillsItsWorkers(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		id, ids := w.talk(12)
		deaths, attempts := 0, 0
		for w.job(ids[11]).Status != jobs.Completed {
			m := &dyingLanes{Lanes: w.process(3)}
			r := w.runnerOn(m, analyze(func(ctx context.Context, t jobs.Task) (analysis.Result, error) {
				if text(t) == "Message 7." {
					m.dead = true
					deaths++
					attempts = t.Attempt
					return analysis.Result{}, errBusy
				}
				return jobs.Local{}.Analyze(ctx, t)
			}), jobs.RunnerOptions{MaxAttempts: 3})
			_, err := r.Drain(t.Context(), 0)
			if (err != nil) != m.dead {
				t.Fatalf("Drain = %v, dead: %t", err, m.dead)
			}
			if deaths > 50 {
				t.Fatal("the job goes on killing workers")
			}
			time.Sleep(lease + time.Millisecond)
		}
		equal(t, "statuses", w.statuses(ids), "cccccc"+"f"+"ccccc")
		equal(t, "messages", w.texts(id), slices.Concat(texts(1, 6), texts(8, 12)))
		equal(t, "reason", w.job(ids[6]).Message, "the job was begun 3 times and its worker stopped each time")
		equal(t, "the last attempt that was run", attempts, 3)
		t.Logf("%d workers died", deaths)
	})
}

// spoil replaces what stands in the lane of a conversation for one of its jobs.
func (w *world) spoil(id string, n int64, text string) {
	w.t.Helper()
	if err := w.rdb.LSet(w.t.Context(), "tw:{0}:q:"+account+":"+id, n, text).Err(); err != nil {
		w.t.Fatal(err)
	}
}

// A job whose conversation has a member that cannot be read is tried again, because
// somebody may mend that, and fails like one whose analysis fails if nobody does.
func TestJobWaitsForMembersThatCannotBeRead(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		id, _ := w.talk(1)
		r := w.runner(jobs.Local{}, jobs.RunnerOptions{MaxAttempts: 3})
		w.work(r)
		people, ann := "tw:{0}:p:"+account+":"+id, ""
		sound := w.rdb.HGetAll(t.Context(), people).Val()
		for field := range sound {
			if strings.HasPrefix(field, "m:") {
				ann = field
			}
		}
		w.rdb.HSet(t.Context(), people, ann, "{")
		second := w.submit(id, "Message 2.").JobID
		w.drain(r)
		equal(t, "status after an attempt", w.job(second).Status, jobs.InProgress)
		w.rdb.HSet(t.Context(), people, ann, sound[ann])
		w.work(r)
		equal(t, "messages once they are mended", w.texts(id), texts(1, 2))

		w.rdb.HSet(t.Context(), people, ann, "{")
		third := w.submit(id, "Message 3.").JobID
		begun := time.Now()
		w.work(r)
		equal(t, "reason", w.job(third).Message, "what is stored of the members of the conversation cannot be read")
		if took := time.Since(begun); took < 2*time.Second {
			t.Errorf("failed for good after %v, want that it waited between attempts", took)
		}
	})
}

// A job that cannot be read fails at once, with a reason, and the next one of
// its conversation goes on.
func TestUnreadableJobFails(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		id, ids := w.talk(3)
		w.spoil(id, 1, ids[1]+" 946684800000 \n{")
		w.work(w.runner(jobs.Local{}, jobs.RunnerOptions{}))
		equal(t, "statuses", w.statuses(ids), "cfc")
		equal(t, "reason", w.job(ids[1]).Message, "what is stored of the job cannot be read")
		equal(t, "messages", w.texts(id), []string{"Message 1.", "Message 3."})
	})
}

// A lane that was incomplete is mended, counted, and does not end the drain.
func TestDrainMendsALane(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		id, ids := w.talk(3)
		other := w.submit("", "Other.")
		w.spoil(id, 0, ids[0])
		w.spoil(id, 1, ids[1])
		w.work(w.runner(jobs.Local{}, jobs.RunnerOptions{}))
		equal(t, "statuses", w.statuses(append(ids, other.JobID)), "ffcc")
		equal(t, "messages", w.texts(id), []string{"Message 3."})
		equal(t, "lanes mended", w.meter.mended, 2)
	})
}
