package analysis

import (
	"strings"
	"sync"
	"time"

	"github.com/turnwise/turnwise/internal/analysis/moments"
	"github.com/turnwise/turnwise/internal/analysis/speech"
)

// due returns when something is due: at the first moment that has an end and is
// not over. Of a sentence with tasks of several people it is one that stands with
// the words of this one.
func (j *job) due(f speech.Finding) time.Time {
	from, to := 0, len(j.text)
	if others := j.others(f); len(others) > 0 {
		to = f.Phrases[len(f.Phrases)-1].End
		for _, o := range others {
			if end := o.Phrases[len(o.Phrases)-1].End; end <= f.Phrases[0].Start {
				from = max(from, end)
			}
		}
	}
	if due := j.dueWith(f, from, to); !due.IsZero() {
		return due
	}
	if due := j.dueBefore(f); !due.IsZero() {
		return due
	}
	return j.dueBeside(f)
}

// dueWith returns when a task is due by the moment that stands with it: within its
// words, the one that says by when first; close behind them; or at the beginning of the
// sentence.
func (j *job) dueWith(f speech.Finding, from, to int) (due time.Time) {
	best, last := noPlace, 0 // last is where the moment that was chosen ends
	for _, m := range j.moments {
		if m.Start < from || m.Start >= to || m.Due.IsZero() || !j.bindsTask(m, f) {
			continue
		}
		at := j.placeOf(m, f)
		if at < best || at == within && best == within && goesOn(j.text[last:m.Start]) || at == best && isOr(j.text[last:m.Start]) {
			other, or := due, isOr(j.text[last:m.Start])
			best, last, due = at, m.End, j.onDayNamed(m, m.Due.UTC().Truncate(time.Millisecond))
			if or && due.Before(other) && other.Sub(due) < 7*24*time.Hour {
				due = due.AddDate(0, 0, 7) // Tuesday or Wednesday, said on a Wednesday
			}
		}
	}
	return due
}

// goesOn reports whether what stands between two moments goes on with what the same person
// does: "ask him tonight and confirm tomorrow".
func goesOn(between string) bool {
	_, rest, and := strings.Cut(strings.ToLower(between), " and ")
	next, _, _ := strings.Cut(rest, " ")
	return and && !isSubject(next) && !beginsThing(next) && !strings.Contains(next, "'")
}

// isOr reports whether what stands between two moments leaves it open which of both it is, so
// that the second is the latest: "this afternoon or tomorrow morning".
func isOr(between string) bool {
	between = strings.Trim(between, " ,")
	return between == "or" || between == "or on" || between == "or maybe"
}

// A duePlace is where a moment stands by a task, the surest first.
type duePlace uint8

const (
	deadlineWithin duePlace = iota
	within
	behind
	deadlineAhead
	ahead
	anywhere // the only moment of a sentence with one task, which says by when
	noPlace
)

// placeOf returns where a moment stands by the words of a task.
func (j *job) placeOf(m moments.Moment, f speech.Finding) duePlace {
	for _, p := range f.Phrases {
		switch {
		case f.Guessed && isDeadline(j.text[m.Start:m.End]):
			return deadlineWithin // the clause that was guessed may be another
		case m.Start >= p.Start && m.Start < p.End:
			if isDeadline(j.text[m.Start:m.End]) || isDeadline(wordBefore(j.text[:m.Start])) || isLatest(j.text[m.End:]) {
				return deadlineWithin
			}
			return within
		case wordBefore(j.text[:m.Start]) == "say", m.Start >= p.End && (countBlanks(j.text[p.End:m.Start]) <= j.mostBefore(p.End) || isFree(j.text[p.End:m.Start])):
			if isLatest(j.text[m.End:]) {
				return deadlineWithin // "tonight, or tomorrow at the latest"
			}
			if m.Start >= p.End && isItself(j.text[p.End:m.Start]) {
				return noPlace
			}
			return behind
		}
	}
	if j.isOnlyDeadline(m, f) || f.Guessed && (len(j.moments) == 1 || isDeadline(j.text[m.Start:m.End])) {
		return anywhere
	}
	if j.standsAhead(m, f) {
		if isDeadline(j.text[m.Start:m.End]) {
			return deadlineAhead
		}
		return ahead
	}
	return noPlace
}

