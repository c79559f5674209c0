package speech

import "strings"

// Scores of orders.
const (
	orderDo = 0.54 // "send the list"
	letKnow = 0.66 // "let me know"
	minuted = 0.60 // "Mark to send the list"
)

// order returns the action of an order whose verb stands at i: "send the list",
// or of a line of minutes: "Mark to send the list".
func (s *sentence) order(i int) (d action, ok bool) {
	switch s.at(i) {
	case "to":
		return s.minuted(i)
	case "you", "someone", "somebody", "everyone", "everybody":
		return s.directed(i)
	}
	phrasal := s.isPhrasal(i) || s.starts[i] && s.hasParticle(i)
	if !s.startsOrder(i) || !phrasal && !s.is(i, talk|task|vague|weak|state) && s.at(i) != "show" || s.is(i, gerund) || !s.isOrder(i) {
		return d, false
	}
	if s.is(i+1, subject) && !s.is(i+1, object|determiner) && !s.isSome(i+1) {
		return d, false // "do they need"
	}
	d.assignee = s.addressee(i)
	d.at, d.score = i, orderDo
	if d.value, d.communicates, ok = s.verbValue(i); !ok && !phrasal {
		return d, false
	}
	if s.leadsTo(i) != i {
		if d.verbPhrase, ok = s.verbPhraseAt(i); !ok {
			return d, false
		}
	}
	if phrasal {
		d.value = max(d.value, 0)
	}
	switch {
	case s.at(i) == "let":
		d.score = letKnow
	case s.isMe(i + 1):
		d.score += vocativeValue
	}
	if s.isReferral(i) {
		d.score += offerValue
	}
	d.communicates = d.communicates || s.at(i) != "use" && s.communicatesLater(i+1)
	return d, true
}

// isPhrasal reports whether an order with a verb that need not be known stands at i: "line
// them up".
func (s *sentence) isPhrasal(i int) bool {
	return s.starts[i] && s.isOne(i+1, "it", "them", "him", "these", "those", "that", "this") && (s.in(i+2, particle) || s.class[i] == 0 && s.isOne(i+2, "in", "on", "to", "with", "under", "from")) && !s.is(i, auxiliary|wh|adverb|subject|ends) && (i == 0 && !s.isMember(i) || s.couldBeVerb(i))
}

// directed returns the action of an order with its subject at i: "Ben, you take the
// door", "I'll write it and you check it", "somebody call the lift company".
func (s *sentence) directed(i int) (d action, ok bool) {
	verb := s.skip(i+1, adverb)
	if !s.is(verb, talk|task) || s.is(verb, gerund|past|subject|auxiliary) || s.inQuestion(i) || !s.is(verb+1, object|determiner|wh) && (s.is(verb, noun) && !s.looksLikeName(verb+1) || !s.communicatesAt(verb)) {
		return d, false
	}
	if s.at(i) == "you" {
		if d.assignee, ok = s.calledBefore(i); !ok && (!s.starts[i] || !s.communicatesAt(verb) || !s.endsPolitely() && !s.isConditional()) {
			return d, false
		}
	} else if !s.starts[i] || s.isOne(verb, "put", "set", "read", "cut", "shut", "let", "hit") {
		return d, false // "someone put it there"
	}
	d.assignee.at = i
	d.score = orderDo
	d.verbPhrase, ok = s.verbPhraseAt(verb)
	return d, ok
}

// calledBefore returns whom "you" at i is, where a name calls them or the speaker has
// said their own part: "Ben, you", "I'll write it and you".
func (s *sentence) calledBefore(i int) (who person, ok bool) {
	who.kind = Addressee
	name := i - 1
	if s.at(name) == "," {
		name--
	}
	if name >= 0 && (name <= 2 || s.isMark(name-1)) && s.isMember(name) && !s.isSpeaker(name) {
		who.name = Span{s.words[name].Start, s.words[name].End}
		return who, true
	}
	if s.starts[i] {
		who = s.addressee(i)
		return who, who.name != (Span{})
	}
	if s.at(i-1) != "and" || i < 4 {
		return who, false
	}
	first := s.skip(0, opener)
	return who, s.isOne(first, "i'll", "i'm") || s.follows(first, "i", "will")
}

