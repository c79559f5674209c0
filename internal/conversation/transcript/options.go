package transcript

import (
	"cmp"
	"strings"
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
}

// A sentence is a message with what is needed to write it.
type sentence struct {
	conversation.Message
	speaker string // the id of the member, after merges
	name    string
}

// sentences returns the messages that have visible text, their texts and the names
// of their speakers on one line each.
func sentences(c conversation.Conversation, messages []conversation.Message) []sentence {
	speakers := map[string]conversation.Member{}
	for _, m := range c.Members {
		speakers[m.ID] = m
	}
	all := make([]sentence, 0, len(messages))
	for _, m := range messages {
		if m.Text = oneLine(m.Text); m.Text == "" {
			continue
		}
		who := speakers[cmp.Or(c.Merged[m.Member], m.Member)]
		all = append(all, sentence{m, who.ID, cmp.Or(oneLine(who.Name), oneLine(who.UserID), unknown)})
	}
	return all
}

func oneLine(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
	return strings.Join(words, " ")
}
