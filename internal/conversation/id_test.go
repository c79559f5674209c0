package conversation_test

import (
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/turnwise/turnwise/internal/conversation"
)

var sixteenDigits = regexp.MustCompile(`^[1-9][0-9]{15}$`)

func TestNewID(t *testing.T) {
	t.Parallel()

	seen := map[string]bool{}
	for range 1000 {
		id := conversation.NewID()
		checkID(t, id)
		if seen[id] {
			t.Errorf("NewID returned %s twice", id)
		}
		seen[id] = true
	}
}

func TestMessageID(t *testing.T) {
	t.Parallel()

	seen := map[string]bool{}
	for _, job := range []string{"", "a", "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d", "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6e"} {
		for n := range 1000 {
			id := conversation.MessageID(job, n)
			checkID(t, id)
			if seen[id] {
				t.Errorf("MessageID(%q, %d) = %s, the id of another message", job, n, id)
			}
			seen[id] = true
		}
	}
}

// TestMessageIDStays makes sure that a job begun by one release and run again
// by the next makes the same messages.
func TestMessageIDStays(t *testing.T) {
	t.Parallel()

	want := []string{"5071560719168376", "6415696952226317"}
	var got []string
	for n := range want {
		got = append(got, conversation.MessageID("9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d", n))
	}
	if !slices.Equal(got, want) {
		t.Errorf("message ids = %v, want %v as ever", got, want)
	}
}

// checkID fails the test unless id has sixteen digits and is exact as a
// JavaScript number.
func checkID(t *testing.T, id string) {
	t.Helper()

	if !sixteenDigits.MatchString(id) || !conversation.ValidID(id) {
		t.Errorf("id %q has not sixteen digits", id)
	}
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || n > 1<<53-1 {
		t.Errorf("id %s is no safe integer: %v", id, err)
	}
}

func TestValidID(t *testing.T) {
	t.Parallel()

	for _, id := range []string{"0", "1", "5815170693595136", "12345678901234567890"} {
		if !conversation.ValidID(id) {
			t.Errorf("ValidID(%q) = false, want true", id)
		}
	}
	for _, id := range []string{
		"", " ", "-1", "+1", "1.0", "1e3", "0x1", "a", "1a", "123456789012345678901", "1}", "{1", "1:2", "١٢٣", "1\n", "1\x00", "1/2",
	} {
		if conversation.ValidID(id) {
			t.Errorf("ValidID(%q) = true, want false", id)
		}
	}
}

func FuzzValidID(f *testing.F) {
	for _, s := range []string{"", "1", "5815170693595136", "123456789012345678901", "1a", "١", "\xff", "/:"} {
		f.Add(s)
	}
	digits := regexp.MustCompile(`\A[0-9]{1,20}\z`)
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := conversation.ValidID(s), digits.MatchString(s); got != want {
			t.Errorf("ValidID(%q) = %t, want %t", s, got, want)
		}
	})
}
