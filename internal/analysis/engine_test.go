package analysis_test

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/conversation"
)

// analyzed returns what an engine finds.
func analyzed(e *analysis.Engine, in analysis.Input) analysis.Result {
	r, err := e.Analyze(context.Background(), in)
	if err != nil {
		panic(err) // the context is never done
	}
	return r
}

// loadLexicon reads the lexicon once, which takes long with the race detector.
var loadLexicon = sync.OnceValues(lexicon.Load)

func newEngine(tb testing.TB) *analysis.Engine {
	tb.Helper()
	lex, err := loadLexicon()
	if err != nil {
		tb.Fatal(err)
	}
	e, err := analysis.New(lex)
	if err != nil {
		tb.Fatal(err)
	}
	return e
}

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// found runs a text said by Ann Lee through the engine and writes down what
// was found, a line each.
func found(e *analysis.Engine, text string, o analysis.Options) string {
	r := analyzed(e, analysis.Input{
		JobID: "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d", AcceptedAt: monday, Options: o,
		Utterances: []analysis.Utterance{{From: conversation.Speaker{Name: "Ann Lee"}, Text: text}},
	})
	var lines []string
	add := func(format string, args ...any) {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf(format, args...)))
	}
	for _, s := range r.Sentences {
		for _, p := range s.Phrases {
			add("phrase %s", p)
		}
		for _, x := range s.Entities {
			add("%s%s %q@%d %s", x.Type, x.Custom, x.Text, x.Offset, strings.Join([]string{x.Value, x.Start, x.End}, "|"))
		}
		for _, m := range s.Matches {
			add("tracker %s %q@%d", m.Name, m.Term, m.Offset)
		}
	}
	for _, in := range r.Insights {
		who := in.Assignee
		if in.Own {
			who = "self"
		}
		due := ""
		if !in.DueBy.IsZero() {
			due = in.DueBy.Format(time.RFC3339)
		}
		add("%s %q %s %s", in.Type, in.Text, who, due)
	}
	return strings.Join(lines, "\n")
}

func TestEngine(t *testing.T) {
	t.Parallel()

	e := newEngine(t)
	all := analysis.Options{DetectEntities: true, DetectPhrases: true}
	budget := analysis.Options{Trackers: []analysis.Tracker{{Name: "Money", Vocabulary: []string{"I ran out of budget", "we have no budget left"}}}}
	tests := []struct {
		name, text string
		options    analysis.Options
		want       string
	}{
		{"nothing is asked for", "We met Bob at Microsoft in Berlin.", analysis.Options{}, ""},
		{"talk", "The weather was nice.", all, ""},
		{"a question", "Did the parcel arrive?", all, `question "Did the parcel arrive?"`},
		{"a commitment with a date", "I will send the invoice to Maria tomorrow.", analysis.Options{}, `action_item "I will send the invoice to Maria tomorrow." self 2026-11-24T00:00:00Z`},
		{"somebody else's task", "Mark will handle the invoice.", analysis.Options{}, `action_item "Mark will handle the invoice." Mark`},
		{"a threshold out of reach", "Mark will handle the invoice.", analysis.Options{ConfidenceThreshold: new(0.99)}, ""},
		{"phrases", "Please submit the documents.", analysis.Options{DetectPhrases: true}, "phrase submit the documents\n" + `action_item "Please submit the documents."`},
		{"entities, offsets in characters", "😀 Write to bob@x.org in Paris.", analysis.Options{DetectEntities: true, ConfidenceThreshold: new(0.9)}, `email "bob@x.org"@11 bob@x.org||` + "\n" + `location "Paris"@24 paris||`},
		{"the caller's entities come first", "The Marketing Director met Bob.", analysis.Options{
			DetectEntities: true, Entities: []analysis.CustomEntity{{CustomType: "Executives", Text: "marketing director", Value: "CMO"}},
		}, `customExecutives "Marketing Director"@4 cmo||` + "\n" + `person "Bob"@27 bob||`},
		{"the caller's entities, but detection is off", "The Marketing Director met Bob.", analysis.Options{
			Entities: []analysis.CustomEntity{{CustomType: "Executives", Text: "marketing director", Value: "CMO"}},
		}, ""},
		{"accents as marks, in the text and in what is looked for", "e\u0301 JOSE\u0301 likes café.", analysis.Options{
			DetectEntities: true, Entities: []analysis.CustomEntity{{CustomType: "Staff", Text: "José", Value: "x"}},
			Trackers: []analysis.Tracker{{Name: "Place", Vocabulary: []string{"cafe\u0301"}}},
		}, "customStaff \"JOSE\u0301\"@3 x||" + "\n" + "tracker Place \"cafe\u0301\"@15"},
		{"trackers", "Größe: we have a Special  Promotion, no special promotion code.", analysis.Options{Trackers: []analysis.Tracker{
			{Name: "Promo", Vocabulary: []string{"special promotion", "discount"}, ExcludeVocabulary: []string{"special promotion code"}},
			{Name: "Size", Vocabulary: []string{"größe"}},
		}}, `tracker Size "größe"@0` + "\n" + `tracker Promo "special promotion"@17`},
		{"something like a tracker's term has no place", "Our budget has run out.", budget, `tracker Money "I ran out of budget"@-1`},
		{"something else", "The train leaves at nine.", budget, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			if diff := cmp.Diff(tt.want, found(e, tt.text, tt.options)); diff != "" {
				t.Errorf("%q (-want +got):\n%s", tt.text, diff)
			}
		})
	}
}

