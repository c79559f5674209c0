package httpapi

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A list is bounded while it is read, so that no body makes more of itself in
// memory than it is long.
type list[T any] []T

// UnmarshalJSONFrom implements [json.UnmarshalerFrom].
func (l *list[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	token, err := dec.ReadToken()
	if err != nil || token.Kind() == jsontext.KindNull {
		return err
	}
	if token.Kind() != jsontext.KindBeginArray {
		return badValue("must be an array")
	}
	*l = list[T]{}
	for dec.PeekKind() != jsontext.KindEndArray {
		if len(*l) == maxItems {
			return errTooMany
		}
		*l = append(*l, *new(T))
		if err := json.UnmarshalDecode(dec, &(*l)[len(*l)-1]); err != nil {
			return err
		}
	}
	_, err = dec.ReadToken()
	return err
}

// oneOrMore is a list that may come as its only item.
type oneOrMore[T any] struct{ list[T] }

// UnmarshalJSONFrom implements [json.UnmarshalerFrom].
func (o *oneOrMore[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if k := dec.PeekKind(); k == jsontext.KindBeginArray || k == jsontext.KindNull {
		return o.list.UnmarshalJSONFrom(dec)
	}
	o.list = make(list[T], 1)
	return json.UnmarshalDecode(dec, &o.list[0])
}

// A boolean is true or false, or one of these words as a string in any case.
type boolean bool

// UnmarshalJSONFrom implements [json.UnmarshalerFrom].
func (b *boolean) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	token, err := dec.ReadToken()
	if err != nil {
		return err
	}
	switch token.Kind() {
	case jsontext.KindNull:
		return nil
	case jsontext.KindTrue, jsontext.KindFalse, jsontext.KindString:
		return b.parse(token.String())
	default:
		return errBoolean
	}
}

const errBoolean badValue = "must be a boolean"

func (b *boolean) parse(s string) error {
	yes := strings.EqualFold(s, "true")
	if !yes && !strings.EqualFold(s, "false") {
		return errBoolean
	}
	*b = boolean(yes)
	return nil
}

// labels are metadata: strings by name.
type labels map[string]string

// UnmarshalJSONFrom implements [json.UnmarshalerFrom].
func (l *labels) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	token, err := dec.ReadToken()
	if err != nil || token.Kind() == jsontext.KindNull {
		return err
	}
	if token.Kind() != jsontext.KindBeginObject {
		return errObject
	}
	*l = labels{}
	for dec.PeekKind() == jsontext.KindString {
		name, err := dec.ReadToken()
		if err != nil {
			return err
		}
		if len(*l) == maxMetadata {
			return badValue(fmt.Sprintf("is one too many: at most %d members are taken", maxMetadata))
		}
		key := name.String() // before the next read, which overwrites the token
		var value *string
		if err := json.UnmarshalDecode(dec, &value); err != nil {
			return err
		}
		if value != nil {
			(*l)[key] = *value
		}
	}
	_, err = dec.ReadToken()
	return err
}
