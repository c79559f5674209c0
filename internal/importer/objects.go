package importer

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/turnwise/turnwise/internal/importer/stamp"
)

// An object is a message in the words of many programs, the API's own included.
// Names of members are compared without regard to case.
type object struct {
	Payload *struct {
		Content content `json:"content"`
	} `json:"payload"`
	Content content `json:"content"`
	Text    content `json:"text"`
	Message content `json:"message"`
	Body    content `json:"body"`

	Role    string `json:"role"`
	From    person `json:"from"`
	Sender  person `json:"sender"`
	Author  person `json:"author"`
	User    person `json:"user"`
	Speaker person `json:"speaker"`
	Name    string `json:"name"`

	Time      identity `json:"time"`
	Timestamp identity `json:"timestamp"`
	CreatedAt identity `json:"created_at"`
	Created   identity `json:"createdAt"`
	Date      identity `json:"date"`
	TS        identity `json:"ts"`
	Duration  struct {
		Start identity `json:"startTime"`
		End   identity `json:"endTime"`
	} `json:"duration"`

	Messages jsontext.Value `json:"messages"`
	Title    string         `json:"title"`
	ID       identity       `json:"id"`
}

// content is a string, or a list of parts of which those of text count.
type content string

// UnmarshalJSONFrom implements [json.UnmarshalerFrom].
func (c *content) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	switch dec.PeekKind() {
	case jsontext.KindString:
		return json.UnmarshalDecode(dec, (*string)(c))
	case jsontext.KindBeginArray:
		var parts []struct {
			Type string  `json:"type"`
			Text content `json:"text"`
		}
		if err := json.UnmarshalDecode(dec, &parts); err != nil {
			return err
		}
		var texts []string
		for _, p := range parts {
			if p.Text != "" && (p.Type == "" || strings.HasSuffix(p.Type, "text")) {
				texts = append(texts, string(p.Text))
			}
		}
		*c = content(strings.Join(texts, "\n"))
		return nil
	default:
		return dec.SkipValue()
	}
}

// person is a name, or an object about somebody.
type person Sender

// UnmarshalJSONFrom implements [json.UnmarshalerFrom].
func (p *person) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	switch dec.PeekKind() {
	case jsontext.KindString:
		return json.UnmarshalDecode(dec, &p.Name)
	case jsontext.KindBeginObject:
		var o struct {
			ID       identity `json:"id"`
			UserID   string   `json:"userId"`
			Name     string   `json:"name"`
			Username string   `json:"username"`
			Email    string   `json:"email"`
		}
		if err := json.UnmarshalDecode(dec, &o, json.MatchCaseInsensitiveNames(true)); err != nil {
			return err
		}
		*p = person{ID: string(o.ID), Name: cmp.Or(o.Name, o.Username), Email: cmp.Or(o.Email, o.UserID)}
		return nil
	default:
		return dec.SkipValue()
	}
}

func (o *object) text() string {
	if o.Payload != nil {
		return string(o.Payload.Content)
	}
	return string(cmp.Or(o.Content, o.Text, o.Message, o.Body))
}

func (o *object) sender() Sender {
	named := cmp.Or(o.From, o.Sender, o.Author, o.User, o.Speaker)
	if named == (person{}) {
		named.Name = cmp.Or(o.Name, o.Role)
	}
	return Sender(named)
}

// objects reads messages that are objects of JSON.
type objects struct {
	file    *file
	options Options
	order   stamp.Order
	decider *stamp.Decider // of the first time through
	out     Sink
	noted   bool
}

// readObjects reads JSON Lines, lists of objects, and bodies of the API. A line
// with messages of its own is a conversation; all others of the file are one.
func readObjects(s *Source, o Options, out Sink) error {
	for _, f := range s.files {
		var decider stamp.Decider
		first := &objects{file: f, options: o, decider: &decider, out: discard{}}
		if err := first.read(); err != nil {
			return err
		}
		order := o.Order
		if order == stamp.Undecided {
			var err error
			if order, err = decider.Order(); err != nil {
				return &Error{File: f.name, Want: "the times cannot be read", Err: err}
			}
		}
		second := &objects{file: f, options: o, order: order, out: out}
		if err := second.read(); err != nil {
			return err
		}
	}
	return nil
}

