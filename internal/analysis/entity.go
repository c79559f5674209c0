package analysis

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/turnwise/turnwise/internal/analysis/moments"
	"github.com/turnwise/turnwise/internal/analysis/patterns"
	"github.com/turnwise/turnwise/internal/conversation"
)

// An entitySpan is an entity with where it stands in the sentence, in bytes.
type entitySpan struct {
	start, end int
	entity     conversation.Entity
}

// selectEntities collects the entities of the sentence. Where two overlap, the kind
// with the better precision is taken: what the caller defined, addresses and
// numbers of telephones, moments, names, other numbers.
func (j *job) selectEntities() {
	j.spans = j.spans[:0]
	j.occupied = append(j.occupied[:0], make([]bool, len(j.text))...)
	j.addCustom()
	j.addPatterns(func(p patterns.Pattern) bool { return p.Type != patterns.Number && !isLocalPhone(p, j.text) })
	for _, m := range j.moments {
		if m.Type != moments.Duration && m.Type != moments.Recurrence {
			j.addEntity(m.Start, m.End, conversation.Entity{Type: string(m.Type), Value: m.Value, Start: m.From, End: m.To, Score: m.Score})
		}
	}
	j.addPatterns(func(p patterns.Pattern) bool { return isLocalPhone(p, j.text) })
	for _, n := range j.names {
		j.addEntity(n.Start, n.End, conversation.Entity{Type: string(n.Type), Score: n.Score})
	}
	j.addPatterns(func(p patterns.Pattern) bool { return p.Type == patterns.Number })
	slices.SortFunc(j.spans, func(a, b entitySpan) int { return cmp.Compare(a.start, b.start) })
}

// addPatterns notes the patterns of a kind.
func (j *job) addPatterns(kind func(patterns.Pattern) bool) {
	for _, p := range j.patterns {
		if kind(p) {
			j.addEntity(p.Start, p.End, conversation.Entity{Type: string(p.Type), Value: p.Value, Score: p.Score})
		}
	}
}

// isLocalPhone reports whether a pattern is a number of a telephone without that of
// its country, which looks like much else.
func isLocalPhone(p patterns.Pattern, text string) bool {
	return p.Type == patterns.Phone && text[p.Start] != '+'
}

// addEntity notes an entity, unless another one stands there or it is not sure
// enough.
func (j *job) addEntity(start, end int, e conversation.Entity) {
	if e.Score < j.threshold || slices.Contains(j.occupied[start:end], true) {
		return
	}
	for i := start; i < end; i++ {
		j.occupied[i] = true
	}
	e.Text, e.Score = j.text[start:end], round(e.Score)
	if e.Value == "" && e.Start == "" && e.End == "" {
		e.Value = strings.ToLower(e.Text)
	}
	j.spans = append(j.spans, entitySpan{start, end, e})
}

// entities returns what selectEntities found, as far as the job may still have it, with
// offsets in characters.
func (j *job) entities() []conversation.Entity {
	spots := j.spans[:j.entitiesLeft.take(len(j.spans), func(n int) int {
		e := j.spans[n].entity
		return len(e.Custom) + len(e.Text) + len(e.Value)
	})]
	if len(spots) == 0 {
		return nil
	}
	all := make([]conversation.Entity, len(spots))
	at, characters := 0, 0
	for i, s := range spots {
		characters += utf8.RuneCountInString(j.text[at:s.start])
		at = s.start
		all[i] = s.entity
		all[i].Offset = characters
	}
	return all
}

// round keeps three decimals of a score.
func round(score float64) float64 { return math.Round(score*1000) / 1000 }
