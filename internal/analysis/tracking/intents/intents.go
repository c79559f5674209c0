// Package intents reads utterances with known intents, and measures a model of
// package tracking with them: every intent is a tracker, and every utterance
// should be found by its own and by no other.
package intents

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
)

// Parts is how many a set can be split by: each intent is held out in one.
const Parts = 5

// An Intent is what utterances mean.
type Intent struct {
	Name               string
	Learn, Check, Test []string
}

// A Set is intents, and utterances that have none of them.
type Set struct {
	Intents []Intent
	Other   Intent
}

// Read reads a file in the form of CLINC150's data_full.json: lists of
// [utterance, intent], named train, val and test, and oos_… for those that have
// no intent.
func Read(file string) (Set, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return Set{}, fmt.Errorf("read intents: %w", err)
	}
	var lists map[string][][2]string
	if err := json.Unmarshal(raw, &lists); err != nil {
		return Set{}, fmt.Errorf("read intents of %s, in the form of CLINC150's data_full.json: %w", file, err)
	}
	all := map[string]*Intent{}
	named := func(name string) *Intent {
		if all[name] == nil {
			all[name] = &Intent{Name: name}
		}
		return all[name]
	}
	for _, u := range lists["train"] {
		named(u[1]).Learn = append(named(u[1]).Learn, u[0])
	}
	for _, u := range lists["val"] {
		named(u[1]).Check = append(named(u[1]).Check, u[0])
	}
	for _, u := range lists["test"] {
		named(u[1]).Test = append(named(u[1]).Test, u[0])
	}
	var s Set
	for _, name := range slices.Sorted(maps.Keys(all)) {
		intent := all[name]
		if len(intent.Learn) < terms {
			return Set{}, fmt.Errorf("read intents of %s: %q has %d utterances in train, want %d or more", file, name, len(intent.Learn), terms)
		}
		s.Intents = append(s.Intents, *intent)
	}
	if len(s.Intents) < 2*Parts {
		return Set{}, fmt.Errorf("read intents of %s: %d intents, want %d or more", file, len(s.Intents), 2*Parts)
	}
	s.Other.Check = append(texts(lists["oos_train"]), texts(lists["oos_val"])...)
	s.Other.Test = texts(lists["oos_test"])
	return s, nil
}

func texts(list [][2]string) (all []string) {
	for _, u := range list {
		all = append(all, u[0])
	}
	return all
}

// Split holds a part of the intents out, by lot but always the same, and the
// utterances without an intent that are for tests. No intent is in two parts.
func (s Set) Split(part int) (held, rest Set) {
	order := rand.New(rand.NewPCG(1, 1)).Perm(len(s.Intents))
	for i, n := range order {
		if i*Parts/len(order) == part {
			held.Intents = append(held.Intents, s.Intents[n])
		} else {
			rest.Intents = append(rest.Intents, s.Intents[n])
		}
	}
	held.Other.Test, rest.Other.Check = s.Other.Test, s.Other.Check
	return held, rest
}
