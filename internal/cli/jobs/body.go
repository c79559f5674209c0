package jobs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/importer"
)

// An input is what text is given, and how it is to be read.
type input struct {
	content []byte
	plain   bool      // it is plain text, whatever it looks like
	began   time.Time // what the times of plain text count from
}

// checkInput refuses what a program has exported, and JSON that is no body of the
// API: taken as plain text, the time stamps and headers of it would be stored as if
// somebody had said them.
func checkInput(content []byte) error {
	head := content
	if content[0] != '{' && content[0] != '[' {
		head = content[:min(len(content), importer.HeadSize)]
	}
	format, found := importer.Detect(bytes.ReplaceAll(head, []byte("\r"), []byte("\n")))
	switch {
	case found && (format != importer.Objects || !json.Valid(content)):
		return exit.Usagef(`the input looks like %s; "enqueue import --format %s FILE" takes it, and --plain takes it as plain text`, format, string(format))
	case content[0] == '[' && json.Valid(content):
		return exit.Usagef(`the input is a JSON array, which is no body of the API: that is an object with "messages"; "enqueue import" takes exports of other programs, and --plain takes it as plain text`)
	case content[0] == '{':
		return nil
	}
	return checkLines(string(content))
}

// checkLines refuses text of which too many lines look like those of a program.
func checkLines(text string) error {
	like, found := importer.Resembles(text)
	switch {
	case !found:
		return nil
	case like.Format == "":
		return exit.Usagef(`%d of %d lines %s, as in the export of a program, which "enqueue import" may take: see "enqueue import --help"; --plain takes the input as plain text`,
			like.Lines, like.Of, like.What)
	default:
		return exit.Usagef(`the input looks like %s: %d of %d lines %s; "enqueue import --format %s FILE" takes it, and --plain takes it as plain text`,
			like.Format, like.Lines, like.Of, like.What, string(like.Format))
	}
}

// requestBodies returns the bodies to send for an input, in order: one that is such
// a body already, or as many as plain text needs, with notes on how it was read. The
// fields replace those of the body. What the first body says of the conversation,
// the others do not say again.
func requestBodies(in input, fields map[string]any) (bodies [][]byte, notes []string, err error) {
	trimmed := bytes.TrimLeft(bytes.TrimPrefix(in.content, []byte("\ufeff")), " \t\r\n")
	if len(trimmed) == 0 {
		return nil, nil, exit.Usagef("the input is empty but for a byte order mark")
	}
	if !in.plain {
		if err := checkInput(trimmed); err != nil {
			return nil, nil, err
		}
		if trimmed[0] == '{' {
			body, err := ownBody(trimmed, fields)
			return [][]byte{body}, nil, err
		}
	}
	read, err := parsePlainText(strings.TrimPrefix(string(in.content), "\ufeff"), in.began)
	if err != nil {
		return nil, nil, err
	}
	if len(read.messages) == 0 {
		return nil, nil, exit.Usagef("the input has names but no text")
	}
	for i, messages := range portions(read.messages) {
		body := maps.Clone(fields)
		if i > 0 {
			delete(body, "name")
		}
		body["messages"] = messages
		encoded, err := json.Marshal(body)
		if err != nil {
			return nil, nil, fmt.Errorf("encode the request: %w", err)
		}
		bodies = append(bodies, encoded)
	}
	return bodies, read.notes, nil
}

// ownBody returns the user's own body with the fields in it.
func ownBody(content []byte, fields map[string]any) ([]byte, error) {
	raw := map[string]json.RawMessage{}
	if err := json.Unmarshal(content, &raw); err != nil {
		return nil, exit.Usagef("the input begins with { but is not a JSON object: %w", err)
	}
	if len(fields) == 0 {
		return content, nil // as it was written
	}
	body := map[string]any{}
	for name, value := range raw {
		body[name] = value
	}
	maps.Copy(body, fields)
	encoded, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("encode the request: %w", err)
	}
	return encoded, nil
}
