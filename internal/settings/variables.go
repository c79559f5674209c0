package settings

import (
	"regexp"
	"slices"
	"strings"

	"github.com/turnwise/turnwise/internal/spelling"
)

// foreign are variables with our prefix that are none of the worker's settings: that
// of enqueue, those of tests, and those by which Kubernetes tells of a service named
// turnwise.
var foreign = regexp.MustCompile(`^TURNWISE_(API|TEST_.*|PORT|PORT_[0-9].*|SERVICE_(HOST|PORT).*)$`)

// warnOfVariables notes variables that look like settings and are none, so that a
// misspelt one is not silently without effect.
func (l *loader) warnOfVariables(environ, known []string) {
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(strings.ToUpper(name), prefix) || value == "" || slices.Contains(known, name) || foreign.MatchString(name) {
			continue
		}
		if near := spelling.Nearest(name, known); near != "" {
			l.warn("the variable %s is not a setting, and has no effect; did you mean %s?", name, near)
		} else {
			l.warn("the variable %s is not a setting, and has no effect; --help lists what there is", name)
		}
	}
}
