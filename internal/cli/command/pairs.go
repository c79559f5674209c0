package command

import (
	"maps"
	"strings"

	"github.com/turnwise/turnwise/internal/cli/exit"
)

// PairEdits are changes of a map of keys and values, as flags give them.
type PairEdits struct {
	Set   []string // KEY=VALUE
	Unset []string // KEY
}

// IsZero reports whether there is no change.
func (e PairEdits) IsZero() bool { return len(e.Set) == 0 && len(e.Unset) == 0 }

// Check reports the first value of the flag that is no pair.
func (e PairEdits) Check(flag string) error {
	for _, pair := range e.Set {
		if key, _, found := strings.Cut(pair, "="); !found || key == "" {
			return exit.Usagef("--%s is %q, want KEY=VALUE", flag, pair)
		}
	}
	return nil
}

// Apply returns a copy of pairs with the changes made.
func (e PairEdits) Apply(pairs map[string]string) map[string]string {
	edited := map[string]string{}
	maps.Copy(edited, pairs)
	for _, key := range e.Unset {
		delete(edited, key)
	}
	for _, pair := range e.Set {
		key, value, _ := strings.Cut(pair, "=")
		edited[key] = value
	}
	return edited
}
