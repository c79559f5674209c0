package topics

import "slices"

// A posting is a message in which a phrase occurs.
type posting struct {
	message int32
	before  int32 // the phrase's posting before this one, from 1; 0 for none
}

// A postingLists notes which phrases, by number, occur in which messages.
type postingLists struct {
	counts   []count
	postings []posting
}

// addPhrase returns the number of a new phrase.
func (l *postingLists) addPhrase() int32 {
	l.counts = append(l.counts, count{})
	return int32(len(l.counts) - 1)
}

// addOccurrence notes an occurrence of the nth phrase. Occurrences come in the order of
// the messages.
func (l *postingLists) addOccurrence(n int32, at occurrence) {
	c := &l.counts[n]
	c.times++
	c.speakers |= at.speaker
	if c.last != 0 && l.postings[c.last-1].message == at.message {
		return
	}
	if c.messages == 0 {
		c.first = at.message
	}
	c.messages++
	l.postings = append(l.postings, posting{at.message, c.last})
	c.last = int32(len(l.postings))
}

// messages appends the messages of a phrase to to, in order.
func (l *postingLists) messages(to []int32, c *count) []int32 {
	from := len(to)
	for n := c.last; n != 0; n = l.postings[n-1].before {
		to = append(to, l.postings[n-1].message)
	}
	slices.Reverse(to[from:])
	return to
}

// merge adds what another one knew of a phrase, and returns its number.
func (l *postingLists) merge(c count, messages []int32) int32 {
	c.last = 0
	for _, m := range messages {
		l.postings = append(l.postings, posting{m, c.last})
		c.last = int32(len(l.postings))
	}
	l.counts = append(l.counts, c)
	return int32(len(l.counts) - 1)
}
