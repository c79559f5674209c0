package speech

// isCommand reports whether what follows the verb at i makes it an order, where nothing
// is named that the verb is done to in a usual way: "buy one", "get at least three",
// "rehearse in front of the group".
func (s *sentence) isCommand(i int) bool {
	next := s.skip(i+1, adverb)
	if s.pageText || s.is(i, noun) || s.isMark(next) || s.is(i, weak|state) && !s.is(i, task) {
		return false
	}
	switch {
	case s.at(i-1) == "," && !s.endsClause(i-1) && !s.isAnswered(i):
		return false
	case s.is(i, talk|task|vague) && s.isSome(next):
		return true
	case s.in(i, plainVerb) && (i == 0 || !s.isOne(i-1, ",", "or", "and")):
		return s.isOne(next, "in", "on", "at", "with", "before", "after", "by", "for", "from", "through", "into", "as", "until", "carefully", "properly")
	}
	return false
}

// isSome reports whether a thing stands at i that is not told by what it is: "one", "at
// least three".
func (s *sentence) isSome(i int) bool {
	switch s.at(i) {
	case "one", "ones", "everything", "something", "anything", "nothing", "someone", "somebody", "anyone", "anybody", "whatever":
		return true
	case "at":
		return s.isOne(i+1, "least", "most")
	case "as":
		return s.isOne(i+1, "many", "much")
	}
	return false
}

// beginsAnew reports whether the verb at i, behind a comma, does not go on with verbs of one
// subject, which "and" would end: "you may buy it, keep the receipts".
func (s *sentence) beginsAnew(i int) bool {
	first := s.skip(0, opener)
	if first >= i-1 || s.is(first, verb|gerund) && !s.is(first, subject|determiner|noun|agent) || s.isOne(first, "to", "i", "i'll", "we'll") || s.is(first, wh) {
		return false
	}
	clause := false
	for n := first; n < i-1; n++ {
		clause = clause || s.is(n, auxiliary|subject)
	}
	for n := i + 1; n < i+2*maxDistance && n < len(s.words); n++ {
		if s.isOne(n, "and", "or") && s.is(n+1, verb) {
			return false
		}
	}
	return clause
}

// endsClause reports whether a clause that tells how things are ends before the comma at i,
// so that an order may follow: "the figure is wrong, swap it".
func (s *sentence) endsClause(i int) bool {
	if s.at(i) != "," {
		return false
	}
	first := i - 1
	for n := 0; n < 2*maxDistance && first > 0 && !s.isMark(first-1); n++ {
		first--
	}
	first = s.skip(first, opener)
	if s.is(first, verb|gerund) && !s.is(first, noun|subject|determiner) || s.isOne(first, "i'll", "we'll", "you", "let's", "to", "we", "they") {
		return false
	}
	for n := first; n < i; n++ {
		if s.isOne(n, "is", "are", "was", "were", "isn't", "aren't", "wasn't", "i'm", "he's", "she's", "it's", "they're", "that's", "there's", "has", "had", "have", "can't", "doesn't", "don't", "didn't") {
			return true
		}
		if n > first && (s.is(n, auxiliary) || s.is(n, past) && !s.is(n, task) || s.isPresent(n)) {
			return true
		}
	}
	return false
}