// isItself reports whether what stands between a task and a moment says of a thing when it is:
// "post the new date, it's the 12th".
func isItself(between string) bool {
	between = strings.Trim(strings.ToLower(strings.ReplaceAll(between, "’", "'")), " ,;–-")
	return between == "it's" || between == "its" || between == "it is" || between == "that's" || between == "they're"
}

// isFree reports whether what stands between a task and a moment says that the speaker has
// time then: "we can practise, I've got time next Friday"; or that it is the deadline: "hand it
// in, the deadline is the 27th".
func isFree(between string) bool {
	between = strings.Trim(strings.ToLower(between), " ,;–-")
	if rest, ok := strings.CutPrefix(between, "the "); ok {
		between = strings.TrimSuffix(rest, " on")
	}
	switch between {
	case "due", "due on", "due by", "deadline is", "deadline's", "due date is", "last day is", "it's due", "it's due on", "they're due", "they're due on", "they are due on", "it is due on":
		return true
	case "i've got time", "i have time", "i'm free", "i am free", "i'm around", "i'm available", "i'm in", "we've got time", "we're free":
		return true
	}
	return false
}

// mostBefore returns how many blanks may stand between the end of a task, at end, and its
// moment: more where a clause tells at what it is done, as "before I leave on Friday".
func (j *job) mostBefore(end int) int {
	if strings.HasSuffix(j.text[:end], " before") {
		return mostWithin
	}
	first, rest, _ := strings.Cut(strings.TrimLeft(j.text[end:], " ,"), " ")
	switch first {
	case "in", "out", "off", "up", "down", "back", "over":
		if next, _, _ := strings.Cut(rest, " "); next == "when" || next == "before" || next == "once" {
			first = next // let him in when he comes at ten
		}
	}
	switch strings.ToLower(first) {
	case "before", "when", "once", "after", "while":
		return mostWithin
	case "in":
		if strings.HasPrefix(j.text[end:], " in time for ") {
			return mostWithin
		}
	case "as":
		if strings.HasSuffix(j.text[:end], " as soon") {
			return mostWithin
		}
	}
	return mostBetween + 1
}

// isOnlyDeadline reports whether a moment says by when, and no other moment or task stands in
// the sentence: "if you don't hear from him by Tuesday, ring me".
func (j *job) isOnlyDeadline(m moments.Moment, f speech.Finding) bool {
	before := strings.ToLower(strings.TrimSpace(j.text[:m.Start]))
	text := strings.ToLower(j.text[m.Start:m.End])
	by := strings.HasPrefix(text, "by ") || strings.HasPrefix(text, "within ")
	if wordBefore(before) == "by" {
		by, before = true, strings.TrimSpace(strings.TrimSuffix(before, "by"))
	}
	apart := strings.HasSuffix(strings.TrimSuffix(before, " at the latest"), ",") // "a list of who has which, by Friday"
	isCondition := strings.HasPrefix(before, "unless ") || strings.Contains(before, ", unless ") || strings.HasPrefix(before, "if ") || strings.Contains(before, ", if ") || strings.Contains(before, "and if ") || strings.Contains(before, " if you ")
	condition := isCondition && m.Start < f.Phrases[0].Start ||
		strings.HasPrefix(before[min(len(before), f.Phrases[len(f.Phrases)-1].End):], " if ") // "I'll escalate it if nothing happens by tomorrow"
	return by && (apart || condition) && len(j.moments) == 1 && len(j.others(f)) == 0
}

// hasSubject reports whether a text has a subject that is a pronoun, so that what
// follows belongs to its clause: "it starts at six, but".
func hasSubject(text string) bool {
	for w := range strings.FieldsSeq(strings.ToLower(text)) {
		if isSubject(w) && w != "you" {
			return true
		}
	}
	return false
}

