package runon

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/weights"
)

// A Network is what a [Model] is packed from: the weights while they are learned.
type Network struct {
	vocabulary []string
	ids        map[string]uint16
	kin        map[string]uint8 // of words, the cluster of those that are used alike

	known  []float32 // words × dim
	steps  []float32 // sums of squares of what known was changed by
	inner  []float32 // hidden × slots × dim
	length [longest]layer
	left   [furthest]layer
	start  layer
	out    layer
	paused layer // what tells that any mark stands there, a comma too
	pause  float32
	wide   []float32
	moved  []float32 // sums of squares of what wide was changed by
	bias   float32
}

// NewNetwork returns a network that knows nothing, with a vocabulary that is sorted. Words
// that it lacks are told apart by kin, where that has them.
func NewNetwork(vocabulary []string, kin map[string]uint8, random *rand.Rand) *Network {
	n := &Network{vocabulary: vocabulary, ids: map[string]uint16{}, kin: kin}
	for i, word := range vocabulary {
		n.ids[word] = uint16(classes + i)
	}
	n.known = normal(random, (classes+len(vocabulary))*dim, 0.3)
	n.steps = make([]float32, len(n.known))
	n.inner = normal(random, hidden*slots*dim, 1/math.Sqrt(slots*dim))
	copy(n.out[:], normal(random, hidden, 1/math.Sqrt(hidden)))
	copy(n.paused[:], normal(random, hidden, 1/math.Sqrt(hidden)))
	clear(n.known[:dim]) // no word
	n.wide, n.moved = make([]float32, wide), make([]float32, wide)
	return n
}

// Clone returns a network that knows the same.
func (n *Network) Clone() *Network {
	c := *n
	c.known, c.steps, c.inner = slices.Clone(n.known), slices.Clone(n.steps), slices.Clone(n.inner)
	c.wide, c.moved = slices.Clone(n.wide), slices.Clone(n.moved)
	return &c
}

func normal(random *rand.Rand, size int, deviation float64) []float32 {
	all := make([]float32, size)
	for i := range all {
		all[i] = float32(random.NormFloat64() * deviation)
	}
	return all
}

// A sight is what the network reads at a place of a passage.
type sight struct {
	words        [first + 2]uint16
	held, ahead  []uint16
	length, left int
	pairs        [pairs]uint32
}

// look returns the sight at a place where the sentence before it begins at start.
func look(ids []uint16, start, i int) (s sight) {
	for n := range before + behind {
		s.words[n] = at(ids, i-before+n)
	}
	s.words[first], s.words[second] = ids[start], secondOf(ids, start, i)
	s.pairs = pairsAt(ids, i)
	s.held, s.ahead = ids[start:i], ids[i:min(i+reach, len(ids))]
	s.length, s.left = min(i-start, longest)-1, min(len(ids)-i, furthest)-1
	return s
}

// A pass holds what was computed for a sight.
type pass struct {
	in  [slots * dim]float32
	sum layer
	z   float32
	any float32 // the logits that any mark stands there
}

// forward computes the logits that a sentence begins at a sight.
func (n *Network) forward(s *sight, p *pass) {
	for slot, w := range s.words {
		copy(p.in[slot*dim:][:dim], n.known[int(w)*dim:])
	}
	n.sum(p.in[held*dim:][:dim], s.held)
	n.sum(p.in[ahead*dim:][:dim], s.ahead)
	p.z, p.any = n.bias, n.pause
	for _, k := range s.pairs {
		p.z += n.wide[k]
	}
	base := n.start
	add(&base, &n.length[s.length])
	add(&base, &n.left[s.left])
	for h := range hidden {
		x := base[h] + fastDot(n.inner[h*slots*dim:][:slots*dim], p.in[:])
		p.sum[h] = x
		p.z += max(x, 0) * n.out[h]
		p.any += max(x, 0) * n.paused[h]
	}
}

func (n *Network) sum(to []float32, ids []uint16) {
	clear(to)
	by := float32(1 / math.Sqrt(float64(len(ids))))
	for _, w := range ids {
		for d, x := range n.known[int(w)*dim:][:dim] {
			to[d] += x * by
		}
	}
}

