package speech

// Scores of orders.
const (
	orderDo = 0.54 // "send the list"
	letKnow = 0.66 // "let me know"
	minuted = 0.60 // "Mark to send the list"
)

// order returns the duty of an order whose verb stands at i: "send the list",
// or of a line of minutes: "Mark to send the list".
func (s *sentence) order(i int) (d duty, ok bool) {
	if s.at(i) == "to" && s.is(i+1, talk|task) && i <= 3 {
		if d.who, ok = s.named(i - 1); !ok || d.who.at > 0 {
			return d, false
		}
		d.score = minuted
		d.deed, ok = s.deedAt(i + 1)
		return d, ok
	}
	if !s.starts[i] || !s.is(i, talk|task|vague|weak|state) || s.is(i, gerund) || !s.isOrder(i) {
		return d, false
	}
	d.who = s.addressee(i)
	if d.value, d.talks, ok = s.worth(i); !ok {
		return d, false
	}
	d.at, d.score = i, orderDo
	switch {
	case s.at(i) == "let":
		d.score = letKnow
	case s.isMe(i + 1):
		d.score += vocativeHint
	}
	d.talks = d.talks || s.talksLater(i+1)
	return d, true
}

func (s *sentence) isMe(i int) bool { return s.isOne(i, "me", "us") }

// isOrder reports whether what follows the verb at i makes it an order, for
// "call" and "report" are nouns too, and "see you" is none.
func (s *sentence) isOrder(i int) bool {
	if i > 0 && s.at(i-1) == "," && !s.isConditional() {
		return false
	}
	next := i + 1
	if s.at(i-1) == "please" || s.follows(i-2, "please", ",") || s.at(i) == "tell" && s.isMe(next) {
		return false
	}
	if s.at(i) == "let" {
		return s.isKnow(next) && s.at(next) != "you"
	}
	if s.at(next) == "you" || s.isOne(next, "to", "with") && s.at(i+2) == "you" || s.is(i, weak|state) && !s.talksAt(i) {
		return false
	}
	switch s.at(i) {
	case "get", "take", "make", "do", "give", "have", "keep", "use", "set", "follow", "shoot", "drop":
		return s.isMe(next) || s.at(i) == "make" && s.at(next) == "sure" || s.talksAt(i) || s.follows(next, "a", "look")
	}
	if s.talksAt(i) && (s.at(next) == "to" || s.is(next, noun)) && !s.isMark(i+2) {
		return true
	}
	if s.at(next) == "and" && i == 0 && s.is(i+2, talk|task) {
		return true // "review and comment"
	}
	if s.at(i) == "follow" && s.at(i+2) == "to" {
		return false // "follow up to my message"
	}
	return s.is(next, object|determiner) || s.looksLikeName(next) || s.isOne(next, "with", "up", "out")
}

// isConditional reports whether the sentence begins with a condition.
func (s *sentence) isConditional() bool {
	i := s.skip(0, opener)
	return s.isOne(i, "if", "when", "once", "after", "before") || s.isGreeting(0) || s.looksLikeName(0)
}
