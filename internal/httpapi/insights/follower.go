package insights

import (
	"context"
	"hash/maphash"
	"iter"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi/conversations"
)

// How many messages before the latest one a follower knows. Insights are about messages of
// their own job, which has [analysis.MaxItems] at most, and most follow the order of these.
const (
	narrow = 512
	wide   = analysis.MaxItems
)

// A follower finds the messages that insights are about, of which both are read in the order
// in which they were stored. So it holds few of them, however long the conversation is. Those
// of a job whose insights are in another order it reads again, once for an answer, and
// knows as many from then on as a job may have.
type follower struct {
	ctx     func() context.Context // of the answer
	from    conversations.Store
	account string
	id      string // of the conversation

	next   func() (conversation.Message, error, bool)
	stop   func()
	read   int                  // index of the message that is read next
	latest conversation.Message // that was read

	reached int // index of the latest message that was found

	seed  maphash.Seed
	known map[uint64]place // by what a hash of their ids returns
	ring  []uint64         // these hashes, each at its index modulo the length
	names map[string]string
}

// A place is a message that a follower knows.
type place struct {
	index  int
	member string // who said it
}

// follow returns a follower that begins shortly before a message. It has to be closed once
// it was asked for one.
func follow(ctx func() context.Context, from conversations.Store, account, conversation string, index int) *follower {
	return &follower{
		ctx: ctx, from: from, account: account, id: conversation, seed: maphash.MakeSeed(), names: map[string]string{},
		read: max(index-narrow, 0), reached: index,
	}
}

// open begins at a message, to know so many at most.
func (f *follower) open(index, size int) {
	f.close()
	f.next, f.stop = iter.Pull2(f.from.EachMessage(f.ctx(), f.account, f.id, index))
	f.read, f.known, f.ring = index, map[uint64]place{}, make([]uint64, size)
}

func (f *follower) close() {
	if f.stop != nil {
		f.stop()
	}
}

// find returns the message with that id, or false if it is not there.
func (f *follower) find(id string) (place, bool, error) {
	if f.next == nil {
		f.open(f.read, narrow)
	}
	hash := maphash.String(f.seed, id)
	if p, ok := f.known[hash]; ok {
		return p, true, nil
	}
	for before := f.read; ; {
		found, more, err := f.advance()
		switch {
		case err != nil:
			return place{}, false, err
		case more && found == hash:
			f.reached = f.read - 1
			return f.known[hash], true, nil
		case !more && len(f.ring) == wide:
			return place{}, false, nil
		case !more:
			f.open(max(before-wide, 0), wide)
		}
	}
}

// advance reads one message and returns the hash of its id.
func (f *follower) advance() (hash uint64, more bool, err error) {
	m, err, more := f.next()
	if err != nil || !more {
		return 0, false, err
	}
	if _, ok := f.names[m.Member]; !ok {
		f.names[m.Member] = m.Member // one string for each, however many messages name it
	}
	hash = maphash.String(f.seed, m.ID)
	oldest := &f.ring[f.read%len(f.ring)]
	if p, ok := f.known[*oldest]; ok && p.index == f.read-len(f.ring) {
		delete(f.known, *oldest)
	}
	*oldest = hash
	f.known[hash] = place{f.read, f.names[m.Member]}
	f.latest = m
	f.read++
	return hash, true, nil
}

// speaker implements [messages].
func (f *follower) speaker(id string) (string, error) {
	p, _, err := f.find(id)
	return p.member, err
}

// text implements [messages].
func (f *follower) text(id string) (string, error) {
	if f.latest.ID == id {
		return f.latest.Text, nil
	}
	p, ok, err := f.find(id)
	if err != nil || !ok {
		return "", err
	}
	if f.latest.ID == id {
		return f.latest.Text, nil
	}
	for m, err := range f.from.MessagesAt(f.ctx(), f.account, f.id, func(yield func(int) bool) { yield(p.index) }) {
		return m.Text, err
	}
	return "", nil
}
