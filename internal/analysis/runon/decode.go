package runon

import (
	"cmp"
	"math"
	"slices"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

// lean makes more sentences begin than not where it is doubtful: a sentence too long
// costs more than one too short.
const lean = 0.4

// beam is how many ways to divide what came before a place are kept.
const beam = 4

// A way is one to divide what came before a place: where the sentence that goes on
// began, what its words add to the hidden units, and how likely it is.
type way struct {
	start int
	held  layer
	score float64
}

// Starts appends the numbers of the words that sentences begin with, but for the
// first. It asks isName of each word, unless it is nil.
func (m *Model) Starts(to []int, said []words.Word, isName func(words.Word) bool) []int {
	if len(said) < 2 {
		return to
	}
	previous := m.search(said, m.read(said, isName))
	from := len(to)
	for start := previous[len(said)]; start > 0; start = previous[start] {
		to = append(to, int(start))
	}
	slices.Reverse(to[from:])
	return to
}

// search returns for each place, and for the end, where the sentence before it
// begins in the likeliest way.
func (m *Model) search(said []words.Word, r reading) (previous []int32) {
	rows := r.rows
	previous = make([]int32, len(rows)+1)
	ways := make([]way, 1, beam+1)
	ways[0].held = rows[0][held]
	var next layer // what the words from i on add
	for _, r := range rows[:min(reach, len(rows))] {
		add(&next, &r[ahead])
	}
	for i := 1; i < len(rows); i++ {
		take(&next, &rows[i-1][ahead])
		if last := i + reach - 1; last < len(rows) {
			add(&next, &rows[last][ahead])
		}
		if mayCut(said, i) {
			cut := way{start: i, score: math.Inf(-1), held: rows[i][held]}
			base, pairs := m.around(rows, i, &next), m.together(r.ids, i)
			for n := range ways {
				w := &ways[n]
				if w.start == i-1 && r.ids[w.start] == person {
					continue // who is called belongs to what follows
				}
				z := pairs + m.weigh(&base, rows, w, i) + asksAt(said, w.start, i)
				goesOn := softplus(z)
				if s := w.score - goesOn + float64(z); s > cut.score { // softplus(-z) is softplus(z) - z
					cut.score, previous[i] = s, int32(w.start)
				}
				w.score -= goesOn
			}
			extend(ways, &rows[i][held])
			if cut.score > math.Inf(-1) {
				ways = keep(ways, cut)
			}
		} else {
			extend(ways, &rows[i][held])
		}
	}
	best := slices.MaxFunc(ways, func(a, b way) int { return cmp.Compare(a.score, b.score) })
	previous[len(rows)] = int32(best.start)
	return previous
}

// extend adds a word to the sentences that go on.
func extend(ways []way, word *layer) {
	for n := range ways {
		add(&ways[n].held, word)
	}
}

// keep adds a way, and drops the worst if there are too many.
func keep(ways []way, w way) []way {
	if len(ways) < beam {
		return append(ways, w)
	}
	worst := 0
	for n := range ways {
		if ways[n].score < ways[worst].score {
			worst = n
		}
	}
	if ways[worst].score < w.score {
		ways[worst] = w
	}
	return ways
}

// mayCut reports whether a sentence may begin with the word at i, which it does not
// where a word is said again at once.
func mayCut(said []words.Word, i int) bool {
	return said[i].Lower != said[i-1].Lower && !said[i].IsMark() && !said[i-1].IsMark() && said[i].Start > said[i-1].End
}

// around returns what the words around a place add, in whatever way they are divided. Next
// is what those from it on add.
func (m *Model) around(rows []*row, i int, next *layer) (sum layer) {
	for n := range before + behind {
		add(&sum, &m.rowAt(rows, i-before+n)[n])
	}
	scaled(&sum, next, min(reach, len(rows)-i))
	add(&sum, &m.left[min(len(rows)-i, furthest)-1])
	return sum
}

// rowAt returns what a word of a passage adds, that of no word beyond its ends.
func (m *Model) rowAt(rows []*row, i int) *row {
	if i < 0 || i >= len(rows) {
		return m.row(none)
	}
	return rows[i]
}

// together returns what the rows of words around a place tell, as logits.
func (m *Model) together(ids []uint16, i int) float32 {
	sum := 0
	for _, k := range pairsAt(ids, i) {
		sum += int(m.wide[k])
	}
	return float32(sum) * m.grain
}

// weigh returns how likely a sentence begins at i, as logits.
func (m *Model) weigh(base *layer, rows []*row, w *way, i int) float32 {
	sum := *base
	add(&sum, &rows[w.start][first])
	if w.start+1 < i {
		add(&sum, &rows[w.start+1][second])
	} else {
		add(&sum, &m.row(none)[second])
	}
	add(&sum, &m.length[min(i-w.start, longest)-1])
	scaled(&sum, &w.held, i-w.start)
	z := m.bias + lean
	for h, x := range sum {
		z += max(x, 0) * m.out[h]
	}
	return z
}

func add(to, what *layer) {
	for h := range to {
		to[h] += what[h]
	}
}

func take(from, what *layer) {
	for h := range from {
		from[h] -= what[h]
	}
}

// scaled adds the sum of so many words, such that long sentences do not outweigh all else.
func scaled(to, sum *layer, n int) {
	by := float32(1 / math.Sqrt(float64(n)))
	for h := range to {
		to[h] += sum[h] * by
	}
}

// softplus returns log(1 + e^z).
func softplus(z float32) float64 {
	if z > 15 {
		return float64(z)
	}
	return math.Log1p(math.Exp(float64(z)))
}