// pointsBack reports whether the words of a task end with a time that was named before:
// "by then".
func (j *job) pointsBack(f speech.Finding) bool {
	last := f.Phrases[len(f.Phrases)-1]
	if rest, found := strings.CutPrefix(j.text[last.End:], " then"); found && strings.Trim(rest, ".! ") == "" || strings.HasSuffix(j.text[last.Start:last.End], " then") {
		return len(j.moments) == 1
	}
	said := strings.ToLower(j.text[last.Start:min(len(j.text), last.End+len(" before that"))])
	for _, by := range [...]string{"before that", "by then", "till then", "until then", "before then"} {
		if strings.Contains(said, by) {
			return true
		}
	}
	return false
}

// How many words may stand between a task and its moment behind it, and before a
// moment with which the sentence begins.
const (
	mostBetween = 2
	mostAhead   = 3
	mostWithin  = 7 // of a clause that tells at what a task is done
)

// isDeadline reports whether a text begins with a word by which something is to be done.
func isDeadline(text string) bool {
	first, _, _ := strings.Cut(strings.ToLower(text), " ")
	return first == "by" || first == "before" || first == "until" || first == "till" || first == "within"
}

// isLatest reports whether a text says that what stands before it is the latest time.
func isLatest(behind string) bool {
	behind = strings.TrimLeft(behind, " ,")
	return strings.HasPrefix(behind, "at the latest") || strings.HasPrefix(behind, "at the very latest") || strings.HasPrefix(behind, "latest")
}

func countBlanks(text string) int { return strings.Count(text, " ") }

// wordBefore returns the last word of a text.
func wordBefore(text string) string {
	text = strings.TrimSpace(text)
	return text[strings.LastIndexByte(text, ' ')+1:]
}

// others returns the tasks of the sentence beside this one.
func (j *job) others(f speech.Finding) (all []speech.Finding) {
	for _, o := range j.findings {
		if o.Kind != speech.Question && o.Name != f.Name && o.Score >= j.threshold {
			all = append(all, o)
		}
	}
	return all
}

// firstDue returns the first moment between two places of the sentence at which
// something can be due.
func (j *job) firstDue(from, to int) time.Time {
	for _, m := range j.moments {
		if m.Start >= from && m.Start < to && !m.Due.IsZero() && j.bindsAnything(m) {
			return m.Due.UTC().Truncate(time.Millisecond)
		}
	}
	return time.Time{}
}

// bindsTask reports whether a task may be due at a moment. It is not where a thing is
// needed for that day ("we need cars for Saturday"), and not where the moment belongs to what is told ("tell her that it starts today") or to what is
// described ("the things you did this year").
func (j *job) bindsTask(m moments.Moment, f speech.Finding) bool {
	before := strings.ToLower(j.text[:m.Start])
	if j.isForDay(before, f) || j.isOfOther(m, f) || j.isObject(m, f) || j.isToldOf(m, f) || j.isMovedTo(m, f) || j.isOfEvent(before, f) || j.isSettled(m, f) {
		return false
	}
	if m.Type == moments.Date && m.Start > f.Phrases[0].Start && wordBefore(before) == "from" && isThingBefore(before) {
		return false // the invoice from October 12
	}
	if isDeadline(j.text[m.Start:m.End]) || !j.isTold(m, f) {
		return j.bindsAnything(m)
	}
	return false
}

func isSubject(word string) bool {
	switch word {
	case "i", "you", "he", "she", "it", "we", "they":
		return true
	}
	return false
}

// beginsThing reports whether a word begins the name of a thing.
func beginsThing(word string) bool {
	switch word {
	case "the", "a", "an", "my", "our", "your", "his", "her", "its", "their", "there":
		return true
	}
	return false
}

