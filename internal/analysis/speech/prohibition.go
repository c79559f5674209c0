package speech

// forbidden is the score of what someone is told not to do.
const forbidden = 0.54

// prohibition returns the action that is forbidden at i: "don't deploy anything on
// Friday", "please do not restart it".
func (s *sentence) prohibition(i int) (d action, ok bool) {
	verb := i + 1
	switch s.at(i) {
	case "don't":
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
	if s.in(verb, unforbidden) || !s.is(verb, talk|task) || s.isForEveryone(i) || s.isMe(verb+1) {
		return d, false
	}
	d.assignee = s.addressee(i)
	if s.at(i-1) == "please" {
		d.assignee = s.addressee(i - 1)
	}
	d.at, d.score, d.value = i, forbidden, taskValue
	return d, true
}
