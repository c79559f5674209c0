package analysis

import (
	"github.com/turnwise/turnwise/internal/analysis/speech"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// How sure the model must be that a sentence gives somebody something to do.
const (
	surelyTask  = 0.75 // where no rule sees a task
	ifAccepted  = 0.50 // the same, where the next sentence takes something on: "sure"
	ifPledged   = 0.20 // the same, where it surely does: "will do"
	likelyTask  = 0.70 // where a rule is not sure enough
	hardlyTask  = 0.05 // less than that is no task, though a rule sees one
	mostDoubted = 0.62 // of which the score is less than this
	mostlyTalk  = 0.60 // that it is to communicate or to meet
)

// The same in text of which nobody is named who says it, as in documents: there, tasks are rarer
// than in conversations, from which the model has learned.
const (
	surelyWritten = 0.97
	likelyWritten = 0.90
)

// mostJudged is how many words a sentence has at most that the model is asked about. It has
// learned from few that are longer, and sums over all of their words.
const mostJudged = 60

const (
	leastJudged = 0.50 // score of a task that only the model is sure enough of
	doubted     = 0.45 // of one that it hardly believes
)

// judge weighs the tasks that rules found against what the model makes of the sentence. It
// takes for a task what they are not sure enough of, or do not see, and doubts what they are
// hardly sure of.
func (j *job) judge(who speech.People) {
	if len(j.words) == 0 || len(j.words) > mostJudged {
		return
	}
	e := j.taskModel.Estimate(j.words, j.members)
	surely, likely := surelyTask, likelyTask
	if len(j.people) == 0 {
		surely, likely = surelyWritten, likelyWritten
	}
	best := -1
	for n := range j.findings {
		f := &j.findings[n]
		if f.Kind == speech.Question {
			continue
		}
		if best < 0 || f.Score > j.findings[best].Score {
			best = n
		}
		if f.Score >= threshold && f.Score < mostDoubted && e.Task < hardlyTask && !f.Taken && f.Kind == speech.ActionItem {
			f.Score = doubted
		}
	}
	switch {
	case best < 0 && (e.Task >= surely || j.isTakenOn(e.Task)):
		f := j.speechFinder.Guess(j.words, who)
		f.Score = judgedScore(e.Task)
		if e.Talk >= mostlyTalk {
			f.Kind = speech.FollowUp
		}
		j.findings = append(j.findings, f)
	case best >= 0 && j.findings[best].Score < threshold && !j.findings[best].Quoted && e.Task >= likely:
		j.findings[best].Score = judgedScore(e.Task)
	}
}

// isTakenOn reports whether the next sentence, which another says, takes this one on, of which the
// model has a probability that it is a task.
func (j *job) isTakenOn(probability float64) bool {
	if probability < ifPledged || j.at+1 >= len(j.result.Sentences) {
		return false
	}
	s, next := &j.result.Sentences[j.at], &j.result.Sentences[j.at+1]
	if s.Utterance == next.Utterance || j.in.Utterances[s.Utterance].From.Name == j.in.Utterances[next.Utterance].From.Name {
		return false
	}
	answer := words.Split(nil, next.Text)
	return probability >= ifAccepted && isAcceptance(answer) || isPledge(answer)
}

// judgedScore is the score of a task that only the model is sure enough of: 0.5 to 0.7.
func judgedScore(probability float64) float64 {
	return round(leastJudged + max(0, probability-likelyTask)*2/3)
}
