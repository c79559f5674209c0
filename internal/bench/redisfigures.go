package bench

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/redis/go-redis/v9"
)

// redisFigures are what Redis counts of itself since it began.
type redisFigures struct {
	cpu      float64 // seconds, of all its threads
	commands float64 // those inside of scripts included
	scripts  float64 // calls of scripts
	in, out  float64 // bytes from and to clients
	memory   float64 // bytes in use, without what serves connections

	byCommand map[string]float64 // calls
}

// readRedis asks Redis for its figures. The question is not among them.
func readRedis(ctx context.Context, rdb redis.UniversalClient) (redisFigures, error) {
	info, err := rdb.Info(ctx, "cpu", "stats", "memory", "commandstats").Result()
	if err != nil {
		return redisFigures{}, fmt.Errorf("ask Redis for its figures: %w", err)
	}
	f := redisFigures{byCommand: map[string]float64{}}
	for line := range strings.Lines(info) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		if command, found := strings.CutPrefix(name, "cmdstat_"); found {
			f.count(command, number(value))
			continue
		}
		switch name {
		case "used_cpu_sys", "used_cpu_user":
			f.cpu += number(value)
		case "total_net_input_bytes":
			f.in = number(value)
		case "total_net_output_bytes":
			f.out = number(value)
		case "used_memory":
			f.memory += number(value)
		case "mem_clients_normal":
			f.memory -= number(value)
		}
	}
	if f.cpu == 0 || f.commands == 0 {
		return f, fmt.Errorf("ask Redis for its figures: it does not say what it has done: %.200q", info)
	}
	return f, nil
}

// count adds the calls of a command.
func (f *redisFigures) count(command string, calls float64) {
	switch command {
	case "info":
		return // asks for the figures
	case "eval", "evalsha", "eval_ro", "evalsha_ro", "fcall", "fcall_ro":
		f.scripts += calls
	}
	f.commands += calls
	f.byCommand[command] += calls
}

// number reads a value of INFO, or the first one of a list such as
// "calls=12,usec=34". What is no number is 0.
func number(value string) float64 {
	value, _, _ = strings.Cut(strings.TrimPrefix(value, "calls="), ",")
	n, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return 0
	}
	return n
}

// minus returns what has happened since before.
func (f redisFigures) minus(before redisFigures) redisFigures {
	did := redisFigures{
		cpu:      f.cpu - before.cpu,
		commands: f.commands - before.commands,
		scripts:  f.scripts - before.scripts,
		in:       f.in - before.in,
		out:      f.out - before.out,
		memory:   f.memory - before.memory,

		byCommand: map[string]float64{},
	}
	for command, calls := range f.byCommand {
		if more := calls - before.byCommand[command]; more > 0 {
			did.byCommand[command] = more
		}
	}
	return did
}

// roundTrips counts how often clients wrote to Redis and waited for the answer:
// a pipeline is one, whatever it holds.
type roundTrips struct{ count atomic.Int64 }

// DialHook implements [redis.Hook].
func (t *roundTrips) DialHook(next redis.DialHook) redis.DialHook { return next }

// ProcessHook implements [redis.Hook].
func (t *roundTrips) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		t.count.Add(1)
		return next(ctx, cmd)
	}
}

// ProcessPipelineHook implements [redis.Hook].
func (t *roundTrips) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		t.count.Add(1)
		return next(ctx, cmds)
	}
}

var _ redis.Hook = (*roundTrips)(nil)
