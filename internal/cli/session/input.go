package session

import (
	"bytes"
	"context"
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

// Interruptible returns a reader of r that ends with ctx, whose cause is its error
// then. A read from a terminal or a pipe knows no context: one that is under way goes
// on, and ends with the process. So r must be read by nobody else.
func (inv *Invocation) Interruptible(ctx context.Context, r io.Reader) io.Reader {
	from, to := io.Pipe()
	stop := context.AfterFunc(ctx, func() { _ = to.CloseWithError(context.Cause(ctx)) })
	inv.cleanup = append(inv.cleanup, func() {
		stop()
		_ = from.Close() // the copy ends with its next write
	})
	go func() {
		_, err := io.Copy(to, r)
		_ = to.CloseWithError(err)
	}()
	return from
}

// open opens a file to read. It ends with ctx, whose cause is its error then: that of a
// named pipe takes until somebody writes to it. One that comes too late is closed.
func open(ctx context.Context, name string) (*os.File, error) {
	type opened struct {
		file *os.File
		err  error
	}
	done := make(chan opened, 1)
	go func() {
		file, err := os.Open(name) //nolint:gosec // reading the file that the user names is the point
		done <- opened{file, err}
	}()
	select {
	case o := <-done:
		return o.file, o.err
	case <-ctx.Done():
		go func() {
			if o := <-done; o.err == nil {
				_ = o.file.Close() // it was not read
			}
		}()
		return nil, context.Cause(ctx)
	}
}

// ReadInput returns the content of the file, or of standard input if name is
// "-". It is UTF-8 and not blank. It ends with ctx.
func (inv *Invocation) ReadInput(ctx context.Context, name string) ([]byte, error) {
	source, what := inv.In, "standard input"
	if name != "-" {
		file, err := open(ctx, name)
		if err != nil && ctx.Err() != nil {
			return nil, fmt.Errorf("open %s: %w", name, err)
		}
		if err != nil {
			return nil, &exit.UsageError{Err: err}
		}
		defer file.Close() //nolint:errcheck // it was only read
		source, what = file, name
	} else if output.IsTerminal(source) {
		inv.Warn("reading from the terminal; end with Ctrl-D")
	}
	input, err := io.ReadAll(io.LimitReader(inv.Interruptible(ctx, source), inputLimit+1))
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
