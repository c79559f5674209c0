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

// Splits is how many there are: each intent is held out in one of them.
const Splits = 5

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
		return Set{}, err
	}
	var lists map[string][][2]string
	if err := json.Unmarshal(raw, &lists); err != nil {
		return Set{}, fmt.Errorf("read %s: %w", file, err)
	}
	all := map[string]*Intent{}
	named := func(list [2]string) *Intent {
		if all[list[1]] == nil {
			all[list[1]] = &Intent{Name: list[1]}
		}
		return all[list[1]]
	}
	for _, u := range lists["train"] {
		named(u).Learn = append(named(u).Learn, u[0])
	}
	for _, u := range lists["val"] {
		named(u).Check = append(named(u).Check, u[0])
	}
	for _, u := range lists["test"] {
		named(u).Test = append(named(u).Test, u[0])
	}
	var s Set
	for _, name := range slices.Sorted(maps.Keys(all)) {
		s.Intents = append(s.Intents, *all[name])
	}
	for _, list := range []string{"oos_train", "oos_val"} {
		for _, u := range lists[list] {
			s.Other.Check = append(s.Other.Check, u[0])
		}
	}
	for _, u := range lists["oos_test"] {
		s.Other.Test = append(s.Other.Test, u[0])
	}
	return s, nil
}

// Split holds a fifth of the intents out, by lot but always the same. No two
// splits hold out the same intent.
func (s Set) Split(split int) (held, rest []Intent) {
	order := rand.New(rand.NewPCG(1, 1)).Perm(len(s.Intents))
	each := len(order) / Splits
	for i, n := range order {
		if i/each == split {
			held = append(held, s.Intents[n])
		} else {
			rest = append(rest, s.Intents[n])
		}
	}
	return held, rest
}
