package importer

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/turnwise/turnwise/internal/importer/stamp"
)

// Columns say what the columns of a table hold, by the names in its header or by
// numbers that begin with 1. What is not named is found out.
type Columns map[string]string

// columnKinds are what a column may hold, with the names that it then has. They
// are compared in small letters, with blanks for anything that joins words.
var columnKinds = []struct { //nolint:gochecknoglobals // a table of words, which nothing changes
	kind  string
	names []string
}{
	{"text", []string{"text", "message", "body", "content", "contents", "message text", "message body", "utterance", "msg", "comment", "transcript", "sentence"}},
	{"time", []string{"time", "timestamp", "date", "datetime", "date time", "created at", "sent at", "sent", "sent date", "message date", "created", "ts", "when", "start time", "start"}},
	{"sender", []string{"sender", "sender name", "from", "author", "user", "username", "user name", "speaker", "from name", "author name", "nick", "nickname", "name", "participant", "who"}},
	{"id", []string{"sender id", "user id", "author id", "from id", "userid", "authorid"}},
	{"email", []string{"email", "sender email", "from email", "user email", "e mail", "mail"}},
	{"chat", []string{"conversation", "conversation id", "chat", "chat id", "thread", "thread id", "channel", "channel id", "room", "ticket", "ticket id", "session id", "chat session"}},
}

// ParseColumns reads pairs such as time=Date and text=4.
func ParseColumns(pairs []string) (Columns, error) {
	columns := Columns{}
	for _, pair := range pairs {
		kind, column, ok := strings.Cut(pair, "=")
		known := slices.ContainsFunc(columnKinds, func(k struct {
			kind  string
			names []string
		},
		) bool {
			return k.kind == kind
		})
		if !ok || !known || column == "" {
			return nil, fmt.Errorf("%q is no mapping of a column, want one such as text=Body or time=1, for text, time, sender, id, email or chat", pair)
		}
		columns[kind] = column
	}
	return columns, nil
}

// A table is what was learned of a file with rows.
type table struct {
	file    *file
	comma   rune
	skip    int // lines before the header
	header  bool
	at      map[string]int // columns by what they hold
	width   int
	decider stamp.Decider
	zones   bool // there are times without a zone
	chats   []string
	index   map[string]int
}

// readTable reads CSV and its like. Of a table with a column for the
// conversation each one is read in turn.
func readTable(s *Source, o Options, out Sink) error {
	for _, f := range s.files {
		t, err := learnTable(f, o)
		if err != nil {
			return err
		}
		order := o.Order
		if order == stamp.Undecided {
			if order, err = t.decider.Order(); err != nil {
				return &Error{File: f.name, Want: "the times cannot be read", Err: err}
			}
		}
		if t.zones {
			noteZone(o, out)
		}
		if len(t.chats) == 0 {
			t.chats = []string{""}
		}
		if err := t.read(o, order, out); err != nil {
			return err
		}
	}
	return nil
}

// rows calls visit for each row, with its line. It reports rows that are not
// quoted as they should be.
func (t *table) rows(visit func(line int, row []string) error) error {
	r, err := t.file.text()
	if err != nil {
		return err
	}
	defer r.Close() //nolint:errcheck // it was only read
	reader := csv.NewReader(r)
	reader.Comma, reader.FieldsPerRecord, reader.ReuseRecord = t.comma, -1, true
	for first := true; ; first = false {
		row, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if wrong, ok := errors.AsType[*csv.ParseError](err); ok {
			return &Error{File: t.file.name, Line: wrong.StartLine, Want: "the row cannot be read", Err: wrong.Err}
		}
		if wrong, ok := errors.AsType[*Error](err); ok {
			return wrong
		}
		if err != nil {
			return &Error{File: t.file.name, Want: "it cannot be read", Err: err}
		}
		line, _ := reader.FieldPos(0)
		if first && t.skip > 0 {
			continue
		}
		if err := visit(line, row); err != nil {
			return err
		}
	}
}

