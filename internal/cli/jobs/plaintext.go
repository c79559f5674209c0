package jobs

import (
	"fmt"
	"time"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cli/wire"
	"github.com/turnwise/turnwise/internal/importer"
)

// plainText is what was read of plain text.
type plainText struct {
	messages []client.NewMessage
	notes    []string // what a person may want to know of how it was read
}

// parsePlainText makes messages of plain text.
//
// A line "Name: text" or "Name <mail@example.com>: text" begins a message of
// that speaker, and the lines below it continue the message. A blank line ends
// a message. Text behind it without a name is another message of the same
// speaker. Messages before the first name have no speaker, so a text without
// any names is one message per paragraph. Times in the text count from began.
func parsePlainText(text string, began time.Time) (plainText, error) {
	r := &textReader{began: began}
	if err := importer.PlainText("the input", text).Read(importer.Options{Names: true}, r); err != nil {
		return plainText{}, fmt.Errorf("read plain text: %w", err)
	}
	return r.plainText, nil
}

// textReader is the Sink of a plain text.
type textReader struct {
	plainText
	began time.Time
}

func (*textReader) Begin(importer.Chat) error { return nil }

func (r *textReader) Add(m importer.Message) error {
	for _, piece := range wire.Pieces(m) {
		r.messages = append(r.messages, wire.Message(piece, r.began))
	}
	return nil
}

func (r *textReader) Skip(line int, reason string) {
	r.Note(fmt.Sprintf("left out line %d: %s", line, reason))
}

func (r *textReader) Note(text string) { r.notes = append(r.notes, text) }

// portions splits messages into as many appends as the API needs, in order.
func portions(messages []client.NewMessage) [][]client.NewMessage {
	var all [][]client.NewMessage
	begin, bytes := 0, 0
	for i, m := range messages {
		n := wire.Size(m)
		if i > begin && (i-begin == wire.MostMessages || bytes+n > wire.MostBytes) {
			all = append(all, messages[begin:i])
			begin, bytes = i, 0
		}
		bytes += n
	}
	if begin < len(messages) {
		all = append(all, messages[begin:])
	}
	return all
}
