package wire

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/turnwise/turnwise/internal/importer"
)

func TestPieces(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name, text string
		want       int
	}{
		{"blank", " \n", 0},
		{"short", "Hello.", 1},
		{"as long as may be", strings.Repeat("x", MostContent), 1},
		{"sentences", strings.Repeat("Some words here. ", 10000), 3},
		{"one word", strings.Repeat("é", MostContent), 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			got := Pieces(importer.Message{Text: tt.text, Sender: importer.Sender{Name: strings.Repeat("ñ", 300)}})
			if len(got) != tt.want {
				t.Fatalf("Pieces = %d, want %d", len(got), tt.want)
			}
			all := ""
			for _, m := range got {
				if len(m.Text) > MostContent || !utf8.ValidString(m.Text) || utf8.RuneCountInString(m.Sender.Name) != MostName {
					t.Errorf("a piece has %d bytes and a name of %d, want UTF-8 that the API takes", len(m.Text), len(m.Sender.Name))
				}
				all += m.Text
			}
			if squeeze(all) != squeeze(tt.text) {
				t.Error("the pieces are not the text")
			}
		})
	}
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }
