package console

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/presence"
	"github.com/turnwise/turnwise/internal/webhook"
)

// A System tells how the service as a whole stands.
type System interface {
	// Processes returns those that are there.
	Processes(ctx context.Context) ([]presence.Process, error)
	// LaneStats counts the lanes of a kind, of all accounts.
	LaneStats(ctx context.Context, kind lane.Kind) (lane.Stats, error)
	// Redis tells how Redis stands.
	Redis(ctx context.Context) (RedisState, error)
}

// A RedisState is what a person wants to know of Redis.
type RedisState struct {
	Version   string
	Words     string // which one it is
	Keeps     string // what it keeps of what was acknowledged, in a sentence
	Durable   bool   // that is all of it
	Memory    int64  // bytes in use
	MaxMemory int64  // bytes that it may use; 0 for any number
	Clients   int64
}

// How often the service is asked. Counting lanes takes dozens of commands, so all
// pages share what was counted.
const (
	processesEvery = 2 * time.Second
	lanesEvery     = 10 * time.Second
	redisEvery     = 5 * time.Second
)

// A sample is how the service stood a moment ago.
type sample struct {
	Processes []presence.Process
	Series    []presence.Totals
	Append    lane.Stats
	Deliver   lane.Stats
	Waiting   []float64 // conversations with work, lately
	Redis     RedisState
}

// A sampler keeps the latest sample, for all who want it.
type sampler struct {
	system System

	mu        sync.Mutex
	last      sample
	processes time.Time // when each was asked for
	lanes     time.Time
	redis     time.Time
}

// sample returns the latest sample. What of it is too old is asked for, once.
func (s *sampler) sample(ctx context.Context) (sample, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if now.Sub(s.processes) >= processesEvery {
		all, err := s.system.Processes(ctx)
		if err != nil {
			return sample{}, err
		}
		s.last.Processes, s.last.Series, s.processes = all, presence.Sum(all), now
	}
	if now.Sub(s.redis) >= redisEvery {
		state, err := s.system.Redis(ctx)
		if err != nil {
			return sample{}, err
		}
		s.last.Redis, s.redis = state, now
	}
	return s.last, s.sampleLanes(ctx, now)
}

// sampleLanes counts the lanes. The caller holds the lock.
func (s *sampler) sampleLanes(ctx context.Context, now time.Time) (err error) {
	since := now.Sub(s.lanes)
	if since < lanesEvery {
		return nil
	}
	if s.last.Append, err = s.system.LaneStats(ctx, lane.Append); err != nil {
		return err
	}
	if s.last.Deliver, err = s.system.LaneStats(ctx, lane.Deliver); err != nil {
		return err
	}
	if since > 2*presence.Buckets*presence.Bucket {
		s.last.Waiting = nil // nobody has looked for long
	}
	waiting := append(slices.Clone(s.last.Waiting), float64(s.last.Append.Pending))
	s.last.Waiting, s.lanes = waiting[max(len(waiting)-12, 0):], now // two minutes
	return nil
}

// A chartView is a chart with what it says in words.
type chartView struct {
	Name   string
	Class  string
	Unit   string
	Now    float64 // its latest value
	Sum    float64 // of the time shown, if that means anything
	Values []float64
}

// serviceView is how the service stands, for those who may know.
type serviceView struct {
	sample

	Charts []chartView
}

// overviewView is what the overview shows.
type overviewView struct {
	Service *serviceView // nil for an account among others
	Trouble []webhook.EndpointState
	Jobs    jobs.Counts
	Recent  []conversationRow
}

func (c *Console) overviewRoutes() []route {
	return []route{
		page("/{$}", func(x *exchange) error {
			v, err := c.overview(x.r.Context(), x.account.ID, c.seesService(x))
			if err != nil {
				return err
			}
			return c.show(x, "overview", "Overview", v)
		}),
		page("/live", func(x *exchange) error {
			account, service := x.account.ID, c.seesService(x)
			name := "overview"
			if service {
				name += " of the service"
			}
			return c.followAs(x, name, "overview", func(ctx context.Context) (any, error) { return c.overview(ctx, account, service) })
		}),
	}
}

