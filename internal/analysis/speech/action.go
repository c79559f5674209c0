package speech

import (
	"cmp"
	"math"
	"slices"
)

// An action is something that is to be done, as one clause says it.
type action struct {
	verbPhrase

	assignee   person
	score      float64
	definitive bool // said as settled
}

// What the surroundings add to the score of an action.
const (
	timeValue        = 0.06  // a date in the sentence
	gladValue        = -0.10 // "I'd be happy to"
	hedgeValue       = -0.06 // "maybe", "I think", twice at most
	offerValue       = -0.45 // "if you have any questions, please call"
	subordinateValue = -0.35 // in a clause that only conditions or describes
	spotValue        = -0.36 // done when it is said: "I'll just put it there"
	questionValue    = -0.20 // as a question: "so I need to call them?"
	vocativeValue    = 0.08  // the name of who is asked
)

const maxScore = 0.97

// tasks appends what somebody is to do by the whole sentence: one finding, or one
// for each person where it says so of several.
func (s *sentence) tasks(to []Finding) []Finding {
	for i := range s.words {
		if !s.is(i, cue) && !s.starts[i] && !s.isCapital(i) && !s.isOne(i-1, "and", "so", "but", "do") && !s.isCalled(i-1) && !s.isAgentIs(i) {
			continue
		}
		if d, found := s.actionAt(i); found {
			s.actions = append(s.actions, s.weigh(d, i))
		}
	}
	if len(s.actions) == 0 {
		return to
	}
	best := slices.MaxFunc(s.actions, func(a, b action) int { return cmp.Compare(a.score, b.score) })
	if best.score < MinScore {
		return to
	}
	if !s.isOfSeveral() {
		return append(to, s.finding(best, func(a action) bool { return a.assignee.kind != Third || best.assignee.kind == Third }))
	}
	for i, d := range s.actions {
		if d.score >= sure && !slices.ContainsFunc(s.actions[:i], func(a action) bool { return a.score >= sure && a.assignee.isSame(d.assignee) }) {
			to = append(to, s.finding(d, func(a action) bool { return a.assignee.isSame(d.assignee) }))
		}
	}
	return to
}

// sure is the score of an action that is one of several in a sentence.
const sure = 0.5

// isOfSeveral reports whether the sentence surely gives tasks to two people, one of
// them named: "Ann, please write it and I'll check it".
func (s *sentence) isOfSeveral() bool {
	for i, a := range s.actions {
		for _, b := range s.actions[i+1:] {
			if a.score >= sure && b.score >= sure && !a.assignee.isSame(b.assignee) && a.assignee.isOne() && b.assignee.isOne() && b.at > a.at {
				return true
			}
		}
	}
	return false
}

// finding returns the finding of an action with the phrases of those that belong
// to it.
func (s *sentence) finding(d action, belongs func(action) bool) Finding {
	f := Finding{
		Score: round(d.score), Definitive: d.definitive, Assignee: d.assignee.kind, Name: d.assignee.name,
		Taken: s.isTaken(d), Quoted: s.isQuoted(d.at),
	}
	f.Phrases, f.Kind = s.phrases(min(d.score, sure), belongs)
	return f
}

// isTaken reports whether an action takes on what was spoken of without saying what
// it is.
func (s *sentence) isTaken(d action) bool {
	if d.assignee.kind != Speaker {
		return false
	}
	switch s.at(d.at) {
	case "i'm", "i", "on", "leave", "consider":
		return true
	case "take":
		return s.isOne(d.at+1, "it", "that", "this") && !s.isOne(d.at+2, "to", "down", "up", "into", "off", "out", "back", "over", "with", "home", "there") || s.follows(d.at+1, "care", "of")
	case "do", "handle":
		return s.isOne(d.at+1, "it", "that", "this", "so")
	}
	return false
}

// phrases returns the phrases of the actions that belong together and score at
// least this much, and whether one of them is talking to someone.
func (s *sentence) phrases(least float64, belongs func(action) bool) (all []Span, kind Kind) {
	kind = ActionItem
	for _, d := range s.actions {
		if d.score < least || !belongs(d) {
			continue
		}
		if d.communicates {
			kind = FollowUp
		}
		p := s.phrase(d.at)
		if len(all) == 0 || all[len(all)-1].End <= p.Start {
			all = append(all, p)
		}
	}
	return all, kind
}

// actionAt returns the action that the word at i begins: an auxiliary, "please",
// the first word of a request, or the verb of an order.
func (s *sentence) actionAt(i int) (d action, ok bool) {
	if d, ok = s.statement(i); ok {
		return d, true
	}
	if d, ok = s.request(i); ok {
		return d, true
	}
	if d, ok = s.commitment(i); ok {
		return d, true
	}
	if d, ok = s.prohibition(i); ok {
		return d, true
	}
	return s.order(i)
}

