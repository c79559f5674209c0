package speech

// Scores of questions by what shows them.
const (
	markedAtEnd  = 0.97
	markedInside = 0.90
	inverted     = 0.82 // "are you free on Friday"
	asked        = 0.78 // "when will it be removed"
	statedAsked  = 0.64 // the same with a full stop: it may go on as a statement
	tagged       = 0.70 // "it works, right"
	indirect     = 0.66 // "I was wondering if ..."
	echoed       = 0.42 // "sorry?"
	smallTalk    = 0.35 // "how are you?"
)

// question returns how sure the sentence asks something, 0 if nothing shows it.
func (s *sentence) question() float64 {
	score := s.marked()
	for i := 0; i < len(s.words) && score < inverted; i++ {
		score = max(score, s.unmarked(i))
	}
	if score == 0 && s.asksBare() {
		score = bareAsked
	}
	switch {
	case score > 0 && s.isSmallTalk():
		return smallTalk
	case score > 0 && s.isEcho():
		return echoed
	}
	return score
}

// marked returns the score for question marks.
func (s *sentence) marked() float64 {
	if s.questionStart < len(s.words) {
		return markedAtEnd
	}
	for i := range s.words {
		if isQuestionMark(s.at(i)) && !s.joins(i) && s.at(i-1) != "(" && s.at(i-2) != "(" {
			return markedInside
		}
	}
	return 0
}

// findQuestionStart returns where the question begins that a mark ends the sentence
// with: behind the last mark that may end one; the number of words if there is
// none.
func (s *sentence) findQuestionStart() int {
	last := len(s.words) - 1
	asked := false
	for ; last >= 0 && s.isMark(last); last-- {
		asked = asked || isQuestionMark(s.at(last))
	}
	if !asked {
		return len(s.words)
	}
	for i := last; i > 0; i-- {
		if s.isOne(i, ".", "!", ";", ":", "?", "--", "—") && !s.joins(i) || s.at(i) == "-" && s.at(i-1) == "-" {
			return i + 1
		}
	}
	return 0
}

// inQuestion reports whether the word at i is of a question that a mark ends.
func (s *sentence) inQuestion(i int) bool { return i >= s.questionStart }

func isQuestionMark(mark string) bool {
	switch mark {
	case "?", "？", "؟", "⁇", "⁈", "‽", "՞", "፧", "⸮":
		return true
	}
	return false
}

// unmarked returns the score for a question that begins at i, by its words.
func (s *sentence) unmarked(i int) float64 {
	if s.is(i, auxiliary) && s.startsQuestion(i) && s.isInversion(i) {
		return inverted
	}
	if s.isBareQuestion(i) {
		return statedAsked
	}
	if s.is(i, wh) && (s.starts[i] || i > 0 && s.starts[i-1] && s.isOne(i-1, "by", "to", "for", "from", "at", "in", "on", "with", "since", "until")) && s.at(i-1) != "," && s.isAsked(i) {
		if s.ends(".") {
			return statedAsked
		}
		return asked
	}
	return max(s.tag(i), s.isIndirect(i))
}

// startsQuestion reports whether an auxiliary at i may begin a question: where
// a clause starts, or "you" follows after "and" or "but".
func (s *sentence) startsQuestion(i int) bool {
	if s.at(i+1) == "you" && s.at(i+2) == "please" {
		return !s.is(i-1, wh) && s.at(i-1) != "if"
	}
	if s.at(i-1) == "so" && i > 1 && s.isMark(i-2) && !s.isAnyone(i+1) {
		return false // "so does he"
	}
	if s.starts[i] {
		called := i == 1 && !s.isMark(0) && !s.is(0, opener) // "Bob can you", but "Bob is the one"
		return !called || s.isAnyone(i+1)
	}
	switch s.at(i - 1) {
	case "and", "but", "or", "so":
		return s.at(i+1) == "you" && s.at(i) != "do" && s.at(i) != "have"
	}
	return false
}

