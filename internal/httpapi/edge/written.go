package edge

import (
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Written is a body that writes its JSON itself, where a part of it is too long to be
// held, as a text is for which jsontext has but one token.
type Written interface {
	WriteJSON(w io.Writer) error
}

// writeBody writes a body as JSON.
func writeBody(w io.Writer, body any) error {
	if own, ok := body.(Written); ok {
		return own.WriteJSON(w)
	}
	return json.MarshalWrite(w, body, jsontext.AllowInvalidUTF8(true), json.Deterministic(true))
}

// A Text writes a JSON string, but for its quotation marks, in portions that end with
// whole characters.
type Text struct {
	To io.Writer

	quoted []byte
}

// Write implements [io.Writer].
func (t *Text) Write(p []byte) (int, error) { return quote(t, p) }

// WriteString implements [io.StringWriter].
func (t *Text) WriteString(s string) (int, error) { return quote(t, s) }

// quote writes a portion. What is not UTF-8 in it is replaced, which is the only error
// there is.
func quote[B ~[]byte | ~string](t *Text, portion B) (int, error) {
	t.quoted, _ = jsontext.AppendQuote(t.quoted[:0], portion)
	_, err := t.To.Write(t.quoted[1 : len(t.quoted)-1])
	return len(portion), err
}
