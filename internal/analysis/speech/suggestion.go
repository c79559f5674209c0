package speech

// Scores of what is proposed, before what their verb and their surroundings add.
const (
	letMe      = 0.46
	lets       = 0.40
	advised    = 0.47 // "you may want to", "why don't we"
	whyDontYou = 0.56
	nextStep   = 0.58 // "the next step is to"
	passive    = 0.50 // "it needs to be fixed"
	neededBy   = 0.50 // "I need it by Friday"
)

// suggestion returns the action that is proposed at i, or that something calls
// for there.
func (s *sentence) suggestion(i int) (d action, ok bool) {
	switch {
	case s.in(i, proposal):
		return s.suggested(i)
	case s.in(i, praise):
		return s.worthwhile(i)
	}
	switch s.at(i) {
	case "let's", "let", "why", "worth":
		return s.proposed(i)
	case "is", "was", "be", "are":
		if !s.isStep(i-1) || s.at(i+1) != "to" {
			if d, ok = s.whatNeeded(i); !ok {
				return s.intention(i)
			}
			return d, true
		}
		d.score = nextStep
		d.verbPhrase, ok = s.verbPhraseAt(i + 2)
		return d, ok
	case "must":
		if d, ok = s.mustBe(i); !ok {
			if d, ok = s.mustBeReady(i); !ok {
				d, ok = s.mustMove(i)
			}
		}
		return d, ok
	case "needs", "need", "has", "have":
		return s.needs(i)
	case "require":
		return s.needed(i)
	case "due":
		return s.due(i)
	case "would", "he'd", "she'd", "they'd", "i'd":
		return s.saidWould(i)
	case "appreciated", "helpful":
		return s.appreciated(i)
	case "appreciate":
		return s.helped(i)
	}
	if d, ok = s.settledFor(i); ok {
		return d, true
	}
	return s.intention(i)
}

// proposed returns the action of "let's", "let me" and "why don't we" at i.
func (s *sentence) proposed(i int) (d action, ok bool) {
	from := i + 2
	d.score, d.assignee.kind = lets, Group
	switch s.at(i) {
	case "let's":
		from = i + 1
	case "worth":
		from = i + 1
		if !s.is(from, gerund) {
			return d, false
		}
	case "let":
		if !s.starts[i] && (s.at(i-1) != "do" || !s.starts[i-1]) || !s.isMe(i+1) || s.isKnow(i+1) {
			return d, false
		}
		if s.isMe(i+1) && s.at(i+2) == "have" && (s.hasLaterTime || s.at(i+3) == "your" || s.is(i+3, determiner) && s.in(i+4, deliverable)) && !s.is(i+3, auxiliary) && !s.is(i+4, wh) {
			d.at, d.score, d.value, d.assignee.kind, d.communicates = i, letKnow, 0, Addressee, s.isWayToAnswer(i)
			return d, !s.inQuestion(i) && !s.follows(i+3, "a", "look")
		}
		if s.follows(i+2, "have", "a", "look") && !s.hasLaterTime {
			return d, false
		}
		if s.at(i+1) == "me" {
			d.score, d.assignee.kind = letMe, Speaker
		}
	case "why":
		if s.at(i+1) != "don't" {
			return d, false
		}
		from = i + 3
		d.score = advised
		if s.at(i+2) == "you" {
			d.score, d.assignee.kind = whyDontYou, Addressee
		}
	}
	if s.at(i) == "let's" && s.at(from) == "say" && s.hasLaterTime && !s.isMark(from+1) {
		d.at, d.score, d.value, d.communicates = from, shallWe, talkValue, true
		return d, true // "let's say Friday"
	}
	if d.verbPhrase, ok = s.verbPhraseAt(from); ok && d.score == lets && s.at(d.at) == "do" && s.hasLaterTime {
		d.score = shallWe // "let's do that tomorrow"
	}
	if ok && d.communicates && d.score == lets {
		d.score += taskValue
	}
	if ok && s.assignCaused(&d) {
		d.score = max(d.score, needOf)
	}
	return d, ok
}

// isStep reports whether the word at i is what a task is called.
func (s *sentence) isStep(i int) bool {
	return s.in(i, step)
}

// needs returns the action of a thing that needs something, or of somebody who does,
// at i.
func (s *sentence) needs(i int) (d action, ok bool) {
	if d, ok = s.passive(i); ok {
		return d, true
	}
	if d, ok = s.mustBeReady(i); ok {
		return d, true
	}
	if s.isOne(i, "needs", "need") {
		if d, ok = s.needsDoing(i); ok {
			return d, true
		}
		if d, ok = s.wantedDone(i); ok {
			return d, true
		}
		if d, ok = s.needsWork(i); ok {
			return d, true
		}
	}
	if d, ok = s.mustMove(i); ok {
		return d, true
	}
	if s.isOne(i, "needs", "need") {
		if d, ok = s.awaitedBy(i); ok {
			return d, true
		}
	}
	return s.needed(i)
}

