package compat

import (
	"fmt"
	"maps"
	"slices"
	"testing"
)

// missingIn returns the paths of what a printed answer has and ours has not, or
// has in another kind. Of lists the first item of ours stands for all, and one
// that is empty here says nothing.
func missingIn(t *testing.T, theirs, ours string) []string {
	t.Helper()
	var want, got any
	decode(t, []byte(theirs), &want)
	decode(t, []byte(ours), &got)
	return missing("", want, got)
}

func missing(path string, want, got any) (paths []string) {
	if fmt.Sprintf("%T", want) != fmt.Sprintf("%T", got) {
		return []string{path}
	}
	switch want := want.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(want)) {
			value, found := got.(map[string]any)[name]
			if !found {
				paths = append(paths, path+"."+name)
				continue
			}
			paths = append(paths, missing(path+"."+name, want[name], value)...)
		}
	case []any:
		if list := got.([]any); len(list) > 0 {
			for _, item := range want {
				paths = append(paths, missing(path+"[]", item, list[0])...)
			}
		}
	}
	return paths
}
