package speech

import "strings"

// Scores of statements by how they oblige whom, before what their verb and
// their surroundings add.
const (
	willSelf    = 0.74 // "I'll", "I shall"
	willGroup   = 0.64 // "we will"
	willThird   = 0.60 // "Mark will", "she's going to"
	willYou     = 0.36 // "you'll receive it"
	goingSelf   = 0.57 // "I'm going to", "gonna"
	goingGroup  = 0.58
	goingYou    = 0.44
	mustSelf    = 0.64 // "I need to", "I have to"
	mustGroup   = 0.58
	mustThird   = 0.52
	mustYou     = 0.42
	shouldSelf  = 0.56
	shouldGroup = 0.48
	shouldYou   = 0.42
	shouldThird = 0.46
	canSelf     = 0.42 // "I can send it"
	canGroup    = 0.45
	canDoYou    = 0.40
	mayHaveTo   = 0.50 // "I may have to schedule a call"

	theyValue   = -0.20 // "they", who may be anyone
	promised    = 0.54  // "you'll have it by Friday"
	wouldHaveTo = -0.15 // "we'd have to", if it came to that
	doItNamed   = 0.08  // "Victor will do that"
	canMember   = 0.45  // "Timmy can take them over", of one who is present
	needValue   = 0.06  // "you need to"
)

// A strength is how much an auxiliary obliges.
type strength uint8

const (
	will strength = iota
	going
	must
	should
	can
	may
)

// statement returns the action of a subject and an auxiliary at i: "I will send",
// "Mark needs to check".
func (s *sentence) statement(i int) (d action, ok bool) {
	how, from, ok := s.auxiliaryAt(i)
	if !ok {
		return s.suggestion(i)
	}
	who, ok := s.subjectOf(i)
	if !ok {
		return s.suggestion(i)
	}
	if how == can && who.kind == Group && s.isOne(0, "no", "nope", "nah") && s.at(1) == "," && !s.communicatesAt(s.skip(from, adverb)) {
		return d, false // "no, we can fix it": an answer
	}
	d.assignee = who
	if (how == will || how == should || s.at(i) == "can" && s.at(from) == "expect") && who.kind == Addressee && s.isPromised(from) && (how != should || s.at(from) == "have" && s.is(from+2, due) && s.at(who.at-1) != "so") {
		d.assignee.kind, d.at, d.score, d.value, d.communicates = Speaker, from, promised, taskValue, s.at(from) == "hear" || s.isMessage(from)
		return d, !s.inQuestion(i)
	}
	if how == will && (who.kind == Third || who.kind == Nobody) && (s.isHeardFromMe(from) || s.hasLaterTime && s.isMessage(from)) {
		d.assignee.kind, d.at, d.score, d.value, d.communicates = Speaker, from, promised, taskValue, true
		d.assignee.name = Span{}
		return d, !s.inQuestion(i)
	}
	if d.verbPhrase, ok = s.verbPhraseAt(from); !ok {
		if how == must && who.kind == Third {
			if d, ok = s.mustBeReady(i); !ok {
				d, ok = s.beTold(i)
			}
			return d, ok
		}
		if how == should && (who.kind == Nobody || who.kind == Third) {
			return s.oughtToBe(i)
		}
		return d, false
	}
	switch {
	case how == may && !s.isObliged(from) && !s.is(d.at, gerund|talk):
		return d, false
	case how == can && who.kind == Third && !s.isAssignable(d, i):
		return d, false
	case how == must && s.isOne(d.at, "inform", "tell", "remind") && s.at(d.at+1) == "you":
		return d, false // it is told at the same moment
	}
	d.score = how.score(who.kind) + s.wordingValue(d, how, i)
	s.assignCaused(&d)
	if how == can && !d.communicates && s.isHypothetical(d.assignee.at) {
		d.score += subordinateValue
	}
	d.definitive = how <= going && d.score >= goingGroup
	s.adjustForPosition(&d, i)
	return d, true
}

