package speech

// communicatesAt reports whether the verb at i is one of communicating or meeting, by
// itself or with what follows it.
func (s *sentence) communicatesAt(i int) bool {
	next := s.at(i + 1)
	switch s.at(i) {
	case "followup":
		return true
	case "reconvene":
		return s.hasLaterTime
	case "alert":
		return s.is(i+1, object|determiner) || s.looksLikeName(i+1)
	case "talk", "speak", "talking", "speaking", "chat":
		if next == "for" {
			return false
		}
		return s.hasTime && s.at(i+1) != "about" || s.isOne(i-1, "to", "let's") || s.is(i-1, auxiliary) && s.isMark(i+1) || !s.isOne(i+1, "about", "more", "through") && !s.isMark(i+1) && !s.is(i+1, determiner)
	case "mention":
		return s.isMentioned(i) || s.isWayOfTalking(i)
	case "page":
		return s.is(i+1, object) && !s.is(i+1, determiner)
	case "call", "calling":
		return !s.isNaming(i)
	case "tell", "ask", "remind", "warn":
		if next == "you" && s.isToldLater(i) {
			return true
		}
		return next != "you" && next != "for" && !s.isMark(i+1)
	case "update":
		return s.is(i+1, object) && !s.is(i+1, determiner) || s.looksLikeName(i+1) || s.is(i+1, determiner) && s.isOne(i+2, "group", "team", "board", "committee", "client", "clients", "parents", "members", "others", "crew")
	case "meet", "meeting", "sync":
		return !s.isOne(i+1, "the", "deadline", "requirements")
	case "report":
		if s.is(i+1, determiner|object) && s.isToldTo(i+1) || next == "to" && (s.isPerson(i+2) || s.is(i+2, determiner)) {
			return true
		}
	case "schedule":
		return !s.isMark(i+1) || s.at(i-1) == "please"
	}
	if s.in(i, contact) {
		return !s.isMark(i + 1)
	}
	if s.at(i) == "introduce" && s.isOne(i+1, "you", "me", "us") {
		return true
	}
	if s.in(i, mentioning) && s.isMentioned(i) || s.reachesSomebody(i) {
		return true
	}
	if s.in(i, toPerson) && (s.isPerson(i+1) || s.is(i+1, determiner) && s.isOne(i+2, "rest", "others")) || s.in(i, withPerson) && s.isWithPerson(i+1) {
		return true
	}
	return s.is(i, talk) || s.isTalkIdiom(i) || s.isWayOfTalking(i) || s.is(i, carrier) && s.isTalkNoun(i)
}

// reachesSomebody reports whether the verb at i, which is of anything, is of communicating or
// meeting with what follows it: "make sure support knows", "get him on the phone".
func (s *sentence) reachesSomebody(i int) bool {
	switch s.at(i) {
	case "make":
		return s.at(i+1) == "sure" && s.isKnow(i+1)
	case "get":
		return s.isOnLine(i)
	case "see":
		return s.follows(i+1, "each", "other")
	}
	return false
}

// isToldLater reports whether the verb at i says that the one who is spoken to will be told
// at another time: "we'll tell you on Thursday".
func (s *sentence) isToldLater(i int) bool {
	return s.at(i) == "tell" && s.hasLaterTime && s.isOne(s.back(i-1), "will", "i'll", "we'll", "he'll", "she'll", "they'll")
}

// isPerson reports whether somebody who is named, or a pronoun for people, stands at i.
func (s *sentence) isPerson(i int) bool {
	if s.isOne(i, "him", "her", "them", "everyone", "everybody") && (s.at(i) != "her" || s.isMark(i+1) || s.isOne(i+1, "from", "about", "for", "with", "to", "by", "again", "through", "before", "after") || s.class[i+1]&^(talk|task|noun|agent|common) != 0) {
		return true
	}
	if s.is(i, determiner) {
		return s.is(i+1, agent) && s.at(i+2) != "'"
	}
	return s.isMember(i) || s.looksLikeName(i) || s.in(i, title) && s.isCapital(i)
}

// isWithPerson reports whether a thing is gone through with somebody from i on: "it with
// Ann", "the dates with the caterer".
func (s *sentence) isWithPerson(i int) bool {
	for n := i; n < i+5 && !s.isMark(n) && !s.is(n, ends|auxiliary); n++ {
		if s.at(n) == "with" || s.isOne(n, "past", "by") && s.at(i-1) == "run" {
			return s.isPerson(n+1) || s.isMe(n+1) || s.at(n+1) == "you" || s.isOne(n+1, "the", "our", "my", "your") && s.is(n+2, agent)
		}
	}
	return false
}

// isOnLine reports whether the verb at i has somebody come to a call: "get the client on the
// phone".
func (s *sentence) isOnLine(i int) bool {
	for n := i + 2; n < i+6 && !s.isMark(n); n++ {
		if s.follows(n, "on", "the") {
			return s.isOne(n+2, "phone", "line", "call", "bridge")
		}
	}
	return false
}

