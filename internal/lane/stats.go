package lane

import "time"

// Stats are what stands in Redis of a kind of lane, as far as its servers say.
type Stats struct {
	Pending int64         // lanes that are not empty
	Oldest  time.Duration // since the one that is due longest is so; zero if none is
	Silent  int           // shards of which nothing was heard

	Endpoints map[EndpointState]int64 // of deliver lanes: those that are not simply asked, in each shard by itself
}

// EndpointState says why an endpoint of deliver lanes is not simply asked.
type EndpointState string

// The states of endpoints.
const (
	Open     EndpointState = "open"      // it does not answer
	HalfOpen EndpointState = "half_open" // it did not, and is to be probed
	Held     EndpointState = "held"      // it asked to be left alone
	Paused   EndpointState = "paused"    // an operator stopped it
)

// EndpointStates lists every [EndpointState].
func EndpointStates() []EndpointState { return []EndpointState{Open, HalfOpen, Held, Paused} }
