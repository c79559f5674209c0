package main

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
)

const rounds = 12

// cluster puts each row in one of k clusters of rows that point the same way.
func cluster(rows [][]float32, k int) []int {
	random := rand.New(rand.NewPCG(7, 2))
	centres := make([][]float32, k)
	for c := range centres {
		centres[c] = slices.Clone(rows[random.IntN(len(rows))])
	}
	at := make([]int, len(rows))
	for range rounds {
		assign(rows, centres, at)
		for c := range centres {
			clear(centres[c])
		}
		for n, row := range rows {
			for d, x := range row {
				centres[at[n]][d] += x
			}
		}
		for c := range centres {
			if !normalize(centres[c]) { // nobody chose it
				copy(centres[c], rows[random.IntN(len(rows))])
			}
		}
	}
	return at
}

// assign finds the nearest centre of every row.
func assign(rows, centres [][]float32, at []int) {
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			for n := w; n < len(rows); n += workers {
				best := float32(math.Inf(-1))
				for c := range centres {
					if d := dot(rows[n], centres[c]); d > best {
						best, at[n] = d, c
					}
				}
			}
		})
	}
	wg.Wait()
}

func dot(a, b []float32) (sum float32) {
	for d := range a {
		sum += a[d] * b[d]
	}
	return sum
}

// normalize makes a vector as long as one, unless it has no direction.
func normalize(v []float32) bool {
	length := float32(math.Sqrt(float64(dot(v, v))))
	if length == 0 {
		return false
	}
	for d := range v {
		v[d] /= length
	}
	return true
}
