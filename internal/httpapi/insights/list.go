package insights

import (
	"iter"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A list is answered as an array, whose items are read while it is written if they are
// too many to be held.
type list[T any] struct {
	all  []T
	each iter.Seq2[T, error] // nil if they are held
}

// MarshalJSONTo implements [json.MarshalerTo].
func (l list[T]) MarshalJSONTo(enc *jsontext.Encoder) error {
	if l.each == nil {
		return json.MarshalEncode(enc, l.all)
	}
	if err := enc.WriteToken(jsontext.BeginArray); err != nil {
		return err
	}
	for item, err := range l.each {
		if err != nil {
			return err
		}
		if err := json.MarshalEncode(enc, &item); err != nil {
			return err
		}
	}
	return enc.WriteToken(jsontext.EndArray)
}

// items yields the items.
func (l list[T]) items() iter.Seq2[T, error] {
	if l.each != nil {
		return l.each
	}
	return func(yield func(T, error) bool) {
		for _, item := range l.all {
			if !yield(item, nil) {
				return
			}
		}
	}
}