// isPromised reports whether the verb at i says what someone will have from the
// speaker by a time: "you'll have it by Friday".
func (s *sentence) isPromised(i int) bool {
	if s.isHeardFromMe(i) || s.isMessage(i) {
		return true
	}
	if s.isOne(i, "find", "see") {
		return s.hasLaterTime && s.isOne(i+1, "it", "them") && s.at(i+2) == "in"
	}
	return s.isOne(i, "have", "get", "receive", "expect") && s.hasLaterTime && (s.isOne(i+1, "it", "them", "those", "these", "that") || s.is(i+1, determiner) && (s.in(i+2, deliverable) || s.in(i+3, deliverable) && !s.isMark(i+2)))
}

// isMessage reports whether the verb at i says that someone gets word: "get a call".
func (s *sentence) isMessage(i int) bool {
	return s.isOne(i, "have", "get") && s.isOne(i+1, "a", "an", "my", "the", "our") && s.isOne(i+2, "call", "message", "mail", "email", "text", "reply", "answer", "invite", "invitation", "reminder", "letter")
}

// isAssignable reports whether one who can do something, by the auxiliary at i, is
// somebody present who is given it: "Timmy can take them over".
func (s *sentence) isAssignable(d action, i int) bool {
	known := s.isMember(d.assignee.at) && !s.isSpeaker(d.assignee.at) || d.assignee.name != (Span{}) && s.hasLaterTime && !s.isHypothetical(d.assignee.at)
	return known && d.value > 0 && !s.inQuestion(i)
}

// wordingValue returns what the wording of a statement, whose auxiliary stands at i,
// adds to the score that its strength and its subject give.
func (s *sentence) wordingValue(d action, how strength, i int) float64 {
	you, third := d.assignee.kind == Addressee, d.assignee.kind == Third || d.assignee.kind == Nobody
	switch {
	case you && s.at(i) == "you'll" && s.follows(i+1, "want", "to"):
		return needOf - willYou // said of what one had better do
	case you && d.attempts && how <= should && how != must:
		return mustYou + taskValue - how.score(Addressee) // "you will have to"
	case (you || how == can && d.assignee.kind == Speaker && !s.hasTime) && s.isHabit():
		return theyValue
	case you && s.isOne(i, "need", "better"):
		return needValue // "you have to" is said of anyone
	case how == must && strings.HasSuffix(s.at(d.assignee.at), "'d") && d.assignee.kind != Speaker && !s.deadline:
		return wouldHaveTo
	case how == can && d.assignee.kind == Speaker && s.at(i) == "could":
		return hedgeValue
	case how == can && d.assignee.kind == Third:
		return canMember
	case you && s.at(i) == "could" && s.is(d.assignee.at-1, hedge):
		return taskValue // "perhaps you could"
	case d.assignee.kind == Group && !d.communicates && how == should && !s.hasTime:
		return hedgeValue / 2 // of a design, as often as a task
	case d.assignee.kind == Group && !d.communicates && s.at(i) == "could" && !s.hasTime:
		return hedgeValue // of a design, more often than a task
	case d.assignee.anyone && !s.hasTime:
		return theyValue
	case third && d.value == doItValue && how <= going && d.assignee.name != (Span{}):
		return doItNamed
	case third && d.value < 0:
		return unknownValue
	}
	return 0
}

// isHabit reports whether the sentence says how often something is done.
func (s *sentence) isHabit() bool {
	for n := range s.words {
		if s.isOne(n, "every", "always", "never", "daily", "weekly", "mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays") || s.isOne(n, "once", "twice", "times") && s.isOne(n+1, "a", "an", "per") {
			return true
		}
	}
	return false
}

// isHypothetical reports whether the sentence has a condition that the clause of
// the subject at i depends on: "we can fix it if it breaks".
func (s *sentence) isHypothetical(i int) bool {
	for n := range s.words {
		if s.isOne(n, "if", "unless") && n != i-1 && !s.isWelcome(n-1) {
			return true
		}
	}
	return false
}

// isObliged reports whether "have to" or "need to" stands at i.
func (s *sentence) isObliged(i int) bool {
	i = s.skip(i, adverb)
	return s.isOne(i, "have", "need") && s.leadsTo(i) != i
}

