package conversations

import (
	"encoding/base64"
	"iter"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/turnwise/turnwise/internal/httpapi/input"
)

// A Part is the part of a list that a request asks for by limit and cursor, our
// extension of Symbl's API: without either it is the whole.
type Part struct {
	From  int  // index of the first item that is looked at
	Along int  // index in the list that is read along with this one, or 0
	limit int  // items at most
	whole bool // without limit and cursor
	list  string
}

// maxLooked is how many items one request looks at that it does not answer.
const maxLooked = 10_000

var errCursor = input.BadValue("must be the cursor of an answer of this list")

// PartOf reads the parameters of a request for a list. Cursors of another list
// are refused.
func PartOf(u *url.URL, list string) (p Part, err error) {
	params, err := input.Query(u)
	if err != nil {
		return p, err
	}
	p = Part{list: list, whole: params.Get("limit") == "" && params.Get("cursor") == ""}
	if p.limit, err = input.IntParam(params, "limit", maxPage, maxPage); err != nil {
		return p, err
	}
	cursor, err := input.Param(params, "cursor")
	if err != nil || cursor == "" {
		return p, err
	}
	text, wrong := base64.RawURLEncoding.DecodeString(cursor)
	numbers, ok := strings.CutPrefix(string(text), list+":")
	from, along, two := strings.Cut(numbers, ":")
	p.From, err = strconv.Atoi(from)
	if two && err == nil {
		p.Along, err = strconv.Atoi(along)
	}
	if wrong != nil || !ok || err != nil || p.From < 0 || p.Along < 0 {
		return p, input.Invalid("cursor", errCursor)
	}
	return p, nil
}

// Whole reports whether the request asks for all of the list.
func (p Part) Whole() bool { return p.whole }

func (p Part) cursor(at, along int) string {
	text := p.list + ":" + strconv.Itoa(at)
	if along > 0 {
		text += ":" + strconv.Itoa(along)
	}
	return base64.RawURLEncoding.EncodeToString([]byte(text))
}

// A Stream is the answer {"<list>":[…]} of which the items are read while they are
// written. One that is not the whole has a cursor and says whether there is more.
type Stream[T, V any] struct {
	Part  Part
	Items iter.Seq2[T, error] // from Part.From on
	View  func(T) (V, bool)   // the form in the answer; false to leave the item out
	Along func() int          // where the list stands that is read along; may be nil
}

// MarshalJSONTo implements [json.MarshalerTo].
func (s Stream[T, V]) MarshalJSONTo(enc *jsontext.Encoder) error {
	for _, token := range []jsontext.Token{jsontext.BeginObject, jsontext.String(s.Part.list), jsontext.BeginArray} {
		if err := enc.WriteToken(token); err != nil {
			return err
		}
	}
	next, more, err := s.writeItems(enc)
	if err != nil {
		return err
	}
	end := []jsontext.Token{jsontext.EndArray}
	if !s.Part.whole {
		along := s.Part.Along
		if s.Along != nil {
			along = s.Along()
		}
		end = append(end, jsontext.String("cursor"), jsontext.String(s.Part.cursor(next, along)), jsontext.String("more"), jsontext.Bool(more))
	}
	for _, token := range append(end, jsontext.EndObject) {
		if err := enc.WriteToken(token); err != nil {
			return err
		}
	}
	return nil
}

// writeItems writes the items and returns where the next part begins, and whether
// there is an item.
func (s Stream[T, V]) writeItems(enc *jsontext.Encoder) (next int, more bool, err error) {
	written, next := 0, s.Part.From
	for item, err := range s.Items {
		if err != nil {
			return next, false, err
		}
		if !s.Part.whole && (written == s.Part.limit || next-s.Part.From-written == maxLooked) {
			return next, true, nil
		}
		next++
		view, ok := s.View(item)
		if !ok {
			continue
		}
		if err := json.MarshalEncode(enc, &view); err != nil {
			return next, false, err
		}
		written++
	}
	return next, false, nil
}
