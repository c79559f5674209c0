package evaluation_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/recap"
	"github.com/turnwise/turnwise/internal/analysis/speech"
)

// A ratio counts what was given, what was found and how much of it is right.
type ratio struct{ given, found, right float64 }

func (r *ratio) add(given, found bool) {
	r.count(&r.given, given)
	r.count(&r.found, found)
	r.count(&r.right, given && found)
}

func (*ratio) count(to *float64, yes bool) {
	if yes {
		*to++
	}
}

func (r ratio) precision() float64 { return r.right / max(r.found, 1) }
func (r ratio) recall() float64    { return r.right / max(r.given, 1) }
func (r ratio) f1() float64        { return 2 * r.right / max(r.given+r.found, 1) }

// Figures are what is measured.
type figures struct {
	questions, tasks, followUps ratio
	assignees, dues             ratio // of tasks that were found: right of found
	decisions                   ratio // that are found as tasks
	reported                    ratio // decisions that a summary knows as such
	boundaries, bareQuestions   ratio // without marks
	clauses                     ratio // as boundaries, but for beginnings where there is another mark, such as a comma
	bareTasks, bareFollowUps    ratio // without marks
	people                      ratio
	misses                      []string // what is wrong, for who writes rules
}

// loadLexicon reads the lexicon once, which takes long with the race detector.
var loadLexicon = sync.OnceValues(lexicon.Load)

// newRecap makes a writer of reports once.
var newRecap = sync.OnceValue(func() *recap.Writer { return recap.New(speech.New()) })

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

// measure adds one conversation.
func (f *figures) measure(tb testing.TB, e *analysis.Engine, d dialogue) {
	in, places := d.input(func(s string) string { return s })
	r, err := e.Analyze(context.Background(), in)
	if err != nil {
		tb.Fatal(err)
	}
	found := assign(r, places)
	for n, p := range places {
		f.sentence(d, p, found[n])
	}
	f.names(d, r)
	f.bare(tb, e, d)
}

// assign returns the insights of each labelled sentence: those of the sentences
// that were found for the most part within it.
func assign(r analysis.Result, places []place) [][]analysis.Insight {
	of := map[string]int{}
	for _, s := range r.Sentences {
		best, most := 0, -1
		for n, p := range places {
			if p.turn != s.Utterance {
				continue
			}
			if shared := min(p.end, s.Offset+len(s.Text)) - max(p.start, s.Offset); shared > most {
				best, most = n, shared
			}
		}
		of[s.ID] = best
	}
	all := make([][]analysis.Insight, len(places))
	for _, in := range r.Insights {
		n := of[in.MessageIDs[0]]
		all[n] = append(all[n], in)
	}
	return all
}

// sentence compares what was found in a sentence with its labels.
func (f *figures) sentence(d dialogue, p place, found []analysis.Insight) {
	asked := slices.ContainsFunc(found, func(in analysis.Insight) bool { return in.Type == "question" })
	f.questions.add(p.question, asked)
	f.miss(p.question, asked, "question", p.text)
	tasks := slices.DeleteFunc(slices.Clone(found), func(in analysis.Insight) bool { return in.Type == "question" })
	f.tasks.given += float64(len(p.tasks))
	f.tasks.found += float64(len(tasks))
	f.tasks.right += float64(min(len(p.tasks), len(tasks)))
	f.miss(len(p.tasks) > len(tasks), len(tasks) > len(p.tasks), "task", p.text)
	called := slices.ContainsFunc(tasks, func(in analysis.Insight) bool { return in.Type == "follow_up" })
	meant := slices.ContainsFunc(p.tasks, func(t task) bool { return t.followUp })
	f.followUps.add(meant, called)
	f.miss(meant, called, "follow-up", p.text)
	if p.decision {
		f.decisions.add(true, len(tasks) > 0)
	}
	if d.language == "en" {
		read := newRecap().Read(recap.Remark{Speaker: d.turns[p.turn].speaker, Text: p.text})
		f.reported.add(p.decision, read.Kind == recap.Decision)
		f.miss(p.decision, read.Kind == recap.Decision, "decision", p.text)
	}
	f.details(d, p, tasks)
}

// details compares who and when of the tasks that were found.
func (f *figures) details(d dialogue, p place, tasks []analysis.Insight) {
	speaker := d.turns[p.turn].speaker
	for _, given := range p.tasks {
		if len(tasks) == 0 {
			return
		}
		n := max(0, slices.IndexFunc(tasks, func(in analysis.Insight) bool { return isSame(given.assignee, assigneeOf(in, speaker)) }))
		in := tasks[n]
		tasks = slices.Delete(slices.Clone(tasks), n, n+1)
		who := assigneeOf(in, speaker)
		f.assignees.found++
		if isSame(given.assignee, who) {
			f.assignees.right++
		} else {
			f.misses = append(f.misses, "assignee "+who+", want "+given.assignee+": "+p.text)
		}
		due := ""
		if !in.DueBy.IsZero() {
			due = in.DueBy.Format("2006-01-02")
		}
		if due == "" && given.due == "" {
			continue
		}
		f.dues.found++
		if due == given.due {
			f.dues.right++
		} else {
			f.misses = append(f.misses, "due "+due+", want "+given.due+": "+p.text)
		}
	}
}

func (f *figures) miss(given, found bool, what, text string) {
	if given && !found {
		f.misses = append(f.misses, "missed "+what+": "+text)
	}
	if found && !given {
		f.misses = append(f.misses, "wrong "+what+": "+text)
	}
}

