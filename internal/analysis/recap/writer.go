package recap

import (
	"embed"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/speech"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

//go:embed data/*.txt
var data embed.FS

// Kind is what a sentence is, as far as a summary minds.
type Kind uint8

// The kinds of sentences.
const (
	Statement Kind = iota
	Task
	Decision
	Question
	Fragment // has no verb of its own
	Chatter  // greets, thanks, or only answers
)

// A Remark is a sentence of a conversation.
type Remark struct {
	Speaker   string       // empty if it is not known
	Addressee string       // who is spoken to, if that is one; else empty
	Members   *words.Names // all who speak
	Text      string
}

// A Writer writes reports.
type Writer struct {
	speech    *speech.Finder
	greeting  map[string]bool // first words, one or two
	opening   map[string]bool // that a sentence means the same without
	decided   map[string]bool // verbs and participles of deciding
	verb      map[string]bool // in the form that follows "I"
	auxiliary map[string]bool
	past      map[string]bool
}

// New returns a Writer.
func New(finder *speech.Finder) *Writer {
	return &Writer{
		speech: finder, greeting: set("greeting"), opening: set("opening"), decided: set("decided"),
		verb: set("verb"), auxiliary: set("auxiliary"), past: set("past"),
	}
}

func set(name string) map[string]bool {
	all := map[string]bool{}
	for term := range words.Terms(words.Read(data, name)) {
		all[term] = true
	}
	return all
}

// A Reading is a remark that was looked at.
type Reading struct {
	Kind Kind

	remark Remark
	words  []words.Word
	tasks  []speech.Finding
}

// Read looks at a remark.
func (w *Writer) Read(r Remark) Reading {
	read := Reading{remark: r, words: words.Split(nil, r.Text)}
	found := w.speech.Find(nil, read.words, speech.People{Speaker: r.Speaker, Members: r.Members})
	asked := false
	for _, f := range found {
		switch {
		case f.Score < 0.5:
		case f.Kind == speech.Question:
			asked = true
		case asked && f.Assignee == speech.Group && isAsking(read.words[0].Lower): // "how soon can we train her?"
		case !f.Taken && !read.isWish(f) && !read.onlyTakesOn(f):
			read.tasks = append(read.tasks, f)
		}
	}
	read.Kind = w.kind(read, asked)
	return read
}

// isWish reports whether what is asked for is to get something, which the one who is
// asked is not to do: "can I get a refund", "could I have your name".
func (r Reading) isWish(f speech.Finding) bool {
	if f.Assignee != speech.Addressee {
		return false
	}
	at := r.wordAt(f.Phrases[0].Start)
	switch r.words[at].Lower {
	case "get":
		return true
	case "have":
		return at > 0 && r.words[at-1].Lower == "i"
	}
	return false
}

// onlyTakesOn reports whether a phrase says no more than that something is done: "will do, thank you".
func (r Reading) onlyTakesOn(f speech.Finding) bool {
	said := r.phrase(f.Phrases[0])
	return said[0].Lower == "do" && (len(said) == 1 || said[1].Lower == "thanks" || said[1].Lower == "thank")
}

func (w *Writer) kind(r Reading, asked bool) Kind {
	switch {
	case w.isGreeting(r.words):
		return Chatter
	case !asked && !strings.HasSuffix(r.remark.Text, "?") && w.verdict(r.words).form != undecided && (len(r.tasks) == 0 || r.words[0].Lower != "agreed"):
		if len(r.words) < 3 && r.words[0].Lower == "agreed" {
			return Chatter // only answers
		}
		return Decision
	case len(r.tasks) > 0:
		return Task
	case asked || strings.HasSuffix(r.remark.Text, "?"):
		return Question
	case len(r.words) < 4:
		return Chatter
	case !w.hasVerb(r.words):
		return Fragment
	}
	return Statement
}

func (w *Writer) isGreeting(said []words.Word) bool {
	if len(said) == 0 {
		return true
	}
	first := said[0].Lower
	return w.greeting[first] || len(said) > 1 && w.greeting[first+" "+said[1].Lower]
}

// isDecision reports whether a sentence says what was decided: "we agreed to", "it's
// decided", "is approved".
func (w *Writer) isDecision(said []words.Word) bool {
	for i, word := range said {
		if !w.decided[word.Lower] || i+1 < len(said) && isOtherDeed(word.Lower, said[i+1].Lower) {
			continue
		}
		for n := max(0, i-4); n < i; n++ {
			switch said[n].Lower {
			case "which", "since", "kept", "not", "never", "haven't", "hasn't", "didn't", "if", "before", "until", "once", "when", "after", "that's", "he", "she", "i", "you", "to":
				return false
			}
		}
		for n := max(0, i-3); n < i; n++ {
			switch said[n].Lower {
			case "we", "we've", "we're", "all", "everyone", "everybody", "both", "is", "are", "it's", "was", "were", "been", "has", "have", "they", "group", "committee", "board", "council", "team":
				return true
			}
		}
		if i == 0 && (word.Lower == "carried" || word.Lower == "agreed" || word.Lower == "approved") {
			return true // "Carried unanimously."
		}
	}
	return false
}

// isOtherDeed reports whether a verb of deciding is another with the word behind it.
func isOtherDeed(verb, next string) bool {
	return verb == "settled" && next == "in" || verb == "carried" && (next == "out" || next == "on") || verb == "moved" && (next == "in" || next == "out")
}

// hasVerb reports whether a sentence has a verb that is surely one.
func (w *Writer) hasVerb(said []words.Word) bool {
	for _, word := range said {
		lower := word.Lower
		if _, _, short := strings.Cut(lower, "'"); short || w.auxiliary[lower] || w.past[lower] || w.verb[lower] || w.verb[strings.TrimSuffix(lower, "s")] {
			return true
		}
		if len(lower) > 4 && strings.HasSuffix(lower, "ed") {
			return true
		}
	}
	return false
}

// Write returns the sentence of a report. What nobody is known to have said stays as
// it is.
func (w *Writer) Write(r Reading) string {
	if r.remark.Speaker == "" {
		return r.remark.Text
	}
	var text string
	switch r.Kind {
	case Task:
		text = w.tasks(r)
	case Decision:
		text = w.decision(r)
	case Statement, Question, Fragment, Chatter:
		text = w.statement(r)
	}
	return finish(text)
}

// finish begins a sentence with a capital letter and ends it with a point.
func finish(text string) string {
	text = strings.TrimRight(strings.TrimSpace(text), " ,;:-–")
	if text == "" {
		return ""
	}
	if c := text[0]; 'a' <= c && c <= 'z' {
		text = string(c-'a'+'A') + text[1:]
	}
	if !strings.ContainsAny(text[len(text)-1:], ".!?") {
		text += "."
	}
	return text
}
