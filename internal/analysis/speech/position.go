package speech

// adjustForPosition lowers the score of an action, whose auxiliary stands at i, for the place
// of its clause in the sentence.
func (s *sentence) adjustForPosition(d *action, i int) {
	before := s.back(d.assignee.at - 1)
	switch {
	case s.at(before) == "if" && s.isWelcome(before-1):
		d.score += taskValue
	case s.isSubordinator(before), s.isPurpose(d.assignee.at-1, i), s.isSubordinator(before-1) && s.at(before) != "," && !s.is(before, opener):
		d.score += subordinateValue
		d.definitive = false
	case s.describes(before), s.isUnsettled(before, i):
		d.score += subordinateValue
	case s.is(before, auxiliary) && (s.starts[before] || s.inQuestion(i) || s.followsQuestionWord(before)):
		d.score += subordinateValue // "should I", "do we"
	case d.assignee.kind == Group && (s.at(i+1) == "now" || s.at(i-1) == "now"):
		d.score += subordinateValue // of the talk itself: "we will now hear"
	case s.inQuestion(i) && d.communicates && s.isOne(i, "can", "could"):
		// "Maybe we can have a talk?" proposes it.
	case s.inQuestion(i):
		d.score += questionValue
		d.definitive = false
	}
	if i+1 < len(s.words) && d.assignee.kind == Addressee {
		if named := s.addressee(i); named.name != (Span{}) {
			d.assignee.name = named.name
			d.score += vocativeValue
		}
	}
}

// isPurpose reports whether "so" or "so that" at i says what something is for,
// before the clause of the auxiliary at aux: "send it so that I can print it".
func (s *sentence) isPurpose(i, aux int) bool {
	if s.follows(i-1, "so", "that") {
		return true
	}
	return s.at(i) == "so" && i > 0 && !s.isMark(i-1) && !s.is(i-1, opener) && s.isOne(aux, "can", "could", "may")
}

// describes reports whether the clause after i, which ends a noun phrase, only
// describes it: "a situation I must look at", "the new parts that we will make".
func (s *sentence) describes(i int) bool {
	if s.at(i) == "that" {
		i--
	}
	if i < 1 || s.isMark(i) || s.class[i]&^(task|talk|vague|noun|agent|common) != 0 || s.isCapital(i) || s.in(i, shortTime) {
		return false
	}
	if s.isOne(s.skip(0, opener), "if", "when", "once", "after") {
		return false // "if the tests pass I will"
	}
	for n := i - 1; n >= 0 && n >= i-3 && !s.isMark(n); n-- {
		if s.is(n, determiner) || s.in(n, quantifier) {
			return !s.in(n-1, adverbial)
		}
	}
	return false
}

// isUnsettled reports whether the clause after i is one that is denied, or told
// of as the thought of others: "I don't think we should", "it doesn't mean that
// we have to", "I told him they should". Its auxiliary stands at aux.
func (s *sentence) isUnsettled(i, aux int) bool {
	if s.at(i) == "that" {
		i--
	}
	switch s.at(i) {
	case "hope", "hoping":
		return !s.isOne(aux, "can", "could") // "I was hoping we could" asks
	case "think", "believe", "know":
		return s.is(s.back(i-1), not)
	}
	return s.in(i, reported)
}

// isSubordinator reports whether the word at i makes the clause after it one
// that conditions or describes.
func (s *sentence) isSubordinator(i int) bool {
	if s.at(i) == "once" {
		return s.at(i+1) != "again"
	}
	return s.in(i, subordinator)
}
