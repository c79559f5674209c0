package catalog_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/catalog"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

// noBell rings nobody.
type noBell struct{}

func (noBell) Ring(context.Context, int, lane.Wake) {}

// An appending submits jobs that ask for all that is saved, and works them.
type appending struct {
	service *jobs.Service
	runner  *jobs.Runner
	catalog *catalog.Catalog
}

func newAppending(b *testing.B) *appending {
	s := store.New(redistest.Real(b), store.Options{Shards: 1})
	e := newEngine(b)
	a := &appending{catalog: catalog.New(s)}
	a.runner = jobs.NewRunner(s, catalog.NewAnalyzer(jobs.Local{Engine: e}, a.catalog, e), noBell{}, jobs.RunnerOptions{})
	a.service = jobs.NewService(s, noBell{}, s.Shards(), jobs.ServiceOptions{})
	return a
}

// append appends messages to new conversations of an account, and returns the
// processor time of this process that each took.
func (a *appending) append(b *testing.B, account, text string, times int) time.Duration {
	b.Helper()
	before := processTime(b)
	for range times {
		_, err := a.service.Submit(b.Context(), jobs.Append{
			Account: account, Utterances: []analysis.Utterance{{Text: text}},
			Options: analysis.Options{DetectEntities: true, EnableAllTrackers: true},
		})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := a.runner.Drain(b.Context(), 0); err != nil {
			b.Fatal(err)
		}
	}
	return (processTime(b) - before) / time.Duration(times)
}

func processTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// save saves 500 trackers of 5 terms each and 500,000 values of entities for an
// account.
func (a *appending) save(b *testing.B, account string) {
	b.Helper()
	frames := []string{"we need a better %s", "how much is the %s", "I want to cancel the %s", "who is responsible for the %s", "there is a problem with my %s"}
	trackers := make([]catalog.Tracker, 500)
	for n := range trackers {
		thing := fmt.Sprintf("%s of %s", things[n%len(things)], things[n/len(things)%len(things)])
		trackers[n].Name = fmt.Sprint("tracker ", n)
		for _, frame := range frames {
			trackers[n].Vocabulary = append(trackers[n].Vocabulary, fmt.Sprintf(frame, thing))
		}
	}
	if _, err := a.catalog.Trackers.CreateAll(b.Context(), account, trackers); err != nil {
		b.Fatal(err)
	}
	for n := range 500 {
		e := catalog.Entity{Type: "part", SubType: fmt.Sprint("series ", n)}
		for i := range 1000 {
			e.Values = append(e.Values, fmt.Sprintf("pt%x", 1000*n+i))
		}
		if _, err := a.catalog.Entities.Create(b.Context(), account, e); err != nil {
			b.Fatal(err)
		}
	}
}

var things = []string{
	"price", "contract", "delivery", "invoice", "discount", "meeting", "support team", "license", "budget",
	"shipment", "subscription", "feature request", "data export", "password", "roadmap", "competitor offer",
	"refund", "bank account", "training session", "security review", "campaign", "hiring plan", "laptop", "travel cost", "timeline",
}

// BenchmarkSaved appends short and longer messages for an account that has saved as
// much as it may, and for one that has saved nothing, by turns. It reports the
// processor time of an append for both, the ratio, the median of the rounds, and
// the memory that what is saved takes.
func BenchmarkSaved(b *testing.B) {
	texts := map[string]string{
		"74 bytes":  "Could you send me the report on the new offices by Friday afternoon, please",
		"300 bytes": "Hi Mike, Natalia here. Hope you don't mind me reaching out about the renewal. Who would be the best possible person to discuss the discounts for students at ABC Corp in New York? Would you mind scheduling that meeting? Thanks in advance for your help, I really appreciate it! Best regards, Natalia",
	}
	a := newAppending(b)
	a.save(b, "much")
	before := inUse()
	compile := a.append(b, "much", "Hi.", 1)
	kept := inUse() - before
	for _, name := range []string{"74 bytes", "300 bytes"} {
		b.Run(name, func(b *testing.B) {
			var with, without, ratios []float64
			for b.Loop() {
				much, nothing := a.append(b, "much", texts[name], 100), a.append(b, "nothing", texts[name], 100)
				with, without = append(with, much.Seconds()), append(without, nothing.Seconds())
				ratios = append(ratios, much.Seconds()/nothing.Seconds())
			}
			b.ReportMetric(1e6*median(with), "saved-µs")
			b.ReportMetric(1e6*median(without), "nothing-µs")
			b.ReportMetric(median(ratios), "ratio")
			b.ReportMetric(float64(kept)/(1<<20), "kept-MiB")
			b.ReportMetric(float64(compile.Milliseconds()), "compile-ms")
		})
	}
}

// inUse returns the bytes that are in use.
func inUse() int64 {
	var m runtime.MemStats
	for range 3 {
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func median(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}