// minuted returns the action of a line of minutes whose "to" stands at i: "Mark
// to send the list", or of a mood without its subject: "happy to send the list".
func (s *sentence) minuted(i int) (d action, ok bool) {
	if s.in(i-1, mood) && s.starts[i-1] && !s.inQuestion(i) && !s.isCourtesy(i+1) {
		d.score, d.assignee.kind = offered, Speaker
		d.verbPhrase, ok = s.verbPhraseAt(i + 1)
		return d, ok && s.is(i+1, talk|task)
	}
	if !s.is(i+1, talk|task) || i == 0 {
		return d, false
	}
	if d.assignee, ok = s.named(i - 1); !ok || d.assignee.name == (Span{}) {
		return d, false
	}
	at := d.assignee.at
	if s.is(at-1, determiner) {
		at--
	}
	if !s.starts[at] || at > 6 {
		return d, false
	}
	d.score = minuted
	d.verbPhrase, ok = s.verbPhraseAt(i + 1)
	return d, ok
}

// startsOrder reports whether an order may start at i: where a clause does, in
// "let me know" behind a condition without a comma, or behind another order, as
// in "watch it and tell me".
func (s *sentence) startsOrder(i int) bool {
	switch {
	case s.starts[i] && (i < 4 || s.at(i-1) != "and"): // "yeah, and call him"
		return true
	case s.at(i-1) == "do" && (s.starts[i-1] || s.isOne(i-2, "but", "and") && s.is(i+1, object|determiner)):
		return (s.is(i, talk|task) || s.at(i) == "let" && s.isMe(i+1) || s.at(i) != "that" && s.communicatesAt(i)) && !s.inQuestion(i) // "do send it"
	case s.isCalled(i-1) && s.at(i) != "let":
		return s.is(i, talk|task) && (s.is(i+1, object|determiner) && !s.isOne(i, "put", "set", "read", "cut", "shut", "hit", "let"))
	case s.at(i) == "let":
		before := s.back(i - 1)
		if s.at(i-1) == "just" && s.isMe(i+1) {
			return !s.is(before, subject)
		}
		if s.at(before) != "and" {
			return (!s.is(before, auxiliary|not|subject) || s.at(before) == "do" && s.starts[before]) && (!s.isCapital(before) || s.isMember(before)) && !s.isOne(before, "to", "please")
		}
	case s.isOne(i-1, "so", "but") && (s.isMe(i+1) || s.at(i+1) == "with"):
		return true
	case s.at(i-1) != "and" || !s.isMe(i+1) && !s.isOne(i+1, "back", "him", "her", "them"):
		return false
	}
	first := i - 2
	for n := 0; n < maxDistance && first > 0 && !s.isMark(first-1); n++ {
		first--
	}
	if s.at(first) == "let" && s.isMe(first+1) {
		return false // "let me check and get back to you"
	}
	return s.starts[first] && (s.is(first, verb) && !s.is(first, subject|gerund|auxiliary) || s.at(first) == "you" && s.isMe(i+1))
}

// isCalled reports whether the word at i, with which a clause begins, calls another
// member by name without a comma: "omar call the lab".
func (s *sentence) isCalled(i int) bool {
	return i >= 0 && s.starts[i] && s.isMember(i) && !s.isSpeaker(i)
}

// isCalledAt reports whether the word at i calls a member by name between marks: "okay,
// Ravi, put it there".
func (s *sentence) isCalledAt(i int) bool {
	return s.isMark(i-1) && s.isMember(i) && !s.isSpeaker(i)
}

func (s *sentence) isMe(i int) bool { return s.isOne(i, "me", "us") }

