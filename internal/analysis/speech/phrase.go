package speech

// longestPhrase is how many words an action phrase has at most.
const longestPhrase = 40

// phrase returns the action phrase that begins with the verb at i: up to the
// end of its clause.
func (s *sentence) phrase(i int) Span {
	end := i + 1
	for end < len(s.words) && end-i < longestPhrase && !s.isClauseEnd(end) && !s.startsAnother(end) {
		end++
	}
	for end > i+1 && (s.isMark(end-1) || s.isLoose(end-1)) {
		end--
	}
	return Span{s.words[i].Start, s.words[end-1].End}
}

// isClauseEnd reports whether the clause before i ends there.
func (s *sentence) isClauseEnd(i int) bool {
	if i >= len(s.words) {
		return true
	}
	if s.isMark(i) {
		return !s.joins(i) && !s.isTitlePoint(i) &&
			!s.isOne(i, "'", "’", "$", "€", "£", "%", "#", "@", "/", "&", "+", "*", "_", "\"", "“", "”", "=")
	}
	return s.is(i, ends)
}

// isTitlePoint reports whether the point at i belongs to a title before a name: also in
// text without capitals, if the title is nothing but one.
func (s *sentence) isTitlePoint(i int) bool {
	if s.at(i) != "." || i+1 >= len(s.words) || s.isMark(i+1) {
		return false
	}
	return s.in(i-1, title) && s.isCapital(i-1) && s.isCapital(i+1) || s.isOne(i-1, "mr", "mrs", "ms", "dr")
}

// startsAnother reports whether "and", "or" or "so" at i begins a clause with a
// subject of its own.
func (s *sentence) startsAnother(i int) bool {
	switch s.at(i) {
	case "and", "or", "so", "then":
		return s.is(i+2, auxiliary) ||
			s.in(i+1, clauseSubject)
	}
	return s.in(i, newSubject) && !s.isOne(i-1, "that", "what")
}

// isLoose reports whether the word at i cannot end a phrase.
func (s *sentence) isLoose(i int) bool {
	return s.in(i, loose) && (s.at(i) != "in" || !s.is(i-1, talk|task)) // "sign in"
}
