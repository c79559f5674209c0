package speech

// Scores of what several will do together.
const (
	weMeet  = 0.50 // "then we meet on Friday"
	shallWe = 0.52 // "shall we say Tuesday at ten?"
)

// arranged returns the action of "we" at i, who will talk or do something together: "then
// we meet here at seven tomorrow".
func (s *sentence) arranged(i int) (d action, ok bool) {
	verb := s.skip(i+1, adverb)
	if !s.hasLaterTime || s.inQuestion(i) || s.isHabit() || !s.starts[i] && !s.isOne(i-1, "and", "then", "so", "but") || s.isSubordinator(0) {
		return d, false
	}
	if s.is(verb, gerund|past|auxiliary|not) || !s.is(verb, talk|task) || !s.communicatesAt(verb) && (s.is(verb, talk) || !s.isTogether(verb)) {
		return d, false
	}
	d.score, d.assignee = weMeet, person{kind: Group, at: i}
	d.verbPhrase, ok = s.verbPhraseAt(verb)
	return d, ok
}

// isTogether reports whether "together" stands in the clause from i on.
func (s *sentence) isTogether(i int) bool {
	for n := i + 1; n < i+maxDistance && !s.isClauseEnd(n); n++ {
		if s.at(n) == "together" {
			return true
		}
	}
	return false
}

// shallWe returns the action of talking that "shall we" at i proposes, or the time that
// it names for one.
func (s *sentence) shallWe(i int) (d action, ok bool) {
	if s.at(i+1) != "we" || s.followsQuestionWord(i) {
		return d, false
	}
	d.score, d.assignee = shallWe, person{kind: Group, at: i}
	if s.at(i+2) == "say" && s.hasLaterTime && !s.isMark(i+3) {
		d.at, d.value, d.communicates = i+2, talkValue, true
		return d, true
	}
	d.verbPhrase, ok = s.verbPhraseAt(i + 2)
	return d, ok && d.communicates && s.hasLaterTime
}
