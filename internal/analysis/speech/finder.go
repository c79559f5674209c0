package speech

import (
	"strings"
	"sync"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

// A Finder finds questions and action items. It does not change and may be
// shared.
type Finder struct {
	vocabulary *vocabulary
	sentences  sync.Pool // of *sentence
}

// New returns a Finder.
func New() *Finder {
	f := &Finder{vocabulary: readVocabulary()}
	f.sentences.New = func() any { return new(sentence) }
	return f
}

// Find appends the findings in the words of one sentence to to, a question
// first. The time is linear in the number of words.
func (f *Finder) Find(to []Finding, said []words.Word, who People) []Finding {
	s := f.sentences.Get().(*sentence)
	defer f.sentences.Put(s)
	defer s.reset()
	s.read(f.vocabulary, said, who)
	if score := s.question(); score >= MinScore {
		to = append(to, Finding{Kind: Question, Score: round(score)})
	}
	return s.tasks(to)
}

// IsVerb reports whether a word, in lower case, is known as the base form of a verb.
func (f *Finder) IsVerb(word string) bool {
	c := f.vocabulary.words[word].class
	return c&verb != 0 && c&gerund == 0
}

// A sentence is the input of the rules.
type sentence struct {
	vocabulary *vocabulary

	words         []words.Word
	forms         []string // of the words, as the vocabulary has them
	class         []class  // of the words
	lists         []list   // that the words are in
	starts        []bool   // whether a clause may start at the word
	people        People
	actions       []action
	questionStart int    // where a question begins that ends the sentence
	hasTime       bool   // names a time
	hasLaterTime  bool   // names one that is not now
	quoted        [2]int // the words that are quoted, the first and the one behind the last
	deadline      bool   // names one that something is due by
	offersHelp    bool   // offers help to whoever may need it: "if you have any questions"
	leavesChoice  bool   // leaves something to the reader: "if you'd like to see it"
	pageText      bool   // speaks to the readers of a page or a mailing: "click below"
}

func (s *sentence) read(v *vocabulary, said []words.Word, who People) {
	s.vocabulary, s.words, s.people = v, said, who
	for i, w := range said {
		e, known := v.words[w.Lower]
		if !known {
			e.form = w.Lower
		}
		s.forms, s.class, s.lists = append(s.forms, e.form), append(s.class, e.class), append(s.lists, e.lists)
		if e.class&due != 0 || e.form == "time" && s.at(i-1) == "next" || isTimeOfDay(w.Lower) || s.endsPeriod(i) || e.form == "beforehand" || e.form == "advance" && s.at(i-1) == "in" || s.endsSpan(i) || s.isNumberedDay(i) || s.isHour(i) {
			s.hasTime = true
			s.hasLaterTime = s.hasLaterTime || !s.isOne(i, "soon", "shortly", "immediately")
			s.deadline = s.deadline || s.isBy(s.beforeTime(i-1)) || s.isBy(i-2) || s.at(i-2) == "within" || s.at(i-3) == "within" || e.form == "ahead" || s.endsSpan(i) && s.isOne(i, "before")
		}
		s.pageText = s.pageText || e.class&page != 0 || s.isPointer(i)
	}
	for i := range s.words {
		s.starts = append(s.starts, s.startsClause(i))
	}
	s.questionStart = s.findQuestionStart()
	s.readQuote()
	s.readOffer()
}

// reset releases the text, and keeps the buffers.
func (s *sentence) reset() {
	clear(s.forms)
	clear(s.actions)
	*s = sentence{forms: s.forms[:0], class: s.class[:0], lists: s.lists[:0], starts: s.starts[:0], actions: s.actions[:0]}
}

// at returns the word at i, "" if there is none.
func (s *sentence) at(i int) string {
	if i < 0 || i >= len(s.forms) {
		return ""
	}
	return s.forms[i]
}

// is reports whether the word at i is of one of the classes.
func (s *sentence) is(i int, c class) bool {
	return i >= 0 && i < len(s.class) && s.class[i]&c != 0
}

// in reports whether the word at i is in one of the lists.
func (s *sentence) in(i int, l list) bool {
	return i >= 0 && i < len(s.lists) && s.lists[i]&l != 0
}

// readQuote notes the first stretch of more than two words between marks of
// quotation.
func (s *sentence) readQuote() {
	open := -1
	for i, w := range s.words {
		switch w.Text {
		case "“":
			open = i
		case "”", "\"":
			if open >= 0 && i-open > 3 {
				s.quoted = [2]int{open, i}
				return
			}
			open = i
		}
	}
}

// isQuoted reports whether the word at i is said by another.
func (s *sentence) isQuoted(i int) bool {
	return s.quoted[0] < i && i < s.quoted[1] && (s.quoted[0] > 0 || s.quoted[1] < len(s.words)-2)
}

// beforeTime returns the last word up to i that does not belong to a time which ends behind
// it: "by" of "by the end of next week".
func (s *sentence) beforeTime(i int) int {
	for n := 0; n < maxDistance && (s.is(i, due) || s.isOne(i, "the", "this", "our", "end", "of", "next", "close", "business", "last", "first", "day", "start", "beginning", "middle", "coming")); n++ {
		i--
	}
	return i
}

// isNumberedDay reports whether a day of the month in words stands at i: "on the tenth".
func (s *sentence) isNumberedDay(i int) bool {
	return s.in(i, ordinal) && s.at(i-1) == "the" && s.isOne(i-2, "on", "by", "before", "until") && s.endsTime(i+1)
}

// isHour reports whether an hour in words stands at i: "by four".
func (s *sentence) isHour(i int) bool {
	return s.in(i, hour) && s.isOne(i-1, "at", "by", "before", "until", "till", "around", "past") && s.endsTime(i+1)
}

// endsTime reports whether nothing that a number would count stands at i, of which only
// the words are read.
func (s *sentence) endsTime(i int) bool {
	if s.isMark(i) {
		return true
	}
	switch s.words[i].Lower {
	case "of", "and", "or", "at", "so", "if", "please", "on", "in", "tomorrow", "today", "tonight", "then", "sharp", "when", "because", "for", "with", "to", "thirty", "fifteen":
		return true
	}
	return false
}

// endsPeriod reports whether the end of a day or of what is longer is told at i: "the end of
// the day", "close of play".
func (s *sentence) endsPeriod(i int) bool {
	if s.at(i) == "time" {
		return s.at(i-1) == "closing"
	}
	if !s.isOne(i, "day", "month", "year", "play", "business", "term") {
		return false
	}
	of := i - 1
	if s.isOne(of, "the", "this", "next") {
		of--
	}
	return s.at(of) == "of" && s.isOne(of-1, "end", "close")
}

// endsSpan reports whether a time from now ends at i: "in two weeks".
func (s *sentence) endsSpan(i int) bool {
	if s.isOne(i, "before", "ahead") {
		i--
		return s.isOne(i, "days", "weeks", "hours") || s.isOne(i, "day", "week") && s.isOne(i-1, "a", "one")
	}
	if s.isOne(i, "days", "weeks", "months", "hours") {
		return s.isOne(i-2, "in", "within") || s.isOne(i-3, "in", "within")
	}
	return s.isOne(i, "day", "week", "month", "hour") && s.isOne(i-1, "a", "an", "one", "the") && (s.at(i-2) == "within" || s.at(i-2) == "in" && s.at(i-1) != "the")
}

// isTimeOfDay reports whether a word in figures is a time or a day: "5pm", "26th".
func isTimeOfDay(word string) bool {
	if word == "" || word[0] < '0' || word[0] > '9' {
		return false
	}
	switch strings.TrimLeft(word, "0123456789") {
	case "am", "pm", "th", "st", "nd", "rd", "a.m", "p.m":
		return true
	}
	return false
}

func (s *sentence) isBy(i int) bool {
	return s.at(i) == "by" || s.at(i) == "before" || s.at(i) == "than"
}
