package analysis_test

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/cputime"
)

// hostile are texts that are made to cost more than others of their length. Each
// is repeated until it is as long as wanted.
var hostile = []struct{ name, text string }{
	{"prose", "Could you send me the report by Friday, please? Ana Lima said so in Paris. "},
	{"one letter", "a "},
	{"one letter without blanks", "a"},
	{"questions", "Why? "},
	{"commands", "Please call me. "},
	{"and", "and "},
	{"clauses without end", "I will call you and, if you want, we should "},
	{"commas", "well, "},
	{"full stops", "."},
	{"full stops apart", ". "},
	{"abbreviations", "Mr. "},
	{"initials", "U.S. "},
	{"letters with dots", "a."},
	{"decimals", "3.14 "},
	{"quotes", "\"a.\" "},
	{"brackets", "("},
	{"brackets closed", "a) "},
	{"question marks", "?"},
	{"ellipses", "no... "},
	{"host names", "a.example.com "},
	{"addresses", "a@example.com "},
	{"at signs", "a@"},
	{"links", "https://example.com/a?b=c#d "},
	{"a long link", "https://"},
	{"slashes", "a/"},
	{"telephones", "+1 415 555 0100 "},
	{"digits", "1"},
	{"digits apart", "1 "},
	{"numerals", "twenty "},
	{"numerals joined", "twenty-"},
	{"number and hundred", "hundred and "},
	{"spelled", "at dot "},
	{"dates", "May 5th, 2024 "},
	{"weekdays", "next Friday at 5 pm "},
	{"days joined", "Monday to "},
	{"ranges", "from 4 to 5 "},
	{"relative", "two days after the day before "},
	{"recurrence", "every Monday and "},
	{"numeric dates", "1/2/"},
	{"colons", "10:"},
	{"names", "John Smith "},
	{"names in capitals", "JOHN "},
	{"names joined", "Anna-"},
	{"titles", "Dr. John of "},
	{"apostrophes", "it's "},
	{"apostrophes alone", "'"},
	{"hyphens", "a-"},
	{"newlines", "a\n"},
	{"blanks", " "},
	{"gaps", "a" + strings.Repeat(" ", 63)},
	{"wide blanks", "\u3000a"},
	{"marks upon a letter", "\u0301"},
	{"joiners", "\u200d"},
	{"flags", "\U0001F1E9"},
	{"emoji", "👍"},
	{"families", "👩‍👩‍👧"},
	{"Chinese", "我们明天去巴黎。"},
	{"Chinese without end", "我"},
	{"Thai", "เราไปกันเถอะ "},
	{"Arabic", "سعر "},
	{"letters that grow", "İ"},
	{"sigmas", "ΣΣ "},
	{"not UTF-8", "\xff"},
	{"NUL", "\x00"},
	{"shouting", "GREAT!!! "},
	{"feelings", "not very good but "},
	{"never", "never so "},
	{"negations", "not "},
	{"could you", "could you "},
	{"if", "if "},
	{"let", "let me "},
	{"that", "that "},
	{"said", "he said that "},
	{"to do", "to do "},
	{"need", "we need to "},
	{"tags", "#a"},
	{"underscores", "_"},
	{"backslashes", "\\"},
	{"unknown words", "xqzt "},
	{"capitals", "A "},
	{"capital and stop", "A. "},
	{"enumeration", "1. a "},
	{"Yahoo", "Yahoo! A "},
}

// long returns a text that is repeated up to n bytes.
func long(text string, n int) string { return strings.Repeat(text, n/len(text)+1)[:n] }

// options ask for everything.
func options() analysis.Options {
	o := analysis.Options{DetectEntities: true, DetectPhrases: true}
	for n := range 20 {
		o.Trackers = append(o.Trackers, analysis.Tracker{Name: fmt.Sprint(n), Vocabulary: []string{"a", "please call me back"}})
		o.Entities = append(o.Entities, analysis.CustomEntity{CustomType: fmt.Sprint(n), Text: "a"})
	}
	return o
}

// hostileSize is how long a short hostile text is. A message is at most eight
// times as long.
const hostileSize = 8 << 10

