package analysis

import (
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/moments"
	"github.com/turnwise/turnwise/internal/analysis/speech"
)

// whereabouts are what speakers tell of where they will be at a time: with whom or where
// they can do something, or that they cannot.
type whereabouts uint8

const (
	unsaid whereabouts = iota
	present
	absent
)

// whereaboutsOf reads them in a text that begins with "I'm": "I'm meeting her", "I'm off". A
// greeting may stand before it.
func whereaboutsOf(text string) whereabouts {
	text = strings.ToLower(strings.ReplaceAll(text, "’", "'"))
	if greeting, rest, found := strings.Cut(text, ", "); found && countBlanks(greeting) <= 2 {
		text = rest
	}
	verb, found := strings.CutPrefix(text, "i'm ")
	if !found {
		verb, found = strings.CutPrefix(text, "we're ")
	}
	if !found {
		return unsaid
	}
	verb, rest, _ := strings.Cut(verb, " ")
	if verb == "on" && (strings.HasPrefix(rest, "leave") || strings.HasPrefix(rest, "holiday") || strings.HasPrefix(rest, "vacation")) {
		return absent
	}
	switch verb {
	case "seeing", "meeting", "visiting", "talking", "speaking", "having", "in", "at", "there":
		return present
	case "off", "away", "out", "gone", "busy", "abroad":
		return absent
	}
	return unsaid
}

// standsAhead reports whether a task is due at a moment with which its sentence begins:
// "tomorrow I'll send it"; "I'm meeting her tomorrow, so I'll bring it up".
func (j *job) standsAhead(m moments.Moment, f speech.Finding) bool {
	if m.Start >= f.Phrases[0].Start {
		return false
	}
	before := j.text[:m.Start]
	if j.isGoneOn(m, f) || j.isBeforeClause(m, f) || len(j.moments) == 1 && isDeadlineOf(j.text, m) || j.isArrival(m, f) {
		return true
	}
	switch whereaboutsOf(before) {
	case absent:
		away := wordBefore(before) == "from" || strings.HasPrefix(strings.ToLower(j.text[m.Start:m.End]), "between ")
		return away && f.Assignee == speech.Addressee && len(j.moments) == 1 // away from Thursday, can you water them?
	case present:
		return f.Assignee == speech.Speaker && len(j.moments) == 1
	case unsaid:
	}
	if at := strings.LastIndex(before, ", so "); at >= 0 {
		before = before[at+len(", so "):] // the clause that the task is in
	}
	return countBlanks(before) <= mostAhead && !hasSubject(before) || j.pointsBack(f)
}

// isArrival reports whether the clause before a task says that somebody comes or goes at the only
// moment, and the task is of them: "he arrives at ten, please let him in".
func (j *job) isArrival(m moments.Moment, f speech.Finding) bool {
	first := f.Phrases[0]
	if len(j.moments) != 1 || f.Assignee != speech.Addressee || !strings.Contains(j.text[m.End:max(m.End, first.Start)], ",") {
		return false
	}
	comes := false
	for w := range strings.FieldsSeq(strings.ToLower(j.text[:m.Start])) {
		switch w {
		case "arrives", "arrive", "arriving", "comes", "coming", "lands", "leaves", "leaving":
			comes = true
		}
	}
	for n, w := range strings.Fields(strings.ToLower(j.text[first.Start:first.End])) {
		switch strings.Trim(w, ".,!?") {
		case "him", "her", "them", "me", "us":
			return comes && n < 3
		case "that":
			return comes && n < 5
		}
	}
	return false
}

// isDeadlineOf reports whether a text calls a moment in it the last: "we have until the 30th, so
// prepare it", "the deadline is December 1, please apply", "they need it by Friday".
func isDeadlineOf(all string, m moments.Moment) bool {
	before, text := strings.ToLower(strings.ReplaceAll(all[:m.Start], "’", "'")), strings.ToLower(all[m.Start:m.End])
	before = strings.TrimSuffix(strings.TrimSuffix(before, "the "), "on ")
	if strings.HasPrefix(text, "until ") || strings.HasPrefix(text, "till ") {
		before += "until "
	}
	if strings.HasPrefix(text, "by ") {
		before += "by "
	}
	for _, end := range [...]string{
		" have until ", "'ve got until ", " have got until ", "'ve until ", " has until ",
		" need it by ", " needs it by ", " want it by ", " wants it by ", " need them by ", " want them by ", " wants them by ",
		"it's due ", "they're due ", " is due ", " are due ", "it's due by ", " is due by ", " are due by ",
	} {
		if strings.HasSuffix(before, end) {
			return true
		}
	}
	for _, name := range [...]string{"deadline ", "due date ", "last day ", "the latest "} {
		at := strings.LastIndex(before, name)
		if at >= 0 && (strings.HasSuffix(before, " is ") || strings.HasSuffix(before, " was ")) && !strings.Contains(before[at:], ",") {
			return true
		}
	}
	return before == "by "
}

// isGoneOn reports whether the speaker goes on with a task behind what they do at a moment: "I
// should know more tomorrow and will drop you a note".
func (j *job) isGoneOn(m moments.Moment, f speech.Finding) bool {
	if f.Assignee != speech.Speaker || len(j.moments) != 1 {
		return false
	}
	between := strings.ToLower(strings.TrimSpace(j.text[m.End:f.Phrases[0].Start]))
	return between == "and will" || between == "and i'll" || between == "and i will" || between == "and then" || between == ", then i'll" || between == "then i'll" || between == "and then i'll"
}

// isBeforeClause reports whether the sentence begins with words that end with the only moment and
// say before or after what a task is to be done: "before we go live on Monday, test it".
func (j *job) isBeforeClause(m moments.Moment, f speech.Finding) bool {
	first, rest, _ := strings.Cut(strings.ToLower(j.text[:m.Start]), " ")
	if len(j.moments) != 1 || countBlanks(rest) > mostWithin || strings.Contains(rest, ",") || m.End >= f.Phrases[0].Start {
		return false
	}
	behind := strings.ToLower(strings.TrimLeft(j.text[m.End:], " "))
	switch first {
	case "before", "after", "once":
		return strings.HasPrefix(behind, ",")
	case "when":
		return f.Assignee != speech.Nobody && (strings.HasPrefix(behind, ",") || strings.HasPrefix(behind, "i'll ") || strings.HasPrefix(behind, "i will ") || strings.HasPrefix(behind, "please "))
	}
	return false
}
