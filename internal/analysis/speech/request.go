package speech

// Scores of requests.
const (
	pleaseDo   = 0.76 // "please send"
	wouldYou   = 0.72 // "could you send"
	canYou     = 0.57
	canSomeone = 0.62
	canWe      = 0.43
	wishDone   = 0.62 // "I need you to", "if you could", "would you mind"
	needOf     = 0.56 // "I need someone to"
	dontForget = 0.64
	toDo       = 0.80 // a list of tasks marks its items so
)

// request returns the action that a request at i asks for.
func (s *sentence) request(i int) (d action, ok bool) {
	d.assignee = s.addressee(i)
	from := i + 1
	switch s.at(i) {
	case "please", "kindly":
		if !s.isPoliteStart(i) {
			return d, false
		}
		d.score = pleaseDo
	case "could", "would", "will", "can", "can't", "couldn't", "won't":
		if d.score, from, ok = s.requestQuestion(i, &d); !ok {
			return d, false
		}
	case "like", "need", "want", "ask", "expect", "appreciate", "if", "mind", "possible", "chance", "way", "hoping", "think":
		if d.score, from, ok = s.wish(i); !ok {
			return d, false
		}
	default:
		if d.score, from, ok = s.reminder(i); !ok {
			return d, false
		}
	}
	polite := s.isOne(i, "please", "kindly")
	switch {
	case s.isOne(i, "like", "need", "want", "expect", "ask"):
		s.assignNeeded(&d, i)
	case s.at(i) == "if" && s.at(i+1) != "you":
		d.assignee = person{at: i} // "if one of you could"
	}
	if d.verbPhrase, ok = s.verbPhraseAt(from); ok && polite && s.isFormula(d.at) {
		return d, false
	}
	if ok && s.at(d.at) == "see" && d.score == canSomeone && s.getsDeliverable(d.at) {
		d.value = taskValue // "can I see the plan"
	}
	if !ok && (s.asksFor(from) || s.at(from) == "have" && s.isOne(i, "can", "could") && (s.deadline || s.getsDeliverable(from))) {
		d.at, d.value, ok = s.skip(from, adverb), taskValue, true
	}
	if !ok && s.at(i) == "if" && s.isDone(from) {
		d.at, d.value, d.communicates, ok = from, taskValue, s.isTold(from), true // "it would help if you called them"
	}
	if !ok && polite && s.isOne(from, "quote", "mention", "include", "state", "indicate") && s.is(from+1, determiner) && s.at(from+1) != "that" {
		d.at, d.value, ok = from, taskValue, true
	}
	if s.at(i) == "action" && s.isOne(i+2, "for") {
		if last := s.afterNames(i + 3); s.looksLikeName(last) {
			d.assignee = person{kind: Third, name: Span{s.words[i+3].Start, s.words[last].End}, at: i}
		}
	}
	if ok && d.assignee.kind == Addressee && d.assignee.name != (Span{}) {
		d.score += vocativeValue
	}
	if ok && s.isForEveryone(i) {
		d.score += offerValue
	}
	return d, ok
}

// isDone reports whether the past form of a verb of doing stands at i.
func (s *sentence) isDone(i int) bool {
	return s.is(i, past) && !s.is(i, auxiliary) || s.isTold(i) || s.isOne(i, "got", "gave", "sent", "brought", "took", "came", "went", "wrote", "made", "put", "let", "spoke")
}

// isPoliteStart reports whether "please" at i stands before what is asked for,
// not in another request or at its end.
func (s *sentence) isPoliteStart(i int) bool {
	before := s.at(i - 1)
	return s.starts[i] || before != "you" && before != "yes"
}

// asksFor reports whether a verb at i, none of doing by itself, asks for
// something: "please have two copies made".
func (s *sentence) asksFor(i int) bool {
	i = s.skip(i, adverb)
	if s.at(i) == "include" || s.at(i) == "involve" {
		return true
	}
	return s.at(i) == "be" && s.isOne(i+1, "prepared", "ready", "on", "there", "here", "present", "early", "back")
}

// isFormula reports whether a request with the verb at i is only polite.
func (s *sentence) isFormula(i int) bool {
	switch s.at(i) {
	case "see", "look":
		return !s.isOne(i+1, "me", "us", "if", "to", "at", "into", "over", "up", "through")
	case "find":
		return s.at(i+1) != "out"
	case "keep":
		return s.follows(i+1, "in", "mind")
	case "bear":
		return s.isOne(i+1, "with", "in")
	case "accept":
		return s.isOne(i+2, "apologies", "apology", "thanks")
	case "join":
		return s.isMe(i + 1)
	case "tell":
		return s.isMe(i+1) || s.follows(i+1, "your", "friends")
	case "help":
		return s.at(i+1) == "yourself"
	}
	return s.is(i, formula)
}

