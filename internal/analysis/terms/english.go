package terms

const (
	minLongWords  = 6 // long words by which the language of a message is detected
	stopWordShare = 8 // one of so many long words is a stop word at least
)

// English reports whether the terms of a message are likely English, because
// enough of its words of three bytes and more are stop words. A message too
// short to tell is taken to be like the one before.
func (t *Table) English(message []int32) bool {
	long, stops := 0, 0
	for _, number := range message {
		term := &t.terms[number]
		if term.Kind == Mark || len(term.Text) < 3 {
			continue
		}
		long++
		if term.Kind != Content && term.Kind != Weak && term.Kind != Deed {
			stops++
		}
	}
	if long >= minLongWords {
		t.foreign = stops*stopWordShare < long
	}
	return !t.foreign
}