// isInversion reports whether an auxiliary at i stands before its subject.
func (s *sentence) isInversion(i int) bool {
	next := s.skip(i+1, not|adverb)
	if next+1 >= len(s.words) || s.isMark(next+1) && s.at(i) != "is" && !s.follows(next, "you", ",") {
		return false // "so do I"
	}
	who, named := s.at(next), s.isCapital(next) && next > i
	switch s.at(i) {
	case "am", "may", "shall":
		return who == "i" || who == "we"
	case "should", "shouldn't":
		return who == "i" || who == "we" || who == "they"
	case "do", "have", "don't", "haven't":
		return s.isAnyone(next) || who == "any"
	case "had", "might", "must", "were", "ain't", "hadn't":
		return s.at(i) == "were" && (who == "you" || who == "they" || who == "there")
	}
	if s.at(i-1) == "," && (i > 2 || !s.looksLikeName(0)) {
		return s.isAnyone(next) || s.isOne(next, "he", "she")
	}
	if who == "a" || who == "an" || who == "no" || s.at(next-1) == "like" {
		return false // "has a test", "would like the list"
	}
	return named || s.is(next, subject|determiner) && !s.is(next, auxiliary)
}

// isAnyone reports whether the word at i can only be someone who does.
func (s *sentence) isAnyone(i int) bool {
	return s.isOne(i, "i", "we", "you", "they", "anyone", "anybody")
}

// isAsked reports whether a question word at i has its auxiliary after it, with
// a word or two between at most: "what price is", "how many should we".
func (s *sentence) isAsked(i int) bool {
	if s.in(i, whIs) {
		return s.at(i) != "what's" || !s.ends(".")
	}
	switch s.at(i) {
	case "which":
		if s.is(s.skip(i+1, adverb), auxiliary) {
			return false // "which is why ..."
		}
	case "how", "what":
		if s.at(i+1) == "about" || s.at(i) == "how" && s.at(i+1) == "come" {
			return true
		}
	case "why":
		if s.at(i+1) == "not" {
			return true
		}
	}
	last := i + 3
	if s.starts[i] && s.isQuantity(i) && !s.ends(".") {
		last = i + 6 // "what kind of music do you"
	}
	for n := i + 1; n <= last; n++ {
		if s.is(n, auxiliary) {
			return n+1 < len(s.words) && (n == i+1 || s.isQuantity(i))
		}
		if s.isMark(n) || s.is(n, subject) {
			return false
		}
	}
	return false
}

// isQuantity reports whether the question word at i may have a noun after it.
func (s *sentence) isQuantity(i int) bool {
	return s.isOne(i, "what", "which", "whose", "how")
}

// tag returns the score for a tag that ends the sentence at i: "right",
// "isn't it".
func (s *sentence) tag(i int) float64 {
	if s.at(i) == "right" && s.at(i-1) == "," && i > 1 && s.skipMarks(i+1) == len(s.words) {
		return tagged
	}
	if s.at(i) == "right" && i == len(s.words)-1 && i > 3 && s.isBare() && !s.is(i-1, auxiliary|determiner|adverb|opener|talk|task) && !s.isOne(i-1, "that's", "it's", "you're", "turn", "be", "is", "and") {
		return tagged
	}
	if s.is(i, auxiliary) && s.is(i, not) && s.isAnyoneOrIt(i+1) && i > 1 && s.skipMarks(i+2) == len(s.words) {
		return tagged
	}
	return 0
}

func (s *sentence) isAnyoneOrIt(i int) bool {
	return s.isAnyone(i) || s.isOne(i, "it", "he", "she")
}

func (s *sentence) skipMarks(i int) int {
	for i < len(s.words) && s.isMark(i) {
		i++
	}
	return i
}

