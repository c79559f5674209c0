package settings

import (
	"net"
	"net/netip"
	"strings"
	"time"
)

// An ordering is two settings of which the first must not be longer than the
// second, and the reason.
type ordering struct {
	low, high string
	why       string
}

func orderings() []ordering {
	return []ordering{
		{"job_backoff_initial", "job_backoff_max", "so no wait could be right"},
		{"webhook_backoff_initial", "webhook_backoff_max", "so no wait could be right"},
		{"webhook_backoff_initial", "webhook_max_elapsed", "so a webhook would be given up before its second attempt"},
		{"webhook_timeout", "webhook_max_elapsed", "so one attempt could outlast all the time that a webhook has"},
		{"lease", "job_retention", "so a job could be forgotten while its last worker may still hold it"},
	}
}

// checkOrders finds durations that contradict each other.
func (l *loader) checkOrders() {
	known := map[string]time.Duration{}
	for _, r := range l.rows {
		if d, err := time.ParseDuration(r.value.get()); r.value.kind == "duration" && err == nil {
			known[r.key] = d
		}
	}
	for _, o := range orderings() {
		low, high := known[o.low], known[o.high]
		if l.valid(o.low, o.high) && low > high {
			l.mistake("%s is %s, which is longer than %s, %s, %s; raise %s or lower %s",
				o.low, low, o.high, high, o.why, variable(o.high), variable(o.low))
		}
	}
}

// collide reports whether two addresses cannot be listened on at once, as far as
// that can be told without looking names up.
func collide(one, two string) bool {
	host, port, err := net.SplitHostPort(one)
	other, same, err2 := net.SplitHostPort(two)
	if err != nil || err2 != nil || port != same || port == "0" {
		return false
	}
	return strings.EqualFold(host, other) || allAddresses(host) || allAddresses(other)
}

// allAddresses reports whether a host stands for all addresses of the machine.
func allAddresses(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "" || err == nil && ip.IsUnspecified()
}
