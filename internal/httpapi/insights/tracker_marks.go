package insights

import (
	"cmp"
	"context"
	"hash/maphash"
	"slices"
	"unicode/utf8"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
)

// foundTrackers are the trackers of a conversation for its readers: all of them if they
// are few, else where they were matched.
type foundTrackers struct {
	views []trackerView // nil if they are many
	marks []mark        // nil if they are few; by tracker and term, and in the order of the messages
	about []about       // likewise; by message, and in the order of the insights
}

// An about says that an insight is about a message in which a tracker was matched.
type about struct {
	message, insight uint32 // their indexes in the conversation
	bytes            uint32 // the weight of the insight where it is told
}

const perAbout = 12 // bytes

// aboutMessage returns what is about a message.
func (f *foundTrackers) aboutMessage(message uint32) []about {
	from, _ := slices.BinarySearchFunc(f.about, message, func(a about, m uint32) int { return cmp.Compare(a.message, m) })
	to := from
	for to < len(f.about) && f.about[to].message == message {
		to++
	}
	return f.about[from:to]
}

// findTrackers reads the messages of a conversation, then the insights about those in
// which a tracker was matched.
func (h *handlers) findTrackers(ctx context.Context, x *edge.Exchange, c conversation.Conversation) (*foundTrackers, int, error) {
	r := trackerReading{seed: maphash.MakeSeed(), trackers: map[uint64]uint32{}, terms: map[uint64]uint32{}, byID: map[uint64]uint32{}}
	if err := h.eachMessage(ctx, x, c, r.addMessage); err != nil {
		return nil, 0, err
	}
	if len(r.marks) > 0 {
		if err := h.eachInsight(ctx, x, c, r.addInsight); err != nil {
			return nil, 0, err
		}
	}
	f, bytes := r.end()
	if bytes > mostHeld {
		return f, perMark*len(f.marks) + perAbout*len(f.about), nil
	}
	views, err := trackerStream{h.Conversations.Store, x.Account.ID, c.ID, f}.viewsOf(ctx, f.marks)
	return &foundTrackers{views: views}, bytes, err
}

// A trackerReading notes where trackers are matched while a conversation is read, up to
// maxOccurrences of messages and insights together, the first ones.
type trackerReading struct {
	foundTrackers

	messages, insights uint32 // so far

	// As in foundEntities, numbers by what a hash returns.
	seed            maphash.Seed
	trackers, terms map[uint64]uint32
	byID            map[uint64]uint32 // the indexes of the messages of marks
}

// addMessage notes the matches in a message. It returns false if there is no room for
// more.
func (r *trackerReading) addMessage(m conversation.Message) bool {
	for n, hit := range m.Matches {
		if len(r.marks) == maxOccurrences {
			return false
		}
		r.marks = append(r.marks, mark{
			item:    number(r.trackers, maphash.String(r.seed, hit.Tracker)),
			part:    number(r.terms, maphash.Comparable(r.seed, termKey{hit.Tracker, hit.Term})),
			message: r.messages,
			ordinal: uint32(n), //nolint:gosec // a message has a thousand at most
			bytes:   weightOf(m.Text),
		})
	}
	if len(m.Matches) > 0 {
		r.byID[maphash.String(r.seed, m.ID)] = r.messages
	}
	r.messages++
	return true
}

// weightOf is the size of a place in an answer, in bytes, about and at most, where that
// text is quoted.
func weightOf(text string) uint32 {
	return perOccurrence + uint32(min(len(text), utf8.UTFMax*maxQuote)) //nolint:gosec // it is little
}

// addInsight notes which messages an insight is about. An answer has no room for more
// than maxOccurrences of these, so those of the latest messages are given up.
func (r *trackerReading) addInsight(in analysis.Insight) bool {
	for _, id := range in.MessageIDs {
		if message, matched := r.byID[maphash.String(r.seed, id)]; matched {
			r.about = append(r.about, about{message, r.insights, weightOf(in.Text)})
		}
	}
	r.insights++
	if len(r.about) > 2*maxOccurrences {
		r.sortAbout()
	}
	return true
}

func (r *trackerReading) sortAbout() {
	slices.SortStableFunc(r.about, func(a, b about) int { return cmp.Compare(a.message, b.message) })
	r.about = r.about[:min(len(r.about), maxOccurrences)]
}

// end ends the reading and returns what was found, with the weight of all of it together.
func (r *trackerReading) end() (*foundTrackers, int) {
	r.sortAbout()
	kept, bytes := r.weigh()
	r.marks = slices.Clip(r.marks[:kept])
	if kept > 0 {
		last := r.marks[kept-1].message
		beyond, _ := slices.BinarySearchFunc(r.about, last+1, func(a about, m uint32) int { return cmp.Compare(a.message, m) })
		r.about = r.about[:beyond]
	}
	r.about = slices.Clone(r.about)
	slices.SortStableFunc(r.marks, func(a, b mark) int {
		return cmp.Or(cmp.Compare(a.item, b.item), cmp.Compare(a.part, b.part))
	})
	return &foundTrackers{marks: r.marks, about: r.about}, bytes
}

// weigh adds to the weight of each mark that of the insights that are told with it, and
// returns how many marks there is room for, and the weight of these. The insights about a
// message are told once for each term that was matched in it, however often it was.
func (r *trackerReading) weigh() (kept, bytes int) {
	told := make([]uint32, len(r.terms)) // by term: the latest message of which they were told, and one
	places := 0
	for n := range r.marks {
		m := &r.marks[n]
		places++
		if told[m.part] != m.message+1 {
			told[m.part] = m.message + 1
			for _, a := range r.aboutMessage(m.message) {
				places++
				m.bytes += a.bytes
			}
		}
		if places > maxOccurrences {
			return n, bytes
		}
		bytes += int(m.bytes)
	}
	return len(r.marks), bytes
}
