package store_test

import (
	"testing"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/store"
)

// An entry is told as it was packed, in 24 bytes if its ids are as this program makes
// them.
func TestEntriesArePacked(t *testing.T) {
	const upper = "6F9619FF-8B86-4011-B42D-00CF4FC964FF"
	tests := []struct {
		id, conversation string
		short            bool
	}{
		{jobs.NewID(5), talk, true},
		{jobs.NewID(5), "9007199254740991", true},
		{jobs.NewID(5), "0", true},
		{jobs.NewID(5), "007", false},
		{jobs.NewID(5), "99999999999999999999", false},
		{upper, talk, false},
		{"{6f9619ff-8b86-4011-b42d-00cf4fc964ff}", talk, false},
		{"", "", false},
	}
	for _, tt := range tests {
		packed, want := store.PackEntry(tt.id, tt.conversation), tt.id+" "+tt.conversation
		if got := store.UnpackEntry(packed); got != want || (len(packed) == 24) != tt.short {
			t.Errorf("%q: got %q, packed in %d bytes", want, got, len(packed))
		}
	}
}
