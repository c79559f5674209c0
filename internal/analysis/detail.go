package analysis

import "github.com/turnwise/turnwise/internal/analysis/speech"

// Detail completes action items and follow-ups of another analyzer from the first
// of their sentences: phrases, if there are any, entities, and the time when they
// are due. The sentences are those of the input.
func (e *Engine) Detail(in Input, sentences []Sentence, found []Insight) {
	j := e.begin(in)
	defer j.end()
	byID := make(map[string]*Sentence, len(sentences))
	for i := range sentences {
		byID[sentences[i].ID] = &sentences[i]
	}
	for i := range found {
		s := byID[found[i].MessageIDs[0]]
		j.readSentence(s)
		j.findEntities(s)
		j.complete(&found[i])
	}
}

// complete fills in what the sentence says about a task.
func (j *job) complete(in *Insight) {
	var phrases []string
	for _, f := range j.findings {
		if f.Kind != speech.Question {
			phrases = append(phrases, j.phrases(f)...)
		}
	}
	if len(phrases) > 0 {
		in.Phrases = phrases
	}
	in.Entities, in.DueBy = j.entities(), j.firstDue(0, len(j.text))
}
