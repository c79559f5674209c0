package session_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/cli/clitest"
	"github.com/turnwise/turnwise/internal/cli/exit"
)

// TestRetriesAreOneAppend checks that refusals that may end are retried, each
// time with the same key.
func TestRetriesAreOneAppend(t *testing.T) {
	t.Parallel()

	f := clitest.NewAPI(t)
	f.Refuse = []clitest.Refusal{{Status: 429}, {Status: 503, RetryAfter: "0"}, {Status: 409}}
	got := f.Run(t, "Hi.", "text")
	if got.Code != exit.OK {
		t.Fatalf("got %+v, want success", got)
	}
	if len(f.Calls) != 4 || len(slices.Compact(slices.Clone(f.Calls))) != 1 {
		t.Errorf("calls: got %q, want four that are the same", f.Calls)
	}
	again := f.Run(t, "Hi.", "text")
	if again.Code != exit.OK || f.Calls[4] == f.Calls[0] {
		t.Errorf("calls: got %q, want another key for another command", f.Calls)
	}
	if n := strings.Count(got.Stderr, "trying again"); n != 1 {
		t.Errorf("stderr: got %q, want it to say once that it tries again", got.Stderr)
	}
}