// weigh adds to the score of an action, which the word at i begins, what its verb
// and its surroundings add.
func (s *sentence) weigh(d action, i int) action {
	d.score += d.value
	s.call(&d)
	if s.isQuoted(i) {
		d.score += offerValue
		d.definitive = false
	}
	if s.isOnTheSpot(d, i) {
		d.score += spotValue
	}
	if s.dependsOn(d) {
		d.score += subordinateValue
	}
	if d.glad {
		d.score += gladValue
		d.definitive = false
	}
	switch {
	case s.hasTime && !s.offersHelp && d.value > weakValue:
		d.score += timeValue
	case s.offersHelp && !s.deadline && d.assignee.kind != Group:
		d.score += offerValue
	case s.leavesChoice && d.assignee.kind == Addressee && (!d.communicates || !s.isMe(d.at+1)):
		d.score += subordinateValue
	}
	d.definitive = d.definitive && !s.offersHelp && !s.leavesChoice
	hedges, unsure := s.hedges(i)
	d.score += hedgeValue * float64(min(hedges, 2))
	d.definitive = d.definitive && !unsure
	d.score = min(max(d.score, 0), maxScore)
	return d
}

// dependsOn reports whether others or several do something only if something comes about, at
// no time that is named: "if it takes longer we'll replace it".
func (s *sentence) dependsOn(d action) bool {
	if s.hasTime || d.communicates || d.assignee.kind != Group && d.assignee.kind != Third {
		return false
	}
	for n := range s.words {
		if s.isOne(n, "if", "unless") && s.starts[n] && n != d.assignee.at-1 {
			return true
		}
	}
	return false
}

// call gives an action of nobody who is named to whom the sentence calls first: "Priya, the
// letters have to be ready on Friday".
func (s *sentence) call(d *action) {
	if d.assignee.kind > Addressee || d.assignee.kind == Speaker || d.assignee.name != (Span{}) {
		return
	}
	last := 0
	if s.isMember(0) && s.isMember(1) {
		last = 1
	}
	if !s.isMember(0) || s.isSpeaker(0) || s.at(last+1) != "," {
		return
	}
	for i := last; i < len(s.words); i++ {
		if s.isOne(i, "someone", "somebody", "anyone", "anybody", "everyone", "everybody") {
			return
		}
	}
	d.assignee.kind, d.assignee.name = Addressee, Span{s.words[0].Start, s.words[last].End}
}

// isOnTheSpot reports whether the speaker does it at the same moment, with "just",
// "now" or "here" beside the verb: "I'll just put it there".
func (s *sentence) isOnTheSpot(d action, i int) bool {
	if s.hasLaterTime || d.communicates {
		return false
	}
	if d.assignee.kind == Speaker && s.takesAMoment() {
		return true
	}
	if !s.in(d.at, spot) {
		return false
	}
	order := d.at == i && d.assignee.kind == Addressee
	if !order && !s.isOne(i, "will", "shall", "i'll", "we'll", "going", "gonna", "let") {
		return false
	}
	if d.assignee.kind == Speaker && s.isOne(d.at+1, "under", "over", "into", "behind") {
		return true
	}
	for n := max(0, i-1); n < i+maxDistance+2 && n < len(s.words); n++ {
		if s.isOne(n, "here", "there") || !order && s.isOne(n, "just", "now", "quickly") {
			return true
		}
	}
	return false
}

// takesAMoment reports whether the sentence says that something takes a moment: "it'll only
// take a second".
func (s *sentence) takesAMoment() bool {
	for n := range s.words {
		if s.isOne(n, "take", "takes") && s.isOne(n+1, "a", "one") && s.isOne(n+2, "second", "sec", "minute", "moment") {
			return true
		}
	}
	return false
}

// hedges counts what makes a clause that begins at i less certain, and reports
// whether anything does: "probably" and a polite "perhaps you could" leave the
// score as it is.
func (s *sentence) hedges(i int) (n int, unsure bool) {
	for k := max(0, i-maxDistance); k < min(i+3, len(s.words)); k++ {
		switch {
		case s.is(k, hedge):
			unsure = true
			polite := s.at(k+1) == "you" || s.at(k+1) == "we" && s.isOne(k+2, "can", "could")
			if !s.isOne(k, "probably", "might") && !polite {
				n++
			}
		case k < i && s.in(k, opinion) && s.isOne(k-1, "i", "i'm", "was"):
			unsure = true
			n++
		}
	}
	return n, unsure
}

// round leaves two decimals.
func round(score float64) float64 { return math.Round(score*100) / 100 }
