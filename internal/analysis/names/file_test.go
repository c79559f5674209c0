package names_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"slices"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/names"
)

func TestUnpackAndPackAgree(t *testing.T) {
	t.Parallel()

	shipped := readShipped(t)
	m, err := names.Unpack(shipped)
	if err != nil {
		t.Fatalf("Unpack of the model that ships: %v", err)
	}
	again := m.Pack()
	if !bytes.Equal(again, shipped) {
		t.Errorf("Pack gives %d bytes that are not the %d it was unpacked from", len(again), len(shipped))
	}
}

func TestUnpackRefuses(t *testing.T) {
	t.Parallel()

	opts := small()
	opts.Bits = 4
	packed := names.Train(newLexicon(t), lesson(), opts).Pack()
	plain := unzip(t, packed)
	const head = 24 + 4*8*7 // magic, bits, kinds, unit, moves
	tests := []struct {
		name   string
		packed []byte
	}{
		{"nothing", nil},
		{"no gzip", []byte("names 2\n")},
		{"an empty gzip", zip(t, nil)},
		{"a file cut off", packed[:len(packed)/2]},
		{"a file without its last byte", packed[:len(packed)-1]},
		{"a byte altered", altered(packed, len(packed)/2)},
		{"a checksum altered", altered(packed, len(packed)-6)},
		{"another version", zip(t, altered(plain, 6))},
		{"a head cut off", zip(t, plain[:head-1])},
		{"no weights", zip(t, plain[:head])},
		{"no bits, and weights to match", zip(t, set(plain[:head+7], 8, 0))},
		{"more bits than a number has, and weights to match", zip(t, set(plain[:head], 8, 64))},
		{"a weight missing", zip(t, plain[:len(plain)-1])},
		{"a weight too many", zip(t, append(slices.Clone(plain), 0))},
		{"another number of bits", zip(t, set(plain, 8, 5))},
		{"unknown kinds of features", zip(t, altered(plain, 15))},
		{"a unit that is below zero", zip(t, altered(plain, 23))},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			if m, err := names.Unpack(tt.packed); !errors.Is(err, names.ErrModel) {
				t.Errorf("Unpack = %v, %v; want ErrModel", m != nil, err)
			}
		})
	}
}

func readShipped(t *testing.T) []byte {
	t.Helper()
	packed, err := os.ReadFile("data/model.gz")
	if err != nil {
		t.Fatal(err)
	}
	return packed
}

// altered returns all with the highest bit of one byte turned over.
func altered(all []byte, at int) []byte { return set(all, at, all[at]^0x80) }

// set returns all with another byte at a place.
func set(all []byte, at int, to byte) []byte {
	all = slices.Clone(all)
	all[at] = to
	return all
}

func zip(t *testing.T, plain []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func unzip(t *testing.T, packed []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := b.ReadFrom(r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
