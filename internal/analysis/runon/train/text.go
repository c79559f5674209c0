package main

import (
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/runon"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// others reads the text of others, in pieces of one to five sentences.
func (r recipe) others(folder string, random *rand.Rand) (all []runon.Passage, err error) {
	if folder == "" {
		return nil, nil
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", folder, err)
	}
	for _, file := range files {
		pieces, err := readPieces(file, r.most, random)
		if err != nil {
			return nil, err
		}
		log.Printf("%s: %d passages", filepath.Base(file), len(pieces))
		all = append(all, pieces...)
	}
	return all, nil
}

func readPieces(file string, most int, random *rand.Rand) (all []runon.Passage, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read a file of text: %w", err)
	}
	size := 0
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || !strings.ContainsAny(line[len(line)-1:], ".?!\"") || !isASCII(line) {
			continue // cut off, or written without marks
		}
		for _, p := range runon.Bare(line).Pieces(func() int { return 1 + random.IntN(5) }) {
			if len(p.Said) > 1 && len(p.Said) < 150 {
				all = append(all, p)
				size += len(p.Said)
			}
		}
		if size > most {
			break
		}
	}
	return all, nil
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 })
}

func (r recipe) test(m *runon.Model, random *rand.Rand) error {
	if r.tests == "" {
		return nil
	}
	files, err := filepath.Glob(filepath.Join(r.tests, "*.txt"))
	if err != nil {
		return fmt.Errorf("list %s: %w", r.tests, err)
	}
	for _, file := range files {
		pieces, err := readPieces(file, 100_000, random)
		if err != nil {
			return err
		}
		var f found
		f.judge(m, pieces)
		log.Printf("%-24s %s", filepath.Base(file), f)
	}
	return nil
}

// Found counts beginnings: those that a passage has, those that a model finds, and how many
// of these are right, or at another mark than one that ends a sentence.
type found struct{ given, all, right, parts float64 }

// judge adds what a model finds in passages.
func (f *found) judge(m *runon.Model, passages []runon.Passage) {
	for _, p := range passages {
		for _, b := range p.Begins {
			if b == runon.Yes {
				f.given++
			}
		}
		for _, start := range m.Starts(nil, p.Said, func(w words.Word) bool { return p.Names[w.Lower] }) {
			f.all++
			switch p.Begins[start] {
			case runon.Yes:
				f.right++
			case runon.Part, runon.Unknown:
				f.parts++
			case runon.No:
			}
		}
	}
}

func (f found) String() string {
	of := func(all float64) string {
		return fmt.Sprintf("precision %.3f, recall %.3f, F1 %.3f", f.right/max(all, 1), f.right/max(f.given, 1), 2*f.right/max(f.given+all, 1))
	}
	return fmt.Sprintf("%6.0f given: %s; but for beginnings at other marks %s", f.given, of(f.all), of(f.all-f.parts))
}
