package jobs_test

import (
	"cmp"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

// letter is a message of some 300 characters.
const letter = "Hi Mike, Natalia here. Could you send me the report by Friday 5pm? We have a special promotion at ABC Corp. in London, " +
	"and I am really happy about it. Who would be the right person to talk to about the budget for next year? " +
	"I will call Steve tomorrow, and Mark will handle the invoice."

// BenchmarkAppendToLong appends a message to a conversation of 10,000, or as
// many as TURNWISE_BENCH_MESSAGES says, and one to an empty conversation, by
// turns, from the submission to the commit, analysed with everything on, on a
// real Redis. It reports what both take, and the ratio.
func BenchmarkAppendToLong(b *testing.B) {
	messages, err := strconv.Atoi(cmp.Or(os.Getenv("TURNWISE_BENCH_MESSAGES"), "10000"))
	if err != nil {
		b.Fatal(err)
	}
	w := newAppending(b)
	long := ""
	for filled := 0; filled < messages; filled += 500 {
		long = w.append(b, long, strings.Repeat("The budget review is on Monday. I will call the supplier.\n", 250))
	}
	w.append(b, "", letter)
	var atLong, atEmpty time.Duration
	for b.Loop() {
		began := time.Now()
		w.append(b, long, letter)
		between := time.Now()
		w.append(b, "", letter)
		atLong += between.Sub(began)
		atEmpty += time.Since(between)
	}
	b.ReportMetric(float64(atLong.Microseconds())/float64(b.N), "long-µs/op")
	b.ReportMetric(float64(atEmpty.Microseconds())/float64(b.N), "empty-µs/op")
	b.ReportMetric(atLong.Seconds()/atEmpty.Seconds(), "ratio")
}

// An appending submits and works jobs with everything on.
type appending struct {
	service *jobs.Service
	runner  *jobs.Runner
	options analysis.Options
}

func newAppending(b *testing.B) *appending {
	redisStore := store.New(redistest.Real(b), store.Options{Shards: 1})
	if err := redisStore.Open(b.Context()); err != nil {
		b.Fatal(err)
	}
	lex, err := lexicon.Load()
	if err != nil {
		b.Fatal(err)
	}
	engine, err := analysis.New(lex)
	if err != nil {
		b.Fatal(err)
	}
	w := &appending{
		service: jobs.NewService(redisStore, &bell{}, 1, jobs.ServiceOptions{}),
		runner:  jobs.NewRunner(redisStore, jobs.Local{Engine: engine}, &bell{}, jobs.RunnerOptions{}),
		options: analysis.Options{DetectEntities: true, DetectPhrases: true, EnableSummary: true},
	}
	for n := range 50 {
		w.options.Trackers = append(w.options.Trackers, analysis.Tracker{
			Name: "promotion " + strconv.Itoa(n), Vocabulary: []string{"special promotion " + strconv.Itoa(n)},
		})
	}
	return w
}

// append appends a text to a conversation, or to a new one if id is empty, and
// returns its id once the job is worked.
func (w *appending) append(b *testing.B, id, text string) string {
	r := request(id, text)
	r.Options = w.options
	receipt, err := w.service.Submit(b.Context(), r)
	if err != nil {
		b.Fatal(err)
	}
	for more := true; more; {
		if more, err = w.runner.Drain(b.Context(), 0); err != nil {
			b.Fatal(err)
		}
	}
	return receipt.ConversationID
}