// wish returns the score of a wish at i that someone may do something: "I need
// you to send", "if you could send", "would you mind sending".
func (s *sentence) wish(i int) (score float64, from int, ok bool) {
	switch s.at(i) {
	case "like", "need", "want", "ask", "expect":
		if s.needsOf(i) {
			return needOf, s.wantedEnd(i) + 1, true
		}
		if s.at(i) == "ask" && s.follows(i+1, "you", "to") && s.at(i-1) == "i" && s.isOne(i-2, "may", "can", "could") {
			return wishDone, i + 3, true
		}
		ok = s.follows(i+1, "you", "to") && !s.inQuestion(i) && (s.isOne(i-1, "i", "we", "would", "i'd", "we'd", "i'll", "we'll", "to") || s.is(i-1, adverb))
		return wishDone, i + 3, ok
	case "if":
		if end := s.someOfYou(i + 1); end > 0 {
			return wishDone, end + 1, s.isWelcome(i-1) && s.isOne(end, "could", "can", "would")
		}
		if s.at(i+1) != "you" {
			return 0, 0, false
		}
		if !s.isOne(i+2, "could", "can", "would") {
			return wishDone, i + 2, s.isWelcome(i-1) && !s.is(i+2, adverb)
		}
		return wishDone, i + 3, s.isWelcome(i-1) || s.at(i+2) == "could" && !s.inQuestion(i)
	case "appreciate":
		return wishDone, i + 2, s.isOne(i+1, "your", "you") && s.is(i+2, gerund) && s.at(s.back(i-1)) == "would"
	case "possible":
		if s.follows(i+1, "for", "you") {
			i += 2
		}
		return wishDone, i + 2, s.at(i+1) == "to" && s.inQuestion(i)
	case "chance", "way", "hoping", "think":
		ok = s.at(i+1) == "you" && (s.at(i+2) == "could" || s.at(i+2) == "can" || s.at(i) == "hoping" && s.isOne(i+2, "would", "might"))
		if s.at(i) == "think" {
			ok = ok && s.at(i-1) == "you" && s.inQuestion(i)
		}
		return wishDone, i + 3, ok && (s.at(i) != "way" || s.isOne(i-1, "any", "a", "some"))
	case "mind":
		ok = s.at(i-1) == "you" && (s.at(i-2) == "would" || s.at(i-2) == "do") && (s.is(i+1, talk|task) && !s.is(i+1, answer) || s.at(i+1) == "looking" && s.isOne(i+2, "at", "into", "over", "after") || s.is(i+1, gerund) && s.hasParticle(i+1))
		return wishDone, i + 1, ok
	}
	return 0, 0, false
}

// someOfYou returns where "someone", "one of you" and the like, from i on, end; 0 if
// they do not stand there.
func (s *sentence) someOfYou(i int) int {
	switch {
	case s.isOne(i, "someone", "somebody", "anyone", "anybody"):
		return i + 1
	case s.at(i+1) == "of" && s.isOne(i+2, "you", "us") && s.isOne(i, "one", "any", "either"):
		return i + 3
	}
	return 0
}

// isWelcome reports whether the word at i, before "if", makes what follows a
// wish: "it would be great if", "I was wondering if".
func (s *sentence) isWelcome(i int) bool {
	return s.in(i, welcome) ||
		s.follows(i-1, "appreciate", "it")
}

// assignNeeded sets whom "need" at i, or the like, wants to do something: "I want
// Ann to send it", "we need the team to test it".
func (s *sentence) assignNeeded(d *action, i int) {
	switch {
	case s.at(i+1) == "you":
	case s.isOne(i+1, "someone", "somebody", "everyone", "everybody", "him", "her", "them"):
		d.assignee = person{at: i + 1}
		if s.isOne(i+1, "him", "her", "them") {
			d.assignee.kind = Third
		}
	default:
		if who, ok := s.named(s.wantedEnd(i) - 1); ok {
			d.assignee = who
		}
	}
}

// wantedEnd returns where the "to" stands before which "want" at i names someone,
// three words after it at most; 0 if there is none.
func (s *sentence) wantedEnd(i int) int {
	for n := i + 2; n <= i+5 && n < len(s.words) && (!s.isMark(n) || s.at(n) == "."); n++ {
		if s.at(n) == "to" {
			return n
		}
	}
	return 0
}

// needsOf reports whether "need" at i, or the like, wants something done by
// someone who is not spoken to: "I need someone to follow up with him".
func (s *sentence) needsOf(i int) bool {
	to := s.wantedEnd(i)
	if to == 0 || s.inQuestion(i) {
		return false
	}
	who, ok := s.named(to - 1)
	return (to == i+2 && s.isOne(i+1, "someone", "somebody", "everyone", "everybody", "him", "her", "them") || ok && (who.at == i+1 || who.at == i+2 && s.is(i+1, determiner))) &&
		(s.isOne(s.back(i-1), "i", "we", "would", "i'd", "we'd", "do") || s.at(i-1) == "," && s.at(i) != "ask")
}

// reminder returns the score of what at i reminds of something to do: "don't
// forget to", "make sure to", "remember to", or by the mark of an item in a list of tasks.
func (s *sentence) reminder(i int) (score float64, from int, ok bool) {
	if !s.starts[i] {
		return 0, 0, false
	}
	switch s.at(i) {
	case "don't":
		return dontForget, i + 3, s.follows(i+1, "forget", "to")
	case "do":
		return dontForget, i + 4, s.follows(i+1, "not", "forget", "to")
	case "remember":
		return dontForget, i + 2, s.at(i+1) == "to"
	case "be":
		return dontForget, i + 3, s.follows(i+1, "sure", "to")
	case "todo":
		return toDo, s.skipMark(i + 1), true
	case "to":
		return toDo, i + 4, s.follows(i+1, "-", "do", ":")
	case "action":
		if s.at(i+1) == "item" || s.at(i+1) == "items" {
			i++
		}
		if s.at(i+1) == "for" {
			i = s.afterNames(i + 2)
		}
		return toDo, i + 2, s.at(i+1) == ":"
	}
	return 0, 0, false
}

// afterNames returns the last word of the name that begins at i.
func (s *sentence) afterNames(i int) int {
	for n := i; n < i+4; n++ {
		if s.isMark(n + 1) {
			return n
		}
	}
	return i
}

func (s *sentence) skipMark(i int) int {
	if s.isMark(i) {
		return i + 1
	}
	return i
}
