// Package conll reads text that is labelled with names, for training and
// measuring package names.
package conll

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/names"
)

// Read reads a file of sentences. "file:4/5" is its first four fifths,
// "file:-1/5" its last fifth.
func Read(path string) ([]names.Sentence, error) {
	path, part, _ := strings.Cut(path, ":")
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // it was only read
	var all []names.Sentence
	var s names.Sentence
	before := ""
	lines := bufio.NewScanner(f)
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
		kind, begins := typeOf(word, mark, before)
		s.Words, s.Types, s.Begins = append(s.Words, word), append(s.Types, kind), append(s.Begins, begins)
		before = mark
	}
	if len(s.Words) > 0 {
		all = append(all, s)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return cut(all, part)
}

// typeOf reads a label, of which there are several families: B-person, I-PER,
// corporation. A name that goes on may begin with I.
func typeOf(word, mark, before string) (kind names.Type, begins bool) {
	position, name, labelled := strings.Cut(mark, "-")
	if !labelled || len(word) > 1 && word[0] == '@' {
		return "", false
	}
	switch strings.ToLower(name) {
	case "person", "per":
		kind = names.Person
	case "location", "loc":
		kind = names.Location
	case "corporation", "group", "org":
		kind = names.Organization
	}
	_, last, _ := strings.Cut(before, "-")
	return kind, position == "B" || last != name
}

func cut(all []names.Sentence, part string) ([]names.Sentence, error) {
	if part == "" {
		return all, nil
	}
	var some, of int
	if _, err := fmt.Sscanf(part, "%d/%d", &some, &of); err != nil || of <= 0 || some < -of || some > of {
		return nil, fmt.Errorf("%q is no fraction such as 4/5", part)
	}
	if some < 0 {
		return all[len(all)*(of+some)/of:], nil
	}
	return all[:len(all)*some/of], nil
}
