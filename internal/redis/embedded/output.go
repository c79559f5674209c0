package embedded

import (
	"bytes"
	"log/slog"
	"slices"
	"strings"
	"sync"
)

// keptLines is how many lines an [output] remembers.
const keptLines = 10

// output logs what the server writes, line by line, and remembers the end of
// it.
type output struct {
	log *slog.Logger

	mu    sync.Mutex
	rest  []byte // of a line that is not complete
	lines []string
}

// Write never fails.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.rest = append(o.rest, p...)
	for {
		line, rest, complete := bytes.Cut(o.rest, []byte("\n"))
		if !complete {
			return len(p), nil
		}
		o.rest = rest
		o.add(strings.TrimSpace(string(line)))
	}
}

func (o *output) add(line string) {
	if line == "" {
		return
	}
	o.log.Debug("embedded redis wrote", slog.String("line", line))
	if len(o.lines) == keptLines {
		o.lines = o.lines[1:]
	}
	o.lines = append(o.lines, line)
}

// last returns the last lines.
func (o *output) last() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return strings.Join(append(slices.Clip(o.lines), string(o.rest)), "\n")
}
