package input

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A List has at most [MaxItems]. It is checked while it is read, so that a short
// body cannot take much memory.
type List[T any] []T

// UnmarshalJSONFrom implements [json.UnmarshalerFrom].
func (l *List[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	token, err := dec.ReadToken()
	if err != nil || token.Kind() == jsontext.KindNull {
		return err
	}
	if token.Kind() != jsontext.KindBeginArray {
		return BadValue("must be an array")
	}
	*l = List[T]{}
	for dec.PeekKind() != jsontext.KindEndArray {
		if len(*l) == MaxItems {
			return ErrTooMany
		}
		*l = append(*l, *new(T))
		if err := json.UnmarshalDecode(dec, &(*l)[len(*l)-1]); err != nil {
			return err
		}
	}
	_, err = dec.ReadToken()
	return err
}

// OneOrMore is a list that may be written as its only item.
type OneOrMore[T any] struct{ List[T] }

// UnmarshalJSONFrom implements [json.UnmarshalerFrom].
func (o *OneOrMore[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if k := dec.PeekKind(); k == jsontext.KindBeginArray || k == jsontext.KindNull {
		return o.List.UnmarshalJSONFrom(dec)
	}
	o.List = make(List[T], 1)
	return json.UnmarshalDecode(dec, &o.List[0])
}

// A Boolean is true or false, or one of these words as a string in any case.
type Boolean bool

// UnmarshalJSONFrom implements [json.UnmarshalerFrom].
func (b *Boolean) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
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

const errBoolean BadValue = "must be a boolean"

func (b *Boolean) parse(s string) error {
	yes := strings.EqualFold(s, "true")
	if !yes && !strings.EqualFold(s, "false") {
		return errBoolean
	}
	*b = Boolean(yes)
	return nil
}

// Labels are metadata: strings by name.
type Labels map[string]string

// UnmarshalJSONFrom implements [json.UnmarshalerFrom].
func (l *Labels) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	token, err := dec.ReadToken()
	if err != nil || token.Kind() == jsontext.KindNull {
		return err
	}
	if token.Kind() != jsontext.KindBeginObject {
		return ErrObject
	}
	*l = Labels{}
	for dec.PeekKind() == jsontext.KindString {
		name, err := dec.ReadToken()
		if err != nil {
			return err
		}
		if len(*l) == maxMetadata {
			return BadValue(fmt.Sprintf("is one too many: at most %d members are taken", maxMetadata))
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
