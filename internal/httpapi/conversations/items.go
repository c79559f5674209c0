package conversations

import (
	"iter"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// An ItemList is a list in an answer whose items are read while they are written.
type ItemList[V any] iter.Seq2[V, error]

// Items returns what is read as a list of views.
func Items[T, V any](read iter.Seq2[T, error], view func(T) V) ItemList[V] {
	return func(yield func(V, error) bool) {
		for item, err := range read {
			var v V
			if err == nil {
				v = view(item)
			}
			if !yield(v, err) {
				return
			}
		}
	}
}

// MarshalJSONTo implements [json.MarshalerTo].
func (l ItemList[V]) MarshalJSONTo(enc *jsontext.Encoder) error {
	if err := enc.WriteToken(jsontext.BeginArray); err != nil {
		return err
	}
	for v, err := range l {
		if err != nil {
			return err
		}
		if err := json.MarshalEncode(enc, &v); err != nil {
			return err
		}
	}
	return enc.WriteToken(jsontext.EndArray)
}
