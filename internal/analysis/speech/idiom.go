package speech

// isTalkIdiom reports whether the verb at i, not of communicating by itself,
// is one with what follows: "check with", "touch base", "find out from".
func (s *sentence) isTalkIdiom(i int) bool {
	next, after := s.at(i+1), s.at(i+2)
	if s.talksWithParticle(i) || s.isWordPassed(i) {
		return true
	}
	switch s.at(i) {
	case "be", "stay", "keep":
		return next == "in" && s.isOne(i+2, "touch", "contact") || s.follows(i+1, "back", "in", "touch") || s.at(i) != "stay" && s.isInformed(i+1)
	case "let", "letting":
		return s.isKnow(i + 1)
	case "get", "getting":
		return s.getsInTouch(i)
	case "make", "making":
		return next == "contact" || s.isOne(i+1, "it", "this", "that") && s.follows(i+2, "clear", "to")
	case "follow", "following":
		return next == "up" || next == "-" && after == "up"
	case "reach", "reaching":
		return next == "out" || s.is(i+1, object) && after == "at"
	case "see":
		if s.isPerson(i+1) && (s.isOne(i-1, "go", "come") || s.isOne(i-1, "and", "to") && s.isOne(i-2, "go", "come")) {
			return true // "I'll go and see him"
		}
		return s.isMe(i+1) || s.hasLaterTime && s.isOne(i+1, "him", "her", "them") && s.isOne(s.back(i-1), "let's", "will", "to", "i'll", "we'll") || s.is(i+1, object) && (after == "about" || s.follows(i+2, "to", "discuss"))
	case "copy", "copying":
		return s.is(i+1, object) && !s.is(i+1, determiner) && !s.isOne(i+1, "it", "that", "them")
	}
	return s.isSocialIdiom(i)
}

// isSocialIdiom reports whether the verb at i is one of talking or of arranging to meet
// with what follows: "touch base", "book you in", "loop him in".
func (s *sentence) isSocialIdiom(i int) bool {
	next, after := s.at(i+1), s.at(i+2)
	switch s.at(i) {
	case "touch":
		return next == "base"
	case "book", "pencil", "squeeze", "slot":
		return s.isOne(i+1, "you", "him", "her", "them", "me", "us") && s.isOne(i+2, "in", "down") || next == "in" && s.isOne(i+2, "with", "for")
	case "give":
		return s.isPerson(i+1) && s.at(i+2) == "a" && s.isOne(i+3, "nudge", "poke", "hint")
	case "confirm":
		return s.is(i+1, due) || s.isOne(i+1, "by", "to", "whether")
	case "pass", "passing":
		return s.isOne(i+1, "it", "that", "this") && s.isOne(i+2, "on", "along") || s.follows(i+1, "on", "the") && s.isOne(i+3, "message", "news", "word")
	case "have":
		return s.isOne(i+1, "a") && s.isOne(i+2, "word", "chat") || s.isOne(i+2, "quick", "little") && s.isOne(i+3, "word", "chat")
	case "check", "checking":
		return next == "with" || next == "back" || next == "in" && after == "with"
	case "grab":
		return s.isMe(i + 1)
	case "drop", "stop", "swing", "dropping", "stopping":
		return next == "by" && !s.isOne(i+2, "the", "a", "an") && !s.is(i+2, gerund)
	case "run", "running":
		return s.is(i+1, object) && s.isOne(i+2, "by", "past")
	case "loop":
		return next == "in" || after == "in" || s.at(i+3) == "in"
	case "compare", "comparing":
		return next == "notes"
	case "bring":
		return s.follows(i+2, "up", "to", "speed") || s.isOne(i+1, "it", "this", "that") && s.at(i+2) == "up" && (s.isOne(i+3, "with", "in", "at", "on", "again", "then") || s.isMark(i+3) && (s.is(i-1, auxiliary) || s.isOne(i-1, "i'll", "we'll", "to")))
	case "pick":
		return s.isOne(i+1, "it", "this", "that") && s.at(i+2) == "up" && (s.isOne(i+3, "again", "with") || s.is(i+3, due) || s.isOne(i+3, "on", "next") && s.is(i+4, due))
	case "take":
		return s.isOne(i+1, "it", "this", "that") && (s.isOne(i+2, "offline") || s.follows(i+2, "up", "with"))
	case "try":
		return s.isOne(i+1, "him", "her", "them") && (after == "again" || s.is(i+2, due))
	case "spend":
		return s.isTalkTime(i)
	case "fill", "filling":
		return s.isOne(i+1, "me", "us", "you", "him", "her", "them") && after == "in"
	}
	return s.isTellingIdiom(i) || s.isMeetingIdiom(i)
}

// isWordPassed reports whether the verb at i passes word to someone: "break the news to her",
// "pass the message on", "put in a word", "raise it at the meeting", "pick your brain".
func (s *sentence) isWordPassed(i int) bool {
	switch s.at(i) {
	case "break":
		return s.follows(i+1, "the", "news")
	case "pass":
		return s.is(i+1, determiner) && s.isOne(i+2, "message", "news", "word") && s.isOne(i+3, "on", "along")
	case "put":
		return s.follows(i+1, "in", "a") && (s.at(i+3) == "word" || s.at(i+4) == "word")
	case "raise":
		return s.isOne(i+1, "it", "that", "this") && s.isOne(i+2, "at", "in", "during", "there")
	case "pick":
		return s.isOne(i+2, "brain", "brains")
	case "visit":
		return s.isOne(i+1, "him", "them") || s.is(i+1, determiner) && s.is(i+2, agent)
	case "give":
		return s.isOne(i+1, "my", "our") && s.isOne(i+2, "regards", "best", "love", "apologies") || s.isPerson(i+1) && s.at(i+2) == "a" && s.at(i+3) == "bell"
	}
	return false
}

