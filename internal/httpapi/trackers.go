package httpapi

import (
	"fmt"

	"github.com/turnwise/turnwise/internal/analysis"
)

// A tracker names a saved one, or brings a name and a vocabulary.
type tracker struct {
	ID         string        `json:"id"`
	Name       *string       `json:"name"`
	Vocabulary *list[string] `json:"vocabulary"`
}

// trackers checks the trackers and returns them.
func (s *submission) trackers() ([]analysis.Tracker, error) {
	var all []analysis.Tracker
	terms := 0
	for i := range s.Trackers {
		t := &s.Trackers[i]
		if field, err := t.check(); err != nil {
			return nil, invalid(fmt.Sprintf("trackers[%d]%s", i, field), err)
		}
		if terms += len(value(t.Vocabulary)); terms > maxTerms {
			return nil, invalid("trackers", badValue(fmt.Sprintf("must have at most %d terms in their vocabularies altogether", maxTerms)))
		}
		all = append(all, analysis.Tracker{ID: t.ID, Name: value(t.Name), Vocabulary: value(t.Vocabulary)})
	}
	return all, nil
}

func (t *tracker) check() (field string, err error) {
	if t.ID == "" {
		switch {
		case t.Name == nil && t.Vocabulary == nil:
			return "", badValue(`must have an "id", or a "name" and a "vocabulary"`)
		case t.Name == nil:
			return ".name", errRequired
		case t.Vocabulary == nil:
			return ".vocabulary", errRequired
		case len(*t.Vocabulary) == 0:
			return ".vocabulary", errNoItems
		}
	}
	if err := within(t.ID, maxTerm); err != nil {
		return ".id", err
	}
	if t.Name != nil {
		if err := term(*t.Name); err != nil {
			return ".name", err
		}
	}
	for i, word := range value(t.Vocabulary) {
		if err := term(word); err != nil {
			return fmt.Sprintf(".vocabulary[%d]", i), err
		}
	}
	return "", nil
}

// value returns what p points to, or the zero value.
func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
