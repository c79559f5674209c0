package names

import (
	"math"
	"slices"
)

// A label is what a token is: 0 for nothing, else 2t+1 for the first token of
// a name of the type t and 2t+2 for those that follow.
type label = uint8

const labels = 1 + 2*3

// types are those of the labels, in their order.
var types = [...]Type{Person, Organization, Location} //nolint:gochecknoglobals // a constant in all but syntax

// A Model weighs features.
type Model struct {
	bits        uint32 // that number a feature
	without     Kinds  // of features
	weights     []int8 // by feature and label
	transitions transitions
	unit        float64 // what a score is multiplied with to be in logits
}

// transitions weighs what follows what: the last row is the beginning of a text.
type transitions [labels + 1][labels]int32

// allowed reports whether a label may follow another: a name goes on only
// where it has begun.
func allowed(from, to label) bool {
	return to == 0 || to%2 == 1 || from == to || from == to-1
}

// score adds up the weights of features, by label.
func (m *Model) score(features []uint32) (s [labels]int32) {
	for _, f := range features {
		w := m.weights[f*labels : f*labels+labels]
		for y := range s {
			s[y] += int32(w[y])
		}
	}
	return s
}

// decode finds the sequence of labels with the highest score, which it appends
// to to. It needs as much room as there are tokens.
func (m *transitions) decode(scores [][labels]int32, back [][labels]label, to []label) []label {
	const never = math.MinInt32 / 2
	var sum [labels]int32
	for i := range scores {
		var next [labels]int32
		for y := range label(labels) {
			best := int32(never)
			for from := range label(labels) {
				move := sum[from] + m[from][y]
				if i == 0 {
					if from > 0 {
						break
					}
					move = m[labels][y]
				}
				if allowed(from, y) && move > best {
					best, back[i][y] = move, from
				}
			}
			next[y] = best + scores[i][y]
		}
		sum = next
	}
	at := label(0)
	for y := range label(labels) {
		if sum[y] > sum[at] {
			at = y
		}
	}
	to = slices.Grow(to[:0], len(scores))[:len(scores)]
	for i := len(scores) - 1; i >= 0; i-- {
		to[i] = at
		at = back[i][at]
	}
	return to
}