func assigneeOf(in analysis.Insight, speaker string) string {
	switch {
	case in.Own:
		return speaker
	case in.Assignee == "":
		return "-"
	}
	return in.Assignee
}

// isSame reports whether two names are of the same person: the words of one are
// among those of the other.
func isSame(a, b string) bool {
	one, other := nameWords(a), nameWords(b)
	if len(one) > len(other) {
		one, other = other, one
	}
	for _, w := range one {
		if !slices.Contains(other, w) {
			return false
		}
	}
	return len(one) > 0
}

// nameWords returns the words of a name without titles and articles.
func nameWords(name string) (all []string) {
	for w := range strings.FieldsSeq(strings.ToLower(name)) {
		w = strings.Trim(w, ".,")
		if !slices.Contains([]string{"the", "a", "my", "our", "der", "die", "el", "la", "meine", "kollegin", "mi", "mr", "mrs", "ms", "dr", "herr", "frau", "mon", "ami", "compañero"}, w) {
			all = append(all, w)
		}
	}
	return all
}

// names compares the persons that were found, each once, with those that are named.
func (f *figures) names(d dialogue, r analysis.Result) {
	members := slices.Clone(d.people)
	for _, t := range d.turns {
		members = append(members, t.speaker)
	}
	found := map[string]bool{}
	for _, s := range r.Sentences {
		for _, e := range s.Entities {
			if e.Type == "person" {
				found[strings.ToLower(e.Text)] = true
			}
		}
	}
	for name := range found {
		f.people.found++
		if slices.ContainsFunc(members, func(m string) bool { return isSame(m, name) }) {
			f.people.right++
		} else {
			f.misses = append(f.misses, "wrong person: "+name)
		}
	}
}

// bare measures where the marks and the capitals are taken away.
func (f *figures) bare(tb testing.TB, e *analysis.Engine, d dialogue) {
	in, places := d.input(withoutMarks)
	r, err := e.Analyze(context.Background(), in)
	if err != nil {
		tb.Fatal(err)
	}
	starts := map[[2]int]bool{} // turn and byte, but for those where a turn begins
	for _, s := range r.Sentences {
		if s.Offset > 0 {
			starts[[2]int{s.Utterance, s.Offset}] = true
		}
	}
	for _, p := range places {
		if p.start == 0 {
			continue
		}
		begins := starts[[2]int{p.turn, p.start}]
		f.boundaries.add(true, begins)
		f.clauses.add(true, begins)
		f.miss(true, begins, "bare beginning", around(in.Utterances[p.turn].Text, p.start))
		delete(starts, [2]int{p.turn, p.start})
	}
	for _, p := range places {
		for _, n := range innerMarks(p.text) {
			at := [2]int{p.turn, p.start + n}
			f.boundaries.add(false, starts[at])
			f.miss(false, starts[at], "bare beginning at a mark", around(in.Utterances[p.turn].Text, at[1]))
			delete(starts, at)
		}
	}
	for at := range starts {
		f.boundaries.add(false, true)
		f.clauses.add(false, true)
		f.miss(false, true, "bare beginning", around(in.Utterances[at[0]].Text, at[1]))
	}
	for n, found := range assign(r, places) {
		f.bareSentence(places[n], found)
	}
}

// bareSentence compares what was found in a sentence without marks with its labels.
func (f *figures) bareSentence(p place, found []analysis.Insight) {
	asked := slices.ContainsFunc(found, func(in analysis.Insight) bool { return in.Type == "question" })
	f.bareQuestions.add(p.question, asked)
	f.miss(p.question, asked, "bare question", withoutMarks(p.text))
	tasks := slices.DeleteFunc(slices.Clone(found), func(in analysis.Insight) bool { return in.Type == "question" })
	f.bareTasks.given += float64(len(p.tasks))
	f.bareTasks.found += float64(len(tasks))
	f.bareTasks.right += float64(min(len(p.tasks), len(tasks)))
	f.miss(len(p.tasks) > len(tasks), len(tasks) > len(p.tasks), "bare task", withoutMarks(p.text))
	called := slices.ContainsFunc(tasks, func(in analysis.Insight) bool { return in.Type == "follow_up" })
	f.bareFollowUps.add(slices.ContainsFunc(p.tasks, func(t task) bool { return t.followUp }), called)
}

// innerMarks returns where a mark stood before a word of a sentence: in bytes of the
// sentence without its marks.
func innerMarks(text string) (all []int) {
	at, marked := 0, false
	for field := range strings.FieldsSeq(text) {
		bare := withoutMarks(field)
		if bare == "" {
			marked = true
			continue
		}
		if at > 0 {
			at++
			if marked {
				all = append(all, at)
			}
		}
		at += len(bare)
		marked = strings.ContainsAny(field[len(field)-1:], ".?!,;:-")
	}
	return all
}

// around returns the text beside a place.
func around(text string, at int) string {
	return text[max(0, at-30):at] + "| " + text[at:min(len(text), at+30)]
}

// withoutMarks returns a sentence as speech recognition without punctuation
// gives it.
func withoutMarks(text string) string {
	kept := strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("?!.,;:¿¡…\"", r):
			return -1
		case r == '-' || unicode.IsSpace(r):
			return ' '
		}
		return unicode.ToLower(r)
	}, text)
	return strings.Join(strings.Fields(kept), " ")
}
