package speech

import "strings"

// Scores of what someone wants to have.
const (
	wantedDone = 0.54 // "I want them cleaned before five"
	whatNeeded = 0.54 // "what I still need is your passport"
)

// wantedDone returns the action to do to a thing what someone at i wants done to it:
// "I want them cleaned before five", "we need this signed".
func (s *sentence) wantedDone(i int) (d action, ok bool) {
	by := s.back(i - 1)
	if !s.isOne(by, "i'd", "we'd") && (s.at(i) == "like" || !s.isOne(by, "i", "we")) {
		return d, false
	}
	if s.inQuestion(i) || s.isSubordinator(by-1) || s.is(i+1, not) || !s.is(i+1, object|determiner) {
		return d, false
	}
	for n := i + 2; n < i+6 && !s.isMark(n) && !s.is(n, auxiliary|ends|gerund) && s.at(n) != "to"; n++ {
		if s.is(n, past) && !s.is(n, task|determiner) && s.endsThing(n+1) {
			d.at, d.score, d.value = i, wantedDone, taskValue
			d.assignee = s.wantedFrom(i, by)
			d.communicates = s.isTold(n)
			return d, true
		}
	}
	return d, false
}

// isTold reports whether a participle of communicating stands at i: "the hotel has to be
// told".
func (s *sentence) isTold(i int) bool {
	return s.isOne(i, "called", "told", "informed", "invited", "contacted", "notified", "scheduled", "asked", "warned", "reminded", "phoned", "emailed", "texted", "thanked", "alerted", "briefed", "rung")
}

// isLookedAt reports whether "looked at" or the like stands at i.
func (s *sentence) isLookedAt(i int) bool {
	return s.at(i) == "looked" && s.isOne(i+1, "at", "into", "after") || s.follows(i, "seen", "to")
}

// wantedFrom returns from whom something is wanted at i, by those at by: who is to do it
// by name, else who is spoken to.
func (s *sentence) wantedFrom(i, by int) (who person) {
	if end := s.doneBy(i); end > 0 {
		if named, ok := s.named(end - 1); ok {
			return named
		}
	}
	if s.isOne(by, "i", "i'd") {
		who.kind = Addressee
	}
	return who
}

// endsThing reports whether the thing that something is done to ends before i: "this
// signed by Friday", but not "the signed copy".
func (s *sentence) endsThing(i int) bool {
	return s.isMark(i) || s.is(i, due|adverb|ends) || s.isOne(i, "by", "before", "on", "at", "in", "to", "for", "and", "with", "until")
}

// wantedBy returns the action to provide by a time what someone wants at i: "I want a
// plan within ten days".
func (s *sentence) wantedBy(i int) (d action, ok bool) {
	if s.at(i) != "want" || !s.isOne(s.back(i-1), "i", "we") || !s.is(i+1, determiner) && (!s.deadline || s.isMark(i+1) || s.is(i+1, object)) || !s.deadline && !s.hasTime || s.inQuestion(i) {
		return d, false
	}
	for n := i + 2; n < i+maxDistance && !s.isMark(n); n++ {
		if s.at(n) == "to" {
			return d, false
		}
	}
	d.at, d.score, d.value, d.assignee.kind = i, neededBy, taskValue, Addressee
	return d, true
}

// whatNeeded returns the action to provide what someone says that they need, whose
// verb stands at i: "what I still need is your passport".
func (s *sentence) whatNeeded(i int) (d action, ok bool) {
	first := s.skip(0, opener)
	by := first + 1
	if !s.isOne(first, "what", "all") || !s.isOne(by, "i", "we", "i'd", "we'd", "i'll", "we'll") || s.inQuestion(i) || s.at(i+1) == "" || s.isMark(i+1) {
		return d, false
	}
	need := s.skip(by+1, adverb|auxiliary)
	if s.at(need) != "need" || i <= need || i > need+maxDistance || s.isOne(i+1, "to", "that", "not", "more", "a") {
		return d, false
	}
	d.at, d.score, d.value, d.assignee.kind = i+1, whatNeeded, taskValue, Addressee
	return d, true
}

// needsDoing returns the action of a thing that needs something done to it, at i: "the
// drip needs changing".
func (s *sentence) needsDoing(i int) (d action, ok bool) {
	doing := s.skip(i+1, adverb)
	if !s.isTreatment(doing) || s.isSubordinator(i-1) || s.is(i-1, not|auxiliary) && s.at(i-1) != "will" || s.inQuestion(i) {
		return d, false
	}
	if s.isOne(s.back(i-1), "i", "we", "you", "who") {
		return d, false
	}
	d.at, d.score, d.value, d.communicates = doing, passive, taskValue, s.is(doing, talk)
	return d, true
}

// isTreatment reports whether the -ing form of a verb of doing stands at i, or one that is not known
// and ends the clause: "needs descaling".
func (s *sentence) isTreatment(i int) bool {
	if s.is(i, gerund) {
		return s.is(i, talk|task)
	}
	return i < len(s.words) && s.class[i] == 0 && strings.HasSuffix(s.at(i), "ing") && len(s.at(i)) > 5 && (s.isMark(i+1) || s.is(i+1, due|ends|adverb))
}

// needsWork returns the action of a thing that needs something new or done to it, at i:
// "the docs need an update".
func (s *sentence) needsWork(i int) (d action, ok bool) {
	if !s.isOne(i+1, "a", "an", "another", "some") || s.inQuestion(i) || s.isSubordinator(s.back(i-1)-1) || s.isHabit() {
		return d, false
	}
	by := s.back(i - 1)
	if s.isMark(by) || s.is(by, subject|auxiliary|not|wh|ends) && !s.isOne(by, "that", "it", "this") || s.isMember(by) || s.is(by, agent) || s.isCapital(by) && !s.isOne(by, "that", "it", "this") {
		return d, false
	}
	work := s.skip(i+2, adverb)
	if s.at(work) == "new" || s.isOne(work, "good", "quick", "thorough", "proper") && !s.isMark(work+1) {
		work++
	} else if !s.is(work, task|talk) || s.is(work, gerund) {
		return d, false
	}
	d.at, d.score, d.value = i, passive, taskValue
	return d, s.isMark(work+1) || s.is(work+1, due|ends) || s.isOne(work+1, "on", "by", "before", "and")
}

// mustBeReady returns the action to have a thing where it must be by a time, at i: "the
// lights have to be up by six".
func (s *sentence) mustBeReady(i int) (d action, ok bool) {
	state := i + 2
	if s.at(i) != "must" {
		if s.at(i+1) != "to" {
			return d, false
		}
		state++
	}
	if s.at(state-1) != "be" || !s.isOne(state, "up", "ready", "here", "there", "done", "out", "in", "on", "off", "back", "finished", "complete", "online", "live", "with", "at", "gone", "away", "empty", "cleared") {
		return d, false
	}
	if !s.isDueFrom(state) || s.inQuestion(i) || s.isSubordinator(i-1) || s.isOne(s.back(i-1), "i", "we", "you", "he", "she") {
		return d, false
	}
	d.at, d.score, d.value = state-1, passive, taskValue
	return d, true
}

// isDueFrom reports whether the clause that goes on at i says by when, or for when a
// thing has to be ready: "ready for the run on Friday".
func (s *sentence) isDueFrom(i int) bool {
	if s.at(i) == "ready" && s.at(i+1) == "for" && s.hasLaterTime {
		return true
	}
	for n := i + 1; n < i+maxDistance && !s.isMark(n); n++ {
		if s.isBy(n) {
			return true
		}
	}
	return false
}
