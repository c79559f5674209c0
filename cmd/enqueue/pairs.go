package main

import (
	"maps"
	"strings"
)

// pairEdits are changes of a set of names and values, as flags give them.
type pairEdits struct {
	set   []string // KEY=VALUE
	unset []string // KEY
}

func (e pairEdits) none() bool { return len(e.set) == 0 && len(e.unset) == 0 }

// check reports what of flag is no pair.
func (e pairEdits) check(flag string) error {
	for _, pair := range e.set {
		if key, _, found := strings.Cut(pair, "="); !found || key == "" {
			return usagef("--%s is %q, want KEY=VALUE", flag, pair)
		}
	}
	return nil
}

// apply returns pairs with the changes made.
func (e pairEdits) apply(pairs map[string]string) map[string]string {
	edited := map[string]string{}
	maps.Copy(edited, pairs)
	for _, key := range e.unset {
		delete(edited, key)
	}
	for _, pair := range e.set {
		key, value, _ := strings.Cut(pair, "=")
		edited[key] = value
	}
	return edited
}
