package jobs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"

	"github.com/turnwise/turnwise/internal/cli/exit"
)

// requestBody returns the body to send for input, which is such a body or
// plain text. The fields replace those of the body.
func requestBody(input []byte, fields map[string]any) ([]byte, error) {
	body := map[string]any{}
	if trimmed := bytes.TrimLeft(bytes.TrimPrefix(input, []byte("\ufeff")), " \t\r\n"); bytes.HasPrefix(trimmed, []byte("{")) {
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
