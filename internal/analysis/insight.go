package analysis

import (
	"slices"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/analysis/moments"
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
			j.replies.asking = append(j.replies.asking, request{len(j.result.Insights), f.Assignee})
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

// due returns when something is due: at the first moment that has an end and is
// not over. Of a sentence with tasks of several people it is one that stands with
// the words of this one.
func (j *job) due(f speech.Finding) time.Time {
	from, to := 0, len(j.text)
	if others := j.others(f); len(others) > 0 {
		to = f.Phrases[len(f.Phrases)-1].End
		for _, o := range others {
			if end := o.Phrases[len(o.Phrases)-1].End; end <= f.Phrases[0].Start {
				from = max(from, end)
			}
		}
	}
	return j.dueWith(f, from, to)
}

// dueWith returns when a task is due by the moment that stands with it: within its
// words, the one that says by when first; close behind them; or at the beginning of the
// sentence.
func (j *job) dueWith(f speech.Finding, from, to int) (due time.Time) {
	best := noPlace
	for _, m := range j.moments {
		if m.Start < from || m.Start >= to || m.Due.IsZero() || !j.bindsTask(m) {
			continue
		}
		if at := j.placeOf(m, f); at < best {
			best, due = at, m.Due.UTC().Truncate(time.Millisecond)
		}
	}
	return due
}

// A duePlace is where a moment stands by a task, the surest first.
type duePlace uint8

const (
	deadlineWithin duePlace = iota
	within
	behind
	ahead
	noPlace
)

// placeOf returns where a moment stands by the words of a task.
func (j *job) placeOf(m moments.Moment, f speech.Finding) duePlace {
	for _, p := range f.Phrases {
		switch {
		case m.Start >= p.Start && m.Start < p.End:
			if isDeadline(j.text[m.Start:m.End]) || isDeadline(wordBefore(j.text[:m.Start])) {
				return deadlineWithin
			}
			return within
		case wordBefore(j.text[:m.Start]) == "say", m.Start >= p.End && countBlanks(j.text[p.End:m.Start]) <= mostBetween+1:
			return behind
		}
	}
	if m.Start < f.Phrases[0].Start && (countBlanks(j.text[:m.Start]) <= mostAhead || j.pointsBack(f)) {
		return ahead
	}
	return noPlace
}

// pointsBack reports whether the words of a task end with a time that was named before:
// "by then".
func (j *job) pointsBack(f speech.Finding) bool {
	last := f.Phrases[len(f.Phrases)-1]
	said := strings.ToLower(j.text[last.Start:min(len(j.text), last.End+len(" before that"))])
	return strings.Contains(said, "before that") || strings.Contains(said, "by then") || strings.Contains(said, "till then")
}

// How many words may stand between a task and its moment behind it, and before a
// moment with which the sentence begins.
const (
	mostBetween = 2
	mostAhead   = 3
)

// isDeadline reports whether a text begins with a word by which something is to be done.
func isDeadline(text string) bool {
	first, _, _ := strings.Cut(strings.ToLower(text), " ")
	return first == "by" || first == "before" || first == "until" || first == "till"
}

func countBlanks(text string) int { return strings.Count(text, " ") }

// wordBefore returns the last word of a text.
func wordBefore(text string) string {
	text = strings.TrimSpace(text)
	return text[strings.LastIndexByte(text, ' ')+1:]
}

// others returns the tasks of the sentence beside this one.
func (j *job) others(f speech.Finding) (all []speech.Finding) {
	for _, o := range j.findings {
		if o.Kind != speech.Question && o.Name != f.Name && o.Score >= j.threshold {
			all = append(all, o)
		}
	}
	return all
}

// firstDue returns the first moment between two places of the sentence at which
// something can be due.
func (j *job) firstDue(from, to int) time.Time {
	for _, m := range j.moments {
		if m.Start >= from && m.Start < to && !m.Due.IsZero() && j.bindsTask(m) {
			return m.Due.UTC().Truncate(time.Millisecond)
		}
	}
	return time.Time{}
}

// bindsTask reports whether something can be due at a moment. Nothing is "now", for
// a period ("a refund for this week"), or at a time that is spoken of itself ("the
// 26th works").
func (j *job) bindsTask(m moments.Moment) bool {
	text := strings.ToLower(j.text[m.Start:m.End])
	if text == "now" || text == "right now" || text == "just now" {
		return false
	}
	if m.Type == moments.DateRange && strings.HasSuffix(strings.ToLower(j.text[:m.Start]), "for ") {
		return false
	}
	after, _, _ := strings.Cut(strings.TrimSpace(j.text[m.End:]), " ")
	switch strings.Trim(strings.ToLower(after), ",.;!") {
	case "works", "is", "was", "suits":
		return false
	}
	return true
}
