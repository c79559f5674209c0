package importing

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/importer"
)

// The limits of the API that an import keeps.
const (
	mostMessages = 1000
	mostBytes    = 900 << 10 // of a body, below the 1 MiB of the API
	mostContent  = 65536     // bytes of a message
	mostName     = 256       // characters of a speaker
	mostTitle    = 512       // characters of a name of a conversation
)

// A digest is that of all messages up to one.
type digest [16]byte

func (d digest) String() string { return hex.EncodeToString(d[:]) }

// next returns the digest with one more message. It depends on what the export
// says, not on how it was read: a time without a zone counts as it was written.
func (d digest) next(m importer.Message) digest {
	h := sha256.New()
	h.Write(d[:])
	at := fmt.Sprint(m.From)
	if !m.Start.IsZero() {
		at = m.Start.Format("2006-01-02T15:04:05.999999999")
	}
	for _, part := range [...]string{at, m.Sender.ID, m.Sender.Name, m.Sender.Email, m.Text} {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return digest(h.Sum(nil)[:16])
}

// identify returns the external id of the conversation that a chat becomes: the
// same for the same chat, whenever it is exported. A chat of a format that does
// not grow is known by all of it, any other by its key and, if that is none that
// is used once, by its first message.
func identify(format importer.Format, c importer.Chat, first, all digest, fresh bool) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%d:%s\n", string(format), len(c.Key), c.Key)
	switch {
	case !format.Grows() || fresh:
		h.Write(all[:])
	case !c.Unique:
		h.Write(first[:])
	}
	return "import-" + hex.EncodeToString(h.Sum(nil)[:16])
}

// pieces splits a message whose text is too long for the API, at the end of a
// paragraph, a sentence or a word.
func pieces(m importer.Message) []importer.Message {
	m.Text = strings.TrimSpace(strings.ToValidUTF8(m.Text, "\ufffd"))
	m.Sender.Name = cut(m.Sender.Name, mostName)
	m.Sender.ID, m.Sender.Email = cut(m.Sender.ID, mostName), cut(m.Sender.Email, mostName)
	if m.Text == "" {
		return nil
	}
	var all []importer.Message
	for len(m.Text) > mostContent {
		at := breakOf(m.Text[:mostContent])
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

// cut returns the first characters of s.
func cut(s string, most int) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most])
}

// wire returns the message as the API takes it. The times of a recording become
// those of a clock that starts with it.
func wire(m importer.Message, recording time.Time) client.NewMessage {
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

// size returns how many bytes of a body a message takes.
func size(m client.NewMessage) int {
	b, err := json.Marshal(m)
	if err != nil {
		return mostContent
	}
	return len(b) + 1
}
