package edge

import (
	"errors"
	"net/http"
	"strings"
)

// Tag puts the version of what an answer is about in front of it. The version
// has to be read before whatever else is answered: then what is newer than its
// tag is sent once too often, but nothing is taken for current that is not.
func (x *Exchange) Tag(version string) {
	x.Header().Set("ETag", `"`+version+`"`)
}

// ErrNotModified says that the caller has the answer already, so that nobody has
// to read or compute the rest of it.
var ErrNotModified = errors.New("the caller has the answer already")

// Revalidate tags an answer. It returns [ErrNotModified] if the caller has the
// answer with this tag.
func (x *Exchange) Revalidate(version string) error {
	x.Tag(version)
	if x.matchesTag(http.StatusOK, x.Header().Get("ETag")) {
		return ErrNotModified
	}
	return nil
}

// notModified answers that the caller has the answer already, in the form that it
// has, as far as that is known.
func (x *Exchange) notModified() {
	h := x.Header()
	h.Add("Vary", "Accept-Encoding")
	if tag, ok := strings.CutSuffix(h.Get("ETag"), `"`); ok && x.namesGzip && acceptsGzip(x.Request.Header["Accept-Encoding"]) {
		h.Set("ETag", tag+gzipSuffix)
	}
	x.send(http.StatusOK, nil)
}

// IfMatch returns the versions that If-Match lists, nil if any will do. Weak
// tags are returned with their prefix, so that they match nothing, which is
// what a comparison for an update asks of them.
func (x *Exchange) IfMatch() ([]string, error) {
	given := x.Request.Header["If-Match"]
	if len(given) == 0 {
		return nil, nil
	}
	list := strings.TrimSpace(strings.Join(given, ","))
	if list == "*" {
		return nil, nil
	}
	var versions []string
	for list != "" {
		version, rest, ok := cutTag(list)
		if !ok {
			versions = nil
			break
		}
		versions = append(versions, version)
		list = strings.TrimLeft(rest, ", \t")
	}
	if len(versions) == 0 {
		return nil, Refuse(http.StatusBadRequest, `If-Match must be *, or list ETags in their quotation marks: "7-2", "8-2".`)
	}
	return versions, nil
}

// cutTag cuts off the first of a list of tags. What follows it must be a comma
// or the end.
func cutTag(list string) (version, rest string, ok bool) {
	opaque, weak := strings.CutPrefix(list, `W/`)
	opaque, quoted := strings.CutPrefix(opaque, `"`)
	version, rest, closed := strings.Cut(opaque, `"`)
	rest = strings.TrimLeft(rest, " \t")
	if !quoted || !closed || rest != "" && rest[0] != ',' {
		return "", "", false
	}
	if weak {
		version = `W/` + version
	}
	return version, rest, true
}
