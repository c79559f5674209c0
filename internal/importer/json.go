package importer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// maxDocument bounds the JSON documents that are held in memory as a whole.
const maxDocument = 128 << 20

// loose takes what programs really write.
var loose = json.JoinOptions( //nolint:gochecknoglobals // options, which nothing changes
	jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

// A document reads JSON value by value, and knows at which line it is.
type document struct {
	*jsontext.Decoder
	file   *file
	source *newlines
	close  io.Closer
}

// newlines counts the lines of what is read through it.
type newlines struct {
	io.Reader
	read  int64
	ends  []int64 // the ends of lines that were read and not yet passed
	line  int     // of what was passed
	value int64   // where the value that is read begins
}

func (n *newlines) Read(p []byte) (int, error) {
	if n.read-n.value > maxDocument {
		return 0, fmt.Errorf("a value of more than %d MiB", maxDocument>>20)
	}
	got, err := n.Reader.Read(p)
	for at := 0; ; at++ {
		next := bytes.IndexByte(p[at:got], '\n')
		if next < 0 {
			break
		}
		at += next
		n.ends = append(n.ends, n.read+int64(at))
	}
	n.read += int64(got)
	return got, err
}

// at returns the line of an offset, which must not be before that of an
// earlier call.
func (n *newlines) at(offset int64) int {
	passed := 0
	for passed < len(n.ends) && n.ends[passed] < offset {
		passed++
	}
	n.line += passed
	n.ends = append(n.ends[:0], n.ends[passed:]...)
	return n.line + 1
}

// json opens the file to be read as JSON.
func (f *file) json() (*document, error) {
	r, err := f.text()
	if err != nil {
		return nil, err
	}
	source := &newlines{Reader: r}
	return &document{jsontext.NewDecoder(source, loose), f, source, r}, nil
}

// line returns the line of what is read next.
func (d *document) line() int {
	d.PeekKind()
	rest := d.UnreadBuffer()
	d.source.value = d.InputOffset() + int64(len(rest)-len(bytes.TrimLeft(rest, " \t\r\n,:")))
	return d.source.at(d.source.value + 1)
}

// wrong returns err as an error that names the line and what was expected.
func (d *document) wrong(err error, want string) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*Error](err); ok {
		return err
	}
	_, isSyntax := errors.AsType[*jsontext.SyntacticError](err)
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		d.source.value = d.source.read
		return &Error{File: d.file.name, Line: d.source.at(d.source.read), Want: "the file ends in the middle, where " + want + " was expected; it is not whole"}
	case isSyntax:
		return &Error{File: d.file.name, Line: d.line(), Want: "this is no JSON, where " + want + " was expected", Err: err}
	default:
		return &Error{File: d.file.name, Line: d.line(), Want: want + " was expected", Err: err}
	}
}

// object reads an object. For each member it calls visit, which reads the
// value with [document.decode] or not at all.
func (d *document) object(want string, visit func(name string) error) error {
	if d.PeekKind() != jsontext.KindBeginObject {
		return d.unexpected(want)
	}
	if _, err := d.ReadToken(); err != nil {
		return d.wrong(err, want)
	}
	for d.PeekKind() == jsontext.KindString {
		token, err := d.ReadToken()
		if err != nil {
			return d.wrong(err, want)
		}
		name, before := token.String(), d.InputOffset()
		if err := visit(name); err != nil {
			return d.wrong(err, want)
		}
		if d.InputOffset() == before {
			if err := d.SkipValue(); err != nil {
				return d.wrong(err, want)
			}
		}
		d.line()
	}
	_, err := d.ReadToken()
	return d.wrong(err, want)
}

// array reads an array. For each element it calls visit, which reads it.
func (d *document) array(want string, visit func(line int) error) error {
	if d.PeekKind() != jsontext.KindBeginArray {
		return d.unexpected(want)
	}
	if _, err := d.ReadToken(); err != nil {
		return d.wrong(err, want)
	}
	for {
		kind := d.PeekKind()
		if kind == jsontext.KindEndArray || kind == jsontext.KindInvalid {
			break
		}
		if err := visit(d.line()); err != nil {
			return d.wrong(err, want)
		}
	}
	_, err := d.ReadToken()
	return d.wrong(err, want)
}

// unexpected reads a value that is not what was expected, and says so. A null
// is as good as nothing.
func (d *document) unexpected(want string) error {
	token, err := d.ReadToken()
	if err != nil || token.Kind() == jsontext.KindNull {
		return d.wrong(err, want)
	}
	return d.file.bad(d.line(), "%s was expected", want)
}

// decode reads a value into v.
func (d *document) decode(v any, want string) error {
	return d.wrong(json.UnmarshalDecode(d.Decoder, v, loose), want)
}

// end reports what is behind the document.
func (d *document) end() error {
	if _, err := d.ReadToken(); err == nil || !errors.Is(err, io.EOF) {
		return d.file.bad(d.line(), "there is something behind the end of the document")
	}
	return nil
}

// decode reads the whole file, one document, into v.
func (f *file) decode(v any, want string) error {
	d, err := f.json()
	if err != nil {
		return err
	}
	defer d.close.Close() //nolint:errcheck // it was only read
	if err := d.decode(v, want); err != nil {
		return err
	}
	return d.end()
}

// A number is a number that some programs write as a string.
type number float64

// UnmarshalJSONFrom implements [json.UnmarshalerFrom].
func (n *number) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	token, err := dec.ReadToken()
	if err != nil || token.Kind() == jsontext.KindNull {
		return err
	}
	text := strings.TrimSuffix(token.String(), "s")
	value, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(value) || math.IsInf(value, 0) {
		return fmt.Errorf("%q is no number", text)
	}
	*n = number(value)
	return nil
}

// seconds returns so many seconds, to the millisecond.
func (n number) seconds() time.Duration { return (n * 1000).milliseconds() }

// milliseconds returns so many milliseconds.
func (n number) milliseconds() time.Duration {
	const most = 1 << 40 // some decades
	return time.Duration(math.Round(max(0, min(float64(n), most)) * float64(time.Millisecond)))
}

// An identity is an id that is a string or a number.
type identity string

// UnmarshalJSONFrom implements [json.UnmarshalerFrom].
func (i *identity) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	value, err := dec.ReadValue()
	if err != nil {
		return err
	}
	switch value.Kind() {
	case jsontext.KindString:
		text, err := jsontext.AppendUnquote(nil, value)
		*i = identity(text)
		return err
	case jsontext.KindNumber:
		*i = identity(value)
	default: // it is none
	}
	return nil
}
