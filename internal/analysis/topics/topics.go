package topics

import (
	"cmp"
	"slices"
	"strings"
)

// Topics returns what the messages so far are about: the phrases of the
// vocabulary and the others by score, the highest first.
func (c *Collection) Topics() []Topic {
	var found []finding
	for n := range c.custom.counts {
		if p := &c.custom.counts[n]; p.times > 0 {
			own := score(c.weight(c.custom.rows[n], p, 0))
			f := c.finding(&c.custom.postingLists, p, c.custom.rows[n], 1-(1-own)/4)
			f.Text, f.FromVocabulary = c.custom.texts[n], true
			found = append(found, f)
		}
	}
	for _, r := range c.pick(c.rank()) {
		p := &c.phrases.counts[r.number]
		found = append(found, c.finding(&c.phrases.postingLists, p, p.form[:p.form.len()], score(r.weight)))
	}
	slices.SortStableFunc(found, func(a, b finding) int { return cmp.Compare(b.Score, a.Score) })
	findParents(found, len(c.ids))
	topics := make([]Topic, len(found))
	for n, f := range found {
		topics[n] = f.Topic
		for _, m := range f.messages {
			topics[n].Messages = append(topics[n].Messages, c.ids[m])
		}
	}
	return topics
}

// A finding is a topic with what its parents are found by.
type finding struct {
	Topic

	stems    []int32
	messages []int32 // in order
}

func (c *Collection) finding(l *postingLists, p *count, row []int32, score float64) finding {
	f := finding{messages: l.messages(nil, p)}
	f.Score = score
	var text, key []string
	for _, number := range row {
		term := c.table.Term(number)
		f.stems = append(f.stems, term.Stem)
		text = append(text, term.Text)
		key = append(key, c.table.Root(term.Stem))
	}
	f.Text, f.Key = strings.Join(text, " "), strings.Join(key, " ")
	for _, m := range f.messages {
		f.Sentiment += float64(c.polarities[m])
	}
	f.Sentiment /= float64(len(f.messages))
	return f
}
