package speech

import "strings"

// Scores of what someone intends or wishes to do, before what their verb and
// their surroundings add.
const (
	planned   = 0.54 // "I plan to"
	attempted = 0.42 // "he is trying to"
	toldTo    = 0.46 // "she asked me to"
	offered   = 0.54 // "I'd be happy to"
	wished    = 0.48 // "I'd like to discuss it"
	pledgedTo = 0.54 // "he promised to"

	underWayAlone = 0.44 // "taking them down tonight"
)

// intention returns the action of what someone plans, wishes or is asked at i.
func (s *sentence) intention(i int) (d action, ok bool) {
	switch {
	case s.in(i, plan|attempt):
		return s.planned(i)
	case s.starts[i] && s.is(i, gerund) && s.is(i, talk|task):
		return s.started(i)
	case s.starts[i] && s.is(i, talk) && s.at(i+1) == "you" && s.hasLaterTime && !s.inQuestion(i):
		d.verbPhrase, d.score, d.assignee = verbPhrase{at: i, value: talkValue, communicates: true}, underWayAlone, person{kind: Speaker, at: i}
		return d, true // "call you tomorrow"
	case s.in(i, wish):
		if d, ok = s.wantedDone(i); ok {
			return d, true
		}
		if d, ok = s.wantedBy(i); ok {
			return d, true
		}
		return s.wished(i)
	}
	switch s.at(i) {
	case "asked", "told", "instructed":
		return s.toldTo(i)
	case "to":
		return s.pledged(i)
	case "happy", "glad":
		return s.offered(i)
	case "interested":
		return s.interestedIn(i)
	case "am", "i'm", "we're":
		return s.underWay(i)
	case "is", "are", "he's", "she's", "they're":
		return s.underWayOf(i)
	}
	if s.isAgentIs(i) {
		return s.underWayOf(i)
	}
	return d, false
}

// planned returns the action of a plan or an attempt at i: "I plan to", "she's
// trying to".
func (s *sentence) planned(i int) (d action, ok bool) {
	if !s.isOne(i+1, "to", "on") {
		return d, false
	}
	if s.in(i, plan) {
		d.assignee, ok = s.subjectBefore(i)
	} else {
		d.assignee, ok = s.subjectOfBe(i)
	}
	if !ok {
		return d, false
	}
	if d.assignee.kind == Third && !s.hasTime || s.inQuestion(i) && s.in(i, attempt) {
		return d, false // "the firm plans to sell", "when are you planning to sell"
	}
	d.score = planned
	if s.at(i) == "trying" {
		d.score = attempted
		s.adjustForPosition(&d, i)
	}
	d.verbPhrase, ok = s.verbPhraseAt(i + 2)
	return d, ok
}

// wished returns the action that "like to" or "want to" at i wishes for: talking
// to someone, for what one would like to do otherwise is nothing to do yet.
func (s *sentence) wished(i int) (d action, ok bool) {
	from := i + 1
	if s.at(i) != "wanna" {
		if s.is(from, determiner) && s.isOne(from+1, "opportunity", "chance") {
			from += 2 // "I'd like the chance to"
		}
		if from = s.skipInserted(from); s.at(from) != "to" {
			return d, false
		}
		from++
	}
	before := s.back(i - 1)
	if s.at(before) == "would" && s.starts[before] || before < i && s.starts[before+1] && s.at(i) == "want" {
		d.assignee.kind = Speaker
		d.verbPhrase, ok = s.verbPhraseAt(from)
		d.score = wished
		return d, ok && d.communicates && !s.inQuestion(i)
	}
	switch s.at(before) {
	case "i'd", "i":
		d.assignee.kind = Speaker
	case "we'd", "we":
		d.assignee.kind = Group
	case "would":
		if d.assignee, ok = s.subjectBefore(before); !ok {
			return d, false
		}
	case "may", "might":
		d.score, d.assignee.kind = advised, Addressee
		if s.at(before-1) == "we" {
			d.assignee.kind = Group
		} else if s.at(before-1) != "you" {
			return d, false
		}
	default:
		return d, false
	}
	if d.verbPhrase, ok = s.verbPhraseAt(from); !ok {
		return d, false
	}
	if d.score == advised {
		return d, d.communicates || s.hasTime || d.assignee.kind == Addressee && d.value >= taskValue
	}
	d.score = wished
	said := s.in(d.at, announcing) // at the same moment
	return d, d.communicates && !said && (d.assignee.kind == Speaker || d.assignee.kind == Group)
}

