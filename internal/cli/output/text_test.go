package output

import (
	"bytes"
	"encoding/json"
	"testing"
)

func TestClean(t *testing.T) {
	t.Parallel()

	tests := []struct{ name, text, want string }{
		{"plain", "Ana Lima, 李雷, שלום", "Ana Lima, 李雷, שלום"},
		{"control characters", "a\x1b[2Jb\x00c\u009bd\ne", "a [2Jb c d e"},
		{"override", "invoice\u202efdp.exe", `invoice\u202efdp.exe`},
		{"embeddings and their end", "\u202a\u202b\u202c\u202d", `\u202a\u202b\u202c\u202d`},
		{"isolates", "\u2066a\u2067b\u2068c\u2069", `\u2066a\u2067b\u2068c\u2069`},
		{"marks of one character", "\u200ea\u200fb", "\u200ea\u200fb"},
		{"twice", Clean("\u202e"), `\u202e`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			if got := Clean(tt.text); got != tt.want {
				t.Errorf("Clean(%q) = %q, want %q", tt.text, got, tt.want)
			}
			var out bytes.Buffer
			if err := (Printer{Out: &out, JSON: true}).Document(tt.text); err != nil {
				t.Fatal(err)
			}
			var back string
			if err := json.Unmarshal(out.Bytes(), &back); err != nil || back != tt.text {
				t.Errorf("Document(%q) = %q, which is %q: %v", tt.text, out.String(), back, err)
			}
			if shown := bytes.TrimSuffix(out.Bytes(), []byte("\n")); bytes.ContainsFunc(shown, unfit) {
				t.Errorf("Document(%q) = %q, want the rest as escapes", tt.text, out.String())
			}
		})
	}
}
