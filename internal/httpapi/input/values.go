package input

import (
	"fmt"
	"slices"
	"strconv"
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

// A Boolean is true or false, as itself, as one of these words in any case, or as
// 1 or 0. An empty string is as good as nothing.
type Boolean bool

// UnmarshalJSONFrom implements [json.UnmarshalerFrom].
func (b *Boolean) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	var s Switch
	if err := s.UnmarshalJSONFrom(dec); err != nil || s.Value == nil {
		return err
	}
	*b = Boolean(*s.Value)
	return nil
}

// A Switch is a [Boolean] of which it matters whether it was given. Without a value
// it was not.
type Switch struct{ Value *bool }

// UnmarshalJSONFrom implements [json.UnmarshalerFrom].
func (s *Switch) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	text, given, err := scalar(dec, errBoolean, jsontext.KindTrue, jsontext.KindFalse, jsontext.KindNumber)
	if err != nil || !given {
		return err
	}
	v, err := parseBoolean(text)
	s.Value = &v
	return err
}

const errBoolean BadValue = "must be a boolean"

func parseBoolean(s string) (bool, error) {
	switch {
	case strings.EqualFold(s, "true"), s == "1":
		return true, nil
	case strings.EqualFold(s, "false"), s == "0":
		return false, nil
	}
	return false, errBoolean
}

// A Number may be written as a string. Without a value it was not given.
type Number struct{ Value *float64 }

// UnmarshalJSONFrom implements [json.UnmarshalerFrom].
func (n *Number) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	text, given, err := scalar(dec, errNumber, jsontext.KindNumber)
	if err != nil || !given {
		return err
	}
	v, err := strconv.ParseFloat(text, 64)
	if written := jsontext.Value(text); err != nil || !written.IsValid() || written.Kind() != jsontext.KindNumber {
		return errNumber
	}
	n.Value = &v
	return nil
}

const errNumber BadValue = "must be a number"

// An ID may be written as a number, and is then the text of that.
type ID string

// UnmarshalJSONFrom implements [json.UnmarshalerFrom].
func (i *ID) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	text, given, err := scalar(dec, ErrString, jsontext.KindNumber)
	if err != nil || !given {
		return err
	}
	*i = ID(text)
	return nil
}

// scalar reads a value that is a string or of one of the kinds, and returns it as
// text. null and an empty string count as not given. Anything else is wrong.
func scalar(dec *jsontext.Decoder, wrong BadValue, kinds ...jsontext.Kind) (text string, given bool, err error) {
	token, err := dec.ReadToken()
	switch kind := token.Kind(); {
	case err != nil:
		return "", false, err
	case kind == jsontext.KindNull:
		return "", false, nil
	case kind == jsontext.KindString:
		text = token.String()
		return text, text != "", nil
	case slices.Contains(kinds, kind):
		return token.String(), true, nil
	default:
		return "", false, wrong
	}
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
