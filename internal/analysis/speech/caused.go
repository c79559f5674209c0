package speech

// assignCaused gives an action to the person who is made to do it: "let's have Ben
// finish it", "I'll get the team to test it".
func (s *sentence) assignCaused(d *action) bool {
	from := d.at + 1
	var verb int
	switch s.at(d.at) {
	case "have":
		verb = s.isCaused(from)
	case "get":
		if to := s.wantedEnd(d.at); to > 0 {
			verb = to
		}
	}
	if verb == 0 {
		return false
	}
	switch s.at(from) {
	case "me":
		d.assignee = person{kind: Speaker, at: d.assignee.at}
		return true
	case "someone", "somebody":
		d.assignee = person{at: d.assignee.at}
		return true
	}
	who, ok := s.named(verb - 1)
	if !ok || who.name == (Span{}) || who.kind == Speaker {
		return false
	}
	who.at = d.assignee.at // the clause begins where it did
	d.assignee = who
	return true
}

// saidWould returns the action that someone said they would do, at i: "John said
// he would have it done by Friday".
func (s *sentence) saidWould(i int) (d action, ok bool) {
	said, self := i-1, s.at(i) == "i'd"
	if s.at(i) == "would" {
		self = s.at(said) == "i"
		if !self && !s.isOne(said, "he", "she", "they") {
			return d, false
		}
		said--
	}
	if s.at(said) == "that" {
		said--
	}
	if s.is(said, object) || s.isCapital(said) && s.isOne(said-1, "told", "promised") {
		said--
	}
	if s.inQuestion(i) || !s.isOne(said, "said", "promised", "told", "agreed", "confirmed", "thinks", "says") {
		return d, false
	}
	who, ok := s.subjectBefore(said)
	if !ok || self != (who.kind == Speaker) || !self && who.kind != Third {
		return d, false
	}
	if d.verbPhrase, ok = s.verbPhraseAt(i + 1); !ok || !s.hasTime && s.is(d.at, state) {
		return d, false
	}
	d.assignee, d.score = who, pledgedTo
	return d, true
}

// due returns the action of a thing that is due, at i: "the report is due on
// Monday".
func (s *sentence) due(i int) (d action, ok bool) {
	be := s.back(i - 1)
	if !s.isOne(be, "is", "are") || !s.hasTime || s.isOne(i+1, "to") || s.inQuestion(i) || be == 0 {
		return d, false
	}
	for n := range s.words {
		if s.isOne(n, "every", "each") {
			return d, false // a rule
		}
	}
	d.at = be - 1
	for n := 0; n < maxDistance && d.at > 0 && !s.isClauseEnd(d.at-1); n++ {
		d.at--
	}
	if s.is(d.at, subject) && d.at == be-1 && !s.isOne(d.at, "it", "they", "that", "this", "these") {
		return d, false
	}
	d.score, d.value = passive, taskValue
	return d, true
}
