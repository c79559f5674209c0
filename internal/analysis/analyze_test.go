package analysis_test

import (
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
)

const jobID = "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d"

// at returns a time of one morning: seconds, to the millisecond.
func at(seconds float64) time.Time {
	return time.UnixMilli(1_785_571_200_000 + int64(seconds*1000)).UTC()
}

func TestAnalyzeSentences(t *testing.T) {
	t.Parallel()

	in := analysis.Input{JobID: jobID, AcceptedAt: at(0), Utterances: []analysis.Utterance{
		{Text: "  Hi Anthony. Same. Same.\n"},
		{Text: " \n"},
		{Text: "Über Ümläute. Ok"},
	}}
	want := []analysis.Sentence{
		{Utterance: 0, Offset: 2, Message: conversation.Message{Text: "Hi Anthony."}},
		{Utterance: 0, Offset: 14, Message: conversation.Message{Text: "Same."}},
		{Utterance: 0, Offset: 20, Message: conversation.Message{Text: "Same."}},
		{Utterance: 2, Offset: 0, Message: conversation.Message{Text: "Über Ümläute."}},
		{Utterance: 2, Offset: 17, Message: conversation.Message{Text: "Ok"}},
	}
	got := analysis.Analyze(in)
	if len(got.Sentences) != len(want) {
		t.Fatalf("Analyze found %d sentences, want %d: %+v", len(got.Sentences), len(want), got.Sentences)
	}
	for i, s := range got.Sentences {
		if id := conversation.MessageID(jobID, i); s.ID != id {
			t.Errorf("id of sentence %d = %s, want %s", i, s.ID, id)
		}
		if text := in.Utterances[s.Utterance].Text; text[s.Offset:s.Offset+len(s.Text)] != s.Text {
			t.Errorf("sentence %d is not at its offset: %+v", i, s)
		}
		if s.Utterance != want[i].Utterance || s.Offset != want[i].Offset || s.Text != want[i].Text {
			t.Errorf("sentence %d = %+v, want %+v", i, s, want[i])
		}
	}
	if got.Insights != nil {
		t.Errorf("Insights = %v, want none", got.Insights)
	}
}

func TestAnalyzeNothing(t *testing.T) {
	t.Parallel()

	if got := analysis.Analyze(analysis.Input{}); !reflect.DeepEqual(got, analysis.Result{}) {
		t.Errorf("Analyze of nothing = %+v, want nothing", got)
	}
}

func TestAnalyzeTimes(t *testing.T) {
	t.Parallel()

	fifteen := strings.Repeat("x", 15) // one second
	tests := []struct {
		name       string
		accepted   time.Time
		after      time.Time
		start      time.Time // of the options
		utterances []analysis.Utterance
		want       []time.Time // start, end, start, end …
	}{
		{
			name:       "given times",
			accepted:   at(100),
			utterances: []analysis.Utterance{{Text: "Hi.", Start: at(1), End: at(3.5)}},
			want:       []time.Time{at(1), at(3.5)},
		},
		{
			name:       "sentences share in proportion to characters, not bytes",
			utterances: []analysis.Utterance{{Text: "Üüü. Abcdefg. Xyz.", Start: at(10), End: at(11.6)}},
			want:       []time.Time{at(10), at(10.4), at(10.4), at(11.2), at(11.2), at(11.6)},
		},
		{
			name:       "shares are cut to milliseconds",
			utterances: []analysis.Utterance{{Text: "A\nB\nC", Start: at(0), End: at(0.01)}},
			want:       []time.Time{at(0), at(0.003), at(0.003), at(0.006), at(0.006), at(0.01)},
		},
		{
			name:       "no time to share",
			utterances: []analysis.Utterance{{Text: "A\nB", Start: at(7), End: at(7)}},
			want:       []time.Time{at(7), at(7), at(7), at(7)},
		},
		{
			name:       "end before start",
			utterances: []analysis.Utterance{{Text: "A", Start: at(7), End: at(6)}},
			want:       []time.Time{at(7), at(7)},
		},
		{
			name:       "start only",
			accepted:   at(100),
			utterances: []analysis.Utterance{{Text: fifteen + fifteen, Start: at(5)}},
			want:       []time.Time{at(5), at(7)},
		},
		{
			name:       "end only",
			accepted:   at(100),
			utterances: []analysis.Utterance{{Text: fifteen + fifteen, End: at(5)}},
			want:       []time.Time{at(3), at(5)},
		},
		{
			name:       "no times: from acceptance on, a second at least, one after the other",
			accepted:   at(50),
			utterances: []analysis.Utterance{{Text: "Hi"}, {Text: fifteen + fifteen + fifteen}, {Text: "Bye"}},
			want:       []time.Time{at(50), at(51), at(51), at(54), at(54), at(55)},
		},
		{
			name:       "no times: not before the end of the conversation",
			accepted:   at(50),
			after:      at(60),
			utterances: []analysis.Utterance{{Text: "Hi"}},
			want:       []time.Time{at(60), at(61)},
		},
		{
			name:       "no times: the conversation ended long ago",
			accepted:   at(50),
			after:      at(40),
			utterances: []analysis.Utterance{{Text: "Hi"}},
			want:       []time.Time{at(50), at(51)},
		},
		{
			name:       "start of the options, though earlier than acceptance",
			accepted:   at(50),
			after:      at(5),
			start:      at(20),
			utterances: []analysis.Utterance{{Text: "Hi"}},
			want:       []time.Time{at(20), at(21)},
		},
		{
			name:       "start of the options, before the end of the conversation",
			accepted:   at(50),
			after:      at(30),
			start:      at(20),
			utterances: []analysis.Utterance{{Text: "Hi"}},
			want:       []time.Time{at(30), at(31)},
		},
		{
			name:       "no time: follows the one before it, whenever that was",
			accepted:   at(5000),
			utterances: []analysis.Utterance{{Text: "One", Start: at(10), End: at(12)}, {Text: "Two"}, {Text: "Three", End: at(30)}, {Text: "Four"}},
			want:       []time.Time{at(10), at(12), at(12), at(13), at(29), at(30), at(30), at(31)},
		},
		{
			name:       "no time: a start of the options does not bring it before the one before it",
			accepted:   at(5000),
			start:      at(1),
			utterances: []analysis.Utterance{{Text: "One", Start: at(10)}, {Text: "Two"}},
			want:       []time.Time{at(10), at(11), at(11), at(12)},
		},
		{
			name:       "no time: ends where the first that has one begins",
			accepted:   at(5000),
			utterances: []analysis.Utterance{{Text: "A"}, {Text: fifteen + fifteen}, {Text: "B", Start: at(500), End: at(501)}, {Text: "C"}},
			want:       []time.Time{at(497), at(498), at(498), at(500), at(500), at(501), at(501), at(502)},
		},
		{
			name:       "no time: before one that has an end alone",
			accepted:   at(5000),
			utterances: []analysis.Utterance{{Text: "A"}, {Text: "B", End: at(500)}},
			want:       []time.Time{at(498), at(499), at(499), at(500)},
		},
		{
			name:       "no time: before one that has one, and not before the end of the conversation",
			accepted:   at(5000),
			after:      at(600),
			utterances: []analysis.Utterance{{Text: "A"}, {Text: "B", Start: at(500), End: at(501)}},
			want:       []time.Time{at(600), at(601), at(500), at(501)},
		},
		{
			name:       "another zone, finer than milliseconds",
			utterances: []analysis.Utterance{{Text: "A", Start: at(1).Add(300 * time.Microsecond).In(time.FixedZone("x", 7200)), End: at(2).Add(999)}},
			want:       []time.Time{at(1), at(2)},
		},
		{
			name: "as long as years go",
			utterances: []analysis.Utterance{{
				Text: "A\nB", Start: time.Date(1, 1, 1, 0, 0, 0, 1e6, time.UTC), End: time.Date(9999, 12, 31, 0, 0, 0, 1e6, time.UTC),
			}},
			want: []time.Time{
				time.Date(1, 1, 1, 0, 0, 0, 1e6, time.UTC), time.Date(5000, 7, 2, 0, 0, 0, 1e6, time.UTC),
				time.Date(5000, 7, 2, 0, 0, 0, 1e6, time.UTC), time.Date(9999, 12, 31, 0, 0, 0, 1e6, time.UTC),
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			var got []time.Time
			for _, s := range analysis.Analyze(analysis.Input{
				JobID: jobID, AcceptedAt: tt.accepted, After: tt.after, Utterances: tt.utterances,
				Options: analysis.Options{StartTime: tt.start},
			}).Sentences {
				got = append(got, s.Start, s.End)
			}
			if !slices.Equal(got, tt.want) { // exact: UTC too
				t.Errorf("times = %v,\n\twant %v", got, tt.want)
			}
		})
	}
}

