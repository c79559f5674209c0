// Package wire makes messages of the API of what was read, and keeps its limits.
package wire

import (
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/importer"
)

// The limits of the API that are kept.
const (
	MostMessages = 1000
	MostBytes    = 900 << 10 // of a body, below the 1 MiB of the API
	MostContent  = 65536     // bytes of a message
	MostName     = 256       // characters of a speaker
	MostTitle    = 512       // characters of a name of a conversation
)

// Pieces splits a message whose text is too long for the API, at the end of a
// paragraph, a sentence or a word.
func Pieces(m importer.Message) []importer.Message {
	m.Text = strings.TrimSpace(strings.ToValidUTF8(m.Text, "\ufffd"))
	m.Sender.Name = Cut(m.Sender.Name, MostName)
	m.Sender.ID, m.Sender.Email = Cut(m.Sender.ID, MostName), Cut(m.Sender.Email, MostName)
	if m.Text == "" {
		return nil
	}
	var all []importer.Message
	for len(m.Text) > MostContent {
		at := breakOf(m.Text[:MostContent])
		piece := m
		piece.Text = strings.TrimSpace(m.Text[:at])
		m.Text = strings.TrimSpace(m.Text[at:])
		if piece.Text != "" {
			all = append(all, piece)
		}
	}
	if m.Text != "" {
		all = append(all, m)
	}
	return all
}

// breakOf returns where to break a text, behind its half if possible.
func breakOf(s string) int {
	for _, end := range [...]string{"\n\n", "\n", ". ", "? ", "! ", " "} {
		if at := strings.LastIndex(s, end); at > len(s)/2 {
			return at + len(end)
		}
	}
	for back := range utf8.UTFMax {
		if at := len(s) - back; at < len(s) && utf8.RuneStart(s[at]) {
			return at
		}
	}
	return len(s)
}

// Cut returns the first characters of s.
func Cut(s string, most int) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most])
}

// Message returns the message as the API takes it. The times of a recording become
// those of a clock that starts with it.
func Message(m importer.Message, recording time.Time) client.NewMessage {
	w := client.NewMessage{
		Content: m.Text,
		From:    client.Speaker{ID: m.Sender.ID, UserID: m.Sender.Email, Name: m.Sender.Name},
		Start:   m.Start.UTC(), End: m.End.UTC(),
	}
	if m.Timed {
		w.Start = recording.Add(m.From).UTC()
		if m.To > m.From {
			w.End = recording.Add(m.To).UTC()
		}
	}
	if w.Start.Year() < firstYear || w.Start.Year() > lastYear {
		w.Start, w.End = time.Time{}, time.Time{}
	}
	if w.End.Before(w.Start) {
		w.End = time.Time{}
	}
	return w
}

// The years that the API takes.
const (
	firstYear = 1900
	lastYear  = 2100
)

// Size returns how many bytes of a body a message takes.
func Size(m client.NewMessage) int {
	b, err := json.Marshal(m)
	if err != nil {
		return MostContent
	}
	return len(b) + 1
}