// passive returns the action of a thing that needs something done, at i: "it
// needs to be fixed".
func (s *sentence) passive(i int) (d action, ok bool) {
	if s.at(i+1) != "to" || s.at(i+2) != "be" {
		return d, false
	}
	done := s.skip(i+3, adverb)
	if !s.is(done, past) && !s.isTold(done) && !s.isLookedAt(done) || s.isSubordinator(i-1) && s.at(i-1) != "everything" || s.is(i-1, not|auxiliary) && s.at(i-1) != "will" {
		return d, false
	}
	d.at, d.score, d.value, d.communicates = done, passive, taskValue, s.isTold(done)
	if s.inQuestion(i) {
		d.score += questionValue
	}
	return d, true
}

// beTold returns the action of communicating with someone who has to be told something, at
// i: "the hotel has to be told".
func (s *sentence) beTold(i int) (d action, ok bool) {
	if s.at(i) == "must" {
		d, ok = s.mustBe(i)
	} else {
		d, ok = s.passive(i)
	}
	return d, ok && d.communicates
}

// oughtToBe returns the action of a thing that something ought to be done to, at i.
func (s *sentence) oughtToBe(i int) (d action, ok bool) {
	if s.at(i) == "ought" {
		return s.passive(i)
	}
	if d, ok = s.mustBe(i); !ok || !s.deadline && !d.communicates {
		return d, false
	}
	if first := s.skip(0, opener|determiner); s.at(d.at) == "done" {
		if who, named := s.named(first); named {
			d.assignee = who // "our lawyer should be done by Wednesday"
		}
	}
	return d, true
}

// mustBe returns the action of a thing that something must be done to, at i: "the
// gate must be checked".
func (s *sentence) mustBe(i int) (d action, ok bool) {
	done := s.skip(i+2, adverb)
	if s.at(i+1) != "be" || !s.is(done, past) && !s.isTold(done) && !s.isLookedAt(done) || s.isSubordinator(i-1) && s.at(i-1) != "everything" || s.inQuestion(i) {
		return d, false
	}
	d.at, d.score, d.value, d.communicates = done, passive, taskValue, s.isTold(done)
	return d, true
}

// needed returns the action to provide what someone needs, at i, by a date or
// from the one who is spoken to: "I need your comments by Friday".
func (s *sentence) needed(i int) (d action, ok bool) {
	by := s.back(i - 1)
	if s.isOne(by, "will", "would") {
		by = s.back(by - 1)
	}
	if !s.isOne(i, "need", "require") || !s.isOne(by, "i", "we", "i'd", "we'd", "i'll", "we'll") || s.inQuestion(i) || s.isSubordinator(by-1) {
		return d, false
	}
	d.communicates = s.isTalkNoun(i)
	asked := s.isOne(by, "i'd", "we'd", "i'll", "we'll") || s.isOne(by+1, "would", "will")
	if !s.hasTime && !s.isYours(i+1) && !d.communicates && (!asked && s.at(i) != "require" || !s.is(i+1, determiner) || !s.getsDeliverable(i)) || s.isHabit() {
		return d, false
	}
	if s.at(i+1) == "to" || s.isMark(i+1) || s.is(i+1, not) {
		return d, false
	}
	d.at, d.score, d.assignee.kind = i, neededBy, Addressee
	if by := s.doneBy(i); by > 0 {
		d.assignee = person{at: by}
		if who, ok := s.named(by - 1); ok {
			d.assignee = who
		}
	}
	return d, true
}

// isYours reports whether what is needed from i on is the listener's: "your passport", "two
// photos and your passport".
func (s *sentence) isYours(i int) bool {
	if s.at(i) == "your" {
		return true
	}
	for n := i + 1; n < i+maxDistance && !s.isMark(n) && s.is(i, determiner); n++ {
		if s.at(n) == "your" {
			return s.at(n-1) == "and" || s.at(n-1) == "of"
		}
	}
	return false
}

// doneBy returns where the one stands by whom what "need" at i names is to be done:
// "a letter signed by legal"; 0 if it says nothing of the kind.
func (s *sentence) doneBy(i int) int {
	for n := i + 2; n < i+maxDistance && !s.isMark(n); n++ {
		if s.at(n) == "by" && s.is(n-1, past) {
			last := n + 1
			for s.looksLikeName(last+1) || s.is(last+1, agent) {
				last++
			}
			return last + 1
		}
	}
	return 0
}

