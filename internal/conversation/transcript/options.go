package transcript

import (
	"cmp"
	"iter"
	"strings"
	"time"
	"unicode"

	"github.com/turnwise/turnwise/internal/conversation"
)

// unknown is the name of a speaker who is not known.
const unknown = "Unknown speaker"

// Options adjusts a transcript. The zero value is plain text.
type Options struct {
	Speakers   bool // write who speaks, by name, else by user id
	Paragraphs bool // join what one member says in a row; Markdown only

	// Phrases to mark, by the id of the message; Markdown only. Every occurrence
	// in the message is marked.
	Phrases map[string][]string

	AllPhrases bool // mark those of messages as well; Markdown only
}

// Messages are read while a transcript is written, up to an error.
type Messages = iter.Seq2[conversation.Message, error]

// A sentence is what is written of a message.
type sentence struct {
	id         string // of the message
	text       string
	start, end time.Time
	speaker    string // the id of the member, after merges
	name       string
	phrases    []string
}

// sentences yields the messages that have visible text, their texts and the names
// of their speakers on one line each.
func sentences(c conversation.Conversation, messages Messages) iter.Seq2[sentence, error] {
	names := map[string]string{}
	for _, m := range c.Members {
		names[m.ID] = cmp.Or(oneLine(m.Name), oneLine(m.UserID))
	}
	return func(yield func(sentence, error) bool) {
		for m, err := range messages {
			if err != nil {
				yield(sentence{}, err)
				return
			}
			text := oneLine(m.Text)
			if text == "" {
				continue
			}
			who := cmp.Or(c.Merged[m.Member], m.Member)
			name, known := names[who]
			if !known {
				who = ""
			}
			if !yield(sentence{m.ID, text, m.Start, m.End, who, cmp.Or(name, unknown), m.Phrases}, nil) {
				return
			}
		}
	}
}

// oneLine returns a text with one blank in place of all that parts its words. Most have
// no other.
func oneLine(text string) string {
	if isOneLine(text) {
		return text
	}
	return strings.Join(strings.FieldsFunc(text, isGap), " ")
}

func isOneLine(text string) bool {
	blank := true // before the first word
	for _, r := range text {
		if isGap(r) && (r != ' ' || blank) {
			return false
		}
		blank = r == ' '
	}
	return !blank || text == ""
}

func isGap(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }
