package main

import (
	"strings"
	"unicode"
)

// utterance is a message of a request body.
type utterance struct {
	Payload payload `json:"payload"`
	From    *person `json:"from,omitempty"`
}

type payload struct {
	Content string `json:"content"`
}

// person is who said it.
type person struct {
	Name   string `json:"name,omitempty"`
	UserID string `json:"userId,omitempty"`
}

// parseTranscript makes messages of plain text.
//
// A line "Name: text" or "Name <mail@example.com>: text" begins a message of
// that speaker's; the lines below it go on with it. A blank line ends a
// message, and what follows without a name is another one by the same
// speaker. Before the first name nobody is the speaker, so a text without any
// names is one message per paragraph.
func parseTranscript(text string) []utterance {
	text = strings.TrimPrefix(text, "\ufeff")
	var messages []utterance
	var speaker *person
	var lines []string
	flush := func() {
		if content := strings.Join(lines, " "); content != "" {
			messages = append(messages, utterance{payload{content}, speaker})
		}
		lines = nil
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if who, rest, ok := cutSpeaker(line); ok {
			flush()
			speaker, line = who, rest
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
func cutSpeaker(line string) (who *person, rest string, ok bool) {
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
	return &person{Name: name, UserID: address}, strings.TrimSpace(rest), true
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
