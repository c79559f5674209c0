package speech

// Scores of what is proposed, before what their verb and their surroundings add.
const (
	letMe      = 0.46
	lets       = 0.47
	advised    = 0.47 // "you may want to", "why don't we"
	whyDontYou = 0.56
	nextStep   = 0.52 // "the next step is to"
	passive    = 0.50 // "it needs to be fixed"
	neededBy   = 0.50 // "I need it by Friday"
)

// suggestion returns the duty that is proposed at i, or that something calls
// for there.
func (s *sentence) suggestion(i int) (d duty, ok bool) {
	switch s.at(i) {
	case "let's", "let", "why", "worth":
		return s.proposal(i)
	case "is", "was", "be", "are":
		if !s.isStep(i-1) || s.at(i+1) != "to" {
			return d, false
		}
		d.score = nextStep
		d.deed, ok = s.deedAt(i + 2)
		return d, ok
	case "needs", "need", "has", "have":
		if d, ok = s.passive(i); !ok {
			d, ok = s.needed(i)
		}
		return d, ok
	case "appreciated":
		return s.appreciated(i)
	}
	return s.intention(i)
}

// proposal returns the duty of "let's", "let me" and "why don't we" at i.
func (s *sentence) proposal(i int) (d duty, ok bool) {
	from := i + 2
	d.score, d.who.doer = lets, Group
	switch s.at(i) {
	case "let's":
		from = i + 1
	case "worth":
		from = i + 1
		if !s.is(from, gerund) {
			return d, false
		}
	case "let":
		if !s.starts[i] || !s.isMe(i+1) || s.isKnow(i+1) {
			return d, false
		}
		if s.at(i+1) == "me" {
			d.score, d.who.doer = letMe, Speaker
		}
	case "why":
		if s.at(i+1) != "don't" {
			return d, false
		}
		from = i + 3
		d.score = advised
		if s.at(i+2) == "you" {
			d.score, d.who.doer = whyDontYou, Addressee
		}
	}
	d.deed, ok = s.deedAt(from)
	return d, ok
}

// isStep reports whether the word at i is what a task is called.
func (s *sentence) isStep(i int) bool {
	return s.isOne(i, "step", "steps", "do", "task", "tasks", "job", "action", "actions", "would")
}

// passive returns the duty of a thing that needs something done, at i: "it
// needs to be fixed".
func (s *sentence) passive(i int) (d duty, ok bool) {
	if s.at(i+1) != "to" || s.at(i+2) != "be" {
		return d, false
	}
	done := s.skip(i+3, adverb)
	if !s.is(done, past) || s.isSubordinator(i-1) || s.is(i-1, not|auxiliary) && s.at(i-1) != "will" {
		return d, false
	}
	d.at, d.score, d.value = done, passive, taskValue
	if s.asks {
		d.score += doubtValue
	}
	return d, true
}

// needed returns the duty to provide what someone needs, at i, by a date or
// from the one who is spoken to: "I need your comments by Friday".
func (s *sentence) needed(i int) (d duty, ok bool) {
	by := s.back(i - 1)
	if s.at(i) != "need" || !s.isOne(by, "i", "we") || s.asks || s.isSubordinator(by-1) {
		return d, false
	}
	if !s.dated && s.at(i+1) != "your" {
		return d, false
	}
	if s.at(i+1) == "to" || s.isMark(i+1) || s.is(i+1, not) {
		return d, false
	}
	d.at, d.score, d.who.doer = i, neededBy, Addressee
	return d, true
}

// appreciated returns the duty that its speaker would find appreciated, at i:
// "an answer by Friday would be appreciated".
func (s *sentence) appreciated(i int) (d duty, ok bool) {
	be := s.back(i - 1)
	for s.isOne(be, "much", "greatly") {
		be--
	}
	if s.at(be) != "be" || !s.isOne(be-1, "would", "will") {
		return d, false
	}
	d.at = be - 1
	for n := 0; n < reach && d.at > 0 && !s.isClauseEnd(d.at-1); n++ {
		d.at--
	}
	d.score, d.value, d.who.doer = passive, taskValue, Addressee
	return d, d.at < be-1
}
