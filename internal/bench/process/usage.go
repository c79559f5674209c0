package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// settleStep is how long the worker has to use less than a tenth of a processor.
const settleStep = 250 * time.Millisecond

// Settle waits until the worker has done what it was left to do, so long at most.
func (w *Worker) Settle(ctx context.Context, most time.Duration) error {
	used, err := w.Used()
	for began := time.Now(); err == nil && time.Since(began) < most; {
		if err := Rest(ctx, settleStep); err != nil {
			return err
		}
		before := used
		if used, err = w.Used(); used-before < settleStep/10 {
			break
		}
	}
	return err
}

// Rest waits.
func Rest(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Used returns how much processor time the worker has used.
func (w *Worker) Used() (time.Duration, error) {
	used, err := usedBy(w.process.Process.Pid)
	if err != nil {
		return 0, fmt.Errorf("read the worker's processor time: %w; its last words:\n%s", err, w.log.text())
	}
	return used, nil
}

// RedisUsed returns how much processor time the worker's Redis has used.
func (w *Worker) RedisUsed(ctx context.Context) (time.Duration, error) {
	info, err := w.Redis.InfoMap(ctx, "cpu").Result()
	if err != nil {
		return 0, fmt.Errorf("ask Redis for its processor time: %w", err)
	}
	var all time.Duration
	for _, name := range []string{"used_cpu_user", "used_cpu_sys"} {
		seconds, err := strconv.ParseFloat(info["CPU"][name], 64)
		if err != nil {
			return 0, fmt.Errorf("read %s of Redis: %w", name, err)
		}
		all += time.Duration(seconds * float64(time.Second))
	}
	return all, nil
}

// A Step is one command of Redis that took long.
type Step struct {
	Millis  float64 `json:"millis"`
	Command string  `json:"command"` // its beginning
}

// LogSlow has Redis log commands that take so long, from now on.
func (w *Worker) LogSlow(ctx context.Context, least time.Duration) error {
	for name, value := range map[string]string{
		"slowlog-log-slower-than": strconv.FormatInt(least.Microseconds(), 10), "slowlog-max-len": "1000",
	} {
		if err := w.Redis.ConfigSet(ctx, name, value).Err(); err != nil {
			return fmt.Errorf("have Redis log slow commands: %w", err)
		}
	}
	return nil
}

// Watch begins to look for slow commands and at the peak of the memory anew.
func (w *Worker) Watch(ctx context.Context) error {
	if err := w.Redis.Do(ctx, "SLOWLOG", "RESET").Err(); err != nil {
		return fmt.Errorf("empty the log of slow commands: %w", err)
	}
	_ = os.WriteFile(w.proc("clear_refs"), []byte("5"), 0) // where it is not permitted the peak is that of the worker's life
	return nil
}

// SlowSteps returns the commands that were slow since [Worker.Watch].
func (w *Worker) SlowSteps(ctx context.Context) ([]Step, error) {
	log, err := w.Redis.SlowLogGet(ctx, -1).Result()
	if err != nil {
		return nil, fmt.Errorf("read the log of slow commands: %w", err)
	}
	var steps []Step
	for _, entry := range log {
		steps = append(steps, Step{Millis: float64(entry.Duration.Microseconds()) / 1000, Command: fmt.Sprintf("%.160s", strings.Join(entry.Args, " "))})
	}
	return steps, nil
}

// PeakMB returns the peak of the worker's memory since [Worker.Watch].
func (w *Worker) PeakMB() (float64, error) {
	status, err := os.ReadFile(w.proc("status"))
	if err != nil {
		return 0, fmt.Errorf("read the worker's memory: %w; its last words:\n%s", err, w.log.text())
	}
	for line := range strings.Lines(string(status)) {
		if value, found := strings.CutPrefix(line, "VmHWM:"); found {
			kb, err := strconv.ParseFloat(strings.Fields(value)[0], 64)
			return kb / 1024, err
		}
	}
	return 0, errors.New("read the worker's memory: the system does not tell its peak")
}

func (w *Worker) proc(name string) string {
	return filepath.Join("/proc", strconv.Itoa(w.process.Process.Pid), name)
}

// Commands returns how many commands Redis has run, those inside of scripts included.
func (w *Worker) Commands(ctx context.Context) (all float64, err error) {
	info, err := w.Redis.InfoMap(ctx, "commandstats").Result()
	if err != nil {
		return 0, fmt.Errorf("ask Redis for its figures: %w", err)
	}
	for _, value := range info["Commandstats"] {
		var calls float64
		if _, err := fmt.Sscanf(value, "calls=%f", &calls); err != nil {
			return 0, fmt.Errorf("read the calls of Redis: %w", err)
		}
		all += calls
	}
	return all, nil
}
