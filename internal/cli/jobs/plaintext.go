package jobs

import (
	"strings"
	"unicode"
)

// message is one of a request body.
type message struct {
	Payload payload  `json:"payload"`
	From    *speaker `json:"from,omitempty"`
}

type payload struct {
	Content string `json:"content"`
}

// speaker is who said a message.
type speaker struct {
	Name   string `json:"name,omitempty"`
	UserID string `json:"userId,omitempty"`
}

// parsePlainText makes messages of plain text.
//
// A line "Name: text" or "Name <mail@example.com>: text" begins a message of
// that speaker, and the lines below it continue the message. A blank line ends
// a message. Text behind it without a name is another message of the same
// speaker. Messages before the first name have no speaker, so a text without
// any names is one message per paragraph.
func parsePlainText(text string) []message {
	text = strings.TrimPrefix(text, "\ufeff")
	var messages []message
	var current *speaker
	var lines []string
	flush := func() {
		if content := strings.Join(lines, " "); content != "" {
			messages = append(messages, message{payload{content}, current})
		}
		lines = nil
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if named, rest, ok := cutSpeaker(line); ok {
			flush()
			current, line = named, rest
		} else if line == "" {
			flush()
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	flush()
	return messages
}

// cutSpeaker splits a line that begins with the name of its speaker. The
// colon must end the line or be followed by a blank, so that no URL and no
// time of day is taken for a name.
func cutSpeaker(line string) (named *speaker, rest string, ok bool) {
	label, rest, found := strings.Cut(line, ":")
	if !found || rest != "" && rest[0] != ' ' && rest[0] != '\t' {
		return nil, "", false
	}
	name, address, found := strings.Cut(label, " <")
	if found {
		address, found = strings.CutSuffix(address, ">")
		if !found || address == "" || strings.ContainsAny(address, " <>") {
			return nil, "", false
		}
	}
	if !isName(name) {
		return nil, "", false
	}
	return &speaker{Name: name, UserID: address}, strings.TrimSpace(rest), true
}

const (
	nameWords = 4
	nameBytes = 64
)

// isName reports whether s looks like somebody's name: up to four words, the
// first beginning with a letter, the others with anything but a small letter
// ("Ana Lima", "Dr. Who", "Speaker 2", "agent", but not "he said this").
func isName(s string) bool {
	words := strings.Split(s, " ")
	if len(s) > nameBytes || len(words) > nameWords {
		return false
	}
	for i, word := range words {
		if word == "" {
			return false
		}
		for at, r := range word {
			switch {
			case !isNameRune(r):
				return false
			case at == 0 && i == 0 && !unicode.IsLetter(r), at == 0 && i > 0 && unicode.IsLower(r):
				return false
			}
		}
	}
	return true
}

func isNameRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || strings.ContainsRune(".'’-_()&@+", r)
}
