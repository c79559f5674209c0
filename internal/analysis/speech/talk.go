package speech

// talksAt reports whether the verb at i is one of communicating or meeting, by
// itself or with what follows it.
func (s *sentence) talksAt(i int) bool {
	next := s.at(i + 1)
	switch s.at(i) {
	case "followup":
		return true
	case "talk", "speak", "talking", "speaking", "chat":
		return s.dated || s.at(i-1) == "to" || next != "about" && next != "more"
	case "tell", "ask", "remind":
		return next != "you" && next != "for" && !s.isMark(i+1)
	case "update":
		return s.is(i+1, object) && !s.is(i+1, determiner) || s.isCapital(i+1)
	case "meet", "meeting", "sync":
		return !s.isOne(i+1, "the", "deadline", "requirements")
	case "schedule", "text", "mail", "message", "phone", "ring", "brief", "contact":
		return !s.isMark(i + 1)
	case "get", "getting":
		return s.getsInTouch(i) || s.isTalkNoun(i)
	case "be", "stay", "keep":
		return s.follows(i+1, "in", "touch") || s.follows(i+1, "back", "in", "touch") || s.isInformed(i+1)
	case "let", "letting":
		return s.isKnow(i + 1)
	case "set", "setting", "put", "arrange", "arranging", "book", "booking", "organise", "organize", "plan", "planning",
		"make", "making", "have", "having", "hold", "holding", "do", "doing", "send", "sending", "drop", "shoot",
		"leave", "leaving", "give", "giving", "return", "returning", "grab", "cancel", "confirm", "move":
		return s.isTalkNoun(i)
	}
	return s.is(i, talk) || s.isTalkIdiom(i)
}

// isTalkIdiom reports whether the verb at i, none of communicating by itself,
// is one with what follows: "check with", "touch base", "find out from".
func (s *sentence) isTalkIdiom(i int) bool {
	next, after := s.at(i+1), s.at(i+2)
	switch s.at(i) {
	case "follow", "following":
		return next == "up" || next == "-" && after == "up"
	case "reach", "reaching":
		return next == "out" || s.is(i+1, object) && after == "at"
	case "see":
		return s.is(i+1, object) && (after == "about" || s.follows(i+2, "to", "discuss"))
	case "touch":
		return next == "base"
	case "check", "checking":
		return next == "with" || next == "back" || next == "in" && after == "with"
	case "circle", "catch", "catching":
		return s.isOne(i+1, "back", "up") || s.is(i+1, object) && !s.is(i+1, determiner)
	case "connect":
		return next == "with" || s.is(i+1, object)
	case "find":
		return next == "out" && after == "from"
	case "write":
		return s.isOne(i+1, "to", "back", "me", "us", "him", "her", "them", "you")
	case "report", "reporting", "come", "coming", "hear":
		return next == "back" && s.isOne(i+2, "to", "with", "from")
	case "visit", "visiting":
		return next == "with"
	case "hook":
		return next == "up" && after == "with"
	}
	return false
}

// getsInTouch reports whether "get" at i means talking: "get back to you", "get
// in touch", "get together", "get hold of", "get with".
func (s *sentence) getsInTouch(i int) bool {
	if s.is(i+1, object) {
		i++ // "get him on the phone"
		return s.follows(i+1, "on", "the", "phone")
	}
	switch s.at(i + 1) {
	case "back":
		return s.isOne(i+2, "to", "with", "in")
	case "in":
		return s.isOne(i+2, "touch", "contact")
	case "hold":
		return s.at(i+2) == "of"
	case "ahold", "together", "with":
		return true
	}
	return false
}

// isKnow reports whether someone comes to know from i on, as after "let": "me
// know", "the team know".
func (s *sentence) isKnow(i int) bool {
	for n := i + 1; n <= i+4 && !s.isMark(n-1); n++ {
		if s.at(n) == "know" {
			return true
		}
	}
	return false
}

// isInformed reports whether someone is kept informed from i on, as after
// "keep".
func (s *sentence) isInformed(i int) bool {
	for n := i + 1; n <= i+4 && !s.isMark(n-1); n++ {
		switch s.at(n) {
		case "informed", "posted", "updated", "apprised":
			return true
		case "loop":
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
	for n := i + 1; n <= i+6 && (!s.isMark(n) || s.at(n) == "-" || s.at(n) == "("); n++ {
		if s.isOne(n, "to", "for", "about", "from") {
			return false
		}
		if s.is(n, noun) && !s.is(n+1, noun) && !s.isPartOf(n+1) {
			return true
		}
	}
	return false
}

// isPartOf reports whether a noun at i shows that the one before only describes
// it: "meeting room", "phone number", "meeting minutes".
func (s *sentence) isPartOf(i int) bool {
	return s.isOne(i, "room", "rooms", "number", "numbers", "minutes", "notes", "address", "addresses", "agenda", "list",
		"center", "centre", "in", "item", "items")
}

// talksLater reports whether a second verb of what is to be done, from i on, is
// one of communicating: "stay to meet with them", "check it and call Bob".
func (s *sentence) talksLater(i int) bool {
	for n := i; n < i+reach && n < len(s.words); n++ {
		if s.isClauseEnd(n) {
			return false
		}
		if s.at(n) != "to" && s.at(n) != "and" {
			continue
		}
		verb := s.skip(n+1, adverb)
		if verb < len(s.words) && s.talksAt(verb) && (s.at(n) == "and" || s.is(verb, talk)) && !s.is(verb, gerund) && s.isActed(verb) {
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
	return s.is(i+1, object|determiner) || s.isCapital(i+1) || s.at(i+1) == "with"
}

// speaksTo reports whether the one who is spoken to stands at i.
func (s *sentence) speaksTo(i int) bool { return s.isOne(i, "you", "that", "again") }
