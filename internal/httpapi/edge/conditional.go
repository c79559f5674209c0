package edge

import (
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// gzipSuffix is the end of the ETag of an answer that is compressed. Two forms
// of one answer must not have one tag. Callers may send back the tag of either
// form, so conditions are read without it.
const gzipSuffix = `+gzip"`

// ErrNotModified reports that the caller has the answer already, so that the
// rest of it need not be read or computed.
var ErrNotModified = errors.New("the caller has the answer already")

// ErrHeader reports that the caller wants the header of the answer alone, so that
// the body need not be read or computed.
var ErrHeader = errors.New("the caller wants the header alone")

// Tag sets the ETag of an answer to the version of what it is about. The
// version must be read before anything else of the answer: then a caller may
// get something newer than its tag once more, but never keeps something older.
func (x *Exchange) Tag(version string) {
	x.Header().Set("ETag", `"`+version+`"`)
}

// Revalidate tags an answer whose body takes work. It returns [ErrNotModified] if
// the caller has the answer with this tag, and [ErrHeader] for HEAD.
func (x *Exchange) Revalidate(version string) error {
	x.Tag(version)
	if x.matchesTag(http.StatusOK) {
		return ErrNotModified
	}
	return x.CheckMethod()
}

// CheckMethod returns [ErrHeader] for HEAD.
func (x *Exchange) CheckMethod() error {
	if x.Request.Method == http.MethodHead {
		return ErrHeader
	}
	return nil
}

// conditions returns the tags that a header lists, without the suffix.
func (x *Exchange) conditions(header string) string {
	return strings.ReplaceAll(strings.Join(x.Request.Header[header], ","), gzipSuffix, `"`)
}

// matchesTag reports whether the caller has the answer with this status and
// the ETag that is set. A read needs no more than the weak comparison.
func (x *Exchange) matchesTag(status int) bool {
	tag := strings.Replace(x.Header().Get("ETag"), gzipSuffix, `"`, 1)
	if tag == "" || status != http.StatusOK || x.Request.Method != http.MethodGet && x.Request.Method != http.MethodHead {
		return false
	}
	for given := range strings.SplitSeq(x.conditions("If-None-Match"), ",") { // none of our tags contains a comma
		given = strings.TrimSpace(given)
		if given == "*" || strings.TrimPrefix(given, "W/") == tag {
			return true
		}
	}
	return false
}

// notModified answers that the caller has the answer already, with the tag of
// the form that it has, as far as that is known.
func (x *Exchange) notModified() {
	h := x.Header()
	h.Add("Vary", "Accept-Encoding")
	named := strings.Join(slices.Concat(x.Request.Header["If-Match"], x.Request.Header["If-None-Match"]), ",")
	if strings.Contains(named, gzipSuffix) && x.acceptsGzip() {
		addSuffix(h)
	}
	x.send(http.StatusOK, nil)
}

// addSuffix marks the ETag, if there is one, as that of the compressed form.
func addSuffix(h http.Header) {
	if tag, ok := strings.CutSuffix(h.Get("ETag"), `"`); ok {
		h.Set("ETag", tag+gzipSuffix)
	}
}

var (
	tagPattern     = regexp.MustCompile(`(W/)?"([^"]*)"`)
	tagListPattern = regexp.MustCompile(`^((W/)?"[^"]*"[ \t]*(,[, \t]*|$))+$`)
)

// IfMatch returns the versions that If-Match lists, nil if any will do. Weak
// tags are returned with their prefix, so that they match nothing: an update
// needs the strong comparison.
func (x *Exchange) IfMatch() ([]string, error) {
	list := strings.TrimSpace(x.conditions("If-Match"))
	if len(x.Request.Header["If-Match"]) == 0 || list == "*" {
		return nil, nil
	}
	if !tagListPattern.MatchString(list) {
		return nil, Refuse(http.StatusBadRequest, `If-Match must be *, or list ETags in their quotation marks: "7-2", "8-2".`)
	}
	var versions []string
	for _, tag := range tagPattern.FindAllStringSubmatch(list, -1) {
		versions = append(versions, tag[1]+tag[2])
	}
	return versions, nil
}
