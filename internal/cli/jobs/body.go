package jobs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"

	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/importer"
)

// checkInput refuses what a program has exported, and JSON that is no body of the
// API: taken as plain text, the time stamps and headers of it would be stored as if
// somebody had said them.
func checkInput(input []byte) error {
	format, found := importer.Detect(input[:min(len(input), importer.HeadSize)])
	switch {
	case found && (format != importer.Objects || !json.Valid(input)):
		return exit.Usagef(`the input looks like %s; "enqueue import --format %s FILE" takes it, and --plain takes it as plain text`, format, string(format))
	case bytes.HasPrefix(input, []byte("[")) && json.Valid(input):
		return exit.Usagef(`the input is a JSON array, which is no body of the API: that is an object with "messages"; "enqueue import" takes exports of other programs, and --plain takes it as plain text`)
	default:
		return nil
	}
}

// requestBody returns the body to send for input, which is such a body or
// plain text. The fields replace those of the body. With plain, the input is plain
// text whatever it looks like.
func requestBody(input []byte, plain bool, fields map[string]any) ([]byte, error) {
	body := map[string]any{}
	trimmed := bytes.TrimLeft(bytes.TrimPrefix(input, []byte("\ufeff")), " \t\r\n")
	if err := checkInput(trimmed); err != nil && !plain {
		return nil, err
	}
	if bytes.HasPrefix(trimmed, []byte("{")) && !plain {
		raw := map[string]json.RawMessage{}
		if err := json.Unmarshal(trimmed, &raw); err != nil {
			return nil, exit.Usagef("the input begins with { but is not a JSON object: %w", err)
		}
		if len(fields) == 0 {
			return trimmed, nil // as it was written
		}
		for name, value := range raw {
			body[name] = value
		}
	} else {
		messages := parsePlainText(string(input))
		if len(messages) == 0 {
			return nil, exit.Usagef("the input has names but no text")
		}
		body["messages"] = messages
	}
	maps.Copy(body, fields)
	encoded, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("encode the request: %w", err)
	}
	return encoded, nil
}
