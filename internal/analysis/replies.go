package analysis

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/turnwise/turnwise/internal/analysis/foreign"
	"github.com/turnwise/turnwise/internal/analysis/speech"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// A request is a task that the speaker of an utterance asked for.
type request struct {
	insight int // of the result
	whose   speech.Assignee
	likely  string // who spoke before, so that they are spoken to
}

// Replies are what is known of who asked whom for what, while a job is analysed.
type replies struct {
	utterance int       // that is being read
	asking    []request // by who speaks
	asked     []request // by who spoke before
	begun     bool      // whether an utterance has been read
	accepted  bool      // whether who speaks has taken them on
	first     bool      // whether its first sentence is being read
	before    string    // who spoke before those who asked
	answered  string    // who asked something in the turn before
	questions bool      // whether who speaks has asked something
	called    string    // to whom the sentences of the utterance before this one give something to do
}

// answerWords are the words that an answer is known by.
var answerWords = sync.OnceValue(func() (known struct{ accept, pledge, refuse map[string]bool }) { //nolint:gochecknoglobals // read once, then constant
	known.accept, known.pledge, known.refuse = setOf("acceptance"), setOf("pledge"), setOf("refusal")
	return known
})

func setOf(name string) map[string]bool {
	set := map[string]bool{}
	maps.Insert(set, func(yield func(string, bool) bool) {
		for term := range words.Terms(words.Read(data, name)) {
			if !yield(term, true) {
				return
			}
		}
	})
	return set
}

// hear takes the next sentence. Where it only takes on what was asked for just
// before, it gives that to who speaks, and drops the task that would say it again.
func (j *job) hear(s *Sentence) {
	speaker := j.in.Utterances[s.Utterance].From.Name
	if speaker == "" || len(j.replies.asked) == 0 {
		return
	}
	if n := j.taken(); n >= 0 && j.give(j.replies.asked[len(j.replies.asked)-1], speaker, true) {
		j.findings = append(j.findings[:n], j.findings[n+1:]...)
		j.replies.accepted = true
	}
	accepts := j.replies.first && isAcceptance(j.words)
	if !j.replies.accepted && (accepts || j.commits()) {
		for n, r := range j.replies.asked {
			last := n == len(j.replies.asked)-1
			if r.whose == speech.Addressee || len(j.people) < 3 || accepts && last {
				j.give(r, speaker, false)
			}
		}
		j.replies.accepted = true
	}
}

// turn notes that an utterance is read.
func (j *job) turn(utterance int) {
	r := &j.replies
	r.first = utterance != r.utterance || !r.begun
	if !r.first {
		return
	}
	r.begun, r.called = true, ""
	j.tellUtterance(utterance)
	if j.in.Utterances[utterance].From.Name != j.in.Utterances[r.utterance].From.Name {
		j.fallBack()
		r.asked, r.asking = append(r.asked[:0], r.asking...), r.asking[:0]
		r.answered = ""
		if r.questions {
			r.answered = j.in.Utterances[r.utterance].From.Name
		}
		r.questions = false
		r.accepted = false
		j.giveBack(utterance)
		r.before = j.in.Utterances[r.utterance].From.Name
	}
	r.utterance = utterance
}

// likely returns who is spoken to by a sentence that says of nobody by name: in the first sentence
// of a turn, whom it answers, who has asked something or at least spoke before. That it is who spoke
// before was found right in English only, and not where the sentence names them.
func (j *job) likely() string {
	r := &j.replies
	switch {
	case !r.first:
		return ""
	case r.answered != "" || j.language != foreign.English:
		return r.answered
	}
	spoke := words.NewNames([]string{r.before})
	if slices.ContainsFunc(j.words, spoke.Has) {
		return ""
	}
	return r.before
}

// fallBack assigns what nobody has taken on to whom it answered.
func (j *job) fallBack() {
	for _, r := range j.replies.asked {
		if r.whose == speech.Addressee && r.likely != "" {
			j.give(r, r.likely, false)
		}
	}
}

// giveBack assigns what was asked of nobody by name, between two turns of the same
// person, to that person: the one who asked answered them, and they answer.
func (j *job) giveBack(utterance int) {
	speaker := j.in.Utterances[utterance].From.Name
	if speaker == "" || speaker != j.replies.before {
		return
	}
	for _, r := range j.replies.asked {
		if r.whose == speech.Addressee {
			j.give(r, speaker, false)
		}
	}
}

// taken returns which finding takes on what was spoken of, -1 if none does.
func (j *job) taken() int {
	for n, f := range j.findings {
		if f.Taken && f.Kind != speech.Question {
			return n
		}
	}
	return j.repeated()
}

// repeated returns which finding says again, of who accepts, what was asked for last: "Sure, I'll
// send them by Friday" where slides were to be sent. It is -1 if none does.
func (j *job) repeated() int {
	if !j.replies.first || len(j.replies.asked) == 0 || !isAcceptance(j.words) {
		return -1
	}
	last := j.result.Insights[j.replies.asked[len(j.replies.asked)-1].insight]
	if len(last.Phrases) == 0 {
		return -1
	}
	asked, _, _ := strings.Cut(strings.ToLower(last.Phrases[0]), " ")
	for n, f := range j.findings {
		if f.Kind == speech.Question || f.Assignee != speech.Speaker || len(f.Phrases) != 1 {
			continue
		}
		said := strings.Fields(strings.ToLower(j.text[f.Phrases[0].Start:f.Phrases[0].End]))
		if len(said) > 1 && said[0] == asked && isBareThing(said[1]) {
			return n
		}
	}
	return -1
}

// isBareThing reports whether a word stands for a thing that was named before.
func isBareThing(word string) bool {
	switch strings.Trim(word, ".,!") {
	case "it", "them", "that", "this", "those", "these", "one":
		return true
	}
	return false
}

// commits reports whether the speaker surely says what they will do.
func (j *job) commits() bool {
	return slices.ContainsFunc(j.findings, func(f speech.Finding) bool {
		return f.Kind != speech.Question && f.Assignee == speech.Speaker && f.Definitive && f.Score >= j.threshold
	})
}

// give assigns a request to who answers it, with the time that the answer names,
// unless it is somebody else's. What a group is to do is given only to one who says
// that they do it.
func (j *job) give(r request, speaker string, said bool) bool {
	in := &j.result.Insights[r.insight]
	switch {
	case in.Own, in.Assignee != "" && in.Assignee != speaker:
		return false
	case r.whose == speech.Group && !said:
		return false
	}
	in.Assignee = speaker
	if said && in.DueBy.IsZero() {
		in.DueBy = j.firstDue(0, len(j.text))
	}
	return true
}

// isAcceptance reports whether an answer begins as one that takes something on, and
// goes on without a refusal.
func isAcceptance(said []words.Word) bool { return beginsWith(said, answerWords().accept) }

// isPledge reports the same of an answer that can be to nothing else.
func isPledge(said []words.Word) bool { return beginsWith(said, answerWords().pledge) }

// beginsWith reports whether an answer begins with one of some phrases of up to four words, and
// goes on without a refusal.
func beginsWith(said []words.Word, phrases map[string]bool) bool {
	known := answerWords()
	for _, w := range said {
		if known.refuse[w.Lower] {
			return false
		}
	}
	var begin strings.Builder
	for n, w := range said[:min(len(said), 4)] {
		if n > 0 {
			begin.WriteByte(' ')
		}
		begin.WriteString(w.Lower)
		if phrases[begin.String()] && (n+1 == len(said) || said[n+1].IsMark() || known.accept[said[n+1].Lower]) {
			return true
		}
	}
	return false
}
