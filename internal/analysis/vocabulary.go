package analysis

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/turnwise/turnwise/internal/analysis/custom"
	"github.com/turnwise/turnwise/internal/analysis/tracking"
	"github.com/turnwise/turnwise/internal/conversation"
)

// A vocabulary is what the options of a job name: custom entities
// and trackers. Either is nil if there is none.
type vocabulary struct {
	entities *custom.Finder
	custom   []CustomEntity
	trackers *tracking.Matcher
}

func newVocabulary(model *tracking.Model, entities []CustomEntity, trackers []Tracker) vocabulary {
	var v vocabulary
	if len(entities) > 0 {
		v.custom = slices.Clone(entities)
		all := make([]custom.Entity, len(entities))
		for i, e := range entities {
			all[i] = custom.Entity{Type: e.CustomType, Text: e.Text}
		}
		v.entities = custom.New(all)
	}
	if len(trackers) > 0 {
		all := make([]tracking.Tracker, len(trackers))
		for i, t := range trackers {
			all[i] = tracking.Tracker{Vocabulary: t.Vocabulary, Exclude: t.ExcludeVocabulary}
		}
		v.trackers = model.Compile(all)
	}
	return v
}

// addCustom puts the caller's entities before all others.
func (j *job) addCustom() {
	if j.vocabulary.entities == nil {
		return
	}
	j.customMatches = j.vocabulary.entities.Find(j.customMatches[:0], j.words)
	for _, m := range j.customMatches {
		e := j.vocabulary.custom[m.Entity]
		j.addEntity(m.Start, m.End, conversation.Entity{
			Type: "custom", Custom: e.CustomType, Value: strings.ToLower(cmp.Or(e.Value, e.Text)), Score: 1,
		})
	}
}

// matches returns where terms of trackers stand, and of which the sentence says
// something like it.
func (j *job) matches() []conversation.Match {
	if j.vocabulary.trackers == nil || j.matchesLeft == 0 {
		return nil
	}
	j.trackerMatches = j.vocabulary.trackers.Find(j.trackerMatches[:0], j.words, j.threshold)
	j.trackerMatches = j.trackerMatches[:min(len(j.trackerMatches), j.matchesLeft)]
	j.matchesLeft -= len(j.trackerMatches)
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

// TrackerID returns the id under which matches of a tracker are reported: its own,
// or for one that a job defines an id derived from its name, so that
// several jobs match one tracker.
func TrackerID(t Tracker) string { return cmp.Or(t.ID, conversation.MessageID("trackers/"+t.Name, 0)) }
