package edge

import (
	"net/http"
	"net/url"
	"strings"
)

// withoutSlash returns a request for the address without the slash at its end, by
// which some clients and documents write addresses. That of the root stays.
func withoutSlash(r *http.Request) *http.Request {
	path := strings.TrimSuffix(r.URL.Path, "/")
	if path == "" || !strings.HasSuffix(r.URL.EscapedPath(), "/") { // an encoded one is part of a name
		return r
	}
	trimmed, address := *r, *r.URL
	address.Path, address.RawPath = path, strings.TrimSuffix(r.URL.RawPath, "/")
	trimmed.URL = &address
	return &trimmed
}

// notOffered returns a multiplexer of the addresses that others' APIs have and the
// dialects have not.
func notOffered(dialects []Dialect) *http.ServeMux {
	mux := http.NewServeMux()
	for _, d := range dialects {
		for _, pattern := range d.NotOffered {
			mux.Handle(pattern, http.NotFoundHandler())
		}
	}
	return mux
}

// errNotOffered is the answer at an address that another API has.
var errNotOffered = &Refusal{
	Status:  http.StatusNotFound,
	Message: "This address is not offered by Turnwise. docs/compatibility.md of Turnwise lists what is, and what is not.",
}

// orNotOffered returns the refusal, or that the address is not offered where it
// would say that something does not exist: the name of a call that is not there may
// look like an id.
func (x *Exchange) orNotOffered(r *Refusal) *Refusal {
	if r.Status != http.StatusNotFound && r.Status != http.StatusMethodNotAllowed {
		return r
	}
	// The multiplexer looks at the method, the host and the path.
	asked := &http.Request{Method: x.Request.Method, Host: x.Request.Host, URL: &url.URL{Path: x.Request.URL.Path, RawPath: x.Request.URL.RawPath}}
	if _, pattern := x.h.notOffered.Handler(asked); pattern != "" {
		x.Header().Del("Allow")
		return errNotOffered
	}
	return r
}
