package input

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/turnwise/turnwise/internal/httpapi/edge"
)

// A BadValue says what is wrong with the value of a field, without the field's
// name: "must be a boolean".
type BadValue string

func (b BadValue) Error() string { return string(b) }

// Invalid returns the refusal of a request because of the value of one field.
func Invalid(path string, err error) error {
	if len(path) > maxPath {
		path = strings.ToValidUTF8(path[:maxPath], "") + "…"
	}
	return edge.Refuse(http.StatusBadRequest, `"%s" %s`, path, err)
}

// Decode decodes a body into a T.
//
// It repairs nothing. It refuses text that is not UTF-8, an escape for half a
// character, a member that is given twice and data after the end, since a repair
// would change what the caller sent.
func Decode[T any](body []byte, opts ...json.Options) (*T, error) {
	if nestsDeeper(body, maxDepth) {
		return nil, edge.Refuse(http.StatusBadRequest, "The body must not nest arrays and objects more than %d levels deep.", maxDepth)
	}
	s := new(T)
	if err := json.Unmarshal(body, s, append(opts, json.MatchCaseInsensitiveNames(true))...); err != nil {
		return nil, decodeRefusal(body, err)
	}
	// JSON can write NUL in this way only.
	if bytes.Contains(body, []byte(`\u0000`)) {
		return s, refuseNUL(body)
	}
	return s, nil
}

// nestsDeeper reports whether JSON nests deeper than limit. It looks at nothing but
// brackets and quotation marks, because it runs before the decoder and has to be
// fast.
func nestsDeeper(body []byte, limit int) bool {
	depth := 0
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '{', '[':
			if depth++; depth > limit {
				return true
			}
		case '}', ']':
			depth--
		case '"':
			i += stringEnd(body[i+1:]) + 1
		}
	}
	return false
}

// stringEnd returns the index of the quotation mark that ends a string, of which s
// begins after the opening one: the first mark after an even number of
// backslashes.
func stringEnd(s []byte) int {
	for at := 0; ; at++ {
		n := bytes.IndexByte(s[at:], '"')
		if n < 0 {
			return len(s)
		}
		start := at
		at += n
		before := at
		for before > start && s[before-1] == '\\' {
			before--
		}
		if (at-before)%2 == 0 {
			return at
		}
	}
}

// decodeRefusal returns the refusal for an error of the decoder.
func decodeRefusal(body []byte, err error) error {
	if e, ok := errors.AsType[*json.SemanticError](err); ok {
		path, cause := Explain(e)
		switch {
		case path == "" && cause != ErrObject:
			return edge.Refuse(http.StatusBadRequest, "The body %s.", cause)
		case path == "":
			return edge.Refuse(http.StatusBadRequest, "The body must be a JSON object.")
		}
		return Invalid(path, cause)
	}
	e, ok := errors.AsType[*jsontext.SyntacticError](err)
	switch {
	case !ok:
		return fmt.Errorf("decode body: %w", err)
	case len(bytes.TrimSpace(body)) == 0:
		return edge.Refuse(http.StatusBadRequest, "The body is empty. It must be a JSON object.")
	case errors.Is(e.Err, jsontext.ErrDuplicateName):
		return Invalid(dotted(e.JSONPointer), ErrTwice)
	case !utf8.Valid(body):
		return edge.Refuse(http.StatusBadRequest, "The body must be UTF-8; at byte %d it is not.", e.ByteOffset)
	default:
		return edge.Refuse(http.StatusBadRequest, "The body is not valid JSON: at byte %d, %s.", e.ByteOffset, e.Err)
	}
}

// Explain returns the path of the field that has the wrong type, and what it
// should be.
func Explain(e *json.SemanticError) (path string, cause BadValue) {
	cause, own := errors.AsType[BadValue](e.Err)
	switch {
	case errors.Is(e.Err, json.ErrUnknownName):
		cause = "is not allowed"
	case !own:
		cause = expected(e.GoType)
	}
	return dotted(e.JSONPointer), cause
}

// expected says in JSON's terms what a Go type accepts.
func expected(t reflect.Type) BadValue {
	switch t.Kind() {
	case reflect.String:
		return ErrString
	case reflect.Float64:
		return "must be a number"
	case reflect.Slice:
		return "must be an array"
	default:
		return ErrObject
	}
}

// dotted turns /messages/0/payload into messages[0].payload.
func dotted(p jsontext.Pointer) string {
	var b strings.Builder
	for token := range p.Tokens() {
		_, err := strconv.ParseUint(token, 10, 32)
		switch {
		case err == nil:
			b.WriteString("[" + token + "]")
		case b.Len() > 0:
			b.WriteString("." + token)
		default:
			b.WriteString(token)
		}
		if b.Len() > maxPath {
			break // the rest is cut off anyway
		}
	}
	return b.String()
}

// refuseNUL refuses the first string that contains NUL, also in a member that is
// ignored. It returns nil if there is none.
func refuseNUL(body []byte) error {
	dec := jsontext.NewDecoder(bytes.NewReader(body))
	for {
		token, err := dec.ReadToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("look for NUL: %w", err)
		}
		if token.Kind() == jsontext.KindString && strings.Contains(token.String(), "\x00") {
			return Invalid(strings.ReplaceAll(dotted(dec.StackPointer()), "\x00", ""), BadValue("must not contain the character NUL"))
		}
	}
}
