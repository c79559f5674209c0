package edge

import (
	"errors"
	"io"
	"net/http"
	"sync"
)

// What the bodies of unanswered requests may take of memory together. Those up
// to smallBody are free: the number of connections bounds them.
const (
	smallBody       = 4 << 10
	mediumBody      = 64 << 10
	largeBody       = maxBody + 1 // one more, by which an expanded one is known to be too large
	maxBodies       = 64 << 20    // bytes in this process
	maxOfOneAccount = maxBodies / 2
)

var (
	errBodiesOfAccount = &Refusal{http.StatusTooManyRequests, "The bodies of the account's unanswered requests take as much memory as an account may have. Send the request again when others are answered.", true}
	errBodies          = &Refusal{http.StatusTooManyRequests, "The bodies of unanswered requests take as much memory as there is for them. Send the request again in a while.", true}
)

// bodies holds what arrives of the bodies of requests, within a bound of memory
// that accounts share. A body takes one of a few sizes, by what has arrived of
// it and not by what it announces.
type bodies struct {
	pools [3]sync.Pool // of *[]byte, by size

	mu    sync.Mutex
	taken int            // bytes
	by    map[string]int // bytes by account; of those that have any
}

func bodySizes() [3]int { return [3]int{smallBody, mediumBody, largeBody} }

func newBodies() *bodies {
	b := &bodies{by: map[string]int{}}
	for i, size := range bodySizes() {
		b.pools[i].New = func() any { data := make([]byte, 0, size); return &data }
	}
	return b
}

// A body is what has arrived of one.
type body struct {
	data []byte

	of      *bodies
	account string
	size    int     // index of its size
	room    *[]byte // of the pool of that size
	taken   int     // bytes
}

// open returns an empty body of the account's. It is closed once nobody needs
// its data any more.
func (b *bodies) open(account string) *body {
	room := b.pools[0].Get().(*[]byte)
	return &body{of: b, account: account, room: room, data: (*room)[:0]}
}

// close gives the memory back.
func (b *body) close() {
	b.of.pools[b.size].Put(b.room)
	b.of.take(b.account, -b.taken)
	b.data, b.taken = nil, 0
}

// readFrom reads all that r has.
func (b *body) readFrom(r io.Reader) error {
	for {
		if len(b.data) == cap(b.data) {
			if err := b.grow(); err != nil {
				return err
			}
		}
		n, err := r.Read(b.data[len(b.data):cap(b.data)])
		b.data = b.data[:len(b.data)+n]
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// grow moves the data to where there is more room.
func (b *body) grow() error {
	larger := b.size + 1
	if larger == len(b.of.pools) {
		return tooLarge(maxBody) // which its caller has made sure of
	}
	size := bodySizes()[larger]
	if err := b.of.take(b.account, size-b.taken); err != nil {
		return err
	}
	room := b.of.pools[larger].Get().(*[]byte)
	data := append((*room)[:0], b.data...)
	b.of.pools[b.size].Put(b.room)
	b.data, b.room, b.size, b.taken = data, room, larger, size
	return nil
}

// take takes bytes for an account, or gives them back if there are less than 0.
func (b *bodies) take(account string, n int) error {
	if n == 0 {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case n > 0 && b.by[account]+n > maxOfOneAccount:
		return errBodiesOfAccount
	case n > 0 && b.taken+n > maxBodies:
		return errBodies
	}
	b.taken += n
	if b.by[account] += n; b.by[account] == 0 {
		delete(b.by, account)
	}
	return nil
}
