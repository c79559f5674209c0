package control_test

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/jobs/control"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
	"github.com/turnwise/turnwise/internal/webhook"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const account = "acme"

// bell counts how often somebody was woken.
type bell struct{ rung atomic.Int64 }

func (b *bell) Ring(context.Context, int, lane.Wake) { b.rung.Add(1) }

// analyzer analyses jobs as a test says.
type analyzer func() error

func (a analyzer) Analyze(ctx context.Context, t jobs.Task) (analysis.Result, error) {
	if err := a(); err != nil {
		return analysis.Result{}, err
	}
	return jobs.Local{}.Analyze(ctx, t)
}

// A world is a Service with real jobs on a Redis of one shard.
type world struct {
	*control.Service

	t     *testing.T
	store *store.Store
	jobs  *jobs.Service
	bell  *bell
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, store: store.New(redistest.New(t), store.Options{Shards: 1}), bell: &bell{}}
	if err := w.store.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.jobs = jobs.NewService(w.store, &bell{}, 1, jobs.ServiceOptions{})
	w.Service = control.New(w.store, w.jobs, w.bell, []string{account}, slog.New(slog.DiscardHandler))
	return w
}

// submit appends to a conversation, to a new one if it is empty.
func (w *world) submit(conversation, hook string) jobs.Receipt {
	w.t.Helper()
	r, err := w.jobs.Submit(w.t.Context(), jobs.Append{
		Account: account, ConversationID: conversation, WebhookURL: hook, Utterances: []analysis.Utterance{{Text: "Hello."}},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// work works what is due, once.
func (w *world) work(a analyzer, hold bool) {
	w.t.Helper()
	r := jobs.NewRunner(w.store, a, &bell{}, jobs.RunnerOptions{Hold: map[string]bool{account: hold}, Backoff: lane.Backoff{Initial: time.Hour, Max: time.Hour}})
	for more := true; more; {
		var err error
		if more, err = r.Drain(w.t.Context(), 0); err != nil {
			w.t.Fatal(err)
		}
	}
}

// The states that a job is brought into before something is done about it. In progress
// it is done while the job is worked.
var states = map[string]func(w *world, r jobs.Receipt, do func()){
	"waits":       func(_ *world, _ jobs.Receipt, do func()) { do() },
	"in progress": func(w *world, _ jobs.Receipt, do func()) { w.work(func() error { do(); return nil }, false) },
	"completed":   func(w *world, _ jobs.Receipt, do func()) { w.work(func() error { return nil }, false); do() },
	"failed":      func(w *world, _ jobs.Receipt, do func()) { w.work(refuse, false); do() },
	"failing":     func(w *world, _ jobs.Receipt, do func()) { w.work(stumble, false); do() },
	"held":        func(w *world, _ jobs.Receipt, do func()) { w.work(refuse, true); do() },
	"cancelled": func(w *world, r jobs.Receipt, do func()) {
		if _, err := w.Cancel(w.t.Context(), account, r.JobID); err != nil {
			w.t.Fatal(err)
		}
		w.work(func() error { return nil }, false)
		do()
	},
}

func refuse() error  { return &jobs.PermanentError{Message: "The model said no"} }
func stumble() error { return errors.New("no luck") }

// What can be done about a job and its lane, by how they stand. Whatever has a lane go
// on wakes somebody.
func TestWhatCanBeDone(t *testing.T) {
	t.Parallel()

	actions := []string{"cancel", "again", "retry", "resume", "skip"}
	table := map[string][]error{
		"waits":       {nil, jobs.ErrNotFailed, lane.ErrUntroubled, lane.ErrUntroubled, lane.ErrUntroubled},
		"in progress": {jobs.ErrBegun, jobs.ErrNotFailed, lane.ErrBusy, lane.ErrBusy, lane.ErrBusy},
		"failing":     {jobs.ErrBegun, jobs.ErrNotFailed, nil, lane.ErrUntroubled, nil},
		"held":        {jobs.ErrBegun, jobs.ErrNotFailed, nil, nil, nil},
		"completed":   {jobs.ErrEnded, jobs.ErrNotFailed, lane.ErrUntroubled, lane.ErrUntroubled, lane.ErrUntroubled},
		"failed":      {jobs.ErrEnded, nil, lane.ErrUntroubled, lane.ErrUntroubled, lane.ErrUntroubled},
		"cancelled":   {jobs.ErrEnded, jobs.ErrNoPayload, lane.ErrUntroubled, lane.ErrUntroubled, lane.ErrUntroubled},
	}
	for state, bring := range states {
		for n, action := range actions {
			t.Run(state+"/"+action, func(t *testing.T) {
				t.Parallel()

				w := newWorld(t)
				r := w.submit("", "")
				bring(w, r, func() {
					err := w.do(action, r)
					if want := table[state][n]; !errors.Is(err, want) || want == nil && err != nil {
						t.Errorf("%s of a job that is %s: %v, want %v", action, state, err, want)
					}
					if steers := n >= 2; steers && (err == nil) != (w.bell.rung.Load() == 1) {
						t.Errorf("%s rang %d times after %v", action, w.bell.rung.Load(), err)
					}
				})
			})
		}
	}
}

// do does what is said to a job, or to the lane of its conversation.
func (w *world) do(action string, r jobs.Receipt) (err error) {
	switch action {
	case "cancel":
		_, err = w.Cancel(w.t.Context(), account, r.JobID)
	case "again":
		_, err = w.Retry(w.t.Context(), account, r.JobID)
	default:
		_, err = w.Steer(w.t.Context(), account, r.ConversationID, lane.Action(action))
	}
	return err
}

// What nobody has, or another account, is not found, whatever is to be done.
func TestWhatIsNotThere(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	r := w.submit("", "")
	for _, where := range []struct{ account, job, conversation string }{{account, jobs.NewID(0), "4711"}, {"other", r.JobID, r.ConversationID}} {
		_, show := w.Show(t.Context(), where.account, where.job)
		_, cancel := w.Cancel(t.Context(), where.account, where.job)
		_, again := w.Retry(t.Context(), where.account, where.job)
		_, steer := w.Steer(t.Context(), where.account, where.conversation, lane.Retry)
		for action, err := range map[string]error{"show": show, "cancel": cancel, "again": again} {
			if !errors.Is(err, jobs.ErrNotFound) {
				t.Errorf("%s of %v: %v, want %v", action, where, err, jobs.ErrNotFound)
			}
		}
		if !errors.Is(steer, jobs.ErrUnknownConversation) {
			t.Errorf("steering %v: %v, want %v", where, steer, jobs.ErrUnknownConversation)
		}
		if page, err := w.List(t.Context(), where.account, jobs.Query{Limit: 9}); err != nil || (len(page.Jobs) == 1) != (where.account == account) {
			t.Errorf("%s has %d jobs, %v", where.account, len(page.Jobs), err)
		}
		if counts, err := w.Count(t.Context(), where.account); err != nil || (counts[jobs.Scheduled] == 1) != (where.account == account) {
			t.Errorf("%s has %v jobs, %v", where.account, counts, err)
		}
		if page, err := w.Lanes(t.Context(), where.account, lane.Query{State: lane.StateWaiting, Limit: 9}); err != nil || (len(page.Lanes) == 1) != (where.account == account) {
			t.Errorf("%s has %d lanes, %v", where.account, len(page.Lanes), err)
		}
	}
}

// A job that has failed is sent again once, behind what came meanwhile.
func TestRetryIsAppended(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	failed := w.submit("", "")
	w.work(refuse, false)
	w.submit(failed.ConversationID, "")
	again, err := w.Retry(t.Context(), account, failed.JobID)
	if err != nil {
		t.Fatal(err)
	}
	if twice, err := w.Retry(t.Context(), account, failed.JobID); err != nil || twice != again {
		t.Errorf("sent again twice: %v, then %v and %v", again, twice, err)
	}
	d, err := w.Show(t.Context(), account, again.JobID)
	if err != nil || again.ConversationID != failed.ConversationID || d.Sequence != 3 || d.Ahead != 1 {
		t.Errorf("it is job %d of %s behind %d others, %v; want the third of %s, behind one", d.Sequence, again.ConversationID, d.Ahead, err, failed.ConversationID)
	}
}

// The webhooks of a job go on with the event that was given up, or without it.
func TestHaltedWebhooks(t *testing.T) {
	t.Parallel()

	for action, waiting := range map[lane.Action]int64{lane.Retry: 1, lane.Resume: 1, lane.Skip: 0} {
		t.Run(string(action), func(t *testing.T) {
			t.Parallel()

			w := newWorld(t)
			r := w.submit("", "https://receiver.example/hook")
			if _, err := w.Steer(t.Context(), account, r.JobID, action); !errors.Is(err, lane.ErrUntroubled) {
				t.Errorf("%s of webhooks that nobody holds: %v, want %v", action, err, lane.ErrUntroubled)
			}
			w.halt()
			v, err := w.Steer(t.Context(), account, r.JobID, action)
			if err != nil || v.Kind != lane.Deliver && waiting > 0 || v.Waiting != waiting || w.bell.rung.Load() != 1 {
				t.Errorf("%s: %+v, %v, and rang %d times; want %d events that wait, and one ring", action, v, err, w.bell.rung.Load(), waiting)
			}
		})
	}
}

// halt gives the event up that is due, so that those behind it wait for somebody.
func (w *world) halt() {
	w.t.Helper()
	c, _, err := w.store.ClaimEvent(w.t.Context(), 0)
	if err != nil || c == nil {
		w.t.Fatalf("claim an event: %v, %v", c, err)
	}
	a := webhook.Attempt{EventID: c.Event.ID(), Status: c.Event.Status, Number: 1, At: time.Now(), Outcome: webhook.Dead, Code: 410, Error: "gone"}
	if _, _, err := w.store.SettleEvents(w.t.Context(), c, []webhook.Settlement{{Outcome: webhook.Dead, Class: webhook.ClassAborted, Attempt: a, Gap: webhook.Halt}}, false); err != nil {
		w.t.Fatal(err)
	}
}

// told is a Store of one job whose events were told.
type told struct{ control.Store }

func (told) JobDetail(context.Context, string, string) (jobs.Detail, error) {
	return jobs.Detail{Job: jobs.Job{ID: "j", WebhookURL: "https://receiver.example/"}}, nil
}

func (told) Deliveries(context.Context, string, webhook.DeliveryQuery) ([]webhook.Delivery, string, error) {
	return []webhook.Delivery{{Event: webhook.Event{Sequence: 1}}, {Event: webhook.Event{Sequence: 10}}}, "", nil
}

func (told) Attempts(context.Context, string, string) ([]webhook.Attempt, error) {
	return []webhook.Attempt{{EventID: "j_1_a", Number: 1}, {EventID: "j_10_b", Number: 1}, {EventID: "j_10", Number: 2}, {EventID: "j_2_c", Number: 1}}, nil
}

// Each event has its own attempts, though the number of one begins that of another.
func TestAttemptsOfEvents(t *testing.T) {
	t.Parallel()

	d, err := control.New(told{}, nil, &bell{}, nil, nil).Show(t.Context(), account, "j")
	if err != nil || len(d.Deliveries) != 2 || len(d.Deliveries[0].AttemptsN) != 1 || len(d.Deliveries[1].AttemptsN) != 2 {
		t.Errorf("got %+v, %v; want one attempt at the first event, and two at the tenth", d.Deliveries, err)
	}
}

// trimmed is a Store that fails the first time.
type trimmed struct {
	control.Store

	times int
}

func (s *trimmed) TrimJobs(_ context.Context, accounts []string, every time.Duration) error {
	if s.times++; len(accounts) != 1 || every <= 0 {
		return errors.New("not for the account")
	}
	if s.times == 1 {
		return errors.New("no luck")
	}
	return nil
}

// The indexes are trimmed a few times an hour, also after one time was in vain, until
// the end.
func TestRunTrims(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		s := &trimmed{}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if err := control.New(s, nil, &bell{}, []string{account}, slog.New(slog.DiscardHandler)).Run(ctx); err != nil {
			t.Fatal(err)
		}
		if s.times < 4 || s.times > 7 {
			t.Errorf("trimmed %d times in an hour, want about five", s.times)
		}
	})
}
