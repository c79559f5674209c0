package analysis

import (
	"slices"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/moments"
	"github.com/turnwise/turnwise/internal/analysis/speech"
)

// isForDay reports whether a thing is got for the day before which a text ends: "we need cars for
// Saturday", "book the hall for the 12th", "book a flight on Monday".
func (j *job) isForDay(before string, f speech.Finding) bool {
	verb, thing, _ := strings.Cut(strings.ToLower(j.text[f.Phrases[0].Start:]), " ")
	books := verb == "book" || verb == "reserve"
	if strings.HasSuffix(before, " on ") || strings.HasSuffix(before, " on the ") {
		return books && !strings.HasPrefix(thing, "it ") && !strings.HasPrefix(thing, "that ") || isGot(verb) && strings.Contains(thing, " for ") && strings.LastIndex(before, " for ") > f.Phrases[0].Start
	}
	if !strings.HasSuffix(before, "for ") && !strings.HasSuffix(before, "for the ") {
		return false
	}
	return books || isGot(verb) || strings.HasSuffix(strings.TrimSuffix(before, "the "), " down for ")
}

// isGot reports whether a verb is one of getting a thing.
func isGot(verb string) bool {
	switch verb {
	case "need", "order", "get", "buy", "find", "hire", "rent", "want":
		return true
	}
	return false
}

// isOfEvent reports whether the day before which a text ends is that of an event that is called off
// or confirmed: "cancel my appointment on Thursday".
func (j *job) isOfEvent(before string, f speech.Finding) bool {
	before, found := strings.CutSuffix(before, " on ")
	if !found {
		before, found = strings.CutSuffix(before, " on the ")
	}
	start := f.Phrases[0].Start
	if !found || start >= len(before) {
		return false
	}
	switch verb, _, _ := strings.Cut(before[start:], " "); verb {
	case "cancel", "confirm", "skip", "miss":
		return occasions()[wordBefore(before)]
	}
	return false
}

// isSettled reports whether a sentence begins with the day that it settles, and goes on with a task of
// noting it: "the 9th then, I'll block it".
func (j *job) isSettled(m moments.Moment, f speech.Finding) bool {
	behind := strings.ToLower(j.text[m.End:])
	if m.Start > len("the ") || !strings.HasPrefix(behind, " then,") && !strings.HasPrefix(behind, " it is,") {
		return false
	}
	switch verb, _, _ := strings.Cut(strings.ToLower(j.text[f.Phrases[0].Start:]), " "); verb {
	case "block", "book", "note", "mark", "pencil", "reserve", "put", "enter", "save":
		return true
	}
	return false
}

// isToldOf reports whether a moment within the words of a task stands behind a clause that tells
// or asks for something: "tell her the exam is on Tuesday", "tell them we close on Friday", "find
// out when it opens on Sunday".
func (j *job) isToldOf(m moments.Moment, f speech.Finding) bool {
	if isDeadline(j.text[m.Start:m.End]) {
		return false
	}
	for _, p := range slices.Backward(f.Phrases) {
		if m.Start < p.Start {
			continue
		}
		said := strings.Fields(strings.ToLower(j.text[p.Start:m.Start]))
		for n := range said {
			if (n == 0 || said[n-1] == "and") && len(said)-n >= 4 && tellsOf(said[n:]) {
				return true
			}
		}
		return false
	}
	return false
}

// tellsOf reports whether words, four or more, begin with a verb of telling or asking and go on
// with a clause of what is told or asked.
func tellsOf(said []string) bool {
	switch said[0] {
	case "find", "check", "see", "look":
		return isClauseOfQuestion(said[1:])
	case "confirm":
		return said[1] == "that" && isToldClause(said[2:])
	case "tell", "remind", "inform", "warn", "let":
		rest := said[2:]
		if rest[0] == "know" {
			rest = rest[1:]
		} else if said[0] == "let" {
			return false
		}
		return len(rest) > 1 && isToldClause(rest) || isClauseOfQuestion(rest)
	}
	return false
}

// isToldClause reports whether words begin a clause with a subject: "we close", "the exam is".
func isToldClause(said []string) bool {
	subject, _, short := strings.Cut(said[0], "'")
	if isSubject(subject) {
		return true
	}
	if short || !beginsThing(said[0]) {
		return false
	}
	for _, w := range said[1:min(len(said), 5)] {
		switch w {
		case "is", "are", "was", "were", "will", "has", "have", "can", "must", "opens", "closes", "starts", "begins", "ends":
			return true
		}
	}
	return false
}

// isClauseOfQuestion reports whether words have a question within, with a subject: "when the
// shop opens", "out whether they have a table".
func isClauseOfQuestion(said []string) bool {
	for n, w := range said[:max(0, min(len(said), 3)-1)] {
		switch w {
		case "when", "whether", "if", "what", "how", "where", "who", "why":
			next, _, _ := strings.Cut(said[n+1], "'")
			return isSubject(next) || beginsThing(next)
		}
	}
	return false
}

