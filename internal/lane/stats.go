package lane

import "time"

// Stats are what stands in Redis of a kind of lane, as far as its servers say.
type Stats struct {
	Pending int64         // lanes that are not empty
	Oldest  time.Duration // since the one that is due longest is so; zero if none is
	Silent  int           // shards of which nothing was heard
}