// bindsAnything reports whether something can be due at a moment. Nothing is "now", for
// a period ("a refund for this week"), from one day to another, at a time that is spoken
// of itself ("the 26th works"), or at one that only tells which thing it is ("the
// January meeting").
func (j *job) bindsAnything(m moments.Moment) bool {
	text, before := strings.ToLower(j.text[m.Start:m.End]), strings.ToLower(j.text[:m.Start])
	if isBeside(text, before, j.text[m.End:]) || !strings.HasPrefix(text, "by ") && j.isFromNowOn(m.Start) {
		return false
	}
	switch text {
	case "now", "right now", "just now", "asap", "as soon as possible":
		return false
	case "the day after":
		return strings.HasSuffix(before, " or ")
	}
	if isOfThing(text, before, m) {
		return false
	}
	if m.Type == moments.DateRange && (strings.HasSuffix(before, "for ") || strings.HasPrefix(text, "from ")) {
		return false
	}
	behind := j.text[m.End:]
	if strings.HasPrefix(text, "that ") || strings.HasPrefix(text, "within ") && (strings.HasPrefix(behind, " of ") || strings.HasPrefix(behind, " after ")) {
		return false // that week: which is not known; within a week of delivery
	}
	if strings.HasSuffix(text, "'s") || strings.HasPrefix(behind, "'s ") || strings.HasPrefix(behind, "’s ") {
		at := wordBefore(before)
		return isDeadline(text) || m.Start == 0 || at == "at" || at == "in" || at == "during" || at == "to" || strings.HasSuffix(before, "ahead of ") // not "the list for Friday's meeting"
	}
	after, _, _ := strings.Cut(strings.TrimSpace(behind), " ")
	after = strings.Trim(strings.ToLower(after), ",.;:!?")
	switch after {
	case "works", "is", "was", "suits":
		return strings.HasPrefix(text, "before the ") // before the month is over
	}
	return !namesThing(text, before, after)
}

// isFromNowOn reports whether a moment before a place says from when on something holds, as what is
// done then again and again has no end: "starting tomorrow we walk her before breakfast".
func (j *job) isFromNowOn(at int) bool {
	for _, m := range j.moments {
		if m.End <= at && m.Type == moments.DateRange && m.From != "" && m.To == "" && !strings.HasPrefix(strings.ToLower(j.text[m.Start:m.End]), "after ") {
			return true
		}
	}
	return false
}

// isOfThing reports whether a moment is denied, or only says of a thing when it was: "not on
// Monday", "the queries of the last hour", "the minutes from June", "the books that were due on
// Monday".
func isOfThing(text, before string, m moments.Moment) bool {
	w := wordBefore(before)
	if strings.HasPrefix(text, "later than ") {
		return false // not later than
	}
	if w == "not" || strings.HasSuffix(before, "not on ") || (w == "of" || w == "from") && (strings.HasPrefix(text, "the last ") || m.Type == moments.DateRange) || w == "of" && m.Type == moments.Date && !strings.HasSuffix(before, "as of ") && !strings.HasSuffix(before, "ahead of ") {
		return true
	}
	for _, of := range [...]string{" that was ", " that were ", " which was ", " which were ", " who was ", " who were "} {
		if at := strings.LastIndex(before, of); at >= 0 && !strings.Contains(before[at:], ",") {
			return true
		}
	}
	return false
}

// isBeside reports whether a day is told only by what it comes before or after, which no date
// is known of: "the Friday before we reopen".
func isBeside(text, before, behind string) bool {
	relation, rest, _ := strings.Cut(strings.TrimSpace(behind), " ")
	if relation != "before" && relation != "after" || wordBefore(before) != "the" && !strings.HasPrefix(text, "the ") {
		return false
	}
	next, _, _ := strings.Cut(strings.ToLower(rest), " ")
	return isSubject(next) || beginsThing(next)
}

// namesThing reports whether a moment only tells which thing it is that is spoken of
// behind it.
func namesThing(text, before, after string) bool {
	if !occasions()[after] {
		return false
	}
	first, rest, more := strings.Cut(text, " ")
	if more && (first == "on" || first == "by" || first == "before") {
		first, _, _ = strings.Cut(rest, " ")
	}
	if strings.HasSuffix(text, "'s") || first == "the" || first == "our" || first == "your" {
		return true
	}
	switch wordBefore(before) {
	case "the", "a", "an", "our", "your", "my", "their", "his", "her", "every", "each":
		return true
	}
	return false
}

// occasions are the words for what a day or a month may tell apart.
var occasions = sync.OnceValue(func() map[string]bool { return setOf("occasion") }) //nolint:gochecknoglobals // read once, then constant
