package bench_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/turnwise/turnwise/internal/bench"
)

// asHelper, as the first argument, makes the test binary a helper of the bench
// with the role that follows.
const asHelper = "-assist"

func TestMain(m *testing.M) {
	if len(os.Args) != 3 || os.Args[1] != asHelper {
		os.Exit(m.Run())
	}
	if err := bench.Assist(context.Background(), os.Args[2], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