// fastDot is dot for lengths that are a multiple of four.
func fastDot(a, b []float32) float32 {
	var s0, s1, s2, s3 float32
	b = b[:len(a)]
	for i := 0; i+3 < len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	return s0 + s1 + s2 + s3
}

// backward changes the weights by what is wrong with a pass: the gradient of its
// logits, at a rate.
func (n *Network) backward(s *sight, p *pass, wrong, unheard, rate float32) {
	var back [slots * dim]float32
	for h := range hidden {
		if p.sum[h] <= 0 {
			continue
		}
		g := wrong*n.out[h] + unheard*n.paused[h]
		n.out[h] -= rate * wrong * p.sum[h]
		n.paused[h] -= rate * unheard * p.sum[h]
		n.start[h] -= rate * g
		n.length[s.length][h] -= rate * g
		n.left[s.left][h] -= rate * g
		row := n.inner[h*slots*dim:][:slots*dim]
		step := rate * g
		for i := range back {
			w := row[i]
			back[i] += g * w
			row[i] = w - step*p.in[i]
		}
	}
	n.bias -= rate * wrong
	n.pause -= rate * unheard
	for _, k := range s.pairs {
		n.moved[k] += wrong * wrong
		n.wide[k] -= 5 * rate * wrong / float32(math.Sqrt(float64(1+n.moved[k])))
	}
	for slot, w := range s.words {
		n.change(w, back[slot*dim:][:dim], 1, rate)
	}
	n.changeAll(s.held, back[held*dim:][:dim], rate)
	n.changeAll(s.ahead, back[ahead*dim:][:dim], rate)
}

func (n *Network) changeAll(ids []uint16, by []float32, rate float32) {
	share := float32(1 / math.Sqrt(float64(len(ids))))
	for _, w := range ids {
		n.change(w, by, share, rate)
	}
}

// change moves a word against a gradient, the less the more it was moved before.
func (n *Network) change(word uint16, by []float32, share, rate float32) {
	if word == none {
		return
	}
	known, steps := n.known[int(word)*dim:][:dim], n.steps[int(word)*dim:][:dim]
	for d, g := range by {
		g *= share
		steps[d] += g * g
		known[d] -= 5 * rate * g / float32(math.Sqrt(float64(1+steps[d])))
	}
}

// Pack returns the vocabulary and the weights as the binary carries them.
func (n *Network) Pack() (vocabulary string, packed []byte) {
	var b bytes.Buffer
	b.WriteString(magic)
	packMatrix(&b, n.known)
	inner := make([]float32, 0, len(n.inner))
	for s := range slots {
		for h := range hidden {
			inner = append(inner, n.inner[(h*slots+s)*dim:][:dim]...)
		}
	}
	packMatrix(&b, inner)
	packMatrix(&b, flat(n.length[:]))
	packMatrix(&b, flat(n.left[:]))
	packMatrix(&b, n.start[:])
	packMatrix(&b, n.out[:])
	b.Write(binary.LittleEndian.AppendUint32(nil, math.Float32bits(n.bias)))
	packMatrix(&b, n.wide)
	n.packKin(&b)
	return strings.Join(n.vocabulary, "\n") + "\n", weights.Pack(b.Bytes())
}

// packKin writes the words that the vocabulary lacks with their clusters.
func (n *Network) packKin(b *bytes.Buffer) {
	list := make([]string, 0, len(n.kin))
	for word := range n.kin {
		if _, known := n.ids[word]; !known {
			list = append(list, word)
		}
	}
	slices.Sort(list)
	text := strings.Join(list, "\n")
	b.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(list))))
	b.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(text))))
	b.WriteString(text)
	for _, word := range list {
		b.WriteByte(n.kin[word])
	}
}

func flat(rows []layer) (all []float32) {
	for _, row := range rows {
		all = append(all, row[:]...)
	}
	return all
}

func packMatrix(b *bytes.Buffer, all []float32) {
	var most float32
	for _, x := range all {
		most = max(most, x, -x)
	}
	scale := max(most, 1e-9) / 127
	b.Write(binary.LittleEndian.AppendUint32(nil, math.Float32bits(scale)))
	for _, x := range all {
		b.WriteByte(byte(int8(math.Round(float64(x / scale)))))
	}
}
