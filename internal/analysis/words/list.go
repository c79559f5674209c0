package words

import (
	"embed"
	"fmt"
	"iter"
	"strings"
)

// Vocabularies are data files. A file has one term a line, sorted by its
// bytes and in lower case. Lines that begin with "# " say what belongs there.
// Some files give a term a value: "june = 6".

// Terms yields the terms of a vocabulary.
func Terms(file string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range strings.Lines(file) {
			term := strings.TrimSuffix(line, "\n")
			if term == "" || strings.HasPrefix(term, "# ") {
				continue
			}
			if !yield(term) {
				return
			}
		}
	}
}

// Values yields the terms of a vocabulary with their values.
func Values(file string) iter.Seq2[string, string] {
	return func(yield func(term, value string) bool) {
		for line := range Terms(file) {
			if term, value, _ := strings.Cut(line, " = "); !yield(term, value) {
				return
			}
		}
	}
}

// Read returns the file data/<name>.txt. It panics if there is none, because
// the files are part of the binary.
func Read(files embed.FS, name string) string {
	file, err := files.ReadFile("data/" + name + ".txt")
	if err != nil {
		panic(fmt.Errorf("read a vocabulary: %w", err))
	}
	return string(file)
}
