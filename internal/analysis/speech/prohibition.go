package speech

// forbidden is the score of what someone is told not to do.
const forbidden = 0.54

// prohibition returns the action that is forbidden at i: "don't deploy anything on
// Friday", "please do not restart it".
func (s *sentence) prohibition(i int) (d action, ok bool) {
	verb := i + 1
	switch s.at(i) {
	case "don't":
	case "mustn't":
		return s.mustNot(i)
	case "no":
		return s.noDoing(i)
	case "do":
		if s.at(i+1) != "not" {
			return d, false
		}
		verb++
	default:
		return d, false
	}
	if !s.starts[i] && s.at(i-1) != "please" || s.inQuestion(i) || s.at(verb) == "you" {
		return d, false
	}
	verb = s.skip(verb, adverb)
	if s.at(verb) == "forget" {
		return s.unforgotten(i, verb)
	}
	if !s.isForbiddable(verb) || s.isForEveryone(i) || s.isMe(verb+1) {
		return d, false
	}
	d.assignee = s.addressee(i)
	if s.at(i-1) == "please" {
		d.assignee = s.addressee(i - 1)
	}
	d.at, d.score, d.value = i, forbidden, taskValue
	return d, true
}

// isForbiddable reports whether what is not to be done by the verb at i is something
// particular: "don't let him in", but not "don't let it bother you".
func (s *sentence) isForbiddable(i int) bool {
	if s.at(i) == "let" {
		return s.isPerson(i+1) || s.isOne(i+1, "anyone", "anybody", "your")
	}
	if s.at(i) == "have" {
		return s.isOne(i+1, "anything", "it", "them", "the", "anyone") && (s.is(i+2, past) || s.is(i+3, past))
	}
	if s.at(i) == "give" {
		return s.isPerson(i+1) && !s.is(i+2, auxiliary)
	}
	known := s.is(i, talk|task|vague) || s.at(i) == "leave" || s.hasLaterTime && !s.is(i, state) && s.couldBeVerb(i)
	return known && !s.in(i, unforbidden)
}

// noDoing returns the action that "no" at i forbids: "no running for another week, please".
func (s *sentence) noDoing(i int) (d action, ok bool) {
	ing := i + 1
	if !s.starts[i] || !s.is(ing, gerund) && !s.is(ing, weak) || s.is(ing, noun) || len(s.at(ing)) < 5 || s.at(ing)[len(s.at(ing))-3:] != "ing" {
		return d, false
	}
	d.at, d.score, d.value, d.assignee = i, forbidden, taskValue, s.addressee(i)
	return d, (s.hasTime || s.endsPolitely()) && !s.inQuestion(i)
}

// mustNot returns the action that "mustn't" at i forbids whom it speaks to.
func (s *sentence) mustNot(i int) (d action, ok bool) {
	verb := s.skip(i+1, adverb)
	if s.isOne(i-1, "he", "she") && s.hasLaterTime && s.couldBeVerb(verb) && !s.is(verb, state|weak) && !s.inQuestion(i) {
		d.at, d.score, d.value, d.assignee = i, forbidden, taskValue, person{kind: Addressee, at: i - 1}
		return d, true // "she mustn't jump until Friday"
	}
	if s.at(i-1) != "you" || s.isHabit() || s.inQuestion(i) || s.in(verb, unforbidden) || !s.is(verb, talk|task) {
		return d, false
	}
	d.at, d.score, d.value, d.assignee = i, forbidden, taskValue, person{kind: Addressee, at: i - 1}
	return d, true
}

// unforgotten returns the action to bring or to do what "don't forget" at i, whose verb
// stands at verb, names: "don't forget the receipt".
func (s *sentence) unforgotten(i, verb int) (d action, ok bool) {
	next := verb + 1
	if !s.is(next, determiner) || s.isOne(next, "that", "it", "this", "these", "those") || s.isForEveryone(i) {
		return d, false
	}
	d.at, d.score, d.assignee = verb, dontForget, s.addressee(i)
	return d, true
}