// isOrder reports whether what follows the verb at i makes it an order, for
// "call" and "report" are nouns too, and "see you" is none.
func (s *sentence) isOrder(i int) bool {
	if i > 0 && s.at(i-1) == "," && s.at(i) != "let" && !s.mayFollow(i) {
		return false
	}
	next := i + 1
	if s.isFigure(i) || i == s.skip(0, opener) && s.ends("?") && s.inQuestion(len(s.words)-1) && !s.isAsking() {
		return false
	}
	if s.at(i-1) == "please" || s.follows(i-2, "please", ",") || s.at(i) == "tell" && s.isMe(next) && s.at(i-1) != "and" {
		return false
	}
	if s.at(i) == "let" {
		return s.isKnow(next) && s.at(next) != "you"
	}
	if s.leadsTo(i) != i && s.in(i, orderLead) {
		return true
	}
	if s.at(i) == "stop" && s.is(next, gerund) && s.is(next, talk|task) {
		return true
	}
	if s.at(next) == "you" || s.isOne(next, "to", "with") && s.at(i+2) == "you" || s.is(i, weak|state) && !s.is(i, task) && !s.communicatesAt(i) && !s.isIdiom(i) && s.isCaused(next) == 0 {
		return false
	}
	if s.at(i) == "stay" && s.isDoneWith(i) || s.isLightOrder(i) || s.isPhrasal(i) || s.hasParticle(i) || s.follows(i, "go", "ahead") && s.isOne(i+2, "with", "and") {
		return true
	}
	if s.in(i, lightVerb) {
		return s.isMe(next) || s.isSomeOf(i) || s.isTakenBy(i) || s.at(i) == "make" && s.at(next) == "sure" || s.at(i) == "take" && s.in(next, deliverable) || s.communicatesAt(i) || s.follows(next, "a", "look") ||
			s.at(i) == "have" && s.isCaused(next) > 0 && !s.inQuestion(i)
	}
	if s.communicatesAt(i) && (s.isOne(next, "to", "by", "in") || s.at(i) == "ask" && s.isOne(next, "about", "for") || s.is(next, noun)) && !s.isMark(i+2) {
		return true
	}
	if s.at(next) == "and" && i == 0 && s.is(i+2, talk|task) {
		return true // "review and comment"
	}
	if s.at(i) == "follow" && s.at(i+2) == "to" {
		return false // "follow up to my message"
	}
	if s.asksOthers(i) || s.isCommand(i) {
		return true
	}
	if s.isSentTo(i) {
		return true
	}
	return s.is(next, object|determiner) || s.isCounted(next) && s.is(i, task) && !s.is(i, noun) || s.isOne(next, "something", "anything") && s.hasLaterTime || s.isOne(i, "come") && s.isTalkIdiom(i) || s.looksLikeName(next) || s.in(next, title) && s.isCapital(next) || s.isOne(next, "http", "https") || s.in(next, particle) ||
		s.is(i, task) && s.isOne(next, "in", "on", "through", "away", "together", "along") && s.is(i+2, determiner) ||
		s.in(i, plainVerb) && !s.isOne(i-1, ",", "or", "and") && s.isBareThing(next) && !s.pageText
}

// mayFollow reports whether an order may stand at i behind a comma: after a condition, an
// opening, a name, a short answer, or a clause that tells how things are.
func (s *sentence) mayFollow(i int) bool {
	if s.isOne(i, "ask", "tell", "remind") && s.looksLikeName(i+1) && s.at(i+2) == "to" {
		return true // "half a metre, ask Jorun to raise it"
	}
	return s.isConditional() || s.isTopicAhead(i) || s.isOpening(i-2) || s.isCalledAt(i-2) || s.endsPolitely() || s.follows(i, "make", "sure") || s.isAnswered(i) || (s.endsClause(i-1) || s.beginsAnew(i)) && (s.is(i+1, object|determiner) || s.isSome(i+1))
}

// isAsking reports whether an order that ends as a question asks for it with a tag: "sound
// him out, will you?".
func (s *sentence) isAsking() bool {
	for i := range s.words {
		if s.isOne(i, "please", "you", "could", "can") {
			return true
		}
	}
	return false
}

// isSentTo reports whether the verb at i communicates with people who are named without an
// article: "contact support", "notify legal and finance by Friday".
func (s *sentence) isSentTo(i int) bool {
	next := i + 1
	if i != s.skip(0, opener) || !s.is(i, talk) || !s.is(next, agent) || s.pageText {
		return false
	}
	return next+1 == len(s.words) || s.isMark(next+1) || s.is(next+1, due|ends|adverb) || s.isOne(next+1, "and", "about", "if", "that", "when", "once", "by", "on", "as", "to", "for", "before", "first", "again")
}

// asksOthers reports whether the verb at i asks others something that is not said to whom:
// "ask if he pays", "find out who has it", "see whether it fits".
func (s *sentence) asksOthers(i int) bool {
	next := i + 1
	if s.isOne(i, "find", "sort", "work") && s.at(next) == "out" {
		next++
	} else if s.at(i) == "see" {
		return s.isOne(next, "if", "whether")
	} else if !s.isOne(i, "ask", "check", "enquire", "inquire") {
		return false
	}
	return s.isOne(next, "if", "whether", "who", "what", "when", "where", "how", "which", "why")
}