// TestAnalyzeFromManyGoroutines is for the race detector, and for a job that
// runs twice.
func TestAnalyzeFromManyGoroutines(t *testing.T) {
	t.Parallel()

	in := analysis.Input{JobID: jobID, AcceptedAt: at(0), Utterances: []analysis.Utterance{{Text: email}, {Text: chat}}}
	want := analysis.Analyze(in)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				if got := analysis.Analyze(in); !reflect.DeepEqual(got, want) {
					t.Errorf("Analyze = %+v, want %+v", got, want)
				}
			}
		})
	}
	wg.Wait()
}

const (
	chat  = "ok, will do 👍"
	email = "Dear Ms. Jones,\n\nthank you for the call with Dr. Lee yesterday. We agreed on $3.50 per unit, e.g. for the U.S. " +
		"market. Could you send the contract by Friday? I'll have our lawyers look at it at once.\n\nBest regards\nAnn"
)

func BenchmarkAnalyze(b *testing.B) {
	for _, bb := range []struct{ name, text string }{{"chat", chat}, {"email", email}, {"64KiB", strings.Repeat(email+"\n", 65536/len(email))}} {
		b.Run(bb.name, func(b *testing.B) {
			in := analysis.Input{JobID: jobID, AcceptedAt: at(0), Utterances: []analysis.Utterance{{Text: bb.text}}}
			b.ReportAllocs()
			b.SetBytes(int64(len(bb.text)))
			for b.Loop() {
				analysis.Analyze(in)
			}
		})
	}
}

// TestSentencesOfAJobAreBounded makes sure that a megabyte of text does not
// become hundreds of thousands of messages, nor lose a word.
func TestSentencesOfAJobAreBounded(t *testing.T) {
	t.Parallel()

	in := analysis.Input{JobID: "7", AcceptedAt: time.Unix(0, 0)}
	for range 200 {
		in.Utterances = append(in.Utterances, analysis.Utterance{Text: strings.TrimSpace(strings.Repeat("No! ", 1000))})
	}
	r := analysis.Analyze(in)
	if len(r.Sentences) != 50_000 {
		t.Fatalf("%d sentences, want %d", len(r.Sentences), 50_000)
	}
	said := make([]int, len(in.Utterances))
	for _, s := range r.Sentences {
		said[s.Utterance] += strings.Count(s.Text, "No!")
	}
	for i, n := range said {
		if n != 1000 {
			t.Fatalf("utterance %d has %d words, want all 1000", i, n)
		}
	}
}