// TestEngineGivesEachSentenceItsMood checks the sign only: the figures are
// those of package sentiment.
func TestEngineGivesEachSentenceItsMood(t *testing.T) {
	t.Parallel()

	e := newEngine(t)
	r := analyzed(e, analysis.Input{JobID: "j", AcceptedAt: monday, Utterances: []analysis.Utterance{{Text: "This is great! That was terrible. It is a table."}}})
	var moods []string
	for _, s := range r.Sentences {
		moods = append(moods, conversation.SentimentLabel(*s.Polarity))
	}
	if got := strings.Join(moods, " "); got != "positive negative neutral" {
		t.Errorf("moods are %s, want positive negative neutral", got)
	}
}

// TestEngineIsLinear gives it what a quadratic step would not survive, in every
// way at once.
func TestEngineIsLinear(t *testing.T) {
	t.Parallel()

	e := newEngine(t)
	options := analysis.Options{DetectEntities: true, DetectPhrases: true, Entities: []analysis.CustomEntity{{CustomType: "x", Text: "new"}}}
	for n := range 50 {
		options.Trackers = append(options.Trackers, analysis.Tracker{Name: "t", Vocabulary: []string{fmt.Sprintf("new york %d", n), "york"}, ExcludeVocabulary: []string{"new"}})
	}
	for _, text := range []string{
		strings.Repeat("a", 64<<10), strings.Repeat("New York ", 7<<10), strings.Repeat("😀", 10_000), strings.Repeat("a\u0301", 20_000),
		strings.Repeat("שלום ", 7<<10), strings.Repeat("7.", 32<<10), strings.Repeat("I will call you. ", 3<<10), strings.Repeat("a@b.c ", 10<<10),
	} {
		began := time.Now()
		found(e, text, options)
		if took := time.Since(began); took > time.Minute {
			t.Errorf("%d bytes of %.8q took %v", len(text), text, took)
		}
	}
}

func FuzzEngine(f *testing.F) {
	e := newEngine(f)
	f.Add("Hi Mike, call +1 650 253 0000 or bob@x.org by Friday, 5pm? İ\xff")
	f.Fuzz(func(t *testing.T, text string) {
		r := analyzed(e, analysis.Input{
			JobID: "j", AcceptedAt: monday, Utterances: []analysis.Utterance{{Text: text}},
			Options: analysis.Options{
				DetectEntities: true, DetectPhrases: true, ConfidenceThreshold: new(0.0),
				Trackers: []analysis.Tracker{{Name: "t", Vocabulary: []string{"call", text[:len(text)/2]}}},
			},
		})
		for _, s := range r.Sentences {
			runes := []rune(s.Text)
			for _, x := range s.Entities {
				end := x.Offset + len([]rune(x.Text))
				if x.Offset < 0 || end > len(runes) || string(runes[x.Offset:end]) != string([]rune(x.Text)) {
					t.Fatalf("%q: the entity %q is not at %d", s.Text, x.Text, x.Offset)
				}
			}
		}
	})
}

func BenchmarkEngine(b *testing.B) {
	e := newEngine(b)
	options := analysis.Options{DetectEntities: true, DetectPhrases: true}
	for n := range 50 {
		options.Trackers = append(options.Trackers, analysis.Tracker{Name: "t", Vocabulary: []string{fmt.Sprintf("special promotion %d", n)}})
	}
	const marked = "Hi Mike, Natalia here. Hope you don’t mind me reaching out. Who would be the best possible person to discuss internships and student recruitment at ABC Corp? Would you mind pointing me toward the right person and the best way to reach them? Thanks in advance for your help, I really appreciate it!"
	bare := strings.ToLower(strings.NewReplacer(".", "", ",", "", "?", "", "!", "").Replace(marked))
	for name, text := range map[string]string{"marked": marked, "bare": bare} { // as people write, and as speech recognition does
		b.Run(name, func(b *testing.B) {
			in := analysis.Input{JobID: "a", AcceptedAt: monday, Options: options, Utterances: []analysis.Utterance{{Text: text}}}
			b.ReportAllocs()
			for b.Loop() {
				analyzed(e, in)
			}
		})
	}
}

// BenchmarkSpeakers analyses the same messages said by few and by many: what a sentence
// takes must not grow with who takes part.
func BenchmarkSpeakers(b *testing.B) {
	e := newEngine(b)
	for _, people := range []int{2, 32} {
		b.Run(fmt.Sprint(people), func(b *testing.B) {
			in := analysis.Input{JobID: "a", AcceptedAt: monday}
			for n := range 64 {
				u := analysis.Utterance{Text: "Anna's plan was to meet Tom in the old office. We will send the supplier in Berlin the review on Monday. Can Anna check the invoice before Friday?"}
				u.From.Name = fmt.Sprintf("Speaker %d %d of %d", n%people/8, n%people, people)
				in.Utterances = append(in.Utterances, u)
			}
			b.ReportAllocs()
			for b.Loop() {
				analyzed(e, in)
			}
		})
	}
}