// isIndirect returns the score for an indirect question that begins at i.
func (s *sentence) isIndirect(i int) float64 {
	found := false
	switch s.at(i) {
	case "wondering", "wonder":
		found = s.isWhether(i + 1)
	case "know":
		found = s.at(i-1) == "to" && s.isOne(i-2, "like", "want", "wanted") && s.at(i-3) != "you" && s.at(i-3) != "they" && s.isWhether(i+1)
	case "anyone", "anybody":
		found = s.starts[i] && s.in(i+1, afterAnyone)
	case "tell":
		found = s.at(i+1) == "me" && s.isWhether(i+2) && s.at(i-1) == "please"
	case "any":
		found = s.starts[i] && i < 3 && s.isNews(i+1)
	}
	if found {
		return indirect
	}
	return 0
}

func (s *sentence) isWhether(i int) bool {
	return s.at(i) == "if" || s.at(i) == "whether" || s.is(i, wh)
}

func (s *sentence) isNews(i int) bool {
	return s.in(i, news)
}

// ends reports whether the last word is this mark.
func (s *sentence) ends(mark string) bool {
	return s.at(len(s.forms)-1) == mark
}

// isSmallTalk reports whether the sentence only asks how someone is.
func (s *sentence) isSmallTalk() bool {
	i := 0
	for i < maxDistance && (s.is(i, opener) || i < len(s.words) && s.isMark(i) || s.isGreeting(i-1) && s.isCapital(i)) {
		i++ // "Hi Bob,"
	}
	if len(s.words)-i > maxDistance {
		return false
	}
	switch s.at(i) {
	case "how", "how's":
		return s.follows(i, "how", "are", "you") && (s.isMark(i+3) || s.at(i+3) == "doing" || s.at(i+3) == "today") ||
			s.follows(i, "how", "do", "you", "do") || s.follows(i, "how", "have", "you", "been") ||
			s.follows(i, "how", "are", "things") || s.follows(i, "how", "is", "it", "going") ||
			s.follows(i, "how's", "it", "going") || s.at(i) == "how's" && s.is(i+1, small) ||
			(s.follows(i, "how", "was", "your") || s.follows(i, "how", "is", "your")) && s.isLeisure(i+3)
	case "what's":
		return s.at(i+1) == "up" && s.isMark(i+2)
	}
	return false
}

func (s *sentence) isLeisure(i int) bool {
	return s.in(i, leisure)
}

// isEcho reports whether the sentence is one word that only keeps talk going.
func (s *sentence) isEcho() bool {
	if len(s.words) == 0 || len(s.words) > 2 || !s.isMark(1) {
		return false
	}
	return s.in(0, echo) || s.is(0, opener)
}

// isBare reports whether the sentence has no mark, as speech that a machine wrote
// down has none.
func (s *sentence) isBare() bool {
	for i := range s.words {
		if s.isMark(i) && !s.joins(i) && s.at(i) != "'" {
			return false
		}
	}
	return true
}

// isBareQuestion reports whether a sentence without marks begins at i with an
// auxiliary before a noun: "do people want a display", "is breakfast included".
func (s *sentence) isBareQuestion(i int) bool {
	if !s.isOne(i, "do", "does", "did", "is", "are", "was", "were", "has") || i != s.skip(0, opener) || i+3 > len(s.words) || !s.isBare() {
		return false
	}
	next := i + 1
	if s.class[next]&^(common|noun|agent|task) != 0 || s.in(next, mood) || s.isOne(next, "not", "with", "for", "in", "on", "at", "of", "to", "working", "well", "better", "so") {
		return false
	}
	if s.isOne(i, "do", "does", "did") {
		for n := next + 1; n <= next+3 && n < len(s.words); n++ {
			if s.is(n, verb) && !s.is(n, gerund) || s.at(n) == "want" || s.at(n) == "need" {
				return true
			}
		}
		return false
	}
	return s.is(next+1, past|gerund|adverb|determiner) || s.isOne(next+1, "included", "open", "ready", "free", "available", "still", "in", "on")
}
