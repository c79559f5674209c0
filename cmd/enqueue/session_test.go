package main

import (
	"slices"
	"strings"
	"testing"
)

// TestRetriesAreOneAppend checks that whatever may pass is tried again, and
// each time under the same key.
func TestRetriesAreOneAppend(t *testing.T) {
	t.Parallel()

	f := newFakeAPI(t)
	f.refuse = []refusal{{429, "", ""}, {503, "", "0"}, {409, "", ""}}
	got := f.enqueue(t, "Hi.", "text")
	if got.code != exitOK {
		t.Fatalf("got %+v, want success", got)
	}
	if len(f.calls) != 4 || len(slices.Compact(slices.Clone(f.calls))) != 1 {
		t.Errorf("calls: got %q, want four that are the same", f.calls)
	}
	again := f.enqueue(t, "Hi.", "text")
	if again.code != exitOK || f.calls[4] == f.calls[0] {
		t.Errorf("calls: got %q, want another key for another command", f.calls)
	}
	if n := strings.Count(got.stderr, "trying again"); n != 1 {
		t.Errorf("stderr: got %q, want it to say once that it tries again", got.stderr)
	}
}
