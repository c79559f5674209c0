package benchmark_test

import (
	"context"
	"os"
	"testing"

	"github.com/turnwise/turnwise/internal/cli"
	"github.com/turnwise/turnwise/internal/cli/session"
)

// The bench starts its own program as a helper, which here is the test binary.
func TestMain(m *testing.M) {
	if len(os.Args) < 3 || os.Args[1] != "bench" {
		os.Exit(m.Run())
	}
	os.Exit(cli.Run(context.Background(), os.Args[1:], os.LookupEnv, session.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}
