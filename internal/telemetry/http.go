package telemetry

import (
	"cmp"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Other stands for every label value outside the set.
const other = "other"

// maxOperations bounds the operations of the API that have series of their
// own. It is far above what the API has; what passes it counts as other.
const maxOperations = 200

// An operation is a route under one method.
type operation struct{ route, method string }

// HTTPRequest records an answered request. The route is the pattern that the
// request matched, never its path; it is empty if none matched.
func (m *Metrics) HTTPRequest(route, method string, code int, took time.Duration) {
	if m == nil {
		return
	}
	op := m.operation(route, method)
	m.requests.WithLabelValues(op.route, op.method, codeClass(code)).Inc()
	observe(m.seconds.WithLabelValues(op.route), took)
}

// operation returns the labels for a request, having exported all series of
// an operation as zero before its first request counts.
func (m *httpMetrics) operation(route, method string) operation {
	op := operation{route: cmp.Or(route, other), method: knownMethod(method)}
	op, fresh := m.routes.admit(op)
	if fresh {
		m.prepare(op)
	}
	return op
}

func (m *httpMetrics) prepare(op operation) {
	for class := 1; class <= 5; class++ {
		m.requests.WithLabelValues(op.route, op.method, codeClass(class*100))
	}
	m.seconds.WithLabelValues(op.route)
}

// Routes remembers the operations seen, up to a bound.
type routes struct {
	mu   sync.RWMutex
	seen map[operation]struct{}
}

func newRoutes() *routes { return &routes{seen: map[operation]struct{}{}} }

// admit returns op, and whether it is new, or the operation that stands for
// all others once there are too many.
func (r *routes) admit(op operation) (admitted operation, fresh bool) {
	r.mu.RLock()
	_, known := r.seen[op]
	r.mu.RUnlock()
	if known {
		return op, false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, known = r.seen[op]; known {
		return op, false
	}
	if len(r.seen) >= maxOperations {
		return operation{route: other, method: op.method}, false
	}
	r.seen[op] = struct{}{}
	return op, true
}

func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut,
		http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	default:
		return other
	}
}

// codeClass returns the class of a status code, "1xx" to "5xx". What net/http
// would not send counts as the fault of the server that tried.
func codeClass(code int) string {
	if code < 100 || code > 599 {
		code = http.StatusInternalServerError
	}
	return strconv.Itoa(code/100) + "xx"
}
