package analysis

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"github.com/turnwise/turnwise/internal/analysis/tracking"
	"github.com/turnwise/turnwise/internal/conversation"
)

// How much a job may make of looking for trackers, as package tracking counts it:
// so much for each byte of its text, and enough for short texts besides. Text by
// people needs a fraction of it, also with a thousand trackers. The bound is
// against text and trackers that are made for each other.
const (
	effortPerByte = 300
	leastEffort   = 4_000_000
)

// Trackers are what to look for, compiled. They do not change and may be shared by
// jobs.
type Trackers struct {
	list    []Tracker
	matcher *tracking.Matcher
}

// CompileTrackers compiles trackers. 25,000 terms take a fifth of a second.
func (e *Engine) CompileTrackers(list []Tracker) *Trackers {
	all := make([]tracking.Tracker, len(list))
	for i, t := range list {
		all[i] = tracking.Tracker{Vocabulary: t.Vocabulary, Exclude: t.ExcludeVocabulary}
	}
	return &Trackers{list: list, matcher: e.likeness.Compile(all)}
}

// List returns the trackers, which are not to be changed.
func (t *Trackers) List() []Tracker { return t.list }

// Size returns about how many bytes they take.
func (t *Trackers) Size() int { return t.matcher.Size() + sizeOfTrackers(t.list) }

// sizeOfTrackers returns how many bytes a list takes with its texts.
func sizeOfTrackers(list []Tracker) int {
	size := 0
	for _, t := range list {
		size += 128 + len(t.Name) + sizeOfTexts(t.Vocabulary) + sizeOfTexts(t.ExcludeVocabulary)
	}
	return size
}

func sizeOfTexts(texts []string) int {
	size := 0
	for _, text := range texts {
		size += 16 + (len(text)+15)&^15 // as allocated
	}
	return size
}

// A lookout looks for trackers in the sentences of a job.
type lookout struct {
	*tracking.Reader

	places []int // of the trackers among those of the job, -1 if it is not one; nil if they are the same
}

// look begins to look for trackers that have these places among those of the job.
func (t *Trackers) look(places []int, effort int) lookout {
	var wanted []bool
	for _, place := range places {
		wanted = append(wanted, place >= 0)
	}
	return lookout{t.matcher.Read(wanted, effort), places}
}

// effort returns how much a job may make.
func effort(in Input) int {
	bytes := 0
	for _, u := range in.Utterances {
		bytes += len(u.Text)
	}
	return leastEffort + effortPerByte*bytes
}

// matches returns where terms of trackers stand, and of which the sentence says
// something like it.
func (j *job) matches() []conversation.Match {
	if j.matchesLeft.items == 0 || len(j.lookouts) == 0 {
		return nil
	}
	j.findTrackers()
	j.trackerMatches = j.trackerMatches[:j.matchesLeft.take(len(j.trackerMatches), func(n int) int {
		m := j.trackerMatches[n]
		tracker := j.in.Options.Trackers[m.Tracker]
		return len(tracker.Name) + len(tracker.Vocabulary[m.Term])
	})]
	var found []conversation.Match
	at, characters := 0, 0
	for _, m := range j.trackerMatches {
		tracker := j.in.Options.Trackers[m.Tracker]
		offset := -1
		if m.Start >= 0 { // these come in their order
			characters += utf8.RuneCountInString(j.text[at:m.Start])
			at, offset = m.Start, characters
		}
		found = append(found, conversation.Match{
			Tracker: TrackerID(tracker), Name: tracker.Name,
			Term: tracker.Vocabulary[m.Term], Offset: offset, Score: round(m.Score),
		})
	}
	return found
}

// findTrackers finds the trackers of a sentence: by the places of the job's, and in
// the order that they would have if they had been compiled together.
func (j *job) findTrackers() {
	j.trackerMatches = j.trackerMatches[:0]
	ordered := true
	for _, l := range j.lookouts {
		first := len(j.trackerMatches)
		j.trackerMatches = l.Find(j.trackerMatches, j.words, j.threshold)
		if l.places == nil {
			continue
		}
		ordered = ordered && first == len(j.trackerMatches)
		for i := range j.trackerMatches[first:] {
			m := &j.trackerMatches[first+i]
			m.Tracker = l.places[m.Tracker]
		}
	}
	if !ordered {
		slices.SortStableFunc(j.trackerMatches, inOrder)
	}
}

// inOrder compares matches: literal ones come first, by place, length and tracker.
func inOrder(a, b tracking.Match) int {
	if (a.Start < 0) != (b.Start < 0) {
		return cmp.Compare(b.Start, a.Start)
	}
	return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.Tracker, b.Tracker))
}

// TrackerID returns the id under which matches of a tracker are reported: its own,
// or for one that a job defines an id derived from its name, so that
// several jobs match one tracker.
func TrackerID(t Tracker) string { return cmp.Or(t.ID, conversation.MessageID("trackers/"+t.Name, 0)) }