// isTellingIdiom reports whether the verb at i is one of telling with what follows: "walk
// you through", "explain it to Ann".
func (s *sentence) isTellingIdiom(i int) bool {
	switch s.at(i) {
	case "explain":
		return s.at(i+1) == "to" && !s.isMe(i+2) || s.isWithTo(i+1)
	case "sound":
		return s.is(i+1, object) && s.at(i+2) == "out"
	case "warn":
		return s.isPerson(i+1) || s.isOne(i+1, "the", "our", "my") && s.is(i+2, agent)
	case "walk", "talk":
		return s.isOne(i+1, "you", "him", "her", "them") && s.at(i+2) == "through"
	case "apologise", "apologize":
		return s.at(i+1) == "to" && (s.isPerson(i+2) || s.is(i+2, determiner))
	}
	return false
}

// isWithTo reports whether from i on it is said to whom, who is named: "it to Ann".
func (s *sentence) isWithTo(i int) bool {
	for n := i; n < i+5 && !s.isMark(n); n++ {
		if s.at(n) == "to" {
			return s.isPerson(n + 1)
		}
	}
	return false
}

// isMeetingIdiom reports whether the verb at i is one of meeting or of being in
// touch with what follows: "catch up", "sit down with", "dial into".
func (s *sentence) isMeetingIdiom(i int) bool {
	next, after := s.at(i+1), s.at(i+2)
	switch s.at(i) {
	case "circle", "catch", "catching":
		return s.isOne(i+1, "back", "up") || s.is(i+1, object) && !s.is(i+1, determiner) || s.isPerson(i+1)
	case "connect":
		return next == "with" || s.is(i+1, object|due) || s.isCapital(i+1)
	case "conference", "dial":
		return s.isOne(i+1, "in", "into")
	case "put":
		if (s.isOne(i+1, "him", "her", "them") || s.isPerson(i+1)) && after == "through" {
			return true
		}
		return s.is(i+1, object) && (after == "in" || s.isCrowd(i+2)) && (s.at(i+2) == "in" || s.at(i+3) == "in") && s.isOne(i+4, "touch", "contact") || s.is(i+1, object) && after == "in" && s.isOne(i+3, "touch", "contact")
	case "sit":
		return next == "with" || next == "down" && s.isOne(i+2, "with", "and", "to")
	case "buy":
		return s.is(i+1, object) && (s.isOne(i+2, "lunch", "dinner", "coffee") || s.isOne(i+3, "lunch", "dinner", "coffee"))
	case "hear":
		return next == "from" && s.is(i+2, object) || next == "back" && after == "from"
	case "go":
		return next == "back" && after == "to" && s.isOne(i+3, "him", "her", "them") || next == "over" && (s.at(i+3) == "with" || s.at(i+4) == "with") || s.isOne(i+2, "lunch", "dinner") || s.isOne(i+3, "lunch", "dinner")
	case "find":
		return next == "out" && after == "from"
	case "write", "writing":
		if s.is(i+1, object) && s.is(i+2, determiner) && !s.isOne(i+3, "letter", "line", "note", "mail", "email", "message", "few", "reply", "card") {
			return false // "write me a plan"
		}
		return s.isOne(i+1, "to", "back", "me", "us", "him", "her", "you") || s.at(i+1) == "them" && (s.isMark(i+2) || s.isOne(i+2, "a", "an", "about", "and", "back"))
	case "report", "reporting":
		return next == "back" && (s.isOne(i+2, "to", "with") || s.isMark(i+2) || s.is(i+2, due))
	case "come", "coming":
		return next == "by" || s.hasLaterTime && (s.isOne(i-1, "please", "you", "to", "and") || s.starts[i]) && s.isOne(i+1, "back", "in", "over", "round", "around") || next == "back" && s.isOne(i+2, "to", "with")
	case "visit", "visiting":
		return next == "with"
	case "pop":
		return s.isOne(i+1, "in", "over", "round", "by")
	case "hook":
		return next == "up" && after == "with"
	}
	return false
}

// isSomeone reports whether the phrase at i is for people rather than for a thing,
// as "the team" but not "the plan".
func (s *sentence) isSomeone(i int) bool {
	return !s.is(i, determiner) || s.isMark(i+1) || s.is(i+1, agent)
}

// isTalkTime reports whether the time that the verb at i spends goes on talking:
// "spend some time discussing it".
func (s *sentence) isTalkTime(i int) bool {
	for n := i + 1; n <= i+5 && !s.isMark(n); n++ {
		if s.is(n, gerund) {
			return s.communicatesAt(n)
		}
	}
	return false
}

// getsInTouch reports whether "get" at i means talking: "get back to you", "get
// in touch", "get together", "get hold of", "get with".
func (s *sentence) getsInTouch(i int) bool {
	if s.is(i+1, object) {
		i++ // "get him on the phone"
		return s.follows(i+1, "on", "the", "phone") || s.isOne(i+1, "scheduled", "rescheduled")
	}
	switch s.at(i + 1) {
	case "back":
		return s.isOne(i+2, "to", "with", "in") && s.at(i+3) != "work" && s.isSomeone(i+3)
	case "in":
		return s.isOne(i+2, "touch", "contact")
	case "hold":
		return s.at(i+2) == "of"
	case "together":
		return !s.isOne(i+2, "a", "an", "the", "all")
	case "caught":
		return s.at(i+2) == "up"
	case "on":
		return s.isOne(i+2, "the", "a") && s.isOne(i+3, "phone", "call")
	case "ahold", "with":
		return true
	case "after":
		return s.isPerson(i + 2)
	}
	return false
}
