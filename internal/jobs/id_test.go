package jobs_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
)

func TestIDCarriesItsShard(t *testing.T) {
	t.Parallel()

	for shard := range lane.MaxShards {
		id := jobs.NewID(shard)
		u, err := uuid.Parse(id)
		if err != nil || u.Version() != 4 || u.Variant() != uuid.RFC4122 {
			t.Fatalf("NewID(%d) = %s, want a UUID of version 4 (%v)", shard, id, err)
		}
		for _, written := range []string{id, strings.ToUpper(id)} {
			got, of, ok := jobs.ParseID(written)
			if !ok || got != id || of != shard {
				t.Fatalf("ParseID(%s) = %s, %d, %t; want %s of shard %d", written, got, of, ok, id, shard)
			}
		}
	}
}

func TestIDsDiffer(t *testing.T) {
	t.Parallel()

	seen := map[string]bool{}
	for range 10_000 {
		seen[jobs.NewID(7)] = true
	}
	if len(seen) != 10_000 {
		t.Errorf("%d different ids of 10,000", len(seen))
	}
}

func TestParseIDRefuses(t *testing.T) {
	t.Parallel()

	tests := []struct{ name, id string }{
		{"nothing", ""},
		{"a word", "job"},
		{"a conversation's id", "5815170693595136"},
		{"braces", "{0b5e1f9a-8a1c-4c3f-9a57-3a5d1c2b4e6f}"},
		{"a URN", "urn:uuid:0b5e1f9a-8a1c-4c3f-9a57-3a5d1c2b4e6f"},
		{"no dashes", "0b5e1f9a8a1c4c3f9a573a5d1c2b4e6f"},
		{"dashes out of place", "0b5e1f9-a8a1c-4c3f-9a57-3a5d1c2b4e6f"},
		{"version 1", "0b5e1f9a-8a1c-1c3f-9a57-3a5d1c2b4e6f"},
		{"version 7", "0b5e1f9a-8a1c-7c3f-9a57-3a5d1c2b4e6f"},
		{"another variant", "0b5e1f9a-8a1c-4c3f-1a57-3a5d1c2b4e6f"},
		{"no hexadecimal digit", "0b5e1f9a-8a1c-4c3f-9a57-3a5d1c2b4e6g"},
		{"blanks around", " 0b5e1f9a-8a1c-4c3f-9a57-3a5d1c2b4e6f "},
		{"the nil UUID", "00000000-0000-0000-0000-000000000000"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			if id, shard, ok := jobs.ParseID(tt.id); ok || id != "" || shard != 0 {
				t.Errorf("ParseID(%q) = %q, %d, %t; want it refused", tt.id, id, shard, ok)
			}
		})
	}
}

func FuzzParseID(f *testing.F) {
	f.Add("0b5e1f9a-8a1c-4c3f-9a57-3a5d1c2b4e6f")
	f.Add("0B5E1F9A-8A1C-4FFF-AA57-3A5D1C2B4E6F")
	f.Add("{0b5e1f9a8a1c4c3f9a573a5d1c2b4e6f0}}")
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		id, shard, ok := jobs.ParseID(s)
		if !ok {
			return
		}
		if !strings.EqualFold(id, s) || strings.ToLower(id) != id {
			t.Errorf("ParseID(%q) = %q, which is another id", s, id)
		}
		if shard < 0 || shard >= lane.MaxShards {
			t.Errorf("ParseID(%q) is of shard %d", s, shard)
		}
		if again, of, ok := jobs.ParseID(id); !ok || again != id || of != shard {
			t.Errorf("ParseID(%q) = %q, %d, %t; want what it came from", id, again, of, ok)
		}
	})
}