// seesService reports whether the session may know how the service as a whole stands:
// the operator's, and that of the only account.
func (c *Console) seesService(x *exchange) bool {
	return x.session.operator || len(c.Accounts.All()) == 1
}

// overview returns the overview of an account.
func (c *Console) overview(ctx context.Context, account string, service bool) (any, error) {
	state, err := c.stateOf(ctx, account)
	if err != nil {
		return nil, err
	}
	v := overviewView{Jobs: state.jobs, Recent: state.recent}
	for _, e := range state.endpoints {
		if troubled(e) {
			v.Trouble = append(v.Trouble, e)
		}
	}
	if service {
		s, err := c.sampler.sample(ctx)
		if err != nil {
			return nil, err
		}
		v.Service = &serviceView{s, charts(s)}
	}
	return v, nil
}

// charts draws what the processes have told.
func charts(s sample) []chartView {
	per := presence.Bucket.Seconds()
	of := func(name, class string, pick func(presence.Totals) int64) chartView {
		v := chartView{Name: name, Class: class, Unit: "a second"}
		for _, t := range s.Series[:len(s.Series)-1] { // the last one is not told by all yet
			n := float64(pick(t))
			v.Values = append(v.Values, n/per)
			v.Sum += n
		}
		v.Now = v.Values[len(v.Values)-1]
		return v
	}
	waiting := chartView{Name: "Waiting", Class: "waiting", Unit: "conversations", Now: float64(s.Append.Pending), Values: s.Waiting}
	if len(waiting.Values) == 1 {
		waiting.Values = []float64{waiting.Values[0], waiting.Values[0]}
	}
	return []chartView{
		of("Accepted", "accepted", func(t presence.Totals) int64 { return t.Accepted }),
		of("Completed", "completed", func(t presence.Totals) int64 { return t.Completed }),
		of("Failed", "failed", func(t presence.Totals) int64 { return t.Failed }),
		waiting,
		of("Webhooks", "delivered", func(t presence.Totals) int64 { return t.Delivered }),
	}
}

// troubled reports whether somebody should look at an endpoint.
func troubled(e webhook.EndpointState) bool {
	return e.Breaker != webhook.Closed || !e.PausedSince.IsZero() || e.Dead > 0
}

// stateEvery is how often an account is looked at for the overview: that is a look at
// every shard.
const stateEvery = 6 * time.Second

// An accountState is how an account stood a moment ago.
type accountState struct {
	mu        sync.Mutex
	at        time.Time
	endpoints []webhook.EndpointState
	jobs      jobs.Counts
	recent    []conversationRow
}

// stateOf returns how an account stands, or stood a moment ago.
func (c *Console) stateOf(ctx context.Context, account string) (*accountState, error) {
	kept, _ := c.accounts.LoadOrStore(account, &accountState{}) // the accounts are few, and fixed
	s, _ := kept.(*accountState)
	s.mu.Lock()
	defer s.mu.Unlock()
	now := &accountState{at: s.at, endpoints: s.endpoints, jobs: s.jobs, recent: s.recent}
	if time.Since(s.at) < stateEvery {
		return now, nil
	}
	var err error
	if now.endpoints, err = c.sortedEndpoints(ctx, account); err != nil {
		return nil, err
	}
	if now.jobs, err = c.Control.Count(ctx, account); err != nil {
		return nil, err
	}
	if now.recent, err = c.recent(ctx, account); err != nil {
		return nil, err
	}
	s.at, s.endpoints, s.jobs, s.recent = time.Now(), now.endpoints, now.jobs, now.recent
	return now, nil
}

// sortedEndpoints returns the endpoints of an account, those in trouble first.
func (c *Console) sortedEndpoints(ctx context.Context, account string) ([]webhook.EndpointState, error) {
	all, err := c.Webhooks.Endpoints(ctx, account)
	slices.SortFunc(all, func(a, b webhook.EndpointState) int {
		if ta, tb := troubled(a), troubled(b); ta != tb {
			if ta {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.Origin, b.Origin)
	})
	return all, err
}
