package runon

import (
	"math"
	"math/rand/v2"
)

// Options adjusts [Network.Learn].
type Options struct {
	Rounds int     // over all passages
	Rate   float64 // by which weights are changed at first; it falls to nothing
	Drop   float64 // the share of words that are read as if the vocabulary lacked them
	Own    float64 // the share of passages, in the later half, that are divided by the network itself
}

// Learn changes the weights by passages, in another order in each round. The same
// passages, options and random numbers give the same weights.
func (n *Network) Learn(all []Passage, opts Options, random *rand.Rand, report func(round int, loss float64)) {
	total := 0
	for _, p := range all {
		total += len(p.Said) * opts.Rounds
	}
	done, order := 0, random.Perm(len(all))
	for round := range opts.Rounds {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		loss, places := 0.0, 0
		for _, at := range order {
			p := &all[at]
			rate := opts.Rate * (1 - float64(done)/float64(total))
			own := done*2 > total && random.Float64() < opts.Own
			loss += n.learn(p, n.readFor(p, opts.Drop, random), float32(rate), own)
			done += len(p.Said)
			places += len(p.Said)
		}
		report(round, loss/float64(places))
	}
}

// known is the share of passages in which it is known who speaks.
const known = 0.6

// readFor returns what words are read as while the network learns.
func (n *Network) readFor(p *Passage, drop float64, random *rand.Rand) []uint16 {
	ids, called := make([]uint16, len(p.Said)), random.Float64() < known
	for i, w := range p.Said {
		id, listed := n.ids[w.Lower]
		switch {
		case called && p.Names[w.Lower]:
			id = person
		case listed && random.Float64() >= drop:
		case w.IsMark():
			id = mark
		default:
			id = n.classOf(w.Lower)
		}
		ids[i] = id
	}
	return ids
}

// classOf returns what a word is read as that the vocabulary lacks, or may lack.
func (n *Network) classOf(word string) uint16 {
	if cluster, ok := n.kin[word]; ok {
		return firstKin + uint16(cluster)
	}
	return classOf(word)
}

// sureEnough is how small an error may be that nothing is learned from.
const sureEnough = 0.01

// pausing is how much is learned from where any mark stands, beside where sentences begin:
// what is computed for one helps the other.
const pausing = 0.3

// parted is how much a beginning counts as wrong that is at a mark within a sentence.
const parted = 0.2

func chance(z float32) float32 { return float32(1 / (1 + math.Exp(-float64(z)))) }

// learn changes the weights by one passage and returns how wrong they were.
func (n *Network) learn(p *Passage, ids []uint16, rate float32, own bool) (loss float64) {
	var computed pass
	start := 0
	for i := 1; i < len(ids); i++ {
		s := look(ids, start, i)
		n.forward(&s, &computed)
		begins, heard := float32(0), float32(0)
		if p.Begins[i] == Yes {
			begins = 1
		}
		if p.Begins[i] != No {
			heard = 1
		}
		unheard := pausing * (chance(computed.any) - heard)
		wrong := chance(computed.z) - begins
		switch p.Begins[i] {
		case Unknown:
			wrong = 0
		case Part:
			wrong *= parted
		case No, Yes:
		}
		loss -= math.Log(max(1e-9, 1-math.Abs(float64(wrong))))
		if wrong > sureEnough || wrong < -sureEnough || unheard > sureEnough || unheard < -sureEnough {
			n.backward(&s, &computed, wrong, unheard, rate)
		}
		if own && computed.z > 0 || !own && begins == 1 {
			start = i
		}
	}
	return loss
}
