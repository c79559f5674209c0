package costs

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/bench/process"
)

// A caller calls the API for an account.
type caller struct {
	api, token string
	client     *http.Client
}

func newCaller(api, token string) *caller {
	return &caller{api, token, &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}}}
}

func (c *caller) close() { c.client.CloseIdleConnections() }

// An answer is what came of a call.
type answer struct {
	status       int
	tag          string // ETag
	bytes        int64
	first, whole time.Duration // until the first byte, and the last
}

// call calls, and reads the answer to its end. If into is not nil the answer is decoded
// into it.
func (c *caller) call(ctx context.Context, method, path, body string, headers []string, into any) (a answer, err error) {
	r, err := http.NewRequestWithContext(ctx, method, c.api+path, strings.NewReader(body))
	if err != nil {
		return a, err
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for n := 0; n+1 < len(headers); n += 2 {
		r.Header.Set(headers[n], headers[n+1])
	}
	began := time.Now()
	resp, err := c.client.Do(r)
	if err != nil {
		return a, err
	}
	defer resp.Body.Close() //nolint:errcheck // it is read
	a.first, a.status, a.tag = time.Since(began), resp.StatusCode, resp.Header.Get("ETag")
	var kept bytes.Buffer
	out := io.Discard
	if into != nil || a.status >= http.StatusBadRequest {
		out = &kept
	}
	if a.bytes, err = io.Copy(out, resp.Body); err != nil {
		return a, err
	}
	a.whole = time.Since(began)
	if a.status >= http.StatusBadRequest {
		return a, fmt.Errorf("%s %s was answered %d: %.300s", method, path, a.status, kept.Bytes())
	}
	if into != nil {
		return a, json.Unmarshal(kept.Bytes(), into)
	}
	return a, nil
}

// mostCalls is how often a row is called at most, and mostRefused how often it may be
// answered that the worker has too much to do.
const (
	mostCalls   = 200
	mostRefused = 5
)

// cost calls a row again and again for so long, and says what one call has cost. A call
// that was answered 503 is made again, as callers are told to, and is none of the calls
// whose times are told; what it used is counted.
func cost(ctx context.Context, w *process.Worker, c *caller, r row, s *stock, during time.Duration) (Cost, error) {
	if r.prepare != nil {
		if err := r.prepare(ctx, c, s); err != nil {
			return Cost{}, err
		}
	}
	if err := w.Watch(ctx); err != nil {
		return Cost{}, err
	}
	before, err := read(ctx, w)
	if err != nil {
		return Cost{}, err
	}
	most := mostCalls
	if r.once {
		most = 1
	}
	var all []answer
	refused := 0
	for began := time.Now(); len(all) < most && (len(all) == 0 || time.Since(began) < during); {
		a, err := c.call(ctx, r.method, s.resolve(r.path, len(all)), s.resolve(r.body, len(all)), resolveAll(s, r.headers), nil)
		if a.status == http.StatusServiceUnavailable && refused < mostRefused {
			refused++
			if err := process.Rest(ctx, time.Second); err != nil {
				return Cost{}, err
			}
			continue
		}
		if err != nil {
			return Cost{}, err
		}
		all = append(all, a)
	}
	after, err := read(ctx, w)
	if err != nil {
		return Cost{}, err
	}
	steps, err := w.SlowSteps(ctx)
	found := summarize(all, before, after, steps)
	found.Refused = refused
	return found, err
}

// used is what has been used so far.
type used struct {
	redis    float64 // µs of processor time
	commands float64
	worker   time.Duration
}

func read(ctx context.Context, w *process.Worker) (u used, err error) {
	if u.worker, err = w.Used(); err != nil {
		return u, err
	}
	u.redis, u.commands, err = redisUsed(ctx, w.Redis)
	return u, err
}

// redisUsed returns the processor time of Redis in µs, and the commands that it has run.
func redisUsed(ctx context.Context, rdb redis.UniversalClient) (micros, commands float64, err error) {
	info, err := rdb.InfoMap(ctx, "cpu", "commandstats").Result()
	if err != nil {
		return 0, 0, fmt.Errorf("ask Redis for its figures: %w", err)
	}
	for name, value := range info["CPU"] {
		if name == "used_cpu_sys" || name == "used_cpu_user" {
			var seconds float64
			if _, err := fmt.Sscan(value, &seconds); err != nil {
				return 0, 0, fmt.Errorf("read %s of Redis: %w", name, err)
			}
			micros += 1e6 * seconds
		}
	}
	for _, value := range info["Commandstats"] {
		var calls float64
		if _, err := fmt.Sscanf(value, "calls=%f", &calls); err != nil {
			return 0, 0, fmt.Errorf("read the calls of Redis: %w", err)
		}
		commands += calls
	}
	return micros, commands, nil
}

// summarize says what one of the calls has cost.
func summarize(all []answer, before, after used, steps []process.Step) Cost {
	n := float64(len(all))
	cost := Cost{
		Calls: len(all), Status: all[0].status, Bytes: all[len(all)-1].bytes,
		RedisMicros:  (after.redis - before.redis) / n,
		Commands:     (after.commands - before.commands) / n,
		WorkerMicros: float64((after.worker - before.worker).Microseconds()) / n,
		FirstMillis:  median(all, func(a answer) time.Duration { return a.first }),
		WholeMillis:  median(all, func(a answer) time.Duration { return a.whole }),
	}
	for _, s := range steps {
		cost.LongestStepMillis = max(cost.LongestStepMillis, s.Millis)
	}
	return cost
}

// median returns the median of a time of the answers, in ms.
func median(all []answer, of func(answer) time.Duration) float64 {
	times := make([]time.Duration, len(all))
	for n, a := range all {
		times[n] = of(a)
	}
	slices.Sort(times)
	return float64(times[len(times)/2].Microseconds()) / 1000
}
