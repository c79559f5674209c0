package httpapi

import (
	"errors"
	"net/http"
	"strings"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
)

// tag puts the version of a conversation in front of an answer about it. The
// conversation has to be read before whatever else is answered: then what is
// newer than its tag is sent once too often, but nothing is taken for current
// that is not.
func (x *exchange) tag(c conversation.Conversation) {
	x.Header().Set("ETag", `"`+c.Version+`"`)
}

// errCurrent says that the caller has the answer already, so that nobody has
// to read or compute the rest of it.
var errCurrent = errors.New("the caller has the answer already")

// fresh tags an answer about a conversation. It returns [errCurrent] if the
// caller has the answer with this tag.
func (x *exchange) fresh(c conversation.Conversation) error {
	x.tag(c)
	if x.unchanged(http.StatusOK, x.Header().Get("ETag")) {
		return errCurrent
	}
	return nil
}

// confirm answers that the caller has the answer already, in the form that it
// has, as far as that is known.
func (x *exchange) confirm() {
	h := x.Header()
	h.Add("Vary", "Accept-Encoding")
	if tag, ok := strings.CutSuffix(h.Get("ETag"), `"`); ok && x.hasZipped && takesGzip(x.r.Header["Accept-Encoding"]) {
		h.Set("ETag", tag+zippedTag)
	}
	x.send(http.StatusOK, nil)
}

// target returns the conversation that the path names, at the version that the
// caller wants it to be.
func (x *exchange) target() (edit.Target, error) {
	versions, err := ifMatch(x.r.Header)
	if err != nil {
		return edit.Target{}, err
	}
	id, ok := x.conversationID()
	if !ok {
		return edit.Target{}, errNoConversation
	}
	return edit.Target{Account: x.account.ID, ID: id, Versions: versions}, nil
}

// ifMatch returns the versions that If-Match lists, nil if any will do. Weak
// tags are returned with their prefix, so that they match nothing, which is
// what a comparison for an update asks of them.
func ifMatch(h http.Header) ([]string, error) {
	given := h["If-Match"]
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
		return nil, refuse(http.StatusBadRequest, `If-Match must be *, or list ETags in their quotation marks: "7-2", "8-2".`)
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
