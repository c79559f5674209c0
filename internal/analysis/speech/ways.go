package speech

// isWayOfTalking reports whether the verb at i, which is one of anything, is of communicating or
// meeting with the words behind it, where those are of a person, of what is said or of an answer.
func (s *sentence) isWayOfTalking(i int) bool {
	next := i + 1
	switch s.at(i) {
	case "mention":
		return s.isThat(next) && (s.is(i-1, auxiliary) || s.isOne(i-1, "i'll", "we'll"))
	case "walk", "talk":
		return s.hasLaterTime && (s.isMe(next) || s.isPerson(next)) && (s.at(i+2) == "through" || s.at(i+3) == "through")
	case "have":
		if s.at(next) == "a" && s.isOne(i+3, "word", "chat") {
			return s.at(i+4) == "with" // a quiet word with
		}
		return (s.isMember(next) || s.looksLikeName(next)) && s.communicatesAt(i+2) // have Dorota find us a slot
	case "pay":
		return s.isPerson(next) && s.at(s.skip(i+2, determiner)) == "visit"
	case "hit":
		return (s.isMe(next) || s.isPerson(next) || s.at(next) == "you") && s.at(i+2) == "up"
	case "say":
		return s.isOne(next, "hi", "hello", "goodbye", "thanks", "sorry") && s.at(i+2) == "to"
	case "loop":
		return s.at(next) == "back" && s.isOne(i+2, "with", "to")
	case "press", "push", "pester":
		return s.isPerson(next) && s.isOne(i+2, "for", "on", "about") || s.is(next, determiner) && s.is(i+2, agent) && s.at(i+3) == "for"
	case "lean":
		return s.at(next) == "on" && (s.isPerson(i+2) || s.is(i+2, determiner))
	case "knock":
		return s.at(next) == "on" || s.at(next) == "at"
	case "clear", "square":
		return s.isThat(next) && s.at(i+2) == "with"
	case "enquire", "inquire":
		return s.isOne(next, "at", "about", "whether", "if")
	}
	return s.isWayToSomebody(i) || s.isWayToAnswer(i)
}

// isWayToSomebody reports whether the verb at i goes to somebody: "sit down again", "go round
// on Saturday", "fly out to see them".
func (s *sentence) isWayToSomebody(i int) bool {
	next := i + 1
	switch s.at(i) {
	case "sit":
		return s.at(next) == "down" && (s.isOne(i+2, "again", "together") || s.is(i+2, due))
	case "go", "come":
		around := s.isOne(next, "round", "over") || s.at(i) == "come" && s.at(next) == "by"
		return around && (s.isClauseEnd(i+2) || s.is(i+2, due) || s.isOne(i+2, "on", "at", "tonight", "after", "and", "to") && !s.is(i+3, determiner) || s.at(i+2) == "there" && s.hasLaterTime)
	case "get":
		return s.at(next) == "onto" && s.isPerson(i+2) || s.follows(next, "on", "to") && (s.isPerson(i+3) || s.is(i+3, determiner) && (s.is(i+4, agent) || s.isOne(i+5, "people", "company", "firm", "office", "desk", "guys"))) || s.follows(next, "the", "word") && s.at(i+3) == "out"
	case "try":
		return s.is(next, determiner) && s.isOne(i+2, "mobile", "phone", "office", "number", "landline", "extension")
	case "fly", "flying", "drive", "driving", "walk", "walking", "nip", "head", "heading":
		for n := next; n < i+4; n++ {
			if s.isOne(n, "and", "to") && s.isOne(n+1, "see", "meet", "visit") {
				return s.isPerson(n + 2)
			}
		}
	}
	return false
}

// isWayToAnswer reports whether the verb at i gives or asks for an answer: "answer her mail",
// "let us have your answer", "confirm by return".
func (s *sentence) isWayToAnswer(i int) bool {
	next := i + 1
	switch s.at(i) {
	case "answer":
		return s.is(next, determiner) && s.isOne(i+2, "mail", "email", "e-mail", "letter", "message", "messages", "mails", "emails")
	case "acknowledge":
		return s.isOne(next, "receipt", "by") || s.at(i+2) == "receipt"
	case "confirm":
		for n := next; n < i+maxDistance && !s.isMark(n); n++ {
			if s.isOne(n, "attendance", "receipt") || s.follows(n, "in", "writing") || s.follows(n, "by", "return") {
				return true
			}
		}
	case "give", "let":
		what := i + 2
		if s.at(i) == "let" {
			if s.at(what) != "have" {
				return false
			}
			what++
		}
		return s.isMe(next) && !s.inQuestion(i) && s.isOne(what, "your", "an", "a") && s.isOne(what+1, "answer", "reply", "thoughts", "view", "views", "opinion", "opinions", "decision", "verdict")
	case "wants", "needs", "want", "need":
		return s.isOne(next, "an", "a", "our", "your") && s.isOne(i+2, "answer", "reply", "response") && s.deadline
	}
	return false
}

func (s *sentence) isThat(i int) bool { return s.isOne(i, "it", "this", "that") }
