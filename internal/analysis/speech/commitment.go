package speech

// Scores of taking on what was spoken of.
const taken = 0.56

// commitment returns the action of one who takes on at i what was spoken of, without
// saying what it is: "I'm on it", "leave it with me".
func (s *sentence) commitment(i int) (d action, ok bool) {
	if !s.starts[i] || s.inQuestion(i) {
		return d, false
	}
	switch s.at(i) {
	case "i'm":
		ok = s.follows(i+1, "on", "it") && s.isClauseEnd(i+3)
	case "i":
		ok = s.follows(i+1, "am", "on", "it") && s.isClauseEnd(i+4)
	case "on":
		ok = i == 0 && s.at(i+1) == "it" && s.isClauseEnd(i+2)
	case "leave":
		ok = s.isOne(i+1, "it", "that", "this") && s.isOne(i+2, "with", "to") && s.at(i+3) == "me"
	case "consider":
		ok = s.follows(i+1, "it", "done")
	}
	d.at, d.score, d.assignee = i, taken, person{kind: Speaker, at: i}
	d.definitive = true
	return d, ok
}
