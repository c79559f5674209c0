package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"unicode/utf8"
)

// inputLimit bounds what is read into memory. It is far above what the API
// accepts, which has the last word.
const inputLimit = 64 << 20

// readInput returns the content of the file, or of standard input if name is
// "-".
func (a *app) readInput(name string) ([]byte, error) {
	source, what := a.io.in, "standard input"
	if name != "-" {
		file, err := os.Open(name) //nolint:gosec // reading the file that the user names is the point
		if err != nil {
			return nil, &usageError{err}
		}
		defer file.Close() //nolint:errcheck // it was only read
		source, what = file, name
	} else if terminal(source) {
		a.warn("reading from the terminal; end with Ctrl-D")
	}
	input, err := io.ReadAll(io.LimitReader(source, inputLimit+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", what, err)
	case len(input) > inputLimit:
		return nil, usagef("%s is larger than %d MiB; send it in parts", what, inputLimit>>20)
	case len(bytes.TrimSpace(input)) == 0:
		return nil, usagef("%s is empty", what)
	case !utf8.Valid(input):
		return nil, usagef("%s is not UTF-8; convert it first, for instance with iconv", what)
	}
	return input, nil
}

// requestBody returns the body to send for input, which is such a body or
// plain text. The fields win over those of the body.
func requestBody(input []byte, fields map[string]any) ([]byte, error) {
	body := map[string]any{}
	if trimmed := bytes.TrimLeft(bytes.TrimPrefix(input, []byte("\ufeff")), " \t\r\n"); bytes.HasPrefix(trimmed, []byte("{")) {
		raw := map[string]json.RawMessage{}
		if err := json.Unmarshal(trimmed, &raw); err != nil {
			return nil, usagef("the input begins with { but is not a JSON object: %w", err)
		}
		if len(fields) == 0 {
			return trimmed, nil // as it was written
		}
		for name, value := range raw {
			body[name] = value
		}
	} else {
		messages := parseTranscript(string(input))
		if len(messages) == 0 {
			return nil, usagef("the input has names but no text")
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
