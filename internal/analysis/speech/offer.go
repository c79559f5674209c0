package speech

// readOffer notes whether the sentence offers something to whoever may need it.
func (s *sentence) readOffer() {
	for i, form := range s.forms {
		switch form {
		case "if", "should":
			s.offersHelp = s.offersHelp || s.isOffer(i+1)
			s.leavesChoice = s.leavesChoice || s.isChoice(i+1)
		case "any":
			s.offersHelp = s.offersHelp || s.isTrouble(i+1) && s.at(i-1) == "with"
		}
	}
}

// isOffer reports whether a clause from i on, after "if", offers help: "you
// have any questions", "there are any problems", "we can be of help".
func (s *sentence) isOffer(i int) bool {
	for n := i; n < i+maxDistance && n < len(s.words) && !s.isMark(n); n++ {
		if s.isTrouble(n) && (s.isOne(n-1, "any", "further", "additional", "have") || s.at(n-2) == "any") {
			return true
		}
		if s.isOne(n, "help", "assistance") && s.at(n-1) == "of" {
			return true
		}
		if s.at(n) == "anything" && s.at(n-1) == "need" {
			return true
		}
		if n == i+1 && s.isOne(n, "can", "may") && s.isOne(i, "i", "we") && s.isOne(s.skip(n+1, adverb), "help", "assist", "provide", "offer") {
			return true
		}
	}
	return false
}

// isChoice reports whether the clause from i on, after "if", leaves it to the
// reader, or picks readers: "you want to", "you'd like", "you know someone".
func (s *sentence) isChoice(i int) bool {
	switch s.at(i) {
	case "you'd":
		return s.at(i+1) == "like"
	case "you":
		verb := i + 1
		if s.isOne(verb, "would", "don't") {
			verb++
		}
		return s.in(verb, choice) && !s.isMe(verb+1)
	}
	return false
}

// isPointer reports whether the word at i points to something on a page: "the
// link below", "go here:".
func (s *sentence) isPointer(i int) bool {
	switch s.at(i) {
	case "below":
		return s.in(i-1, pointer)
	case ":":
		return s.at(i-1) == "here"
	case "here":
		return s.isOne(i-1, "click", "tap", "visit")
	}
	return false
}

// isReferral reports whether the verb at i sends readers to a service: "contact
// us", "call your doctor directly".
func (s *sentence) isReferral(i int) bool {
	i = s.skipPrefix(i)
	switch s.at(i) {
	case "contact", "consult":
		if s.at(i+1) == "us" || s.is(i+1, determiner) && !s.is(i+1, object) {
			return true
		}
	case "call", "email", "mail", "notify":
		if s.at(i+1) == "our" {
			return true
		}
	default:
		return false
	}
	for n := i + 1; n < i+5 && !s.isMark(n); n++ {
		if s.at(n) == "directly" {
			return true
		}
	}
	return false
}

func (s *sentence) isTrouble(i int) bool {
	return s.in(i, trouble)
}

// isForEveryone reports whether a request at i is made to whoever it may
// concern: by a page or a mailing ("click the link below"), to turn to a service
// ("please contact us"), or after a condition, as in "when you are ready, please" and "to unsubscribe, please".
func (s *sentence) isForEveryone(i int) bool {
	if s.pageText || s.isReferral(s.skip(i, adverb)) {
		return true
	}
	if i < 3 {
		return false
	}
	if s.at(0) == "when" && s.at(1) == "you" {
		return !s.isOne(2, "get", "have", "return") // "when you get a chance"
	}
	return s.at(0) == "to" && s.couldBeVerb(1) || s.at(0) == "for" && s.in(1, detail)
}
