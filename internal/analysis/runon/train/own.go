package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/runon"
)

// A conversation is the turns of one of our own.
type conversation []runon.Passage

// readConversations returns the English conversations of files, whose names have commas
// between them, each turn divided as it is labelled.
func readConversations(files string) (all []conversation, err error) {
	for file := range strings.SplitSeq(files, ",") {
		if file == "" {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read our own conversations: %w", err)
		}
		for part := range strings.SplitSeq("\n"+string(text), "\n== ") {
			if head, turns, _ := strings.Cut(part, "\n"); strings.Contains(head, "| en |") {
				all = append(all, readTurns(turns))
			}
		}
	}
	return all, nil
}

func readTurns(text string) (all conversation) {
	var turns [][]string
	speakers := map[string]bool{}
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(strings.TrimSpace(line), "{")
		more, continued := strings.CutPrefix(line, "+ ")
		speaker, said, spoken := strings.Cut(line, ": ")
		switch {
		case line == "", line[0] == '#', speaker == "key", speaker == "who", speaker == "sum":
		case continued && len(turns) > 0:
			turns[len(turns)-1] = append(turns[len(turns)-1], more)
		case spoken:
			turns = append(turns, []string{said})
			for part := range strings.FieldsSeq(strings.ToLower(speaker)) {
				speakers[part] = len(part) > 2
			}
		}
	}
	for _, turn := range turns {
		p := runon.Join(turn)
		p.Names = speakers
		all = append(all, p)
	}
	return all
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
	random.Shuffle(len(sentences), func(i, j int) { sentences[i], sentences[j] = sentences[j], sentences[i] })
	for rest := sentences; len(rest) > 0; {
		n := min(1+random.IntN(4), len(rest))
		all = append(all, runon.Join(rest[:n]))
		rest = rest[n:]
	}
	return all, nil
}