// isObject reports whether a moment is what the task is to tell or to offer: "tell her two
// o'clock", "offer them Friday". One that says "tomorrow" is not.
func (j *job) isObject(m moments.Moment, f speech.Finding) bool {
	for _, p := range f.Phrases {
		if m.Start < p.Start || m.Start >= p.End {
			continue
		}
		verb, to, _ := strings.Cut(strings.ToLower(strings.TrimSpace(j.text[p.Start:m.Start])), " ")
		if strings.Contains(to, " ") {
			return false
		}
		switch verb {
		case "tell":
			first, _, _ := strings.Cut(j.text[m.Start:m.End], " ")
			return m.Type == moments.Time && to != "" && first != "at" && first != "around"
		case "offer", "suggest", "propose", "say":
			return m.Type == moments.Time || m.Type == moments.Date
		}
	}
	return false
}

// isTold reports whether a moment within the words of a task, or behind them, stands in a clause that
// says something else: what is told, or what somebody did.
func (j *job) isTold(m moments.Moment, f speech.Finding) bool {
	for _, p := range slices.Backward(f.Phrases) {
		if m.Start < p.Start {
			continue
		}
		last, pronoun := "", false
		for w := range strings.FieldsSeq(strings.ToLower(j.text[p.Start:m.Start])) {
			subject, _, _ := strings.Cut(w, "'") // "it" of "it's"
			if f.Kind == speech.FollowUp && last == "that" && (isSubject(subject) || beginsThing(w)) {
				return true
			}
			last, pronoun = w, isSubject(last)
		}
		verb, _, _ := strings.Cut(strings.ToLower(j.text[p.Start:]), " ")
		return pronoun && (strings.HasSuffix(last, "ed") && last != "need" || isPastForm(last)) && !isCausing(verb)
	}
	return false
}

// isCausing reports whether a verb goes before what is done to a thing or how it is left: "have it
// fixed tomorrow", "leave it unlocked on Wednesday".
func isCausing(verb string) bool {
	switch verb {
	case "have", "having", "get", "getting", "leave", "leaving", "keep", "keeping", "make", "want", "need":
		return true
	}
	return false
}

// isPastForm reports whether a word is a past tense that ends otherwise than most, of a verb of
// making or sending things: "the mail she sent this morning".
func isPastForm(word string) bool {
	switch word {
	case "sent", "got", "wrote", "made", "gave", "took", "brought", "bought", "told", "said", "left", "met", "saw", "did":
		return true
	}
	return false
}

// isMovedTo reports whether a moment is the one to which the task is to move something: "push the
// launch back to the 4th", "postpone it until May", "swap shifts with me on Sunday".
func (j *job) isMovedTo(m moments.Moment, f speech.Finding) bool {
	for _, p := range f.Phrases {
		if m.Start < p.Start || m.Start >= p.End {
			continue
		}
		said := strings.ToLower(j.text[p.Start:m.Start])
		verb, _, _ := strings.Cut(said, " ")
		last := wordBefore(said)
		if last == "the" {
			last = wordBefore(strings.TrimSuffix(strings.TrimSpace(said), "the"))
		}
		first, _, _ := strings.Cut(strings.ToLower(j.text[m.Start:m.End]), " ")
		switch verb {
		case "swap", "switch", "trade":
			return first != "by" && first != "before"
		case "move", "bring", "put":
			before := wordBefore(strings.TrimSuffix(strings.TrimSpace(said), last))
			switch before {
			case "forward", "off", "back", "call", "meeting", "appointment", "lesson", "session", "booking", "shift", "slot", "interview", "visit":
			default:
				return false // the launch to Friday: the day of the task too
			}
			fallthrough
		case "push", "postpone", "reschedule", "shift", "change", "delay", "extend", "defer", "rebook", "bump":
			return last == "to" || last == "until" || last == "till" || first == "to" || first == "until" || first == "till"
		}
	}
	return false
}

// isThingBefore reports whether a text ends with a thing and "from": "the invoice from".
func isThingBefore(before string) bool {
	said := strings.Fields(before)
	n := len(said) - 1
	return n >= 2 && beginsThing(said[n-2])
}

// isOfOther reports whether a moment stands with what somebody else does about the task:
// "ring my secretary and she'll find you a slot in December".
func (j *job) isOfOther(m moments.Moment, f speech.Finding) bool {
	for _, p := range f.Phrases[1:] {
		if m.Start < p.Start || m.Start >= p.End {
			continue
		}
		said := strings.Fields(strings.ToLower(j.text[:p.Start]))
		for _, w := range said[max(0, len(said)-4):max(0, len(said)-1)] {
			if w == "tell" || w == "remind" || w == "warn" || w == "inform" {
				return true // tell them we'll close it on Wednesday
			}
		}
		subject, ending, _ := strings.Cut(strings.ToLower(wordBefore(j.text[:p.Start])), "'")
		return ending == "ll" && subject != "i" && subject != "you" && subject != "we"
	}
	return false
}