// auxiliaryAt returns how strongly the auxiliary at i obliges and where what
// follows it begins.
func (s *sentence) auxiliaryAt(i int) (how strength, from int, ok bool) {
	next := s.at(i + 1)
	switch s.at(i) {
	case "will", "shall", "i'll", "we'll", "he'll", "she'll", "they'll", "you'll":
		return will, i + 1, true
	case "gonna":
		return going, i + 1, true
	case "going":
		return going, i + 2, next == "to"
	case "must", "gotta":
		return must, i + 1, true
	case "need", "needs", "have", "has", "got":
		return must, i + 2, next == "to"
	case "should", "oughta":
		return should, i + 1, true
	case "ought", "supposed":
		return should, i + 2, next == "to"
	case "is", "are":
		return must, i + 2, next == "to" && !s.isStep(i-1) && !s.isOne(s.back(i-1), "i", "we", "you", "they")
	case "better":
		return should, i + 1, s.isHad(i - 1)
	case "can", "could":
		return can, i + 1, true
	case "may", "might":
		return may, i + 1, true
	}
	return will, i + 1, s.isShortWill(i)
}

// isHad reports whether "had" stands at i before "better", or short for it: "you'd
// better".
func (s *sentence) isHad(i int) bool {
	return s.isOne(i, "had", "i'd", "we'd", "you'd", "he'd", "she'd", "they'd")
}

// isShortWill reports whether the word at i is a name with "will" in short:
// "Mark'll".
func (s *sentence) isShortWill(i int) bool {
	return s.isCapital(i) && !s.isOne(i, "it'll", "that'll", "there'll", "this'll", "what'll", "who'll") && (strings.HasSuffix(s.at(i), "'ll") || strings.HasSuffix(s.at(i), "’ll"))
}

// subjectOf returns who does what the auxiliary at i begins.
func (s *sentence) subjectOf(i int) (who person, ok bool) {
	word, short := strings.CutSuffix(s.at(i), "'ll")
	who, ok = pronoun(word)
	switch {
	case short && ok:
		who.at = i
		return who, true
	case s.isOne(i, "going", "gonna", "got", "gotta", "supposed"):
		return s.subjectOfBe(i)
	case s.at(i) == "better" && s.at(i-1) == "had":
		return s.subjectBefore(i - 1)
	case s.isShortWill(i):
		start := s.words[i].Start
		return person{kind: Third, at: i, name: Span{start, start + strings.LastIndexAny(s.words[i].Text, "'’")}}, true
	}
	return s.subjectBefore(i)
}

// subjectOfBe returns who is "going" at i, before or in a form of "be".
func (s *sentence) subjectOfBe(i int) (who person, ok bool) {
	be := s.back(i - 1)
	who.at = be
	switch s.at(be) {
	case "am", "is", "are":
		return s.subjectBefore(be)
	case "was", "were":
		who, ok = s.subjectBefore(be)
		return who, ok && (who.kind == Third || who.kind == Addressee) // one's own plan has changed, or was one of words
	case "i'm", "i've", "i":
		who.kind = Speaker
	case "we're", "we've", "we":
		who.kind = Group
	case "you're", "you've", "you":
		who.kind = Addressee
	case "he's", "she's":
		who.kind = Third
	case "they're":
		who.kind, who.anyone = Third, true
	default:
		if be < 0 || s.isMark(be) && s.starts[be+1] {
			who.kind, who.at = Speaker, i
			return who, s.isOne(i, "gonna", "gotta") // "gonna fix it"
		}
		text := s.at(be)
		if name, short := strings.CutSuffix(strings.Replace(text, "’", "'", 1), "'s"); short && s.isCapital(be) {
			start := s.words[be].Start
			who.kind, who.name = Third, Span{start, start + len(name)}
			return who, true
		}
		return who, false
	}
	return who, true
}

// score returns what a statement of this strength scores by who is to do it.
func (how strength) score(who Assignee) float64 {
	table := [...][5]float64{ // nobody, speaker, addressee, group, third
		will:   {willThird, willSelf, willYou, willGroup, willThird},
		going:  {mustThird, goingSelf, goingYou, goingGroup, willThird},
		must:   {mustThird, mustSelf, mustYou, mustGroup, mustThird},
		should: {shouldThird, shouldSelf, shouldYou, shouldGroup, shouldThird},
		can:    {0, canSelf, canDoYou, canGroup, 0},
		may:    {0, mayHaveTo, advised, mayHaveTo, mayHaveTo},
	}
	return table[how][who]
}
