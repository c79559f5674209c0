package tracking

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
)

func TestModelFile(t *testing.T) {
	t.Parallel()

	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	m, err := New(lex)
	if err != nil {
		t.Fatal(err)
	}
	for i, w := range m.likeness {
		if !(w > 0 && w < 100) {
			t.Errorf("weight %d is %v, want one that counts", i, w)
		}
	}
	for i, row := range m.projection {
		if slices.ContainsFunc(row[:], func(x float32) bool { return math.Abs(float64(x)) > 10 || x != x }) {
			t.Errorf("row %d of the projection is %v, want small numbers", i, row)
		}
	}
	if !bytes.Equal(m.Pack(), packed) {
		t.Error("the model is packed another way than it was read")
	}
}

func TestModelFileRefused(t *testing.T) {
	t.Parallel()

	altered := slices.Clone(packed)
	altered[len(altered)/2] ^= 1
	tests := []struct {
		name string
		file []byte
		want string
	}{
		{name: "empty", file: nil, want: "0 bytes, want 26036"},
		{name: "truncated", file: packed[:len(packed)-4], want: "26032 bytes, want 26036"},
		{name: "longer", file: append(slices.Clone(packed), 0), want: "26037 bytes, want 26036"},
		{name: "altered", file: altered, want: "checksum"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			_, err := open(&lexicon.Lexicon{}, tt.file)
			if err == nil || !strings.Contains(err.Error(), "tracking/data/model.bin: "+tt.want) {
				t.Errorf("open = %v, want an error that names the file and says %q", err, tt.want)
			}
		})
	}
}
