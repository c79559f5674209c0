package speech

// Scores of what someone intends or wishes to do, before what their verb and
// their surroundings add.
const (
	planned   = 0.54 // "I plan to"
	attempted = 0.46 // "he is trying to"
	toldTo    = 0.46 // "she asked me to"
	offered   = 0.54 // "I'd be happy to"
	hopedFor  = 0.42 // "I hope to finish it by Friday"
	wished    = 0.48 // "I'd like to discuss it"
)

// intention returns the duty of what someone plans, wishes or is asked at i.
func (s *sentence) intention(i int) (d duty, ok bool) {
	switch s.at(i) {
	case "plan", "planning", "intend", "promise", "trying":
		return s.planned(i)
	case "asked":
		return s.toldTo(i)
	case "hope", "hoping", "happy", "glad":
		return s.hoped(i)
	case "like", "love", "want", "wanna":
		return s.wished(i)
	case "am", "i'm", "we're":
		return s.underWay(i)
	}
	return d, false
}

// planned returns the duty of a plan or an attempt at i: "I plan to", "she's
// trying to".
func (s *sentence) planned(i int) (d duty, ok bool) {
	if !s.isOne(i+1, "to", "on") {
		return d, false
	}
	if d.who, ok = s.subjectOfBe(i); !ok {
		return d, false
	}
	d.score = planned
	if s.at(i) == "trying" {
		d.score = attempted
		s.place(&d, i)
	}
	d.deed, ok = s.deedAt(i + 2)
	return d, ok
}

// wished returns the duty that "like to" or "want to" at i wishes for: talking
// to someone, for what one would like to do otherwise is nothing to do yet.
func (s *sentence) wished(i int) (d duty, ok bool) {
	from := i + 1
	if s.at(i) != "wanna" {
		if s.at(from) != "to" {
			return d, false
		}
		from++
	}
	before := s.back(i - 1)
	if s.at(before) == "would" && s.starts[before] || before < i && s.starts[before+1] && s.at(i) == "want" {
		d.who.doer = Speaker
		d.deed, ok = s.deedAt(from)
		d.score = wished
		return d, ok && d.talks && !s.asks
	}
	switch s.at(before) {
	case "i'd", "i":
		d.who.doer = Speaker
	case "we'd", "we":
		d.who.doer = Group
	case "would":
		if d.who, ok = s.doerBefore(before); !ok {
			return d, false
		}
	case "may", "might":
		d.score, d.who.doer = advised, Addressee
		if s.at(before-1) == "we" {
			d.who.doer = Group
		} else if s.at(before-1) != "you" {
			return d, false
		}
	default:
		return d, false
	}
	if d.deed, ok = s.deedAt(from); !ok {
		return d, false
	}
	if d.score == advised {
		return d, true
	}
	d.score = wished
	return d, d.talks && (d.who.doer == Speaker || d.who.doer == Group)
}

// underWay returns the duty of one who says what they are doing for someone, at
// i: "I'm sending you the file".
func (s *sentence) underWay(i int) (d duty, ok bool) {
	verb := s.skip(i+1, adverb)
	forYou := s.at(verb+1) == "you" || s.dated && s.talksAt(verb) && !s.isOne(verb, "meeting", "talking")
	if !s.is(verb, gerund) || !forYou || s.at(i) == "am" && s.at(i-1) != "i" {
		return d, false
	}
	if d.deed, ok = s.deedAt(verb); !ok {
		return d, false
	}
	d.score, d.who.doer = planned, Speaker
	if s.at(i) == "we're" {
		d.who.doer = Group
	}
	return d, true
}

// toldTo returns the duty that someone was asked for, at i: "she asked me to",
// "I have asked Bob to".
func (s *sentence) toldTo(i int) (d duty, ok bool) {
	if s.at(i+2) != "to" {
		return d, false
	}
	d.score = toldTo
	switch {
	case s.at(i+1) == "me":
		d.who.doer = Speaker
	case !s.isOne(i-1, "have", "i've"):
		return d, false
	case s.looksLikeName(i + 1):
		d.who = someone{doer: Third, name: Span{s.words[i+1].Start, s.words[i+1].End}}
	case s.is(i+1, object):
		d.who.doer = Third
	default:
		return d, false
	}
	d.deed, ok = s.deedAt(i + 3)
	return d, ok
}

// hoped returns the duty one hopes or is happy to do, at i. A hope needs a
// date, for most of them are none that one would be asked about.
func (s *sentence) hoped(i int) (d duty, ok bool) {
	if s.at(i+1) != "to" || s.asks {
		return d, false
	}
	be := s.back(i - 1)
	if s.at(be) == "be" {
		be = s.back(be - 1)
	}
	if s.isOne(be, "would", "am", "are") {
		be--
	}
	switch s.at(be) {
	case "i", "i'm", "i'd":
		d.who.doer = Speaker
	case "we", "we're", "we'd":
		d.who.doer = Group
	default:
		return d, false
	}
	if d.deed, ok = s.deedAt(i + 2); !ok {
		return d, false
	}
	if s.isOne(i, "happy", "glad") {
		d.score = offered
		return d, true
	}
	d.score = hopedFor
	return d, s.dated && d.value > 0
}
