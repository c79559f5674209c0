package weights_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/weights"
)

func TestUnpackUndoesPack(t *testing.T) {
	t.Parallel()

	for _, plain := range [][]byte{nil, {0}, bytes.Repeat([]byte("some weights"), 10_000)} {
		got, err := weights.Unpack(weights.Pack(plain), len(plain))
		if err != nil || !bytes.Equal(got, plain) {
			t.Errorf("Unpack of %d bytes = %d bytes, %v", len(plain), len(got), err)
		}
	}
	if plain := bytes.Repeat([]byte{7}, 10_000); len(weights.Pack(plain)) > 100 {
		t.Errorf("Pack leaves %d bytes of %d equal ones", len(weights.Pack(plain)), len(plain))
	}
}

func TestUnpackRefuses(t *testing.T) {
	t.Parallel()

	plain := bytes.Repeat([]byte("weights"), 100)
	packed := weights.Pack(plain)
	altered := slices.Clone(packed)
	altered[len(altered)-6] ^= 0x80 // of the checksum
	for name, broken := range map[string][]byte{
		"nothing": nil, "other bytes": []byte("no gzip"), "half of it": packed[:len(packed)/2],
		"all but the last byte": packed[:len(packed)-1], "another checksum": altered,
	} {
		if got, err := weights.Unpack(broken, len(plain)); err == nil {
			t.Errorf("Unpack of %s = %d bytes, want an error", name, len(got))
		}
	}
	if _, err := weights.Unpack(packed, len(plain)-1); !errors.Is(err, weights.ErrSize) {
		t.Errorf("Unpack of one byte too many: %v, want ErrSize", err)
	}
}
