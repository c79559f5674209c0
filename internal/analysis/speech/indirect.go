package speech

// What is said of a thing, or of somebody else, and means that something is to be done.

// couldDoWith returns the action that a thing could do with, at i: "the window could do with a
// clean". What somebody could do with, a coffee perhaps, is a wish.
func (s *sentence) couldDoWith(i int) (d action, ok bool) {
	by := s.back(i - 1)
	if !s.follows(i+1, "do", "with") || !s.is(i+3, determiner) && !s.isTreatment(i+3) || s.inQuestion(i) || s.isMark(by) {
		return d, false
	}
	if s.is(by, subject|wh) && !s.isOne(by, "it", "that", "this", "they") || s.isMember(by) || s.is(by, agent) {
		return d, false
	}
	d.at, d.score, d.value = i+1, passive, taskValue
	return d, true
}

// wantsDoing returns the action of a thing that wants something done to it, at i: "the first aid
// box wants filling".
func (s *sentence) wantsDoing(i int) (d action, ok bool) {
	by := s.back(i - 1)
	if !s.isOne(i, "wants", "want") || s.is(by, subject|wh|not|auxiliary) && !s.isOne(by, "it", "they", "and") || s.isMember(by) || s.is(by, agent) {
		return d, false
	}
	return s.needsDoing(i)
}

// isHeardFromMe reports whether the verb at i says that somebody will hear from the speaker:
// "he'll hear it from me".
func (s *sentence) isHeardFromMe(i int) bool {
	if s.at(i) != "hear" {
		return false
	}
	if s.isOne(i+1, "it", "that", "this", "about") {
		i++
	}
	return s.at(i+1) == "from" && s.isMe(i+2)
}