// started returns the action of one who says without a subject what they do, at i:
// "taking them down tonight".
func (s *sentence) started(i int) (d action, ok bool) {
	brief := s.isOne(i+1, "him", "her", "them") && s.isMark(i+2) && s.communicatesAt(i)
	if !s.hasLaterTime && !brief || !s.is(i+1, object|determiner) || s.inQuestion(i) {
		return d, false
	}
	for n := i + 1; n < len(s.words); n++ {
		if s.is(n, auxiliary) {
			return d, false // "sending them tomorrow is fine"
		}
	}
	d.score, d.assignee = underWayAlone, person{kind: Speaker, at: i}
	d.verbPhrase, ok = s.verbPhraseAt(i)
	return d, ok
}

// underWay returns the action of one who says what they are doing for someone, at
// i: "I'm sending you the file".
func (s *sentence) underWay(i int) (d action, ok bool) {
	verb := s.skip(i+1, adverb)
	if !s.is(verb, gerund) || s.at(i) == "am" && s.at(i-1) != "i" || s.isSubordinator(i-1) || s.isSubordinator(i-2) && s.at(i-1) == "i" {
		return d, false
	}
	if s.at(verb+1) != "you" && (!s.hasLaterTime || !s.is(verb, talk|task) || s.isOne(verb, "working", "testing", "looking", "contacting", "asking") || s.at(verb) == "writing" && (s.at(verb+1) == "to" && !s.isOne(verb+2, "the", "my", "our", "his", "her", "their", "a") && !s.looksLikeName(verb+2) || s.isOne(verb+1, "because", "in", "with") || s.isMark(verb+1))) {
		return d, false
	}
	if d.verbPhrase, ok = s.verbPhraseAt(verb); !ok || s.is(verb, talk) && !s.hasTime {
		return d, false // "I am contacting you" is done at the same moment
	}
	d.score, d.assignee.kind = planned, Speaker
	if s.at(i) == "we're" {
		d.assignee.kind = Group
	}
	return d, true
}

// underWayOf returns the action of another who does something at a time to come, at i:
// "the supplier is delivering the windows on Tuesday".
func (s *sentence) underWayOf(i int) (d action, ok bool) {
	verb := s.skip(i+1, adverb)
	if !s.hasLaterTime || !s.is(verb, gerund) || !s.is(verb, task|talk) || !s.is(verb+1, object|determiner) || s.inQuestion(i) {
		return d, false
	}
	word, short := strings.CutSuffix(s.at(i), "'s")
	if !short {
		word, short = strings.CutSuffix(s.at(i), "'re")
	}
	if short {
		d.assignee, ok = pronoun(word)
		if !ok && s.isAgentIs(i) {
			return s.agentDoes(i, verb)
		}
	} else if d.assignee, ok = s.subjectBefore(i); ok {
		ok = d.assignee.kind == Third
	}
	if !ok || s.isSubordinator(d.assignee.at-1) {
		return d, false
	}
	d.score = toldTo
	d.verbPhrase, ok = s.verbPhraseAt(verb)
	return d, ok && d.value > 0
}

// isAgentIs reports whether "is" in short stands behind someone with a role at i: "my
// brother's".
func (s *sentence) isAgentIs(i int) bool {
	word, short := strings.CutSuffix(s.at(i), "'s")
	return short && s.is(s.skip(i+1, adverb), gerund) && s.vocabulary.words[word].class&agent != 0
}

// agentDoes returns the action of one with a role, at i, who does something at a time to
// come: "my brother's collecting those on Sunday".
func (s *sentence) agentDoes(i, verb int) (d action, ok bool) {
	from := i
	if s.isOne(i-1, "my", "our", "your", "his", "her", "their") {
		from--
	}
	d.assignee = person{kind: Third, at: from, name: Span{s.words[from].Start, s.words[i].End - len("'s")}}
	d.score = toldTo
	d.verbPhrase, ok = s.verbPhraseAt(verb)
	return d, ok && d.value > 0 && s.at(verb) != "meeting" // an appointment
}

