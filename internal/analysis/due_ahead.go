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

// whereaboutsOf reads them in a text that begins with "I'm": "I'm meeting her", "I'm off".
func whereaboutsOf(text string) whereabouts {
	text = strings.ToLower(strings.ReplaceAll(text, "’", "'"))
	verb, found := strings.CutPrefix(text, "i'm ")
	if !found {
		verb, found = strings.CutPrefix(text, "we're ")
	}
	if !found {
		return unsaid
	}
	switch verb, _, _ = strings.Cut(verb, " "); verb {
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
	if j.isGoneOn(m, f) || j.isBeforeClause(m, f) {
		return true
	}
	switch whereaboutsOf(before) {
	case absent:
		return false
	case present:
		return f.Assignee == speech.Speaker && len(j.moments) == 1
	case unsaid:
	}
	return countBlanks(before) <= mostAhead && !hasSubject(before) || j.pointsBack(f)
}

// isGoneOn reports whether the speaker goes on with a task behind what they do at a moment: "I
// should know more tomorrow and will drop you a note".
func (j *job) isGoneOn(m moments.Moment, f speech.Finding) bool {
	if f.Assignee != speech.Speaker || len(j.moments) != 1 {
		return false
	}
	between := strings.ToLower(strings.TrimSpace(j.text[m.End:f.Phrases[0].Start]))
	return between == "and will" || between == "and i'll" || between == "and i will" || between == "and then"
}

// isBeforeClause reports whether the sentence begins with words that end with the only moment and
// say before or after what a task is to be done: "before we go live on Monday, test it".
func (j *job) isBeforeClause(m moments.Moment, f speech.Finding) bool {
	first, rest, _ := strings.Cut(strings.ToLower(j.text[:m.Start]), " ")
	return (first == "before" || first == "after") && len(j.moments) == 1 && countBlanks(rest) <= mostWithin && !strings.Contains(rest, ",") &&
		strings.HasPrefix(strings.TrimLeft(j.text[m.End:], " "), ",") && m.End < f.Phrases[0].Start
}
