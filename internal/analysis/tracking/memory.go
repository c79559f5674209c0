package tracking

// memorable is how many words a job remembers that the vocabulary does not have.
const memorable = 1 << 10

// A memory has the words that a job has looked for already. It makes no difference
// to what is found, only to the effort.
type memory struct {
	seen []int32               // by word of the vocabulary: the run that looked for it last
	near map[string][]neighbor // of other words
}

// near returns the words of the vocabulary that are like one, until the next call.
func (r *Reader) near(text string) []neighbor {
	number, ok := r.words.numbers[text]
	if ok {
		if r.memory.seen[number] != r.run {
			r.memory.seen[number] = r.run
			r.spend(int(r.words.cost[number]))
		}
		return r.words.neighbors(number, &r.search)
	}
	if len(text) > maxLetters {
		return nil // it has no grams
	}
	if known, ok := r.memory.near[text]; ok {
		return known
	}
	found := r.words.search(text, "", none, &r.search)
	r.spend(r.search.cost)
	if len(r.memory.near) < memorable {
		r.memory.near[text] = append([]neighbor(nil), found...)
	}
	return found
}
