package speech

import "strings"

// A verbPhrase is a verb with its properties.
type verbPhrase struct {
	at           int     // where what somebody is to do begins
	value        float64 // what the verb adds to a score
	communicates bool    // it is communicating or meeting
	attempts     bool    // it stands behind "have to" or "try to"
	glad         bool    // it stands behind "be happy to"
}

// What a verb adds to the score of a clause.
const (
	talkValue    = 0.08
	taskValue    = 0.06
	unknownValue = -0.08
	doItValue    = -0.15 // "do something"
	weakValue    = -0.28
)

// verbPhraseAt reads the verb of a clause from i on, over adverbs and over verbs that
// lead to another: "try to", "have to", "be able to". ok is false where there
// is none, or one of being, feeling or mere saying.
func (s *sentence) verbPhraseAt(i int) (d verbPhrase, ok bool) {
	i = s.skipInserted(i)
	d.at = i
	i = s.skipPrefix(i)
	for range 4 {
		next := s.leadsTo(i)
		if next == i {
			break
		}
		d.attempts = true
		if s.isOne(i, "have", "need", "be") {
			d.at = next
			d.glad = s.isOne(i+1, "glad", "happy")
		}
		i = s.skipPrefix(next)
	}
	if s.isMark(i) || s.is(i, not) || s.at(i) == "do" && s.is(i+1, not) {
		return d, false
	}
	d.value, d.communicates, ok = s.verbValue(i)
	if s.at(d.at) == "continue" && d.at != i {
		d.value = weakValue // it goes on as it did
		return d, ok
	}
	if ok && d.value == weakValue && s.doesLater(i+1) {
		d.value = taskValue
	}
	if ok && !d.communicates && s.communicatesLater(i+1) {
		d.communicates = true
		d.value = max(d.value, taskValue)
	}
	return d, ok
}

// doesLater reports whether a verb of doing follows from i on: "drive there and
// pick her up".
func (s *sentence) doesLater(i int) bool {
	for n := i; n < i+maxDistance && !s.isClauseEnd(n); n++ {
		if s.at(n) == "and" && (s.is(n+1, task) || s.at(n+1) == "do") && s.is(n+2, object|determiner) {
			return true
		}
	}
	return false
}

// skipPrefix returns where the verb itself stands that begins at i: "mail" of
// "e-mail", "schedule" of "re-schedule".
func (s *sentence) skipPrefix(i int) int {
	switch s.at(i) {
	case "double":
		if s.at(i+1) == "check" {
			return i + 1
		}
		if s.follows(i+1, "-", "check") {
			return i + 2
		}
	case "e", "re", "pre", "co":
		if s.at(i+1) == "-" && i+2 < len(s.words) {
			return i + 2
		}
		if s.at(i) == "e" && s.at(i+1) == "mail" {
			return i + 1
		}
	}
	return i
}

// leadsTo returns where the verb stands that the one at i leads to, i if it
// leads to none.
func (s *sentence) leadsTo(i int) int {
	to := s.skip(i+1, adverb)
	if s.at(to) == "to" {
		to = s.skip(to+1, adverb)
	}
	if s.in(i, leading) {
		switch {
		case s.is(to, gerund), to > i+1 && (s.is(to, verb) || s.at(to-1) == "to" && to < len(s.words) && s.couldBeVerb(to)):
			return to
		case s.at(i) == "try" && s.at(i+1) == "and":
			return i + 2
		}
		return i
	}
	switch s.at(i) {
	case "have", "need":
		if s.at(s.skip(i+1, adverb)) == "to" {
			return to
		}
	case "go", "come":
		if s.is(i+1, talk|task) && !s.is(i+1, gerund|past|noun) || s.at(i) == "come" && s.at(i+1) == "see" {
			return i + 1
		}
		if s.at(i+1) == "and" || s.at(i+1) == "ahead" && s.at(i+2) == "and" {
			return s.skip(i+1, adverb|opener)
		}
	case "be":
		if s.follows(i+1, "so", "kind", "as", "to") {
			return i + 5
		}
		if s.isOne(i+1, "kind", "good") && s.follows(i+2, "enough", "to") {
			return i + 4
		}
		if s.is(to, gerund) && s.at(to-1) != "to" {
			return to
		}
		if s.in(i+1, ability) && s.at(i+2) == "to" && !s.isCourtesy(i+3) {
			return s.skip(i+3, adverb)
		}
	case "want", "plan":
		if s.at(i+1) == "to" {
			return to
		}
	case "take":
		if s.isOne(i+2, "moment", "minute", "few") || s.at(i+1) == "time" {
			return s.afterPause(i + 2)
		}
	case "help":
		if s.is(i+1, object) && s.is(i+2, talk|task) {
			return i + 2
		}
	}
	return i
}

// isCourtesy reports whether what one is glad to do at i is no more than polite:
// "meet you", "hear from you".
func (s *sentence) isCourtesy(i int) bool {
	return s.follows(i, "hear", "from") || s.follows(i, "meet", "you") && (s.isMark(i+2) || s.at(i+2) == "and")
}

