package speech

import (
	"cmp"
	"math"
	"slices"
)

// A duty is something that is to be done, as one clause says it.
type duty struct {
	deed

	who   someone
	score float64
	firm  bool // said as settled
}

// What the surroundings add to the score of a duty.
const (
	datedValue   = 0.06  // a date in the sentence
	gladValue    = -0.10 // "I'd be happy to"
	hedgeValue   = -0.06 // "maybe", "I think", twice at most
	cannedValue  = -0.45 // "if you have any questions, please call"
	asideValue   = -0.35 // in a clause that only conditions or describes
	doubtValue   = -0.20 // as a question: "so I need to call them?"
	vocativeHint = 0.08  // the name of who is asked
)

const highest = 0.97

// action returns what is to be done by the whole sentence.
func (s *sentence) action() (f Finding, ok bool) {
	for i := range s.words {
		if !s.is(i, cue) && !s.starts[i] && !s.isCapital(i) && !s.isOne(i-1, "and", "so", "but") {
			continue
		}
		if d, found := s.dutyAt(i); found {
			s.tasks = append(s.tasks, s.weigh(d, i))
		}
	}
	if len(s.tasks) == 0 {
		return f, false
	}
	best := slices.MaxFunc(s.tasks, func(a, b duty) int { return cmp.Compare(a.score, b.score) })
	if best.score < MinScore {
		return f, false
	}
	f = Finding{
		Kind: ActionItem, Score: round(best.score),
		Definitive: best.firm, Assignee: best.who.doer, Name: best.who.name,
	}
	f.Phrases, f.Kind = s.phrases(min(best.score, 0.5))
	return f, true
}

// phrases returns the phrases of the duties that score at least this much, and
// whether one of them is talking to someone.
func (s *sentence) phrases(least float64) (all []Span, kind Kind) {
	kind = ActionItem
	for _, d := range s.tasks {
		if d.score < least {
			continue
		}
		if d.talks {
			kind = FollowUp
		}
		p := s.phrase(d.at)
		if len(all) == 0 || all[len(all)-1].End <= p.Start {
			all = append(all, p)
		}
	}
	return all, kind
}

// dutyAt returns the duty that the word at i begins: an auxiliary, "please",
// the first word of a request, or the verb of an order.
func (s *sentence) dutyAt(i int) (d duty, ok bool) {
	if d, ok = s.statement(i); ok {
		return d, true
	}
	if d, ok = s.request(i); ok {
		return d, true
	}
	return s.order(i)
}

// weigh adds to the score of a duty, which the word at i begins, what its verb
// and its surroundings add.
func (s *sentence) weigh(d duty, i int) duty {
	d.score += d.value
	if d.glad {
		d.score += gladValue
		d.firm = false
	}
	switch {
	case s.dated && !s.canned && d.value > weakValue:
		d.score += datedValue
	case s.canned && !s.deadline && d.who.doer != Group:
		d.score += cannedValue
	case s.choice && d.who.doer == Addressee && (!d.talks || !s.isMe(d.at+1)):
		d.score += asideValue
	}
	d.firm = d.firm && !s.canned && !s.choice
	hedges, unsure := s.hedges(i)
	d.score += hedgeValue * float64(min(hedges, 2))
	d.firm = d.firm && !unsure
	d.score = min(max(d.score, 0), highest)
	return d
}

// hedges counts what makes a clause that begins at i less certain, and reports
// whether anything does: "probably" and a polite "perhaps you could" leave the
// score as it is.
func (s *sentence) hedges(i int) (n int, unsure bool) {
	for k := max(0, i-reach); k < min(i+3, len(s.words)); k++ {
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