// isCounted reports whether a word for how much stands at i, and what it counts behind it:
// "two variants", "more wire".
func (s *sentence) isCounted(i int) bool {
	word := s.at(i)
	if s.isMark(i+1) || word == "" {
		return false
	}
	return s.in(i, quantifier) && word != "many" || s.in(i, hour) && word != "one" || s.isOne(i, "enough", "plenty", "half", "twenty", "thirty", "forty", "fifty", "sixty", "hundred", "dozens") || '0' <= word[0] && word[0] <= '9' && strings.HasSuffix(s.at(i+1), "s")
}

// isSomeOf reports whether the verb at i gets or takes some of what is spoken of: "get at
// least three", "take two of them", "get two, they're cheap".
func (s *sentence) isSomeOf(i int) bool {
	if !s.isOne(i, "get", "take", "use", "make") {
		return false
	}
	next := i + 1
	return s.isSome(next) || s.in(next, hour) && (s.isMark(next+1) || s.at(next+1) == "of")
}

// isTakenBy reports whether the verb at i takes or brings a thing without an article, with a
// time or politely: "take blood cultures before the next dose, please".
func (s *sentence) isTakenBy(i int) bool {
	return s.at(i) == "take" && s.isBareThing(i+1) && !s.in(i+1, emptyObject) && !s.isOne(i+1, "care", "part", "place", "time", "turns", "notice", "note", "off", "over", "up", "down", "away", "back") && (s.endsPolitely() || s.deadline)
}

// isBareThing reports whether a thing without an article stands at i, as behind a verb
// that is no noun: "bring cash", "submit reports by Friday".
func (s *sentence) isBareThing(i int) bool {
	return !s.isMark(i) && s.class[i]&(auxiliary|subject|ends|not|opener|adverb|gerund|wh) == 0 && !s.isOne(i, "to", "of", "from", "by", "than", "and", "or", "for", "at", "is")
}

// isLightOrder reports whether a verb at i that says little, "get" and the like, is an
// order with what follows: "use the side door", "take them over", "give her the key".
func (s *sentence) isLightOrder(i int) bool {
	next := i + 1
	thing := s.is(next, determiner) || s.isOne(next, "them", "him", "her", "these", "those")
	switch s.at(i) {
	case "have":
		return s.is(next, object) && !s.is(next, determiner) && s.is(i+2, past)
	case "use":
		return thing && s.at(next) != "your" && !s.pageText
	case "get":
		return s.is(next, determiner) && s.in(i+2, deliverable) || s.is(next, object) && s.at(i+2) == "to" || s.isOne(next, "the", "them", "those", "him") || s.isOne(next, "it", "that", "this") && (s.is(i+2, past) || s.isOne(i+2, "ready", "done", "over", "out", "back"))
	case "take", "carry", "move":
		return (thing || s.at(next) == "it") && s.isMovedFrom(i+2)
	case "give":
		return s.isPerson(next) && !s.isMark(i+2) || s.isOne(next, "it", "them", "that") && s.at(i+2) == "to"
	case "offer", "lend", "show":
		return s.isPerson(next) && !s.isMark(i+2) || s.at(i) == "show" && s.isMe(next) && (s.isCounted(i+2) || s.hasLaterTime)
	case "try":
		return s.isTriedOut(i)
	case "do":
		return s.isOne(next, "the", "your") || s.isOne(next, "that", "it", "this") && s.hasTime
	case "keep":
		if s.at(next) == "it" && !s.isMark(i+2) && s.isKeptUntil(i+2) {
			return true
		}
		return s.isOne(next, "them", "him", "her", "the", "your", "these", "those", "all") || s.follows(next, "an", "eye")
	case "make":
		return thing && !s.isMark(i+2) && !s.pageText && (i == s.skip(0, opener) || s.isTopicAhead(i) || s.in(i+2, deliverable)) && !s.isOne(i+2, "difference", "wish", "point", "scene", "fuss", "choice", "living", "good", "big", "move", "most", "best", "same", "right", "mistake", "case")
	case "set":
		return s.isOne(next, "the", "your", "an", "up")
	case "leave":
		return s.isOne(next, "the", "your", "a", "them") || s.isMe(next) && s.isOne(i+2, "your", "a", "the")
	}
	return false
}

