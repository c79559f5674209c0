package speech

// Scores of what is to be somewhere by a time.
const (
	awaited  = 0.50 // "the printer wants it by Tuesday"
	arrives  = 0.54 // "it'll be in your inbox by tonight"
	mustMove = 0.50 // "the crates have to come in by Wednesday"
)

// settledFor returns the action of what is wanted, will be there or is arranged for a time,
// at i.
func (s *sentence) settledFor(i int) (d action, ok bool) {
	switch s.at(i) {
	case "should", "ought":
		if d, ok = s.oughtToBe(i); ok {
			return d, true
		}
		return s.mustMove(i)
	case "will", "it'll", "that'll":
		return s.arrivesBy(i)
	case "wants", "want", "expects", "expect", "asks":
		if d, ok = s.wantsDoing(i); ok {
			return d, true
		}
		return s.awaitedBy(i)
	case "could":
		return s.couldDoWith(i)
	case "we":
		return s.arranged(i)
	case "everybody", "everyone", "nobody", "each", "whoever":
		return s.doneByAll(i)
	case "goes", "go":
		return s.goesOut(i)
	case "shall":
		return s.shallWe(i)
	}
	if s.isMember(i) {
		return s.memberDoes(i)
	}
	return d, false
}

// awaitedBy returns the action to provide by a time what somebody who is spoken of wants,
// at i: "the printer wants it by Tuesday".
func (s *sentence) awaitedBy(i int) (d action, ok bool) {
	thing := i + 1
	if s.at(i) == "asks" {
		if s.at(thing) != "for" {
			return d, false
		}
		thing++
	}
	by := s.back(i - 1)
	if !s.deadline || s.inQuestion(i) || s.isHabit() || s.isMark(thing) || s.isMark(by) || s.isOne(thing, "to", "you", "me", "us", "that") {
		return d, false
	}
	if s.isOne(by, "i", "we", "you", "i'd", "we'd", "it", "this", "that", "what", "who") || s.is(by, auxiliary|not|wh|ends) || s.isSubordinator(by-1) {
		return d, false
	}
	d.at, d.score, d.value, d.communicates = i, awaited, taskValue, s.isWayToAnswer(i)
	return d, true
}

// arrivesBy returns the action of the speaker who says, at i, where a thing will be by a
// time: "it'll be in your inbox by tonight".
func (s *sentence) arrivesBy(i int) (d action, ok bool) {
	if s.at(i) == "will" && !s.isOne(i-1, "it", "they", "that", "those", "these") {
		return d, false
	}
	be := s.skip(i+1, adverb)
	if s.at(be) != "be" || !s.deadline && !s.isWithYou(be+1) || s.inQuestion(i) || s.isSubordinator(i-1) || s.isSubordinator(i-2) {
		return d, false
	}
	if !s.isOne(be+1, "with", "in", "on", "at", "up", "ready", "done", "back", "there", "online", "live", "finished") {
		return d, false
	}
	d.at, d.score, d.value, d.assignee = be, arrives, taskValue, person{kind: Speaker, at: i}
	return d, true
}

// isWithYou reports whether at i a thing is said to be with the listener at a time to come.
func (s *sentence) isWithYou(i int) bool {
	return s.hasLaterTime && (s.follows(i, "with", "you") || s.isOne(i, "in", "on") && s.at(i+1) == "your")
}

// mustMove returns the action of a thing that must come or go, at i: "the crates have to
// come in by Wednesday", "the tree has to come down".
func (s *sentence) mustMove(i int) (d action, ok bool) {
	verb := i + 1
	if s.isOne(i, "has", "have", "needs", "need") {
		if s.at(verb) != "to" {
			return d, false
		}
		verb++
	}
	if !s.isOne(verb, "go", "come", "leave", "reach", "arrive") || s.inQuestion(i) {
		return d, false
	}
	by := s.back(i - 1)
	if s.isMark(by) || s.isOne(by, "i", "we", "you", "he", "she", "who", "to") || s.is(by, not|auxiliary|wh) || s.isSubordinator(by-1) || s.isSubordinator(by) {
		return d, false
	}
	settled := !s.isOne(i, "should", "must") && s.isOne(verb+1, "out", "down", "off", "back", "in", "up", "away")
	if !settled && !s.hasLaterTime || s.isHabit() {
		return d, false
	}
	d.at, d.score, d.value = verb, mustMove, taskValue
	return d, true
}