// TestHostile counts the bytes that are allocated for a text, and for one that is
// eight times as long, half of hostileSize: a list that grows with the square of the
// text shows there.
// What grows without memory shows in BenchmarkHostile.
func TestHostile(t *testing.T) { //nolint:paralleltest // it counts what is allocated meanwhile
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // so that buffers stay
	e, o := newEngine(t), options()
	allocated := func(text string) float64 {
		var before, after runtime.MemStats
		in := analysis.Input{JobID: "1", AcceptedAt: monday, Options: o, Utterances: []analysis.Utterance{{Text: text}}}
		runtime.ReadMemStats(&before)
		analyzed(e, in)
		runtime.ReadMemStats(&after)
		return float64(after.TotalAlloc - before.TotalAlloc)
	}
	for _, h := range hostile {
		var short, eight, tries float64
		for tries == 0 || tries < 30 && eight > 12*short+tries*(3<<20) { // sums: pools lose buffers, with the race detector one of four
			short, eight, tries = short+allocated(long(h.text, hostileSize/16)), eight+allocated(long(h.text, hostileSize/2)), tries+1
		}
		if eight > 12*short+tries*(3<<20) {
			t.Errorf("%s: %.0f kB are allocated, and %.0f kB for a text eight times as long", h.name, short/tries/1000, eight/tries/1000)
		}
	}
}

// TestManySpeakers counts the bytes that are allocated for jobs of many messages,
// each by somebody else.
func TestManySpeakers(t *testing.T) { //nolint:paralleltest // it counts what is allocated meanwhile
	e := newEngine(t)
	allocated := func(messages int) float64 {
		var before, after runtime.MemStats
		in := analysis.Input{JobID: "1", AcceptedAt: monday}
		for n := range messages {
			in.Utterances = append(in.Utterances, analysis.Utterance{From: conversation.Speaker{Name: fmt.Sprint("Ann ", n)}, Text: "Yes."})
		}
		runtime.ReadMemStats(&before)
		analyzed(e, in)
		runtime.ReadMemStats(&after)
		return float64(after.TotalAlloc - before.TotalAlloc)
	}
	if few, many := allocated(1000), allocated(8000); many > 12*few {
		t.Errorf("%.0f kB are allocated for 1000 speakers, %.0f kB for 8000", few/1000, many/1000)
	}
}

// BenchmarkHostile prints how many times longer eight times the text takes.
func BenchmarkHostile(b *testing.B) {
	e, o := newEngine(b), options()
	took := func(text string) time.Duration {
		in := analysis.Input{JobID: "1", AcceptedAt: monday, Options: o, Utterances: []analysis.Utterance{{Text: text}}}
		least := time.Hour
		for range 3 {
			least = min(least, cputime.Of(b.Context(), func(context.Context) { analyzed(e, in) }))
		}
		return least
	}
	for _, h := range hostile {
		b.Run(h.name, func(b *testing.B) {
			for b.Loop() {
				short, eight := took(long(h.text, hostileSize)), took(long(h.text, 8*hostileSize))
				b.ReportMetric(float64(eight)/float64(short), "×CPU/×8")
				b.ReportMetric(float64(eight.Microseconds())/1000, "CPU-ms/64KiB")
			}
		})
	}
}

// BenchmarkRepeatedWord has a job of 12 messages of 60 kB that are made of a word,
// and a thousand trackers that look for it, alone and repeated.
func BenchmarkRepeatedWord(b *testing.B) {
	e := newEngine(b)
	in := analysis.Input{JobID: "1", AcceptedAt: monday, Utterances: slices.Repeat([]analysis.Utterance{{Text: long("a ", 60_000)}}, 12)}
	for n := range 1000 {
		t := analysis.Tracker{Name: fmt.Sprint(n)}
		for m := range 25 {
			t.Vocabulary = append(t.Vocabulary, strings.TrimSpace(strings.Repeat("a ", m+1)))
		}
		in.Options.Trackers = append(in.Options.Trackers, t)
	}
	analyzed(e, in) // compiles
	took := time.Duration(0)
	for b.Loop() {
		took += cputime.Of(b.Context(), func(context.Context) { analyzed(e, in) })
	}
	b.ReportMetric(float64(took.Milliseconds())/float64(b.N), "CPU-ms")
}