// afterPause returns the verb that a pause is made for, which "take" begins and
// i goes on with: "take a few minutes to fill in the form"; i-2 if there is none.
func (s *sentence) afterPause(i int) int {
	for n := i; n < i+4; n++ {
		if s.isOne(n, "to", "and") {
			return n + 1
		}
	}
	return i - 2
}

// verbValue returns what the verb at i adds to a score and whether it is one of
// communicating or meeting.
func (s *sentence) verbValue(i int) (value float64, talks, ok bool) {
	c := s.class[i]
	switch {
	case s.communicatesAt(i):
		return talkValue, true, true
	case s.at(i) == "have" && s.deadline && s.isOne(i+1, "it", "them", "that", "those"), s.at(i) == "have" && s.isDelivered(i+1):
		return taskValue, false, true // "have the numbers for you"
	case s.at(i) == "have" && s.isCaused(i+1) > 0:
		return taskValue, s.is(s.isCaused(i+1), talk), true // "have John call you"
	case s.isEmpty(i):
		return weakValue, false, true
	case s.at(i) == "do" && s.isMark(i+1):
		return 0, false, false // "will do"
	case s.at(i) == "do" && (s.follows(i+1, "my", "best") || s.follows(i+1, "what") || s.follows(i+1, "our", "best")):
		return 0, false, false // it is said what one tries, not what one does
	case s.at(i) == "do" && (s.in(i+1, doObject) || s.isMe(i+1)), s.follows(i, "give", "it", "a"):
		if s.hasLaterTime {
			return unknownValue, false, true
		}
		return doItValue, false, true
	case s.isIdiom(i):
		return taskValue, false, true
	case c&aside != 0 && c&task == 0, c&state != 0:
		return 0, false, false
	case c&aside != 0 && s.addressesListener(i+1):
		return 0, false, false
	case c&talk != 0 && c&task == 0: // of the talk itself: "tell you", "talk about"
		return weakValue, false, !s.addressesListener(i + 1)
	case c&task != 0:
		return taskValue, false, true
	case c&weak != 0:
		return weakValue, false, true
	case c&vague != 0:
		return unknownValue, false, true
	case c&^(verb|gerund|agent|noun) != 0, !s.couldBeVerb(i):
		return 0, false, false
	}
	if s.isMark(i + 1) {
		return weakValue, false, true // "we'll cope"
	}
	if s.isParted(i) {
		return taskValue, false, true // "speed that up"
	}
	return unknownValue, false, true
}

// isCaused returns the verb that someone who is named from i on is made to do,
// as after "have" in "have John call you" and "have the IT group order it"; 0
// if there is none.
func (s *sentence) isCaused(i int) int {
	if !s.is(i, object|determiner) && !s.isCapital(i) {
		return 0
	}
	for n := i + 1; n <= i+3 && !s.isMark(n); n++ {
		if s.at(n+1) == "done" || s.at(n+1) == "ready" {
			return 0 // the landing page done
		}
		if s.is(n, talk|task) && (!s.is(n, gerund|noun|past) || s.is(n, talk) && s.is(n-1, agent)) && (n == i+1 || !s.is(n-1, determiner)) || n > i+1 && s.is(n, talk|task) && !s.is(n, gerund|past) && s.is(n+1, object) && !s.is(n-1, determiner) {
			return n
		}
		if s.is(n, object|determiner|auxiliary) && !s.isCapital(n) || s.isOne(n, "to", "of", "for", "in", "on", "with") {
			return 0
		}
	}
	return 0
}

// isEmpty reports whether the verb at i does nothing with what follows: "move
// on", "get to the point", "take this opportunity", "introduce myself".
func (s *sentence) isEmpty(i int) bool {
	switch s.at(i) {
	case "make":
		return s.follows(i+1, "it", "to")
	case "manage", "run":
		return s.isMark(i+1) || s.isOne(i+1, "now", "somehow")
	case "let":
		return s.at(i+1) == "you" && !s.isKnow(i+1)
	case "give":
		return s.is(i+1, object) && s.isOne(i+2, "a", "an") && s.isOne(i+3, "example", "idea", "second", "minute", "moment", "break", "chance")
	case "move":
		return s.at(i+1) == "on"
	case "stick":
		return s.at(i+1) == "to"
	case "hang":
		return s.at(i+1) == "on" && s.at(i+2) != "to"
	case "get":
		return s.at(i+1) == "to" || s.at(i+1) == "there" && s.isMark(i+2)
	case "pull":
		return s.at(i+1) == "up" && s.at(i+2) == "your"
	case "put":
		return s.at(i+2) == "way"
	case "take":
		return s.in(i+2, emptyObject) || s.isOne(i+1, "questions", "turns")
	}
	return s.isOne(i+1, "myself", "yourself", "ourselves")
}

// isDelivered reports whether from i on something is had for someone.
func (s *sentence) isDelivered(i int) bool {
	for n := i + 1; n < i+5 && !s.isMark(n); n++ {
		if s.isOne(n, "for", "to") && s.isOne(n+1, "you", "them", "him", "her") || s.isOne(n, "on", "in", "with") && s.isOne(n+1, "your", "you", "their") {
			return true
		}
		if n <= i+2 && (s.is(n-1, object|determiner) || s.at(n-1) == "one") && (s.isOne(n, "ready", "done", "sent", "finished", "fixed", "over", "up") || s.is(n, past) && !s.is(n, task) && s.endsThing(n+1)) {
			return true
		}
	}
	return false
}

