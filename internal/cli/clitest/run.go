// Package clitest runs command lines in tests, against the documents of an API
// that answers like a worker.
package clitest

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/cli"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/session"
)

// A Result is the exit code and the output of a command line.
type Result struct {
	Code           int
	Stdout, Stderr string
}

// An Environment is a set of variables. Without a TURNWISE_DATA_DIR it has one that is
// empty, so that no try-out of the user is found.
type Environment map[string]string

// Lookup returns the value of a variable.
func (e Environment) Lookup(name string) (string, bool) {
	v, ok := e[name]
	return v, ok
}

// Environment returns the variables that name the API and its token.
func (f *API) Environment(t testing.TB) Environment {
	t.Helper()
	return Environment{"TURNWISE_API": f.URL, "TURNWISE_TOKEN": Token, "TURNWISE_DATA_DIR": t.TempDir()}
}

// Run runs a command line against the API.
func (f *API) Run(t testing.TB, stdin string, args ...string) Result {
	t.Helper()
	return Run(t, f.Environment(t), stdin, args...)
}

// Run runs a command line.
func Run(t testing.TB, env Environment, stdin string, args ...string) Result {
	t.Helper()
	if _, given := env["TURNWISE_DATA_DIR"]; !given {
		env = maps.Clone(env)
		if env == nil {
			env = Environment{}
		}
		env["TURNWISE_DATA_DIR"] = t.TempDir()
	}
	var stdout, stderr bytes.Buffer
	code := cli.Run(t.Context(), args, env.Lookup, session.Streams{In: strings.NewReader(stdin), Out: &stdout, Err: &stderr})
	return Result{code, stdout.String(), stderr.String()}
}

// A Case is a command line that succeeds.
type Case struct {
	Name           string
	Args           []string
	Stdin          string
	Bodies         []string // that it sends
	Stdout, Stderr string
}

// Check runs each case against an API of its own, and compares what it sends
// and prints.
func Check(t *testing.T, cases []Case) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()

			f := NewAPI(t)
			got := f.Run(t, c.Stdin, c.Args...)
			if want := (Result{exit.OK, c.Stdout, c.Stderr}); got != want {
				t.Errorf("enqueue %q =\n%+v\nwant\n%+v", c.Args, got, want)
			}
			if !slices.Equal(f.Bodies, c.Bodies) {
				t.Errorf("sent %q, want %q", f.Bodies, c.Bodies)
			}
		})
	}
}
