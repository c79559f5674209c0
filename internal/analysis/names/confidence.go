package names

import "math"

// around is how many tokens before and after one may be labelled otherwise to
// judge it.
const around = 2

// confidence returns the confidence in a name, the tokens from i to end: how far the
// labels are ahead of the best ones by which one of its tokens is not of its
// type. Labels farther away from that token stay, so the cost of all names
// together is linear.
func (m *Model) confidence(r *buffer, i, end int) float64 {
	least := int32(math.MaxInt32)
	for n := i; n < end; n++ {
		from, to := max(0, n-around), min(len(r.path), n+around+1)
		least = min(least, m.transitions.best(r, from, to, -1)-m.transitions.best(r, from, to, n))
	}
	return 1 / (1 + math.Exp(-float64(least)*m.unit))
}

// best returns the highest score that labels of the tokens in between can
// have; but the nth may not have the type that it has.
func (m *transitions) best(r *buffer, from, to, n int) int32 {
	const never = math.MinInt32 / 2
	before := label(labels) // the beginning
	if from > 0 {
		before = r.path[from-1]
	}
	var sum [labels]int32
	for i := from; i < to; i++ {
		var next [labels]int32
		for y := range label(labels) {
			next[y] = never
			if i == n && (y+1)/2 == (r.path[i]+1)/2 {
				continue
			}
			for f := range label(labels) {
				var move int32
				switch {
				case i > from && allowed(f, y):
					move = sum[f] + m[f][y]
				case i == from && f == 0 && allowed(before%labels, y):
					move = m[before][y]
				default:
					continue
				}
				next[y] = max(next[y], move+r.scores[i][y])
			}
		}
		sum = next
	}
	best := int32(never)
	for y := range label(labels) {
		after := int32(0)
		if to < len(r.path) {
			if !allowed(y, r.path[to]) {
				continue
			}
			after = m[y][r.path[to]]
		}
		best = max(best, sum[y]+after)
	}
	return best
}