// couldBeVerb reports whether an unknown word at i may be a verb in its base
// form.
func (s *sentence) couldBeVerb(i int) bool {
	if i < 0 || i >= len(s.words) {
		return false
	}
	word := s.words[i].Lower
	if len(word) < 3 || s.isCapital(i) || s.is(i, gerund) || word[0] < 'a' || word[0] > 'z' {
		return false
	}
	if strings.HasSuffix(word, "eed") {
		return true // "speed", "feed"
	}
	for _, ending := range s.vocabulary.notVerbEndings {
		if strings.HasSuffix(word, ending) {
			return false
		}
	}
	return !s.in(i, notVerb)
}

// isIdiom reports whether the verb at i, weak or vague by itself, is one of
// doing with what follows.
func (s *sentence) isIdiom(i int) bool {
	next := s.at(i + 1)
	if s.hasParticle(i) || s.isDoneWith(i) {
		return true
	}
	switch s.at(i) {
	case "get":
		return s.isSomeOf(i) || s.is(i+1, object|determiner) || s.isOne(i+1, "back", "rid", "started")
	case "go":
		return s.isOne(i+1, "over", "through") || s.at(i+1) == "ahead" && s.isOne(i+2, "with", "and")
	case "look":
		return s.isOne(i+1, "into", "up", "over", "at") || next == "for" && s.hasTime
	case "take":
		return !s.isOne(i+1, "place", "part")
	case "give", "set", "use", "follow", "grab", "fetch":
		return s.is(i+1, object|determiner) || next == "up" || s.isCapital(i+1)
	case "keep":
		if s.isOne(i+2, "fingers", "word") {
			return false
		}
		return s.at(i+1) == "it" && s.isKeptUntil(i+2) || next == "track" || next == "pushing" || s.follows(i+1, "an", "eye") || s.isOne(i+1, "the", "them", "my", "your", "a", "him", "her") && !s.isKeptInMind(i+2)
	case "leave":
		return s.is(i+1, determiner) && !s.isOne(i+2, "room", "house", "office", "building", "meeting", "country", "company", "mike", "microphone") || s.isMe(i+1) && s.is(i+2, determiner)
	case "think":
		return next == "through" || next == "about" && (s.hasTime || s.is(i+2, wh|gerund))

	case "come":
		return s.follows(i+1, "up", "with")
	case "start":
		return next == "on"
	case "stop":
		return s.is(i+1, determiner) && !s.is(i+1, object) || s.at(i+1) == "by" || s.is(i+1, gerund) && s.is(i+1, talk|task|vague)
	case "see":
		return s.isOne(i+1, "if", "whether", "by", "what", "about") || next == "to" && (s.isOne(i+2, "it", "that") || s.is(i+2, determiner))
	case "focus", "concentrate":
		return next == "on"
	case "have":
		return s.isDoneTo(i+1) || s.at(i+1) == "a" && s.isOne(i+2, "look", "go", "think") || s.isOne(i+2, "quick", "closer", "good") && s.at(i+3) == "look"
	case "drive":
		return s.is(i+1, object) || s.isCapital(i+1) || next == "to" && s.hasTime
	}
	return false
}

// isDoneWith reports whether the verb at i is one of doing with what stands right behind it:
// "note it on the slip", "let him in", "try it on a copy".
func (s *sentence) isDoneWith(i int) bool {
	switch s.at(i) {
	case "note":
		return s.is(i+1, object) && s.isOne(i+2, "on", "in", "down")
	case "let":
		return s.isPerson(i+1) && s.isOne(i+2, "in", "out", "through", "off") || s.isMe(i+1) && s.at(i+2) == "have"
	case "looking":
		return s.at(i-1) == "mind" && s.isOne(i+1, "at", "into", "over", "after")
	case "stay", "keep":
		return s.follows(i+1, "on", "top", "of")
	case "see":
		return s.at(i+1) == "that" && !s.isMark(i+2)
	case "try":
		return s.at(i+1) == "again" || s.isTriedOut(i)
	}
	return false
}

// isKeptInMind reports whether what stands from i on is only remembered: "it in mind".
func (s *sentence) isKeptInMind(i int) bool {
	for n := i; n < i+4 && !s.isMark(n); n++ {
		if s.isOne(n, "mind", "going", "short", "simple", "quiet") || s.is(n, gerund) {
			return true
		}
	}
	return false
}

// isDoneTo reports whether a thing that something is done to stands from i on,
// as after "have" in "have two copies executed" or "have the report ready".
func (s *sentence) isDoneTo(i int) bool {
	if !s.is(i, determiner) && !s.is(i, object) {
		return false
	}
	for n := i + 1; n < i+5 && !s.isMark(n); n++ {
		if s.is(n, past) && (n > i+1 || s.is(i, object)) || s.isOne(n, "ready", "available") {
			return true
		}
	}
	return false
}