// TestFindingsOfAJobAreBounded has a text that is made to fill a store: each
// word is an entity, and a match of every tracker.
func TestFindingsOfAJobAreBounded(t *testing.T) {
	t.Parallel()

	in := analysis.Input{JobID: "7", AcceptedAt: monday, Options: analysis.Options{
		DetectEntities: true, Entities: []analysis.CustomEntity{{CustomType: "word", Text: "ask"}},
	}}
	for i := range 20 {
		in.Options.Trackers = append(in.Options.Trackers, analysis.Tracker{Name: fmt.Sprint(i), Vocabulary: []string{"ask"}})
	}
	for range 4 {
		in.Utterances = append(in.Utterances, analysis.Utterance{Text: strings.Repeat("ask ", 15_000)})
	}
	in.Utterances = append(in.Utterances, analysis.Utterance{Text: strings.Repeat("Why? ", 60_000)})
	r := analyzed(newEngine(t), in)
	entities, matches := 0, 0
	for _, s := range r.Sentences {
		entities, matches = entities+len(s.Entities), matches+len(s.Matches)
	}
	if entities != 4*analysis.MaxOfMessage || matches != 4*analysis.MaxOfMessage || len(r.Sentences) != analysis.MaxItems || len(r.Insights) > analysis.MaxItems || len(r.Insights) < analysis.MaxItems-10 {
		t.Errorf("%d entities, %d matches, %d sentences and %d insights; want what a job may have, and no more", entities, matches, len(r.Sentences), len(r.Insights))
	}
}

// TestFindingsOfMessagesAreBounded has many sentences with much in each, and names that
// are longer than what they are found in.
func TestFindingsOfMessagesAreBounded(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name                           string
		sentences, words, longest      int
		entities, matches, bytesOfMost int
	}{
		{"a long sentence", 1, 4000, 3, analysis.MaxOfMessage, analysis.MaxOfMessage, 16 << 10},
		{"a long sentence, long names", 1, 4000, 256, 64 << 10 / 262, 64 << 10 / 259, 64 << 10},
		{"many sentences", 200, 300, 3, analysis.MaxItems, analysis.MaxItems, 8 << 10},
		{"many sentences, long names", 200, 200, 256, 8 << 20 / 262, 8 << 20 / 259, 64 << 10},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			name := strings.Repeat("n", tt.longest)
			in := analysis.Input{JobID: "7", AcceptedAt: monday, Options: analysis.Options{
				DetectEntities: true, Entities: []analysis.CustomEntity{{CustomType: name, Text: "ask"}},
				Trackers: []analysis.Tracker{{Name: name, Vocabulary: []string{"ask"}}},
			}}
			for range tt.sentences {
				in.Utterances = append(in.Utterances, analysis.Utterance{Text: strings.Repeat("ask ", tt.words)})
			}
			entities, matches, most := 0, 0, 0
			for _, s := range analyzed(newEngine(t), in).Sentences {
				entities, matches = entities+len(s.Entities), matches+len(s.Matches)
				most = max(most, len(s.Entities)*(len(name)+6), len(s.Matches)*(len(name)+3))
			}
			if entities != tt.entities || matches != tt.matches || most > tt.bytesOfMost {
				t.Errorf("%d entities, %d matches, %d bytes of a message; want %d, %d and %d at most", entities, matches, most, tt.entities, tt.matches, tt.bytesOfMost)
			}
		})
	}
}

// TestEveryFieldOfAMessage checks that each field of a message is filled in from
// one utterance that has all of its own. Member is not known here.
func TestEveryFieldOfAMessage(t *testing.T) {
	t.Parallel()

	utterance := analysis.Utterance{
		From: conversation.Speaker{Name: "Ann Lee"}, Text: "Please submit the documents to Bob in Paris.", Start: monday, End: monday.Add(time.Second),
	}
	if field := firstUnset(utterance); field != "" {
		t.Fatalf("the utterance of this test has no %s; give it one", field)
	}
	r := analyzed(newEngine(t), analysis.Input{JobID: "j", AcceptedAt: monday, Utterances: []analysis.Utterance{utterance}, Options: analysis.Options{
		DetectEntities: true, DetectPhrases: true, Trackers: []analysis.Tracker{{Name: "Papers", Vocabulary: []string{"documents"}}},
	}})
	message := r.Sentences[0].Message
	message.Member = "m"
	if field := firstUnset(message); field != "" {
		t.Errorf("the analysis leaves %s of a message unset", field)
	}
}

// firstUnset returns the name of the first field of a struct that is zero.
func firstUnset(v any) string {
	s := reflect.ValueOf(v)
	for f, value := range s.Fields() {
		if value.IsZero() {
			return f.Name
		}
	}
	return ""
}
