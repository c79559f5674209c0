package symbl

import (
	"fmt"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/httpapi/input"
)

// A tracker has the id of a saved one, or a name and a vocabulary.
type tracker struct {
	ID         input.ID            `json:"id"`
	Name       *string             `json:"name"`
	Vocabulary *input.List[string] `json:"vocabulary"`
}

// trackers checks the trackers and returns them.
func (s *submission) trackers() ([]analysis.Tracker, error) {
	var all []analysis.Tracker
	terms := 0
	for i := range s.Trackers {
		t := &s.Trackers[i]
		if field, err := t.check(); err != nil {
			return nil, input.Invalid(fmt.Sprintf("trackers[%d]%s", i, field), err)
		}
		if terms += len(valueOf(t.Vocabulary)); terms > maxTerms {
			return nil, input.Invalid("trackers", input.BadValue(fmt.Sprintf("must have at most %d terms in their vocabularies altogether", maxTerms)))
		}
		all = append(all, analysis.Tracker{ID: string(t.ID), Name: valueOf(t.Name), Vocabulary: valueOf(t.Vocabulary)})
	}
	return all, nil
}

func (t *tracker) check() (field string, err error) {
	if t.ID == "" {
		switch {
		case t.Name == nil && t.Vocabulary == nil:
			return "", input.BadValue(`must have an "id", or a "name" and a "vocabulary"`)
		case t.Name == nil:
			return ".name", input.ErrRequired
		case t.Vocabulary == nil:
			return ".vocabulary", input.ErrRequired
		case len(*t.Vocabulary) == 0:
			return ".vocabulary", input.ErrNoItems
		}
	}
	if err := input.CheckLength(string(t.ID), input.MaxTerm); err != nil {
		return ".id", err
	}
	if t.Name != nil && (t.ID == "" || *t.Name != "") {
		if err := input.CheckTerm(*t.Name); err != nil {
			return ".name", err
		}
	}
	for i, word := range valueOf(t.Vocabulary) {
		if err := input.CheckTerm(word); err != nil {
			return fmt.Sprintf(".vocabulary[%d]", i), err
		}
	}
	return "", nil
}

// valueOf returns what p points to, or the zero value.
func valueOf[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
