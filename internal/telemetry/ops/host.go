package ops

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// CheckHost refuses requests that name the host otherwise than by an address, as
// localhost or by one of the names. A page in a browser of this network may have
// its own name lead here (DNS rebinding), and would read the answers.
func CheckHost(next http.Handler, names []string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !expected(r.Host, names) {
			answer(w, http.StatusMisdirectedRequest, "This host is not asked under that name. Ask for its address, or have its operator add the name to TURNWISE_OPS_HOSTS.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func expected(host string, names []string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	if _, err := netip.ParseAddr(host); err == nil || host == "" { // HTTP/1.0 names none, and no browser speaks it
		return true
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost") ||
		slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, host) })
}