// isTriedOut reports whether the verb at i tries a thing in a way that is told: "try it on a
// copy first".
func (s *sentence) isTriedOut(i int) bool {
	return s.isOne(i+1, "it", "them", "that", "this") && s.isOne(i+2, "on", "with", "again", "first", "without", "at")
}

// isKeptUntil reports whether what stands from i on says until when something is kept.
func (s *sentence) isKeptUntil(i int) bool {
	for n := i; n < i+maxDistance && !s.isMark(n); n++ {
		if s.isOne(n, "until", "till") || s.follows(n, "for", "now") {
			return true
		}
	}
	return false
}

// isMovedFrom reports whether what stands from i on says where to something is taken.
func (s *sentence) isMovedFrom(i int) bool {
	for n := i; n < i+6 && n < len(s.words) && !s.isMark(n); n++ {
		if s.isOne(n, "off", "out", "away", "to", "down", "over", "up", "back", "into", "along", "home", "with", "from", "too") || s.follows(n, "as", "well") {
			return true
		}
	}
	return false
}

// isFigure reports whether the order at i is none but a manner of speaking:
// "give me a break", "tell me about it".
func (s *sentence) isFigure(i int) bool {
	switch s.at(i) {
	case "give":
		return s.isMe(i+1) && s.at(i+2) == "a" && s.isOne(i+3, "break", "second", "sec", "minute", "moment", "chance", "hint")
	case "tell":
		return s.isMe(i+1) && s.at(i+2) == "about" && s.isOne(i+3, "it", "yourself")
	case "meet":
		return s.isMe(i+1) && s.at(i+2) == "halfway"
	case "keep":
		return s.isOne(i+1, "your", "my") && s.isOne(i+2, "fingers", "chin", "head", "cool", "hair", "word")
	case "take":
		return s.isOne(i+1, "care", "it") && !s.is(i+2, determiner) && s.isOne(i+2, "", ".", "!", ",", "easy")
	case "let":
		return s.isMe(i+1) && s.isOne(i+2, "be", "see", "think")
	case "have":
		return s.isOne(i+1, "fun", "a") && !s.isOne(i+2, "look", "word", "chat", "meeting")
	}
	return false
}

// isAnswered reports whether a short answer of a clause ends before the order at i: "I am,
// tell him to ring", "good idea, drop her a line".
func (s *sentence) isAnswered(i int) bool {
	first := s.skip(0, opener)
	if s.isTopic(first, i-1) && s.isOne(i+1, "it", "them", "that", "those") {
		return true
	}
	if i-1-first > 4 || first >= i-1 || !s.is(i, talk|task) && !s.communicatesAt(i) || s.is(first, talk|task|gerund) && !s.is(first, subject) || s.is(first, subject) && s.is(first+1, talk|task) {
		return false
	}
	return s.is(first, subject|object) || s.isOne(first, "it's", "that's", "i'm", "we're", "they're", "he's", "she's", "idea", "point", "works", "no", "not", "true", "fair", "in", "leave")
}

// isTopicAhead reports whether only a place or a topic stands before the comma at which an
// order at i begins: "behind the school, make a map".
func (s *sentence) isTopicAhead(i int) bool {
	first := s.skip(0, opener)
	return s.at(i-1) == "," && (s.isTopic(first, i-1) || s.isTopic(first+1, i-1) && s.isOne(first, "behind", "in", "at", "on", "under", "for"))
}

// isTopic reports whether nothing but a thing is named between two places: "your new
// address" of "and your new address, jot it down".
func (s *sentence) isTopic(from, to int) bool {
	if !s.is(from, determiner) || to-from > 5 {
		return false
	}
	for n := from; n < to; n++ {
		if s.is(n, auxiliary|wh|gerund) || s.isMark(n) {
			return false
		}
	}
	return true
}

// isOpening reports whether the word at i only opens the sentence: "also", "so".
func (s *sentence) isOpening(i int) bool { return s.is(i, opener) && s.starts[i] }

// isConditional reports whether the sentence begins with a condition.
func (s *sentence) isConditional() bool {
	i := s.skip(0, opener)
	if s.hasTime && (s.is(i, due) || s.isOne(i, "for", "until", "by", "on", "next", "this", "in")) {
		return true
	}
	return s.in(i, condition) || s.isGreeting(0) || s.looksLikeName(0)
}
