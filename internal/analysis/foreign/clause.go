package foreign

import (
	"cmp"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

// Clauses are what is known of where sentences begin in speech without marks.
type clauses struct {
	finite   map[string]bool // verbs that a sentence has one of
	bringing map[string]bool // words that bring a further one
	linking  map[string]link // words that no sentence ends with
	opener   openings        // of statements and orders
	asking   openings        // of questions
	alone    openings        // phrases that are whole by themselves, or stand before a sentence
}

// A link says what a word goes on with.
type link string

const (
	always link = "always" // whatever follows
	asking link = "asking" // a question: "fragen, wann"
	title  link = "title"  // a name
)

// Openings are phrases by their first word.
type openings map[string][][]string

func readClauses(language string) clauses {
	return clauses{
		finite: setOf(words.Read(data, "finite_"+language)), bringing: setOf(words.Read(data, "bringing_"+language)), linking: linksOf(words.Read(data, "linking_"+language)),
		opener: openingsOf(words.Read(data, "opener_"+language)), asking: openingsOf(words.Read(data, "asking_"+language)), alone: openingsOf(words.Read(data, "alone_"+language)),
	}
}

func setOf(file string) map[string]bool {
	all := map[string]bool{}
	for word := range words.Terms(file) {
		all[word] = true
	}
	return all
}

func linksOf(file string) map[string]link {
	all := map[string]link{}
	for word, value := range words.Values(file) {
		all[word] = cmp.Or(link(value), always)
	}
	return all
}

func openingsOf(file string) openings {
	all := openings{}
	for phrase := range words.Terms(file) {
		said := strings.Fields(strings.ReplaceAll(phrase, "-", " "))
		all[said[0]] = append(all[said[0]], said)
	}
	return all
}

// endOf returns behind which word the longest of phrases ends that begins at i, 0 if none
// does.
func (r *rules) endOf(o openings, said []words.Word, i int) (end int) {
	if i >= len(said) {
		return 0
	}
	for _, phrase := range o[said[i].Lower] {
		n, k := i, 0
		for n < len(said) && k < len(phrase) {
			if said[n].Text == "-" {
				n++
				continue // pouvez-vous
			}
			if phrase[k] != said[n].Lower && phrase[k] != "*" && (phrase[k] != "<v>" || !r.isFinite(said[n].Lower)) {
				break
			}
			n, k = n+1, k+1
		}
		if k == len(phrase) {
			end = max(end, n)
		}
	}
	return end
}

// Starts appends the numbers of the words that sentences begin with in a passage of a
// language without marks, but for the first. It asks isName of words, unless it is nil.
//
// A sentence begins with a phrase that begins one, where what stands before is whole: it
// has as many verbs as it needs, or is but a greeting or a word of assent. Such a word, and
// who is called by name, belong to what follows them: "ja, ich komme".
func (f *Finder) Starts(to []int, language string, said []words.Word, isName func(words.Word) bool) []int {
	if f.of[language] == nil || len(said) < 2 {
		return to
	}
	if isName == nil {
		isName = func(words.Word) bool { return false }
	}
	t := newTalk(f.of[language], language, said, isName)
	for i := 1; i < len(said); i++ {
		if cut := t.cutAt(i); cut > t.from && (t.isWhole(cut) || t.isLead(cut) || t.isAnswer(cut) && !t.asksAt(i)) {
			to = append(to, cut)
			t.from = cut
		}
	}
	return to
}

// A talk is a passage that is being divided.
type talk struct {
	*rules

	language string
	said     []words.Word
	isName   func(words.Word) bool
	from     int     // where the sentence that goes on begins
	verbs    []int32 // how many verbs stand before each word, and before the end
	bringing []int32 // how many words that bring a further one do
}

func newTalk(r *rules, language string, said []words.Word, isName func(words.Word) bool) *talk {
	t := &talk{rules: r, language: language, said: said, isName: isName}
	counts := make([]int32, 2*(len(said)+1))
	t.verbs, t.bringing = counts[:len(said)+1], counts[len(said)+1:]
	finite := false // the word before
	for i, w := range said {
		t.verbs[i+1], t.bringing[i+1] = t.verbs[i], t.bringing[i]
		switch {
		case !r.clauses.bringing[w.Lower]:
			if finite = r.isFinite(w.Lower); finite {
				t.verbs[i+1]++
			}
			continue
		case !finite: // not "tengo que"
			t.bringing[i+1]++
		}
		finite = false
	}
	return t
}

func (t *talk) asksAt(i int) bool { return t.endOf(t.clauses.asking, t.said, i) > 0 }

// cutAt returns where a sentence begins if what is said at i begins one, 0 if that does not.
func (t *talk) cutAt(i int) int {
	c, said := &t.clauses, t.said
	asks, end := t.asksAt(i), t.endOf(c.opener, said, i)
	if !asks && end == 0 || said[i].IsMark() || said[i-1].IsMark() {
		return 0
	}
	if !asks && t.language == "fr" && (mayFollow(said[i].Lower) && t.isFinite(said[i-1].Lower) || t.asksAt(end-1)) {
		return 0 // "pourriez-vous", "le colis pouvez-vous"
	}
	links := c.linking[said[i-1].Lower]
	if !t.isName(said[i-1]) && (links == always || links == title || links == asking && asks) {
		return 0
	}
	cut := i
	for asks && cut > t.from && (t.isName(said[cut-1]) || cut < i && c.linking[said[cut-1].Lower] == title) {
		cut--
	}
	if lead := cut - 1; lead > t.from && t.endOf(c.alone, said, lead) == cut && t.isWhole(lead) {
		cut = lead
	}
	return cut
}

// mayFollow reports whether a pronoun of French stands behind its verb in questions. "Je"
// hardly does.
func mayFollow(word string) bool {
	switch word {
	case "tu", "il", "elle", "on", "nous", "vous", "ils", "elles":
		return true
	}
	return false
}

// isWhole reports whether the sentence has as many verbs before a place as its form needs.
func (t *talk) isWhole(end int) bool {
	return t.verbs[end]-t.verbs[t.from] > t.bringing[end]-t.bringing[t.from]
}

// isAnswer reports whether the sentence has no verb before a place, nor needs one: in
// German no subject stands between it and the verb of one sentence.
func (t *talk) isAnswer(end int) bool {
	return t.language == "de" && end-t.from > 1 && t.verbs[end] == t.verbs[t.from] && t.bringing[end] == t.bringing[t.from]
}

// longestLead is how many words a greeting has at most.
const longestLead = 8

// isLead reports whether the sentence has but greetings, words of assent and names before a
// place.
func (t *talk) isLead(end int) bool {
	said := t.said[t.from:end]
	return len(said) <= longestLead && t.leads(said, 0, t.isName) == len(said)
}

// leads returns where the sentence proper begins that begins at n: behind greetings, words
// of assent, and names.
func (r *rules) leads(said []words.Word, n int, isName func(words.Word) bool) int {
	for n < len(said) {
		switch end := r.endOf(r.clauses.alone, said, n); {
		case r.clauses.linking[said[n].Lower] == title && n+1 < len(said):
			n += 2
		case end > 0:
			n = end
		case isName != nil && isName(said[n]):
			n++
		default:
			return n
		}
	}
	return n
}

// isFinite reports whether a word is likely a verb that a sentence has.
func (r *rules) isFinite(word string) bool {
	return r.clauses.finite[word] || r.verb(word, "<1st>") != 0 || r.verb(word, "<fut>") != 0
}
