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
	questionValue    = -0.20 // as a question: "so I need to call them?"
	vocativeValue    = 0.08  // the name of who is asked
)

const maxScore = 0.97

// action returns what somebody is to do by the whole sentence.
func (s *sentence) action() (f Finding, ok bool) {
	for i := range s.words {
		if !s.is(i, cue) && !s.starts[i] && !s.isCapital(i) && !s.isOne(i-1, "and", "so", "but") {
			continue
		}
		if d, found := s.actionAt(i); found {
			s.actions = append(s.actions, s.weigh(d, i))
		}
	}
	if len(s.actions) == 0 {
		return f, false
	}
	best := slices.MaxFunc(s.actions, func(a, b action) int { return cmp.Compare(a.score, b.score) })
	if best.score < MinScore {
		return f, false
	}
	f = Finding{
		Kind: ActionItem, Score: round(best.score),
		Definitive: best.definitive, Assignee: best.assignee.kind, Name: best.assignee.name,
	}
	f.Phrases, f.Kind = s.phrases(min(best.score, 0.5))
	return f, true
}

// phrases returns the phrases of the actions that score at least this much, and
// whether one of them is talking to someone.
func (s *sentence) phrases(least float64) (all []Span, kind Kind) {
	kind = ActionItem
	for _, d := range s.actions {
		if d.score < least {
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
	return s.order(i)
}

// weigh adds to the score of an action, which the word at i begins, what its verb
// and its surroundings add.
func (s *sentence) weigh(d action, i int) action {
	d.score += d.value
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