// separatorOf finds what stands between the columns: what the first line has most
// of, or what Excel says there.
func separatorOf(head []byte) (comma rune, skip int) {
	first, _, _ := strings.Cut(string(head), "\n")
	first = strings.TrimRight(first, "\r")
	if named, ok := strings.CutPrefix(strings.ToLower(first), "sep="); ok && len(named) == 1 {
		return rune(named[0]), 1
	}
	comma, most := ',', strings.Count(first, ",")
	for _, r := range [...]rune{'\t', ';', '|'} {
		if n := strings.Count(first, string(r)); n > most {
			comma, most = r, n
		}
	}
	return comma, 0
}

// sampled is how many rows are looked at where there is no header.
const sampled = 200

// learnTable finds out what the columns hold, and the order of dates.
func learnTable(f *file, o Options) (*table, error) {
	head, err := f.head()
	if err != nil {
		return nil, err
	}
	t := &table{file: f, at: map[string]int{}, index: map[string]int{}}
	t.comma, t.skip = separatorOf(head)
	var sample [][]string
	err = t.rows(func(_ int, row []string) error {
		if sample = append(sample, slices.Clone(row)); len(sample) >= sampled {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, err
	}
	if len(sample) == 0 {
		return nil, f.bad(1, "there is no row")
	}
	t.width = len(sample[0])
	if err := t.name(sample[0], o.Columns); err != nil {
		return nil, err
	}
	if !t.header {
		t.guess(sample)
		_, isTime := stamp.ReadValue(t.cell(sample[0], "time"))
		_, timed := t.at["time"]
		t.header = timed && !isTime // of names that nothing knows
	}
	if _, ok := t.at["text"]; !ok {
		return nil, f.bad(1, "no column has the text of the messages; the header is %q: name the column with --columns text=NAME", strings.Join(sample[0], string(t.comma)))
	}
	return t, t.learn()
}

// errEnough ends the reading of a sample.
var errEnough = errors.New("enough was read")

// learn reads the table once, for its times and its conversations.
func (t *table) learn() error {
	first := true
	return t.rows(func(_ int, row []string) error {
		if first && t.header {
			first = false
			return nil
		}
		first = false
		if v, ok := stamp.ReadValue(t.cell(row, "time")); ok {
			v.See(&t.decider)
			t.zones = t.zones || !v.Zoned()
		}
		if _, ok := t.at["chat"]; ok && len(row) == t.width {
			chat := t.cell(row, "chat")
			if _, known := t.index[chat]; !known {
				t.index[strings.Clone(chat)] = len(t.chats)
				t.chats = append(t.chats, strings.Clone(chat))
			}
		}
		return nil
	})
}

func (t *table) cell(row []string, kind string) string {
	at, ok := t.at[kind]
	if !ok || at >= len(row) {
		return ""
	}
	return strings.TrimSpace(row[at])
}

// name finds the columns by the header, if the first row is one.
func (t *table) name(first []string, columns Columns) error {
	plain := make([]string, len(first))
	for i, cell := range first {
		plain[i] = strings.ToLower(strings.Join(strings.FieldsFunc(cell, func(r rune) bool { return r == ' ' || r == '_' || r == '-' || r == '/' }), " "))
	}
	for _, k := range columnKinds {
		for _, name := range k.names {
			if at := slices.Index(plain, name); at >= 0 && !t.taken(at) {
				t.at[k.kind], t.header = at, true
				break
			}
		}
	}
	if _, ok := t.at["text"]; !ok && len(t.at) < 2 {
		t.header = false // a word that happens to be one
		clear(t.at)
	}
	for kind, column := range columns {
		at := slices.IndexFunc(first, func(cell string) bool { return strings.EqualFold(strings.TrimSpace(cell), column) })
		if n, err := strconv.Atoi(column); at < 0 && err == nil && n >= 1 && n <= len(first) {
			at = n - 1
		} else if at >= 0 {
			t.header = true
		}
		if at < 0 {
			return t.file.bad(1, "there is no column %q for the %s; the header is %q", column, kind, strings.Join(first, string(t.comma)))
		}
		t.at[kind] = at
	}
	return nil
}

func (t *table) taken(at int) bool {
	for _, other := range t.at {
		if other == at {
			return true
		}
	}
	return false
}

// guess finds the columns of a table without a header: the times, the longest
// texts, and before these what comes back most.
func (t *table) guess(sample [][]string) {
	length, distinct, times := make([]int, t.width), make([]map[string]bool, t.width), make([]int, t.width)
	for _, row := range sample {
		for i := range min(len(row), t.width) {
			if distinct[i] == nil {
				distinct[i] = map[string]bool{}
			}
			length[i] += len(row[i])
			if cell := strings.TrimSpace(row[i]); cell != "" {
				distinct[i][cell] = true
			}
			if _, ok := stamp.ReadValue(row[i]); ok {
				times[i]++
			}
		}
	}
	text, sender := -1, -1
	for i := range t.width {
		_, named := t.at["time"]
		switch {
		case !named && times[i]*10 >= len(sample)*9:
			t.at["time"] = i
		case times[i] == 0 && (text < 0 || length[i] > length[text]):
			text = i
		}
	}
	for i := range t.width {
		if i != text && times[i] == 0 && len(distinct[i]) > 0 && !t.taken(i) && (sender < 0 || len(distinct[i]) < len(distinct[sender])) {
			sender = i
		}
	}
	for kind, at := range map[string]int{"text": text, "sender": sender} {
		if _, named := t.at[kind]; !named && at >= 0 {
			t.at[kind] = at
		}
	}
}

// read reads the table once for each conversation, or for all of them together
// while what they say fits into memory.
func (t *table) read(o Options, order stamp.Order, out Sink) error {
	if !t.header {
		var named []string
		for _, k := range columnKinds {
			if at, ok := t.at[k.kind]; ok {
				named = append(named, fmt.Sprintf("%s=%d", k.kind, at+1))
			}
		}
		out.Note(fmt.Sprintf("%s has no header; its columns were taken as %s (--columns)", t.file.name, strings.Join(named, ", ")))
	}
	if len(t.chats) == 1 {
		if err := out.Begin(t.chat(t.chats[0])); err != nil {
			return err
		}
		return t.each(o, order, out, func(_ int, m Message) error { return out.Add(m) })
	}
	all := make([][]Message, len(t.chats))
	held := 0
	err := t.each(o, order, out, func(chat int, m Message) error {
		if held += len(m.Text) + 200; held > 2*maxDocument {
			return t.file.bad(m.Line, "the table has more than %d MiB of several conversations; split it", 2*maxDocument>>20)
		}
		all[chat] = append(all[chat], m)
		return nil
	})
	if err != nil {
		return err
	}
	for i, messages := range all {
		if err := out.Begin(t.chat(t.chats[i])); err != nil {
			return err
		}
		for _, m := range messages {
			if err := out.Add(m); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *table) chat(name string) Chat {
	return Chat{Key: t.file.base + "/" + name, Title: cmp.Or(name, t.file.base)}
}

// each makes messages of the rows.
func (t *table) each(o Options, order stamp.Order, out Sink, add func(chat int, m Message) error) error {
	first := true
	return t.rows(func(line int, row []string) error {
		if first && t.header {
			first = false
			return nil
		}
		first = false
		if len(row) != t.width {
			out.Skip(line, fmt.Sprintf("the row has %d columns, not %d", len(row), t.width))
			return nil
		}
		m := Message{
			Line: line, Text: strings.Clone(t.cell(row, "text")),
			Sender: Sender{ID: strings.Clone(t.cell(row, "id")), Name: strings.Clone(t.cell(row, "sender")), Email: strings.Clone(t.cell(row, "email"))},
		}
		if m.Text == "" {
			out.Skip(line, "it is empty")
			return nil
		}
		if written := t.cell(row, "time"); written != "" {
			v, ok := stamp.ReadValue(written)
			if !ok {
				return t.file.bad(line, "the time is %q, want one such as 2024-01-01 10:00:00", written)
			}
			if !v.Exact() && order == stamp.Undecided {
				return t.file.bad(line, "the date %q may have the day or the month first; say which with --date-order dmy or --date-order mdy", written)
			}
			var err error
			if m.Start, err = v.Time(order, o.zone()); err != nil {
				return &Error{File: t.file.name, Line: line, Want: "the time cannot be read", Err: err}
			}
		}
		chat, ok := t.index[t.cell(row, "chat")]
		if !ok {
			chat = 0
		}
		return add(chat, m)
	})
}