// isToldTo reports whether what stands from i on is told: to whom, or where it is
// read.
func (s *sentence) isToldTo(i int) bool {
	for n := i; n < i+5 && !s.isMark(n); n++ {
		if s.isOne(n, "to", "here", "back", "results", "result") {
			return true
		}
	}
	return false
}

// isMentioned reports whether the verb at i names whom something is said to:
// "mention it to him".
func (s *sentence) isMentioned(i int) bool {
	for n := i + 1; n < i+5 && !s.isMark(n); n++ {
		if s.at(n) == "to" {
			return s.isOne(n+1, "him", "her", "them") || s.looksLikeName(n+1) || s.is(n+1, determiner) && s.is(n+2, agent)
		}
	}
	return false
}

// isNaming reports whether "call" at i gives a name: "let's call it a day".
func (s *sentence) isNaming(i int) bool {
	if s.is(i+1, object) && s.isOne(i+2, "a", "an") {
		return true
	}
	return s.isOne(i+1, "it", "this", "that", "them") && !s.isMark(i+2) && !s.is(i+2, due|adverb|ends|opener|subject) &&
		!s.in(i+2, afterCall)
}

// isKnow reports whether someone comes to know from i on, as after "let": "me
// know", "the team know".
func (s *sentence) isKnow(i int) bool {
	for n := i + 1; n <= i+4 && !s.isMark(n-1); n++ {
		if s.at(n) == "know" || s.at(n) == "knows" {
			return true
		}
	}
	return false
}

// isInformed reports whether someone is kept informed from i on, as after
// "keep".
func (s *sentence) isInformed(i int) bool {
	for n := i + 1; n <= i+4 && !s.isMark(n-1); n++ {
		if s.in(n, informed) {
			return true
		}
		if s.at(n) == "loop" {
			return s.at(n-1) == "the"
		}
	}
	return false
}

// isTalkNoun reports whether the verb at i has a meeting or a message for its
// object.
func (s *sentence) isTalkNoun(i int) bool {
	if s.isCapital(i+1) && s.is(i+2, auxiliary) {
		return false
	}
	for n := i + 1; n <= i+7 && (!s.isMark(n) || s.at(n) == "-" || s.at(n) == "("); n++ {
		if s.is(n, auxiliary|ends) || s.in(n, clausePreposition) {
			return false
		}
		if s.follows(n, "round", "table") {
			return true
		}
		if s.isOtherThing(i, n) {
			return false
		}
		if s.is(n, noun) && !s.is(n+1, noun) && !s.isPartOf(n+1) || s.isMeetingTime(i, n) {
			return true
		}
	}
	return false
}

// isOtherThing reports whether the verb at i does something with the noun at n
// that is no talk: "give a talk", "make a note", "make the meeting", "move the message".
func (s *sentence) isOtherThing(i, n int) bool {
	switch s.at(i) {
	case "give", "giving":
		return s.isOne(n, "talk", "text")
	case "put", "putting":
		return s.at(n) == "line"
	case "make", "making":
		return s.in(n, made)
	}
	return s.in(i, handling) && s.in(n, message)
}

// isMeetingTime reports whether the noun at n is a time that the verb at i sets
// for something: "set up a time".
func (s *sentence) isMeetingTime(i, n int) bool {
	return s.in(i, arranging) && s.in(n, slot)
}

// isPartOf reports whether a noun at i shows that the one before only describes
// it: "meeting room", "phone number", "meeting minutes".
func (s *sentence) isPartOf(i int) bool {
	return s.in(i, partNoun)
}

// communicatesLater reports whether a second verb of what somebody is to do, from i on, is
// one of communicating: "stay to meet with them", "check it and call Bob".
func (s *sentence) communicatesLater(i int) bool {
	within := false // a clause of its own: "see what I can do and call you"
	for n := i; n < i+2*maxDistance && n < len(s.words) && !s.isClauseEnd(n) && s.at(n) != "please"; n++ {
		within = within || s.is(n, wh) || s.is(n, subject|auxiliary) && !s.is(n, object|determiner)
		if s.at(n) != "and" && (s.at(n) != "to" || within) {
			continue
		}
		verb := s.skip(n+1, adverb)
		if verb < len(s.words) && s.communicatesAt(verb) && (s.at(n) == "and" || s.is(verb, talk) || s.follows(verb, "get", "together")) && !s.is(verb, gerund) && s.isActed(verb) {
			return true
		}
	}
	return false
}

// isActed reports whether the word at i, which may be a noun as well as a verb,
// has what a verb has after it.
func (s *sentence) isActed(i int) bool {
	if !s.is(i, noun) {
		return true
	}
	return s.is(i+1, object|determiner) || s.isCapital(i+1) || s.isOne(i+1, "with", "to")
}

// addressesListener reports whether the one who is spoken to stands at i.
func (s *sentence) addressesListener(i int) bool { return s.isOne(i, "you", "that", "again") }
