package session

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"unicode/utf8"

	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/output"
)

// inputLimit bounds what is read into memory. It is far above what the API
// accepts; the API decides.
const inputLimit = 64 << 20

// ReadInput returns the content of the file, or of standard input if name is
// "-". It is UTF-8 and not blank.
func (inv *Invocation) ReadInput(name string) ([]byte, error) {
	source, what := inv.In, "standard input"
	if name != "-" {
		file, err := os.Open(name) //nolint:gosec // reading the file that the user names is the point
		if err != nil {
			return nil, &exit.UsageError{Err: err}
		}
		defer file.Close() //nolint:errcheck // it was only read
		source, what = file, name
	} else if output.IsTerminal(source) {
		inv.Warn("reading from the terminal; end with Ctrl-D")
	}
	input, err := io.ReadAll(io.LimitReader(source, inputLimit+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", what, err)
	case len(input) > inputLimit:
		return nil, exit.Usagef("%s is larger than %d MiB; send it in parts", what, inputLimit>>20)
	case len(bytes.TrimSpace(input)) == 0:
		return nil, exit.Usagef("%s is empty", what)
	case !utf8.Valid(input):
		return nil, exit.Usagef("%s is not UTF-8; convert it first, for instance with iconv", what)
	}
	return input, nil
}
