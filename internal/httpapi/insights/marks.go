package insights

import (
	"cmp"
	"context"
	"hash/maphash"
	"iter"
	"slices"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi/conversations"
)

// mostHeld is how many bytes of entities or trackers are kept for their readers, and how
// many an answer holds that has more: of these the messages are read again, where they
// are told.
const mostHeld = 512 << 10

// A mark says where an entity in one of its spellings occurs, or a tracker by one of its
// terms. Each of the four is numbered in the order in which they occur first.
type mark struct {
	item    uint32 // the entity, or the tracker
	part    uint32 // its spelling, or its term; no two items have one of the same number
	message uint32 // its index in the conversation
	ordinal uint32 // of the entities, or of the matches, of that message
	bytes   uint32 // the weight of the occurrence
}

const perMark = 20 // bytes

// foundEntities are the entities of a conversation for its readers: all of them if they
// are few, else where they occur.
type foundEntities struct {
	list  *entityList // nil if they are many
	marks []mark      // nil if they are few; by entity, and in the order of the messages

	messages int // so far

	// Numbers by what a hash of entities and spellings returns, because many of these
	// would take much memory. Its seed is random, so nobody can choose two of one value.
	seed      maphash.Seed
	entities  map[uint64]uint32
	spellings map[uint64]uint32
}

func newFoundEntities() *foundEntities {
	return &foundEntities{
		list: newEntityList(), seed: maphash.MakeSeed(), entities: map[uint64]uint32{}, spellings: map[uint64]uint32{},
	}
}

// addMessage adds the entities of a message. It returns false if there is no room
// for more.
func (f *foundEntities) addMessage(m conversation.Message) bool {
	from := sourceOf(m)
	for n, e := range m.Entities {
		if len(f.marks) == maxOccurrences {
			return false
		}
		occurrence := from.occurrence(e.Offset)
		entity := number(f.entities, maphash.Comparable(f.seed, keyOf(e)))
		f.marks = append(f.marks, mark{
			item:    entity,
			part:    number(f.spellings, maphash.Comparable(f.seed, spelling{int(entity), e.Text})),
			message: uint32(f.messages),         //nolint:gosec // nobody has so many
			ordinal: uint32(n),                  //nolint:gosec // likewise
			bytes:   uint32(weight(occurrence)), //nolint:gosec // quotes are shorter
		})
		if f.list != nil {
			f.list.add(e, occurrence)
			if f.list.bytes > mostHeld {
				f.list = nil
			}
		}
	}
	f.messages++
	return true
}

// number returns the number of a value, the next one if it is new.
func number(numbers map[uint64]uint32, value uint64) uint32 {
	n, known := numbers[value]
	if !known {
		n = uint32(len(numbers)) //nolint:gosec // as many as occurrences at most
		numbers[value] = n
	}
	return n
}

// end ends the reading and returns the size of what is kept, in bytes.
func (f *foundEntities) end() int {
	f.entities, f.spellings = nil, nil
	if f.list != nil {
		f.marks = nil
		f.list.entities, f.list.spellings = nil, nil
		return f.list.bytes
	}
	f.marks = slices.Clip(f.marks)
	slices.SortStableFunc(f.marks, func(a, b mark) int { return cmp.Compare(a.item, b.item) })
	return perMark * len(f.marks)
}

// messagesOf yields the messages of marks that are in their order, each once.
func messagesOf(marks iter.Seq[mark]) iter.Seq[int] {
	return func(yield func(int) bool) {
		last := -1
		for m := range marks {
			if at := int(m.message); at != last {
				if last = at; !yield(at) {
					return
				}
			}
		}
	}
}

// inOrder returns marks in the order of the messages.
func inOrder(marks []mark) []mark {
	sorted := slices.Clone(marks)
	slices.SortFunc(sorted, func(a, b mark) int {
		return cmp.Or(cmp.Compare(a.message, b.message), cmp.Compare(a.ordinal, b.ordinal))
	})
	return sorted
}

// groups yields marks whose occurrences may be held together: as many in a row as fit,
// of which none is parted from others of its number, or those of one number alone, if
// they are too many to be held.
func groups(marks []mark, of func(mark) uint32) iter.Seq2[[]mark, bool] {
	return func(yield func([]mark, bool) bool) {
		held := 0
		from := 0
		for at := 0; at < len(marks); {
			to, bytes := at, 0
			for ; to < len(marks) && of(marks[to]) == of(marks[at]); to++ {
				bytes += int(marks[to].bytes)
			}
			if held+bytes > mostHeld && from < at {
				if !yield(marks[from:at], false) {
					return
				}
				from, held = at, 0
			}
			if held += bytes; held > mostHeld {
				if !yield(marks[at:to], true) {
					return
				}
				from, held = to, 0
			}
			at = to
		}
		if from < len(marks) {
			yield(marks[from:], false)
		}
	}
}

// A marked is a mark with the message it is in.
type marked struct {
	mark

	in    *messageSource // the same for all marks of a message
	first bool           // of those of its message
}

// hit returns the match that stands at the mark, if it is one of a tracker.
func (k marked) hit() conversation.Match { return k.in.message.Matches[k.ordinal] }

// read reads the messages of marks again, which are in the order of the messages.
func read(ctx context.Context, from conversations.Store, account, conversation string, marks iter.Seq[mark]) iter.Seq2[marked, error] {
	return func(yield func(marked, error) bool) {
		next, stop := iter.Pull(marks)
		defer stop()
		k, more := next()
		for m, err := range from.MessagesAt(ctx, account, conversation, messagesOf(marks)) {
			if err != nil {
				yield(marked{}, err)
				return
			}
			in, first := sourceOf(m), true
			for here := k.message; more && k.message == here; k, more = next() {
				if !yield(marked{k, &in, first}, nil) {
					return
				}
				first = false
			}
		}
	}
}
