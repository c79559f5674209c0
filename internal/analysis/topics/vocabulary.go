package topics

import (
	"slices"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/terms"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

const (
	mostCustom    = 500 // phrases of a vocabulary
	longestCustom = 8   // terms of one
)

// A vocabulary finds phrases that were given, in any form of their words.
type vocabulary struct {
	postingLists

	texts []string
	rows  [][]int32      // their terms
	stems [][]int32      // of the terms
	steps map[step]int32 // to the node that is reached; 0 is where all begin
	ends  []int32        // by node: the phrase that ends there, from 1; 0 for none
}

// A step goes from a node on by the stem of a term.
type step struct{ node, stem int32 }

// newVocabulary reads the phrases. What is empty, too long or too much is left
// out.
func (c *Collection) newVocabulary(texts []string) vocabulary {
	v := vocabulary{steps: map[step]int32{}, ends: []int32{0}}
	for _, text := range texts[:min(len(texts), mostCustom)] {
		row := c.table.Append(nil, words.Split(nil, text))
		if len(row) > 0 && len(row) <= longestCustom && !slices.Contains(row, terms.None) {
			v.add(c.table, strings.TrimSpace(text), row)
		}
	}
	return v
}

func (v *vocabulary) add(table *terms.Table, text string, row []int32) {
	node, stems := int32(0), make([]int32, len(row))
	for i, number := range row {
		stems[i] = table.Term(number).Stem
		node = v.step(node, stems[i])
	}
	if v.ends[node] != 0 {
		return
	}
	v.ends[node] = v.addPhrase() + 1
	v.texts = append(v.texts, text)
	v.rows = append(v.rows, row)
	v.stems = append(v.stems, stems)
}

// step returns the node that a stem leads to, and makes it if there is none.
func (v *vocabulary) step(node, stem int32) int32 {
	next, ok := v.steps[step{node, stem}]
	if !ok {
		next = int32(len(v.ends))
		v.ends = append(v.ends, 0)
		v.steps[step{node, stem}] = next
	}
	return next
}

// find notes every phrase of the vocabulary in a row of terms.
func (v *vocabulary) find(table *terms.Table, row []int32, at occurrence) {
	if len(v.texts) == 0 {
		return
	}
	for i := range row {
		node := int32(0)
		for _, number := range row[i:] {
			next, ok := v.steps[step{node, table.Term(number).Stem}]
			if !ok {
				break
			}
			if node = next; v.ends[node] != 0 {
				v.addOccurrence(v.ends[node]-1, at)
			}
		}
	}
}
