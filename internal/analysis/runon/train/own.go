package main

import (
	"math/rand/v2"
	"os"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/runon"
)

// ownTurns returns the turns of the English conversations of a file, sentence by
// sentence as they are labelled.
func ownTurns(file string) (all []runon.Passage, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	english, speakers := false, map[string]bool{}
	var turn []string
	end := func() {
		if len(turn) > 0 {
			p := runon.Join(turn)
			p.Names = speakers
			all = append(all, p)
		}
		turn = nil
	}
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(strings.TrimSpace(line), "{")
		if strings.HasPrefix(line, "== ") {
			end()
			english, speakers = strings.Contains(line, "| en |"), map[string]bool{}
		}
		more, continued := strings.CutPrefix(line, "+ ")
		if !continued {
			end()
		}
		speaker, said, spoken := strings.Cut(line, ": ")
		switch {
		case !english, line == "", line[0] == '#', line[0] == '=', speaker == "key", speaker == "who", speaker == "sum":
		case continued:
			turn = append(turn, more)
		case spoken:
			turn = append(turn, said)
			for part := range strings.FieldsSeq(strings.ToLower(speaker)) {
				if len(part) > 2 {
					speakers[part] = true
				}
			}
		}
	}
	end()
	return all, nil
}

// ownSentences returns the sentences that rules are written by, joined by one to four.
func ownSentences(file string, random *rand.Rand) (all []runon.Passage, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var sentences []string
	for line := range strings.Lines(string(text)) {
		if fields := strings.SplitN(strings.TrimSpace(line), "\t", 4); fields[0] == "read" && len(fields) == 4 && len(fields[3]) < 150 {
			sentences = append(sentences, fields[3])
		}
	}
	for range 3 {
		random.Shuffle(len(sentences), func(i, j int) { sentences[i], sentences[j] = sentences[j], sentences[i] })
		for rest := sentences; len(rest) > 0; {
			n := min(1+random.IntN(4), len(rest))
			all = append(all, runon.Join(rest[:n]))
			rest = rest[n:]
		}
	}
	return all, nil
}
