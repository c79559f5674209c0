package store

import (
	"slices"
	"sync"

	"github.com/turnwise/turnwise/internal/lane"
)

// maxUnconfirmed is how many claims of a shard are remembered at most. Those that
// are not lapse, which costs a lease.
const maxUnconfirmed = 256

// unconfirmedClaims are the ids of claims that may have been granted although no
// reply said so. The next claim of the shard is made under such an id: if it
// was granted, what it holds is worked now instead of when the lease is over.
type unconfirmedClaims struct {
	mu  sync.Mutex
	ids map[place][]string
}

// place is where claims are made.
type place struct {
	kind  lane.Kind
	shard int
}

// take returns the id for the next claim at p.
func (u *unconfirmedClaims) take(p place, process string) string {
	u.mu.Lock()
	defer u.mu.Unlock()
	ids := u.ids[p]
	if len(ids) == 0 {
		return newClaimID(process)
	}
	u.ids[p] = ids[1:]
	return ids[0]
}

// put remembers the id of a claim without a reply.
func (u *unconfirmedClaims) put(p place, id string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.ids == nil {
		u.ids = map[place][]string{}
	}
	if len(u.ids[p]) < maxUnconfirmed {
		u.ids[p] = append(slices.Clip(u.ids[p]), id)
	}
}

// any reports whether there are some at p.
func (u *unconfirmedClaims) any(p place) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return len(u.ids[p]) > 0
}
