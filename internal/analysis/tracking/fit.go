package tracking

import "math"

const (
	newtons = 12 // steps; fewer than that change the last digits
	ridge   = 1  // keeps weights small where examples do not tell
)

// fit sets the weights and the bias to those that make the examples likeliest,
// by Newton's method. A sign of likeness never speaks against it.
func (m *Model) fit(examples []example) {
	for range newtons {
		var slope [signCount + 1]float64
		var bend [signCount + 1][signCount + 1]float64
		for i := range bend {
			bend[i][i] = ridge
		}
		for _, e := range examples {
			x := [signCount + 1]float64{signCount: 1}
			copy(x[:], e.signs[:])
			z := m.bias
			for i, w := range m.likeness {
				z += w * x[i]
			}
			p := 1 / (1 + math.Exp(-z))
			miss := p
			if e.right {
				miss--
			}
			for i := range x {
				slope[i] += miss * x[i]
				for j := range x {
					bend[i][j] += p * (1 - p) * x[i] * x[j]
				}
			}
		}
		step := solve(bend, slope)
		for i := range m.likeness {
			m.likeness[i] = max(0, m.likeness[i]-step[i])
		}
		m.bias -= step[signCount]
	}
}

// solve returns x of a·x = b, by elimination. The diagonal of a, which is
// positive definite, serves as pivots.
func solve(a [signCount + 1][signCount + 1]float64, b [signCount + 1]float64) [signCount + 1]float64 {
	for i := range b {
		for j := i + 1; j < len(b); j++ {
			c := a[j][i] / a[i][i]
			for k := i; k < len(b); k++ {
				a[j][k] -= c * a[i][k]
			}
			b[j] -= c * b[i]
		}
	}
	for i := len(b) - 1; i >= 0; i-- {
		for k := i + 1; k < len(b); k++ {
			b[i] -= a[i][k] * b[k]
		}
		b[i] /= a[i][i]
	}
	return b
}
