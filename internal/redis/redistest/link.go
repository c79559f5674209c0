package redistest

import (
	"errors"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"
)

// A Loss says which replies of Redis never arrive at the client. The command
// was executed all the same. The replies to HELLO and CLIENT, with which a
// client opens a connection, always arrive: losing them changes nothing but the
// time it takes.
type Loss struct {
	Share  float64 // of the replies, from 0 to 1
	Silent bool    // the connection stays open and says nothing more; otherwise it is closed at once
	Only   string  // lose only replies to requests that contain this text; of all requests if empty
	After  int     // let so many of those replies arrive first
	Next   int     // end the loss after so many replies were lost; never if zero
}

// A NetworkLink is a connection between the clients of a test and one Redis
// whose faults the test decides. Its methods may be called at any moment.
type NetworkLink struct {
	Addr string // host:port on loopback at which clients reach Redis over this link

	target string
	gone   chan struct{} // closed with the test
	wg     sync.WaitGroup

	mu                sync.Mutex
	rng               *rand.Rand
	loss              Loss
	lost              int
	toRedis, toClient time.Duration
	healed            chan struct{} // nil, or what ends the black hole
	conns             map[*wire]struct{}
}

// Link opens a link to the Redis at the given address. It has no faults until
// the test asks for some. It logs the seed of its chances, and seed, unless
// zero, repeats a run.
func Link(t testing.TB, addr string, seed uint64) *NetworkLink {
	t.Helper()
	if seed == 0 {
		seed = rand.Uint64() //nolint:gosec // chances of a test
	}
	t.Logf("link to %s: seed %d", addr, seed)
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	k := &NetworkLink{
		Addr:   l.Addr().String(),
		target: addr,
		gone:   make(chan struct{}),
		rng:    rand.New(rand.NewPCG(seed, seed)), //nolint:gosec // chances of a test
		conns:  map[*wire]struct{}{},
	}
	k.wg.Go(func() { k.accept(l) })
	t.Cleanup(func() {
		close(k.gone)
		_ = l.Close() // it only listened
		k.Cut()
		k.wg.Wait()
	})
	return k
}

// URL returns the address of the link as a redis:// URL.
func (k *NetworkLink) URL() string { return "redis://" + k.Addr + "/0" }

// Lose has replies get lost from now on. The zero Loss ends it; connections
// that fell silent stay so.
func (k *NetworkLink) Lose(loss Loss) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.loss = loss
}

// Lost tells how many replies were lost so far.
func (k *NetworkLink) Lost() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.lost
}

// Delay has whatever is sent from now on arrive so much later.
func (k *NetworkLink) Delay(toRedis, toClient time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.toRedis, k.toClient = toRedis, toClient
}

// Cut closes every connection there is.
func (k *NetworkLink) Cut() {
	k.mu.Lock()
	defer k.mu.Unlock()
	for w := range k.conns {
		w.close()
	}
}

// BlackHole holds back whatever is sent, in both directions: connections are
// accepted and stay open, nothing arrives. As on a network, what was sent
// meanwhile arrives once the link is healed.
func (k *NetworkLink) BlackHole() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.healed == nil {
		k.healed = make(chan struct{})
	}
}

// Heal ends every fault. Connections that a lost reply had silenced are cut.
func (k *NetworkLink) Heal() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.loss, k.toRedis, k.toClient = Loss{}, 0, 0
	if k.healed != nil {
		close(k.healed)
		k.healed = nil
	}
	for w := range k.conns {
		if w.silenced() {
			w.close()
		}
	}
}

func (k *NetworkLink) accept(l net.Listener) {
	for {
		client, err := l.Accept()
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return
			}
			continue // out of descriptors for a moment
		}
		w := &wire{link: k, client: client}
		k.mu.Lock()
		k.conns[w] = struct{}{}
		k.mu.Unlock()
		k.wg.Go(func() {
			w.run()
			k.mu.Lock()
			defer k.mu.Unlock()
			delete(k.conns, w)
		})
	}
}

// passable waits until the link is no black hole. It reports whether the link
// still exists then.
func (k *NetworkLink) passable() bool {
	for {
		k.mu.Lock()
		healed := k.healed
		k.mu.Unlock()
		if healed == nil {
			return !k.ended()
		}
		select {
		case <-healed:
		case <-k.gone:
			return false
		}
	}
}

// ended reports whether the test is over.
func (k *NetworkLink) ended() bool {
	select {
	case <-k.gone:
		return true
	default:
		return false
	}
}

func (k *NetworkLink) delay(toClient bool) time.Duration {
	k.mu.Lock()
	defer k.mu.Unlock()
	if toClient {
		return k.toClient
	}
	return k.toRedis
}

// concerns reports whether the reply to a request may get lost.
func (k *NetworkLink) concerns(request []byte) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	opening := contains(request, "\r\nhello\r\n") || contains(request, "\r\nclient\r\n")
	return k.loss.Share > 0 && !opening && contains(request, k.loss.Only)
}

// loses decides the fate of one reply.
func (k *NetworkLink) loses() (loss Loss, lost bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	loss = k.loss
	if loss.After > 0 {
		k.loss.After--
		return loss, false
	}
	if k.rng.Float64() >= loss.Share {
		return loss, false
	}
	k.lost++
	if k.loss.Next > 0 {
		if k.loss.Next--; k.loss.Next == 0 {
			k.loss = Loss{}
		}
	}
	return loss, true
}
