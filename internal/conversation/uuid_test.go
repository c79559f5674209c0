package conversation_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/conversation"
)

func TestUUIDCarriesTheID(t *testing.T) {
	t.Parallel()

	form := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	ids := []string{"0", "1", "5815170693595136", "9007199254740991"}
	for range 200 {
		ids = append(ids, conversation.NewID())
	}
	seen := map[string]bool{}
	for _, id := range ids {
		u := conversation.UUID(id)
		if !form.MatchString(u) || seen[u] {
			t.Errorf("UUID(%s) = %s, want a UUID of version 8 of its own", id, u)
		}
		seen[u] = true
		for _, s := range []string{u, strings.ToUpper(u), id} {
			if got, ok := conversation.ParseID(s); got != id || !ok {
				t.Errorf("ParseID(%s) = %s, %t; want %s", s, got, ok, id)
			}
		}
	}
}

// TestUUIDStays makes sure that links of one release work in the next.
func TestUUIDStays(t *testing.T) {
	t.Parallel()

	const id, want = "5815170693595136", "5a7bdf0b-ea11-81f3-a774-a8ddef800000"
	if got := conversation.UUID(id); got != want {
		t.Errorf("UUID(%s) = %s, want %s as ever", id, got, want)
	}
}

func TestParseIDRefusesOthers(t *testing.T) {
	t.Parallel()

	u := conversation.UUID("5815170693595136")
	for _, s := range []string{
		"", "a", "-1", "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d", strings.ReplaceAll(u, "-", ""), "{" + u + "}", "urn:uuid:" + u,
		u[:len(u)-1], u[:len(u)-1] + "z", flipped(u),
	} {
		if id, ok := conversation.ParseID(s); ok {
			t.Errorf("ParseID(%q) = %s, want nothing", s, id)
		}
	}
}

// flipped is u with one digit mistyped.
func flipped(u string) string {
	digit := "1"
	if u[0] == '1' {
		digit = "2"
	}
	return digit + u[1:]
}