// toldTo returns the action that someone was asked for, at i: "she asked me to",
// "I have asked Bob to".
func (s *sentence) toldTo(i int) (d action, ok bool) {
	if s.inQuestion(i) || s.isSubordinator(s.back(i-1)-1) {
		return d, false
	}
	last := i + 1 // of who is asked
	for last < i+3 && s.looksLikeName(last+1) && s.looksLikeName(i+1) {
		last++
	}
	if s.is(i+1, determiner) && s.is(last+1, agent) || s.is(i+1, agent) {
		return s.toldRole(i)
	}
	if s.at(last+1) != "to" {
		return d, false
	}
	d.score = toldTo
	have := s.isOne(i-1, "have", "i've", "we've")
	switch {
	case s.at(i+1) == "me":
		d.assignee.kind = Speaker
	case s.looksLikeName(i+1) && (have || s.isOne(s.back(i-1), "i", "we")):
		d.assignee = person{kind: Third, name: Span{s.words[i+1].Start, s.words[last].End}}
		d.score = offered
	case s.is(i+1, object) && have:
		d.assignee.kind = Third
	default:
		return d, false
	}
	d.verbPhrase, ok = s.verbPhraseAt(last + 2)
	return d, ok
}

// toldRole returns the action that a role was asked for, at i: "I've asked accounting
// to pay it", "I told my brother to call".
func (s *sentence) toldRole(i int) (d action, ok bool) {
	to := s.wantedEnd(i)
	if to == 0 || !s.isOne(s.back(i-1), "i", "we", "i've", "we've", "have") {
		return d, false
	}
	if d.assignee, ok = s.named(to - 1); !ok {
		return d, false
	}
	d.assignee.at, d.score = i, offered
	d.verbPhrase, ok = s.verbPhraseAt(to + 1)
	return d, ok
}

// offered returns the action one is happy to do, at i: "I'd be happy to call".
func (s *sentence) offered(i int) (d action, ok bool) {
	if s.at(i+1) != "to" || s.inQuestion(i) || s.isCourtesy(i+2) {
		return d, false
	}
	if d.assignee, ok = s.subjectOfMood(i); !ok {
		return d, false
	}
	d.score = offered
	d.verbPhrase, ok = s.verbPhraseAt(i + 2)
	return d, ok
}

// interestedIn returns the action of talking that one is interested in, at i:
// "I would be interested in meeting you".
func (s *sentence) interestedIn(i int) (d action, ok bool) {
	if s.at(i+1) != "in" || !s.is(i+2, gerund) || s.inQuestion(i) {
		return d, false
	}
	if d.assignee, ok = s.subjectOfMood(i); !ok {
		return d, false
	}
	d.score = wished
	d.verbPhrase, ok = s.verbPhraseAt(i + 2)
	return d, ok && d.communicates
}

// subjectOfMood returns who of the speakers is what the word at i says: "happy"
// in "I am happy", "we would be very happy" and "I am here and will be happy".
func (s *sentence) subjectOfMood(i int) (who person, ok bool) {
	be := s.back(i - 1)
	if s.at(be) == "be" {
		be = s.back(be - 1)
	}
	switch s.at(be) {
	case "i'm", "i'd", "i'll":
		who.kind = Speaker
	case "we're", "we'd", "we'll":
		who.kind = Group
	case "would", "will", "shall", "am", "are":
		if s.starts[be] {
			return person{kind: Speaker, at: be}, true // "would be happy to"
		}
		if who, ok = s.subjectBefore(be); !ok {
			first := s.skip(0, opener)
			who.kind, ok = Speaker, s.isOne(first, "i", "i'm") && s.at(s.back(be-1)) == "and"
		}
		return who, ok && (who.kind == Speaker || who.kind == Group)
	default:
		return who, false
	}
	return who, true
}

// pledged returns the action that someone took on before "to" at i: "Ben promised
// to fix it".
func (s *sentence) pledged(i int) (d action, ok bool) {
	if !s.in(i-1, pledge) || s.inQuestion(i) {
		return d, false
	}
	from := i - 1
	if s.isOne(s.back(from-1), "has", "have", "had", "i've", "we've") {
		from = s.back(from - 1)
	}
	if s.isOne(from, "i've", "we've") {
		d.assignee.kind = Speaker
	} else if d.assignee, ok = s.subjectBefore(from); !ok || d.assignee.anyone || d.assignee.kind == Group {
		return d, false
	}
	d.score = pledgedTo
	d.verbPhrase, ok = s.verbPhraseAt(i + 1)
	return d, ok
}
