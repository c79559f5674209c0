package speech

// Where a sentence has no mark at all, as speech that a machine wrote down, its first words
// tell that it asks something, in more ways than where a mark would have told it.

// bareAsked is the score of such questions.
const bareAsked = 0.62

// asksBare reports whether a sentence without marks asks something.
func (s *sentence) asksBare() bool {
	if len(s.words) < 2 || !s.isBare() {
		return false
	}
	if s.endsInTag() || s.asksWithin() {
		return true
	}
	i := s.address()
	left := len(s.words) - i
	switch {
	case s.is(i, wh):
		return s.asksWh(i, left)
	case s.isOne(i, "since", "by", "until", "till", "from", "for", "to", "at"):
		return left <= 4 && s.isOne(i+1, "when", "what", "who", "whom", "which", "where", "how")
	case s.isOne(i, "anything", "anyone", "anybody"):
		return left == 2 && s.at(i+1) == "else"
	case s.at(i) == "any":
		return left == 3 && s.isOne(i+1, "other", "more", "further")
	}
	return left > 2 && s.invertsBare(i)
}

// asksWithin reports whether an auxiliary stands before its subject behind a question word
// somewhere, which it does not in what is only told: "this is Ann how can I help".
func (s *sentence) asksWithin() bool {
	for i := range len(s.words) - 2 {
		if s.isOne(i, "how", "what", "where", "when", "why") && s.is(i+1, auxiliary) && (s.isAnyoneOrIt(i+2) || s.at(i+2) == "there") {
			return true
		}
	}
	return false
}

// address returns where the sentence proper begins: behind words that only open it, and
// who is called.
func (s *sentence) address() int {
	i := s.skip(0, opener)
	for n := i; n < len(s.words) && n < i+3; n++ {
		switch {
		case s.in(n, title):
			return min(n+2, len(s.words)-1)
		case s.isGreeting(n), s.at(n) == "good" && s.isOne(n+1, "morning", "afternoon", "evening"), s.isOne(n, "morning", "afternoon", "evening") && s.at(n-1) == "good":
		case s.isMember(n):
			return min(n+1, len(s.words)-1)
		default:
			return i
		}
	}
	return i
}

// asksWh reports whether a question word at i begins a question, of so many words.
func (s *sentence) asksWh(i, left int) bool {
	switch s.at(i) {
	case "who", "whose":
		return left > 2 && !s.isOne(i+1, "knows", "cares") && (!s.is(i+1, subject) || s.at(i) == "whose")
	case "what":
		return s.isOne(i+1, "if", "happens", "happened", "brings", "brought", "made", "makes", "time") || s.at(i+1) == "else" && left > 2
	case "which":
		return left <= 3 && !s.is(i+1, auxiliary|subject) || left > 3 && (s.is(i+1, auxiliary) && s.isAnyone(i+2) || s.at(i+1) == "one" && s.is(i+2, auxiliary))
	case "how":
		return left <= 4 && s.isOne(i+1, "many", "much", "long", "far", "often", "soon", "high", "low", "big", "old", "late", "early", "detailed", "exactly")
	}
	return false
}

// invertsBare reports whether an auxiliary at i stands before its subject, of any kind.
func (s *sentence) invertsBare(i int) bool {
	next := i + 1
	switch s.at(i) {
	case "could", "would", "can", "will", "shall", "may":
		return !s.is(next, verb|adverb|not|task|talk|auxiliary) && !s.isOne(next, "be", "do", "have", "get", "i", "we") && i+3 < len(s.words)
	case "should":
		return s.is(next, determiner) && s.hasVerb(next+1)
	case "is", "was", "are", "were":
		return s.isOne(next, "this", "that", "these", "those")
	case "have", "has":
		for n := next + 1; n < min(next+6, len(s.words)); n++ {
			if s.at(n) == "been" {
				return s.is(next, determiner)
			}
		}
		return false
	}
	return s.is(i, auxiliary) && s.is(i, not) && (s.isAnyone(next) || s.at(next) == "it" && s.isOne(i, "isn't", "wasn't", "hasn't", "won't", "wouldn't"))
}

// hasVerb reports whether one of the words from i on may be a verb.
func (s *sentence) hasVerb(i int) bool {
	for n := i; n < min(i+maxDistance, len(s.words)); n++ {
		if s.is(n, verb|task|talk) && !s.is(n, gerund) || s.isOne(n, "be", "do", "have", "get", "go") {
			return true
		}
	}
	return false
}

// endsInTag reports whether the sentence ends as "tell her, will you" does and "it hasn't
// come, has it", or is but such an end.
func (s *sentence) endsInTag() bool {
	last := len(s.words) - 1
	who := s.isAnyoneOrIt(last)
	if !who || !s.is(last-1, auxiliary) {
		return false
	}
	switch {
	case last == 1:
		return true
	case s.isOne(last-1, "would", "will", "shall") && last > 2:
		return !s.isOne(last-2, "so", "as", "than", "like", "if", "what", "how", "when", "where", "who", "why", "neither", "nor")
	case s.is(last-1, not):
		return false // see tag
	}
	for n := max(0, last-2-maxDistance); n < last-1; n++ {
		if s.is(n, auxiliary) && s.is(n, not) {
			return true
		}
	}
	return false
}
