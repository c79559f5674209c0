package speech

// requestQuestion returns the score of a question at i that asks someone to do
// something, and where what is asked for begins.
func (s *sentence) requestQuestion(i int, d *action) (score float64, from int, ok bool) {
	subject := s.skip(i+1, adverb)
	if s.follows(i+1, "all", "of") {
		subject = i + 1
	}
	from = subject + 1
	if s.isCrowd(from) {
		from++ // "you two"
	}
	if s.at(from) == "rather" {
		return 0, 0, false
	}
	from = s.skip(from, adverb)
	switch s.at(subject) {
	case "you":
		score, ok = s.requestOfYou(i, from)
		return score, from, ok
	case "someone", "somebody", "anyone", "anybody", "everyone", "everybody":
		d.assignee.kind = Nobody
		return canSomeone, s.afterMind(from), !s.isAnswer(from)
	case "one", "any", "either", "all", "both", "each":
		d.assignee.kind = Nobody
		return canSomeone, from + 2, s.at(subject+1) == "of" && s.isOne(subject+2, "you", "us")
	case "he", "she":
		if s.inQuestion(i) && s.isOne(i, "could", "can") && !s.followsQuestionWord(i) && s.is(from, talk) && s.communicatesAt(from) && !s.isMe(from+1) {
			d.assignee = person{kind: Third, at: subject}
			return canSomeone, from, true
		}
	case "we", "i":
		if s.at(from) == "see" && s.isOne(i, "can", "could", "may") && s.at(subject) == "i" && s.is(from+1, determiner) && s.getsDeliverable(from) && s.starts[i] {
			return canSomeone, from, true
		}
		if s.isOne(from, "get", "have") && !s.isOne(i, "will", "won't", "would") && (s.is(from+1, determiner) || s.endsPolitely()) && (s.starts[i] || s.inQuestion(i)) {
			return canSomeone, from, s.at(subject) == "i" || s.endsPolitely() || s.deadline || s.getsDeliverable(from) // "could I get a list"
		}
		d.assignee.kind = Group
		if s.at(subject) == "i" {
			return 0, 0, false
		}
		return canWe, from, (s.at(i) == "can" || s.at(i) == "could") && !s.isInTime(from)
	}
	if role := subject + 1; s.asksRole(i, role) {
		d.assignee = person{kind: Third, name: Span{s.words[subject].Start, s.words[role].End}, at: subject}
		return canSomeone, role + 1, true
	}
	if s.starts[i] && (s.isMember(subject) || s.looksLikeName(subject)) && s.at(i) != "would" {
		d.assignee = person{kind: Third, name: Span{s.words[subject].Start, s.words[subject].End}, at: subject}
		return canSomeone, from, true
	}
	return 0, 0, false
}

// afterMind returns where what is asked for begins behind "mind" at i: "would anyone mind
// storing them".
func (s *sentence) afterMind(i int) int {
	if s.at(i) == "mind" && s.is(i+1, gerund) {
		return i + 1
	}
	return i
}

// asksRole reports whether the question at i asks that one with the role at role does
// something: "could your driver ring me".
func (s *sentence) asksRole(i, role int) bool {
	verb := role + 1
	if !s.starts[i] || s.isOne(i, "would", "will") || !s.is(role-1, determiner) || !s.is(role, agent) && !s.isTrade(role) {
		return false
	}
	return s.is(verb, talk) || !s.is(verb, adverb|noun) && (s.is(verb, task) || s.couldBeVerb(verb))
}

// requestOfYou returns the score of a question at i that asks "you" to do what begins
// at from.
func (s *sentence) requestOfYou(i, from int) (score float64, ok bool) {
	if s.isAnswer(from) || s.isInTime(from) || s.at(from) == "be" && !s.isOne(from+1, "willing", "able", "so", "kind", "good") || s.followsQuestionWord(i) || s.at(i-1) == "if" {
		return 0, false
	}
	switch s.at(i) {
	case "would":
		return wouldYou, s.at(from) == "be" || !s.is(from, state) && s.at(from) != "say"
	case "can", "can't", "will", "won't":
		score = canYou
	default:
		score = wouldYou
	}
	if s.at(from-1) == "please" {
		score += vocativeValue
	}
	return score, true
}

// isInTime reports whether the verb at i is to be in time for a day, which nobody is
// asked to do: "make the 14th", "make Friday".
func (s *sentence) isInTime(i int) bool {
	if s.at(i) != "make" {
		return false
	}
	if i++; s.at(i) == "the" {
		i++
	}
	day := s.at(i)
	return (s.is(i, due) || day != "" && day[0] >= '0' && day[0] <= '9') && s.isMark(i+1)
}

// getsDeliverable reports whether the verb at i has something for its object that
// someone provides: "can we get a copy", but not "can we get a dog".
func (s *sentence) getsDeliverable(i int) bool {
	for n := i + 1; n <= i+5 && !s.isMark(n); n++ {
		if s.in(n, deliverable) || s.is(n, past|noun) || s.in(n, contribution) || s.at(n) == "available" {
			return true
		}
	}
	return false
}

// isAnswer reports whether the verb at i asks for words, to be said to the
// speaker: "explain that", but not "show Bob".
func (s *sentence) isAnswer(i int) bool {
	if s.hasParticle(i) {
		return false
	}
	if s.isOne(i, "read", "spell", "give") && s.isMe(i+1) {
		return s.isDetail(i + 2)
	}
	if s.at(i) == "remind" && s.isMe(i+1) && s.is(i+2, wh) {
		return true
	}
	return s.is(i, answer) && !s.isCapital(i+1) && !s.isOne(i+1, "him", "her", "them") && !s.hasLaterTime
}

// isDetail reports whether from i on something stands that is said at once: "your
// account number".
func (s *sentence) isDetail(i int) bool {
	for n := i; n < i+5 && !s.isMark(n); n++ {
		if s.isOne(n, "number", "name", "address", "code", "date", "postcode", "surname", "reference", "digits", "details") {
			return true
		}
	}
	return false
}

// followsQuestionWord reports whether the clause that goes on at i begins with
// a question word: "what will you".
func (s *sentence) followsQuestionWord(i int) bool {
	for n := i - 1; n >= i-3 && n >= 0 && !s.isMark(n); n-- {
		if s.is(n, wh) {
			return true
		}
	}
	return false
}

// endsPolitely reports whether "please" is the last word.
func (s *sentence) endsPolitely() bool {
	last := len(s.words) - 1
	for n := 0; n < maxDistance && last >= 0 && s.isMark(last); n++ {
		last--
	}
	return s.at(last) == "please"
}
