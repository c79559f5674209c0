package analysis

import (
	"slices"

	"github.com/turnwise/turnwise/internal/analysis/speech"
	"github.com/turnwise/turnwise/internal/conversation"
)

// hasTask reports whether a task was found.
func (j *job) hasTask() bool {
	return slices.ContainsFunc(j.findings, func(f speech.Finding) bool {
		return f.Kind != speech.Question && f.Score >= j.threshold
	})
}

// insights adds what was found in a sentence to the result. A follow-up is an
// action item too, but reported only as a follow-up.
func (j *job) insights(s *Sentence) {
	for _, f := range j.findings {
		if j.in.Options.DetectPhrases {
			for _, p := range f.Phrases {
				s.Phrases = append(s.Phrases, j.text[p.Start:p.End])
			}
		}
		if f.Score < j.threshold || len(j.result.Insights) == MaxItems {
			continue
		}
		in := Insight{
			ID:   conversation.MessageID(j.in.JobID+"/insights", len(j.result.Insights)),
			Type: string(f.Kind), Text: s.Text, Score: round(f.Score), MessageIDs: []string{s.ID},
		}
		if f.Kind != speech.Question {
			j.detail(&in, f)
			j.replies.asking = append(j.replies.asking, request{len(j.result.Insights), f.Assignee, j.likely()})
		} else {
			j.replies.questions = true
		}
		j.result.Insights = append(j.result.Insights, in)
	}
	slices.Sort(s.Phrases)
	s.Phrases = slices.Compact(s.Phrases)
}

// detail fills in what action items and follow-ups have beside.
func (j *job) detail(in *Insight, f speech.Finding) {
	in.Phrases = j.phrases(f)
	in.Definitive = f.Definitive
	j.assign(in, f)
	in.Entities = j.entities()
	in.DueBy = j.due(f)
}

// phrases returns what is to be done.
func (j *job) phrases(f speech.Finding) (all []string) {
	for _, p := range f.Phrases {
		all = append(all, j.text[p.Start:p.End])
	}
	return all
}
