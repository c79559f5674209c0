package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// BenchmarkIdle shows what processes cost that have nothing to do: commands of
// Redis a second, those inside of scripts included, and the CPU of a worker and
// of Redis as a share of one core. The lanes wait for the end of a backoff.
func BenchmarkIdle(b *testing.B) {
	for _, of := range []struct{ processes, lanes int }{{1, 0}, {1, 100_000}, {10, 0}} {
		b.Run(fmt.Sprintf("processes=%d/lanes=%d", of.processes, of.lanes), func(b *testing.B) {
			server := redistest.Server(b)
			var workers []int
			for range of.processes {
				workers = append(workers, startWorker(b, "REDIS_URL="+server.URL()).cmd.Process.Pid)
			}
			waitingLanes(b.Context(), b, server.Client(), of.lanes)
			time.Sleep(7 * time.Second) // until no shard is active
			b.ResetTimer()
			for b.Loop() {
				redisCPU, workerCPU := cpuOf(b, server.PID()), cpuOf(b, workers...)
				commands, begun := commandsOf(b.Context(), b, server.Client()), time.Now()
				time.Sleep(lasts(5*time.Second, 20*time.Second))
				took := time.Since(begun)
				share := func(d time.Duration) float64 { return 100 * d.Seconds() / took.Seconds() }
				b.ReportMetric(float64(commandsOf(b.Context(), b, server.Client())-commands)/took.Seconds(), "commands/s")
				b.ReportMetric(share(cpuOf(b, workers...)-workerCPU)/float64(of.processes), "%worker")
				b.ReportMetric(share(cpuOf(b, server.PID())-redisCPU), "%redis")
			}
		})
	}
}

// waitingLanes makes that many lanes wait for an hour, spread over the shards.
func waitingLanes(ctx context.Context, b *testing.B, rdb redis.UniversalClient, lanes int) {
	b.Helper()
	const shards = 16
	due := float64(time.Now().Add(time.Hour).UnixMilli())
	for shard := range shards {
		pipe := rdb.Pipeline()
		for n := range lanes / shards {
			pipe.ZAdd(ctx, fmt.Sprintf("tw:{%d}:ready:append:a", shard), redis.Z{Score: due + float64(n), Member: fmt.Sprintf("a:%d", n)})
		}
		if lanes == 0 {
			continue
		}
		pipe.ZAdd(ctx, fmt.Sprintf("tw:{%d}:ready:append", shard), redis.Z{Score: due, Member: "a"})
		if _, err := pipe.Exec(ctx); err != nil {
			b.Fatal(err)
		}
	}
}

// commandsOf returns how many commands Redis has run, but for those of who
// asks.
func commandsOf(ctx context.Context, b testing.TB, rdb redis.UniversalClient) (calls int) {
	b.Helper()
	for line := range strings.Lines(rdb.Info(ctx, "commandstats").Val()) {
		name, stats, _ := strings.Cut(line, ":calls=")
		if name == "cmdstat_info" {
			continue
		}
		n, _, _ := strings.Cut(stats, ",")
		c, _ := strconv.Atoi(n) // 0 for the lines of other kinds
		calls += c
	}
	if calls == 0 {
		b.Fatal("Redis does not say what it has run")
	}
	return calls
}

// cpuOf returns the CPU time that processes have used.
func cpuOf(b testing.TB, pids ...int) (sum time.Duration) {
	b.Helper()
	if runtime.GOOS != "linux" {
		b.Skip("the CPU time of a process is read from /proc")
	}
	for _, pid := range pids {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			b.Fatal(err)
		}
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		for _, ticks := range fields[11:13] { // utime and stime, in hundredths of a second
			n, err := strconv.Atoi(ticks)
			if err != nil {
				b.Fatal(err)
			}
			sum += time.Duration(n) * 10 * time.Millisecond
		}
	}
	return sum
}

// BenchmarkPickUp shows how long a job takes that one process accepts and another
// one works, from its acceptance to its completion, when nothing else goes on.
func BenchmarkPickUp(b *testing.B) {
	server := redistest.Server(b)
	c := newClient(startWorker(b, "ROLES=api", "REDIS_URL="+server.URL()))
	startWorker(b, "ROLES=worker", "REDIS_URL="+server.URL())
	time.Sleep(2 * time.Second)
	var took []time.Duration
	for b.Loop() {
		a, err := c.submit(b.Context(), "", body("Hello.", ""))
		if err != nil {
			b.Fatal(err)
		}
		r, err := a.receipt()
		if err != nil {
			b.Fatal(err)
		}
		time.Sleep(100 * time.Millisecond)
		for {
			if j := c.job(r.JobID); !j.FinishedAt.IsZero() {
				took = append(took, j.FinishedAt.Sub(j.AcceptedAt))
				break
			}
			time.Sleep(100 * time.Millisecond)
		}
	}
	b.ReportMetric(float64(quantile(took, 0.5).Milliseconds()), "p50-ms")
	b.ReportMetric(float64(quantile(took, 0.99).Milliseconds()), "p99-ms")
}