func (r *objects) read() error {
	d, err := r.file.json()
	if err != nil {
		return err
	}
	defer d.close.Close() //nolint:errcheck // it was only read
	if d.PeekKind() == jsontext.KindBeginArray {
		if err := r.out.Begin(r.chat("", "")); err != nil {
			return err
		}
		err := d.array("a list of messages", func(line int) error { return r.one(d, line) })
		return cmp.Or(err, d.end())
	}
	begun := false
	for {
		kind := d.PeekKind()
		if kind == jsontext.KindInvalid {
			if _, err := d.ReadToken(); err != nil && d.StackDepth() == 0 && isEOF(err) {
				return nil
			}
			var nothing jsontext.Value
			return d.decode(&nothing, "an object, one a line,")
		}
		line := d.line()
		var o object
		if err := d.readObject(&o); err != nil {
			return err
		}
		if o.Messages != nil {
			begun = false
			if err := r.conversation(o, line); err != nil {
				return err
			}
			continue
		}
		if !begun {
			begun = true
			if err := r.out.Begin(r.chat("", "")); err != nil {
				return err
			}
		}
		if err := r.add(o, line); err != nil {
			return err
		}
	}
}

// readObject reads an object, whatever the case of its members.
func (d *document) readObject(o *object) error {
	err := json.UnmarshalDecode(d.Decoder, o, loose, json.MatchCaseInsensitiveNames(true))
	return d.wrong(err, "an object, one a line,")
}

func (r *objects) chat(id, title string) Chat {
	return Chat{Key: r.file.base + "/" + id, Title: cmp.Or(title, r.file.base)}
}

// one reads an element of a list.
func (r *objects) one(d *document, line int) error {
	var o object
	if err := d.readObject(&o); err != nil {
		return err
	}
	return r.add(o, line)
}

// conversation reads an object with messages of its own.
func (r *objects) conversation(o object, line int) error {
	id := string(o.ID)
	if id == "" && line > 1 {
		id = fmt.Sprint(line)
	}
	title := cmp.Or(o.Title, o.Name)
	if title == "" && line > 1 {
		title = fmt.Sprintf("%s %d", r.file.base, line)
	}
	if err := r.out.Begin(r.chat(id, title)); err != nil {
		return err
	}
	var all []object
	if err := json.Unmarshal(o.Messages, &all, loose, json.MatchCaseInsensitiveNames(true)); err != nil {
		return &Error{File: r.file.name, Line: line, Want: "a list of messages was expected", Err: err}
	}
	for _, m := range all {
		if err := r.add(m, line); err != nil {
			return err
		}
	}
	return nil
}

// mute are roles whose text nobody has said.
var mute = map[string]bool{"system": true, "developer": true, "tool": true, "function": true} //nolint:gochecknoglobals // a table of words, which nothing changes

func (r *objects) add(o object, line int) error {
	m := Message{Line: line, Sender: o.sender(), Text: strings.TrimSpace(o.text())}
	if mute[o.Role] {
		r.out.Skip(line, "instructions to a model, or what a tool gave it")
		return nil
	}
	if m.Text == "" {
		r.out.Skip(line, "it has no text (content, text, message or body)")
		return nil
	}
	var err error
	if m.Start, err = r.time(cmp.Or(o.Duration.Start, o.Time, o.Timestamp, o.CreatedAt, o.Created, o.Date, o.TS), line); err != nil {
		return err
	}
	if m.End, err = r.time(o.Duration.End, line); err != nil {
		return err
	}
	return r.out.Add(m)
}

// time reads a time in any form.
func (r *objects) time(written identity, line int) (at time.Time, err error) {
	if written == "" {
		return at, nil
	}
	v, ok := stamp.ReadValue(string(written))
	switch {
	case !ok:
		return at, r.file.bad(line, "the time is %q, want one such as 2024-01-01T10:00:00Z", string(written))
	case r.decider != nil:
		v.See(r.decider)
		return at, nil
	case !v.Exact() && r.order == stamp.Undecided:
		return at, r.file.bad(line, "the date %q may have the day or the month first; say which with --date-order dmy or --date-order mdy", string(written))
	}
	if !v.Zoned() && !r.noted {
		r.noted = true
		noteZone(r.options, r.out)
	}
	if at, err = v.Time(r.order, r.options.zone()); err != nil {
		return at, &Error{File: r.file.name, Line: line, Want: "the time cannot be read", Err: err}
	}
	return at, nil
}

func isEOF(err error) bool { return errors.Is(err, io.EOF) }
