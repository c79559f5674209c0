package analysis

import (
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/analysis/moments"
	"github.com/turnwise/turnwise/internal/analysis/speech"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// mostBeside is how many bytes a sentence has at most that says by when something else is due.
const mostBeside = 80

// dueBeside returns when a task that names no time is due by a sentence of the same turn: the one
// before it that names a deadline ("The deadline is Friday. So finish the draft, please."), or
// the one behind it that only says by when ("By Saturday, if possible."). It is zero where
// neither does.
func (j *job) dueBeside(f speech.Finding) time.Time {
	if len(j.moments) > 0 || len(j.others(f)) > 0 {
		return time.Time{}
	}
	if text := j.neighbour(1); saysByWhen(strings.ToLower(text)) {
		for _, m := range j.momentsOf(j.at + 1) {
			if isOnlyDay(strings.ToLower(text), m) {
				return m.Due.UTC().Truncate(time.Millisecond)
			}
		}
	}
	if text := j.neighbour(-1); f.Kind == speech.ActionItem && hasDeadline(strings.ToLower(text)) {
		if found := j.momentsOf(j.at - 1); len(found) == 1 && !found[0].Due.IsZero() && isDeadlineOf(text, found[0]) {
			return found[0].Due.UTC().Truncate(time.Millisecond)
		}
	}
	return time.Time{}
}

// neighbour returns the text of the sentence so many places behind the one that is read, if it is of
// the same turn and short, else nothing.
func (j *job) neighbour(by int) string {
	sentences, n := j.result.Sentences, j.at+by
	if n < 0 || n >= len(sentences) || sentences[n].Utterance != sentences[j.at].Utterance || len(sentences[n].Text) > mostBeside {
		return ""
	}
	return sentences[n].Text
}

// momentsOf returns the moments of another sentence.
func (j *job) momentsOf(n int) []moments.Moment {
	s := &j.result.Sentences[n]
	at := s.Start
	if at.IsZero() {
		at = time.Unix(0, 0)
	}
	return j.momentFinder.Find(nil, s.Text, words.Split(nil, s.Text), at, j.offset())
}

// hasDeadline reports whether a text has a word with which [isDeadlineOf] may hold.
func hasDeadline(lower string) bool {
	for _, w := range [...]string{"deadline", "due ", "until ", "till ", "by ", "last day"} {
		if strings.Contains(lower, w) {
			return true
		}
	}
	return false
}

// saysByWhen reports whether a text may say no more than by when the task before it is due.
func saysByWhen(lower string) bool {
	switch first, _, _ := strings.Cut(lower, " "); strings.Trim(first, ",") {
	case "by", "before", "no", "ideally", "preferably", "i", "we", "it's", "they're", "it", "today", "tomorrow", "tonight",
		"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "this", "next", "end", "latest":
		return true
	}
	return false
}

// isOnlyDay reports whether a text is nothing but a moment with words of wish: "By Friday if you
// can", "No rush, next week is fine", "I need them by Monday".
func isOnlyDay(lower string, m moments.Moment) bool {
	if m.Due.IsZero() {
		return false
	}
	by := isDeadline(lower[m.Start:m.End]) || isDeadline(wordBefore(lower[:m.Start]))
	behind := strings.Trim(lower[m.End:], " ,.!-–")
	switch strings.Trim(lower[:m.Start], " ,-–") {
	case "", "by", "before", "ideally", "ideally by", "preferably", "preferably by":
		return isWish(behind) && (by || behind != "")
	case "no rush", "no hurry", "there's no rush":
		return isWish(behind)
	case "i need it", "i need them", "i need it back", "i need them back", "we need it", "we need them", "i'll need it", "i'll need them", "it's needed", "they're needed":
		return by && isWish(behind)
	case "it's due", "they're due", "it's due on", "they're due on":
		return isWish(behind)
	case "it has to be done", "it should be done", "it must be done", "it needs to be done":
		return isWish(behind)
	}
	return false
}

// isWish reports whether words say no more than that a time suits.
func isWish(said string) bool {
	switch said {
	case "", "please", "if possible", "if you can", "if that works", "at the latest", "latest", "would be great", "would be good", "would be perfect",
		"would be fine", "would be ideal", "would be nice", "would be lovely", "is fine", "is okay", "is ok", "is good", "is soon enough", "is early enough", "will do", "would do":
		return true
	}
	return false
}
