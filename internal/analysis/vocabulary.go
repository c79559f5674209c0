package analysis

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/turnwise/turnwise/internal/analysis/lookup"
	"github.com/turnwise/turnwise/internal/conversation"
)

// A vocabulary is what the options of a job tell to look for: custom entities
// and the terms of trackers.
type vocabulary struct {
	entities *lookup.Table // nil if there are none
	custom   []CustomEntity

	terms *lookup.Table // nil if there are none
	of    []term
}

// A term is one of a tracker's vocabulary, or of what it leaves alone.
type term struct {
	tracker  int
	text     string
	excluded bool
}

func newVocabulary(entities []CustomEntity, trackers []Tracker) vocabulary {
	var v vocabulary
	if len(entities) > 0 {
		v.custom = slices.Clone(entities)
		texts := make([]string, len(entities))
		for i, e := range entities {
			texts[i] = e.Text
		}
		v.entities = lookup.New(texts)
	}
	var texts []string
	for i, t := range trackers {
		for _, text := range t.Vocabulary {
			v.of, texts = append(v.of, term{tracker: i, text: text}), append(texts, text)
		}
		for _, text := range t.ExcludeVocabulary {
			v.of, texts = append(v.of, term{tracker: i, text: text, excluded: true}), append(texts, text)
		}
	}
	if len(texts) > 0 {
		v.terms = lookup.New(texts)
	}
	return v
}

// custom puts the caller's entities before all others.
func (j *job) custom() {
	if j.vocabulary.entities == nil {
		return
	}
	j.hits = j.vocabulary.entities.Find(j.hits[:0], j.words)
	for _, h := range j.hits {
		for _, n := range h.Phrases {
			e := j.vocabulary.custom[n]
			j.put(h.Start, h.End, conversation.Entity{
				Type: "custom", Custom: e.CustomType, Value: strings.ToLower(cmp.Or(e.Value, e.Text)), Score: 1,
			})
		}
	}
}

// matches returns where terms of trackers stand, each once. Where a tracker is
// told to leave a phrase alone, its terms within that phrase are no matches.
func (j *job) matches() []conversation.Match {
	if j.vocabulary.terms == nil {
		return nil
	}
	j.hits = j.vocabulary.terms.Find(j.hits[:0], j.words)
	var found []conversation.Match
	at, characters := 0, 0
	for i, h := range j.hits {
		characters += utf8.RuneCountInString(j.text[at:h.Start])
		at = h.Start
		for _, n := range h.Phrases {
			t := j.vocabulary.of[n]
			if t.excluded || j.leftAlone(t.tracker, i) {
				continue
			}
			tracker := j.in.Options.Trackers[t.tracker]
			found = append(found, conversation.Match{
				Tracker: cmp.Or(tracker.ID, trackerID(j.in.JobID, t.tracker)), Name: tracker.Name,
				Term: t.text, Offset: characters, Score: 1,
			})
		}
	}
	return found
}

// leftAlone reports whether the nth hit lies within a phrase that the tracker
// leaves alone. Such a phrase begins no more than its own length before it, so
// few hits are in between.
func (j *job) leftAlone(tracker, n int) bool {
	if len(j.in.Options.Trackers[tracker].ExcludeVocabulary) == 0 {
		return false
	}
	for _, h := range j.hits[max(0, n-lookup.Longest*lookup.Longest) : n+1] {
		if h.End < j.hits[n].End {
			continue
		}
		for _, n := range h.Phrases {
			if t := j.vocabulary.of[n]; t.excluded && t.tracker == tracker {
				return true
			}
		}
	}
	return false
}

// trackerID returns the id of a tracker that a job brought along.
func trackerID(jobID string, n int) string { return conversation.MessageID(jobID+"/trackers", n) }
