package corpus

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/names"
)

// Read reads a file in the form of CoNLL: a word and its label a line, an
// empty line between sentences.
func Read(path string) ([]names.Sentence, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read labelled text: %w", err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	all, err := parse(f)
	if err != nil {
		return nil, fmt.Errorf("read labelled text %s: %w", path, err)
	}
	return all, nil
}

// parse reads a text of that form.
func parse(r io.Reader) ([]names.Sentence, error) {
	var all []names.Sentence
	var s names.Sentence
	before := ""
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 2 {
			if len(s.Words) > 0 {
				all = append(all, s)
			}
			s, before = names.Sentence{}, ""
			continue
		}
		word, mark := fields[0], fields[len(fields)-1]
		kind, begins := typeOf(mark, before)
		s.Words, s.Types, s.Begins = append(s.Words, word), append(s.Types, kind), append(s.Begins, begins)
		before = mark
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if len(s.Words) > 0 {
		all = append(all, s)
	}
	return all, nil
}

// typeOf reads a label, of which there are several families: B-person, I-PER,
// corporation. A name that goes on may begin with I.
func typeOf(mark, before string) (kind names.Type, begins bool) {
	position, name, labelled := strings.Cut(mark, "-")
	if !labelled {
		return "", false
	}
	switch strings.ToLower(name) {
	case "person", "per":
		kind = names.Person
	case "location", "loc":
		kind = names.Location
	case "organization", "org", "corporation", "group":
		kind = names.Organization
	default:
		return "", false
	}
	_, last, _ := strings.Cut(before, "-")
	return kind, position == "B" || last != name
}

// join puts together what the Broad Twitter Corpus splits and a [names.Tagger]
// does not: the @ of a handle, the # of a tag. A tag is what its word is. A
// handle is no name, though the later sections label them.
func join(s names.Sentence) names.Sentence {
	var to names.Sentence
	for i := 0; i < len(s.Words); i++ {
		word, kind, begins := s.Words[i], s.Types[i], s.Begins[i]
		if (word == "@" || word == "#") && i+1 < len(s.Words) {
			i++
			if word == "#" {
				kind, begins = s.Types[i], s.Begins[i]
			} else {
				kind, begins = "", false
			}
			word += s.Words[i]
		}
		if n := len(to.Types); kind != "" && (n == 0 || to.Types[n-1] != kind) {
			begins = true // what it went on from was a handle
		}
		to.Words, to.Types, to.Begins = append(to.Words, word), append(to.Types, kind), append(to.Begins, begins)
	}
	return to
}
