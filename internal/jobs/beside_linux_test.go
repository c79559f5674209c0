package jobs_test

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/cputime"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/quota"
)

// parentOf names the process to which TestTicks, in a process of its own, tells the time.
const parentOf = "TURNWISE_TEST_TICKS_OF"

// TestTicks writes the processor time of another process, as nanoseconds, to its output
// every 20 ms until that is closed.
func TestTicks(t *testing.T) {
	pid, err := strconv.Atoi(os.Getenv(parentOf))
	if err != nil {
		t.Skip("it is a part of BenchmarkBesideALongJob")
	}
	for failed := error(nil); failed == nil; failed = binary.Write(os.Stdout, binary.LittleEndian, usedBy(t, int32(^pid<<3|2))) { //nolint:gosec // the id of a process fits
		time.Sleep(20 * time.Millisecond)
	}
	os.Exit(0)
}

func usedBy(tb testing.TB, clock int32) int64 {
	tb.Helper()
	var used unix.Timespec
	if err := unix.ClockGettime(clock, &used); err != nil {
		tb.Fatal(err)
	}
	return used.Nano()
}

// BenchmarkBesideALongJob measures how long what comes over a connection waits until a
// goroutine has it, while a long job is analysed on one of two processors, and the other
// encodes in bursts of 5 ms, half of the time. The unit is the processor time that the
// process used meanwhile, so other processes do not count.
func BenchmarkBesideALongJob(b *testing.B) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	lex, err := lexicon.Load()
	if err != nil {
		b.Fatal(err)
	}
	engine, err := analysis.New(lex)
	if err != nil {
		b.Fatal(err)
	}
	task := jobs.Task{Input: analysis.Input{AcceptedAt: time.Now(), Options: analysis.Options{DetectEntities: true}}}
	for range 1000 {
		task.Input.Utterances = append(task.Input.Utterances, analysis.Utterance{Text: "We will meet on Monday."})
	}
	ticks := exec.CommandContext(b.Context(), os.Args[0], "-test.run", "^TestTicks$")
	ticks.Env = append(os.Environ(), parentOf+"="+strconv.Itoa(os.Getpid()))
	out, err := ticks.StdoutPipe()
	if err == nil {
		err = ticks.Start()
	}
	if err != nil {
		b.Fatal(err)
	}
	var busy sync.WaitGroup
	stop, analysed := make(chan struct{}), 0
	until := func(work func()) {
		busy.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					work()
				}
			}
		})
	}
	began := usedBy(b, unix.CLOCK_PROCESS_CPUTIME_ID)
	shared := jobs.NewShared(jobs.Local{Engine: engine}, 1, quota.New(1))
	until(func() {
		cputime.Of(b.Context(), func(ctx context.Context) { _, err = shared.Analyze(ctx, task) })
		analysed++
	})
	until(func() {
		for began := time.Now(); time.Since(began) < 5*time.Millisecond; {
			if _, err := json.Marshal(task.Input.Utterances); err != nil {
				b.Error(err)
			}
		}
		time.Sleep(5 * time.Millisecond)
	})
	var waits []time.Duration
	for b.Loop() {
		var sent [8]byte
		if _, err := io.ReadFull(out, sent[:]); err != nil {
			b.Fatal(err)
		}
		waits = append(waits, time.Duration(usedBy(b, unix.CLOCK_PROCESS_CPUTIME_ID)-int64(binary.LittleEndian.Uint64(sent[:])))) //nolint:gosec // as it was sent
	}
	used := usedBy(b, unix.CLOCK_PROCESS_CPUTIME_ID) - began
	close(stop)
	busy.Wait()
	_ = ticks.Process.Kill()
	_ = ticks.Wait()
	slices.Sort(waits)
	for name, at := range map[string]int{"p50-µs": len(waits) / 2, "p90-µs": len(waits) * 9 / 10, "p99-µs": len(waits) * 99 / 100} {
		b.ReportMetric(float64(waits[at].Microseconds()), name)
	}
	b.ReportMetric(float64(analysed)/(float64(used)/1e9), "jobs/cpu-s")
}