// appreciated returns the action that its speaker would find appreciated, at i:
// "an answer by Friday would be appreciated".
func (s *sentence) appreciated(i int) (d action, ok bool) {
	be := s.back(i - 1)
	for s.isOne(be, "much", "greatly") {
		be--
	}
	if s.at(be) != "be" || !s.isOne(be-1, "would", "will") {
		return d, false
	}
	d.at = be - 1
	for n := 0; n < maxDistance && d.at > 0 && !s.isClauseEnd(d.at-1); n++ {
		d.at--
	}
	d.score, d.value, d.assignee.kind = passive, taskValue, Addressee
	for n := d.at; n < be-1; n++ {
		d.communicates = d.communicates || s.is(n, noun) // "a call would be appreciated"
	}
	return d, d.at < be-1 || !s.is(d.at, object|subject)
}

// helped returns the action that "would appreciate" asks for with a noun, at i:
// "I would appreciate your help", "we would appreciate a chance to talk".
func (s *sentence) helped(i int) (d action, ok bool) {
	if !s.isOne(s.back(i-1), "would", "i'd", "we'd") || s.inQuestion(i) {
		return d, false
	}
	if s.is(i+1, determiner) && s.isOne(i+2, "opportunity", "chance") && s.at(i+3) == "to" {
		d.score, d.assignee.kind = wished, Group
		d.verbPhrase, ok = s.verbPhraseAt(i + 4)
		return d, ok && d.communicates
	}
	for n := i + 1; n <= i+4 && !s.isMark(n); n++ {
		if s.in(n, contribution) || s.deadline && s.is(i+1, determiner) {
			d.at, d.score, d.value, d.assignee.kind = i, passive, taskValue, Addressee
			return d, true
		}
	}
	return d, false
}

// suggested returns the action that is suggested at i: "I suggest we meet", "I
// would suggest that Ann finds a day", "I recommend calling them".
func (s *sentence) suggested(i int) (d action, ok bool) {
	by := s.back(i - 1)
	if s.at(by) == "would" {
		by = s.back(by - 1)
	}
	if !s.isOne(by, "i", "we", "i'd", "we'd") {
		return d, false
	}
	d.score, d.assignee.kind = advised, Nobody
	from := i + 1
	if s.at(from) == "that" {
		from++
	}
	switch s.at(from) {
	case "you":
		d.assignee.kind = Addressee
	case "we":
		d.assignee.kind = Group
	default:
		if s.isTalkNoun(i) {
			d.at, d.communicates, d.value = i, true, talkValue
			return d, true // "I suggest a call"
		}
		if who, at, named := s.whoDoes(from); named {
			d.assignee, d.at, d.value, d.communicates = who, at, taskValue, s.isPresentTalk(at)
			return d, true
		}
		if !s.is(i+1, gerund) {
			return d, false
		}
		from = i
	}
	d.verbPhrase, ok = s.verbPhraseAt(from + 1)
	return d, ok
}

// whoDoes returns who is named from i on and where what they do stands: "Ben takes it",
// "the legal team checks it".
func (s *sentence) whoDoes(i int) (who person, at int, ok bool) {
	last := i
	if s.is(i, determiner) {
		for last = i + 1; last < i+maxDistance && !s.is(last, agent); last++ {
			if s.isMark(last) {
				return who, 0, false
			}
		}
		if who, ok = s.named(last); !ok {
			return who, 0, false
		}
	} else {
		if !s.looksLikeName(i) {
			return who, 0, false
		}
		for last < i+maxDistance && s.looksLikeName(last+1) {
			last++
		}
		who = person{kind: Third, at: i, name: Span{s.words[i].Start, s.words[last].End}}
		if s.isSpeaker(i) {
			who.kind = Speaker
		}
	}
	at = s.skip(last+1, adverb)
	return who, at, s.stemOf(at)&(task|talk|verb) != 0
}

// worthwhile returns the action that the word at i calls good: "it may be
// worthwhile for us to have a call". Only talking is something to do.
func (s *sentence) worthwhile(i int) (d action, ok bool) {
	if s.at(s.back(i-1)) != "be" {
		return d, false
	}
	from := i + 1
	if s.at(from) == "for" {
		from += 2
	}
	if s.at(from) != "to" {
		return d, false
	}
	d.score, d.assignee.kind = advised, Group
	d.verbPhrase, ok = s.verbPhraseAt(from + 1)
	return d, ok && d.communicates && !s.inQuestion(i)
}
