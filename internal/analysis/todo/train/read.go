package main

import (
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/todo"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// What sentences count that have no conversation around them. Those of others are of meetings and
// e-mails of one company each. Of our own most are tasks, as of what is said few are, so those
// count less, lest the model expects as many.
const (
	othersWeight  = 0.5
	ownTaskWeight = 0.45
)

// example returns a sentence that is labelled with letters: "a" for something to do, "f" if it
// is to communicate or to meet.
func example(said, labels string, members *words.Names, weight float64) todo.Example {
	return todo.Example{
		Words: words.Split(nil, said), Members: members, Weight: weight,
		Task: strings.ContainsAny(labels, "af"), Talk: strings.Contains(labels, "f"),
	}
}

// ownSentences returns the sentences of a file that has a label, a blank and a sentence in
// each line.
func ownSentences(text string) (all []todo.Example) {
	for line := range strings.Lines(text) {
		labels, said, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || labels == "#" {
			continue
		}
		x := example(said, labels, nil, 1)
		if x.Task {
			x.Weight = ownTaskWeight
		}
		all = append(all, x)
	}
	return all
}

// sentencesOfOthers returns the sentences of labelled.tsv that rules are written by.
func sentencesOfOthers(text string) (all []todo.Example) {
	for line := range strings.Lines(text) {
		if fields := strings.SplitN(strings.TrimSpace(line), "\t", 4); len(fields) == 4 && fields[0] == "read" {
			all = append(all, example(fields[3], fields[2], nil, othersWeight))
		}
	}
	return all
}

// conversations returns the sentences of the English conversations of a file, which is as the
// README of evaluation/testdata says.
func conversations(text string) (all []todo.Example) {
	for part := range strings.SplitSeq("\n"+text, "\n== ") {
		head, turns, _ := strings.Cut(part, "\n")
		if !strings.Contains(head, "| en |") {
			continue
		}
		var speakers []string
		for line := range strings.Lines(turns) {
			if speaker, _, ok := strings.Cut(line, ": "); ok && !isHead(speaker) && line[0] != '+' {
				speakers = append(speakers, speaker)
			}
		}
		members := words.NewNames(speakers)
		for line := range strings.Lines(turns) {
			said, continued := strings.CutPrefix(line, "+ ")
			speaker, rest, spoken := strings.Cut(line, ": ")
			switch {
			case continued:
			case spoken && !isHead(speaker) && line[0] != '#':
				said = rest
			default:
				continue
			}
			said, labels, _ := strings.Cut(said, "{")
			all = append(all, example(strings.TrimSpace(said), kinds(labels), members, 1))
		}
	}
	return all
}

// isHead reports whether a line that begins so says something of the whole conversation.
func isHead(name string) bool { return name == "key" || name == "who" || name == "sum" }

// kinds returns the letters of the labels of a sentence: "af" of "q a Ann @2026-11-20; f Bob}".
func kinds(labels string) (letters string) {
	for label := range strings.SplitSeq(strings.TrimRight(labels, "}\n "), ";") {
		for field := range strings.FieldsSeq(label) {
			if field == "q" {
				continue
			}
			if field == "a" || field == "f" {
				letters += field
			}
			break
		}
	}
	return letters
}
