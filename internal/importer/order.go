package importer

import (
	"slices"
	"time"
	"unicode/utf8"
)

// sortByTime puts what was written newest first, or anyhow, in the order of its
// time. What has the same time keeps its place, seen from the end if most of it
// runs backwards.
func sortByTime[M any](all []M, at func(M) time.Time) {
	if len(all) > 1 && at(all[0]).After(at(all[len(all)-1])) {
		slices.Reverse(all)
	}
	slices.SortStableFunc(all, func(a, b M) int { return at(a).Compare(at(b)) })
}

// repair returns the text whose bytes in UTF-8 the characters of s are, or s if
// they are not.
func repair(s string) string {
	bytes, wide := make([]byte, 0, len(s)), false
	for _, r := range s {
		if r > 0xff {
			return s
		}
		wide = wide || r >= utf8.RuneSelf
		bytes = append(bytes, byte(r))
	}
	if !wide || !utf8.Valid(bytes) {
		return s
	}
	return string(bytes)
}
