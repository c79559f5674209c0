package edge

import (
	"net/http"
	"strings"
)

// gzipSuffix is the end of the ETag of an answer that is compressed. Two forms
// of one answer must not have one tag; callers get either, and may send it
// back with whatever they like.
const gzipSuffix = `+gzip"`

// withoutSuffix returns the request with its conditions about answers as they were
// before they were compressed.
func withoutSuffix(r *http.Request) *http.Request {
	plain := r
	for _, name := range []string{"If-Match", "If-None-Match"} {
		for i, v := range r.Header[name] {
			if !strings.Contains(v, gzipSuffix) {
				continue
			}
			if plain == r {
				plain = r.WithContext(r.Context())
				plain.Header = r.Header.Clone()
			}
			plain.Header[name][i] = strings.ReplaceAll(v, gzipSuffix, `"`)
		}
	}
	return plain
}

// matchesTag reports whether the caller has the answer with this tag already.
// A read needs no more than the weak comparison.
func (x *Exchange) matchesTag(status int, tag string) bool {
	if tag == "" || status != http.StatusOK || x.Request.Method != http.MethodGet && x.Request.Method != http.MethodHead {
		return false
	}
	tag = strings.Replace(tag, gzipSuffix, `"`, 1) // as those of the caller are: see untagged
	for _, list := range x.Request.Header["If-None-Match"] {
		for given := range strings.SplitSeq(list, ",") { // no tag of ours has a comma in it
			given = strings.TrimSpace(given)
			if given == "*" || strings.TrimPrefix(given, "W/") == strings.TrimPrefix(tag, "W/") {
				return true
			}
		}
	}
	return false
}
