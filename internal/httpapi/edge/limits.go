package edge

// What a request may hold as a whole.
const (
	maxBody       = 1 << 20  // bytes of a request's body, expanded if it is compressed
	maxPublicBody = 16 << 10 // the same of a request without a token
	maxKey        = 255      // characters of an Idempotency-Key
	maxID         = 128      // characters of an X-Request-Id that is taken over
	maxHeader     = 16 << 10 // bytes of a request's header
)
