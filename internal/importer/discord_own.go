package importer

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// ownHeader is the first line of messages.csv in an account's own data.
const ownHeader = "ID,Timestamp,Contents,Attachments"

// An ownMessage is one of an account's own data.
type ownMessage struct {
	ID          identity `json:"ID"`
	Timestamp   string   `json:"Timestamp"`
	Contents    string   `json:"Contents"`
	Attachments string   `json:"Attachments"`
	line        int
	at          time.Time
}

// date reads the time of the message.
func (m *ownMessage) date(f *file) error {
	for _, layout := range [...]string{time.DateTime, time.RFC3339Nano, "2006-01-02 15:04:05.999999999Z07:00"} {
		at, err := time.Parse(layout, m.Timestamp)
		if err == nil {
			m.at = at
			return nil
		}
	}
	return f.bad(m.line, "the time of the message is %q, want one such as 2024-01-01 10:00:00", m.Timestamp)
}

// isOwnRows reports whether the file is messages.csv.
func (f *file) isOwnRows() (bool, error) {
	head, err := f.head()
	return bytes.HasPrefix(head, []byte(ownHeader)), err
}

// readOwnDiscord reads messages.json of an account's own data, which has what its
// owner wrote and nothing else.
func readOwnDiscord(f *file, d *document, out Sink) error {
	if f.size > maxDocument {
		return f.bad(0, "the file has more than %d MiB", maxDocument>>20)
	}
	var all []ownMessage
	err := d.array("a list of Discord messages", func(line int) error {
		m := ownMessage{line: line}
		if err := d.decode(&m, "a Discord message"); err != nil {
			return err
		}
		err := m.date(f)
		all = append(all, m)
		return err
	})
	if err := cmp.Or(err, d.end()); err != nil {
		return err
	}
	return addOwn(all, f, out)
}

// readOwnRows reads messages.csv, which older data of an account has in its place.
func readOwnRows(f *file, out Sink) error {
	if f.size > maxDocument {
		return f.bad(0, "the file has more than %d MiB", maxDocument>>20)
	}
	text, err := f.text()
	if err != nil {
		return err
	}
	defer text.Close() //nolint:errcheck // it was only read
	rows := csv.NewReader(text)
	rows.FieldsPerRecord = -1
	var all []ownMessage
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return addOwn(all, f, out)
		}
		if wrong, ok := errors.AsType[*csv.ParseError](err); ok {
			return f.bad(wrong.StartLine, "a row of messages.csv was expected, with its quotes closed")
		}
		if err != nil {
			return err
		}
		line, _ := rows.FieldPos(0)
		if strings.Join(row, ",") == ownHeader {
			continue
		}
		if len(row) != 4 {
			return f.bad(line, "the row has %d columns, want %s", len(row), ownHeader)
		}
		m := ownMessage{Timestamp: row[1], Contents: row[2], Attachments: row[3], line: line}
		if err := m.date(f); err != nil {
			return err
		}
		all = append(all, m)
	}
}

// addOwn gives the messages of an account's own data to the sink, in the order of
// their times: an export has the newest first.
func addOwn(all []ownMessage, f *file, out Sink) error {
	slices.SortStableFunc(all, func(a, b ownMessage) int { return a.at.Compare(b.at) })
	if err := out.Begin(Chat{Key: f.in + "/" + f.base, Title: cmp.Or(f.in, f.base)}); err != nil {
		return err
	}
	out.Note(fmt.Sprintf("%s has what its owner wrote and nobody else's messages; the sender is called me", f.name))
	for _, m := range all {
		said := Message{Line: m.line, Start: m.at, Sender: Sender{Name: "me"}, Text: strings.TrimSpace(m.Contents), Attachments: strings.Fields(m.Attachments)}
		if said.Text == "" && len(said.Attachments) == 0 {
			out.Skip(m.line, "it is empty")
			continue
		}
		if err := out.Add(said); err != nil {
			return err
		}
	}
	return nil
}
