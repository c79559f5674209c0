package telemetry

import (
	"github.com/prometheus/client_golang/prometheus"
)

// Counters are the counters of a closed set of label values. What is not in
// the set is not counted, so no mistake can open it.
type counters[K ~string] map[K]prometheus.Counter

func newCounters[K ~string](vec *prometheus.CounterVec, values []K) counters[K] {
	cs := counters[K]{}
	for _, v := range values {
		cs[v] = vec.WithLabelValues(string(v))
	}
	return cs
}

// newCountersBy resolves a vector with two labels, the first of them outer.
func newCountersBy[O, K ~string](vec *prometheus.CounterVec, outer []O, values []K) map[O]counters[K] {
	by := map[O]counters[K]{}
	for _, o := range outer {
		by[o] = counters[K]{}
		for _, v := range values {
			by[o][v] = vec.WithLabelValues(string(o), string(v))
		}
	}
	return by
}

func (cs counters[K]) inc(value K) {
	if c, ok := cs[value]; ok {
		c.Inc()
	}
}

func newGauges[K ~string](vec *prometheus.GaugeVec, values []K) map[K]prometheus.Gauge {
	gs := map[K]prometheus.Gauge{}
	for _, v := range values {
		gs[v] = vec.WithLabelValues(string(v))
	}
	return gs
}

func newObservers[K ~string](vec *prometheus.HistogramVec, values []K) map[K]prometheus.Observer {
	os := map[K]prometheus.Observer{}
	for _, v := range values {
		os[v] = vec.WithLabelValues(string(v))
	}
	return os
}

// An answer is the class of the status code of a receiver's answer, or that
// there was none.
type answer string

const noAnswer answer = "none"

func answers() []answer {
	all := []answer{noAnswer}
	for class := 1; class <= 5; class++ {
		all = append(all, answerOf(class*100))
	}
	return all
}

func answerOf(code int) answer {
	if code == 0 {
		return noAnswer
	}
	return answer(codeClass(code))
}

// A phase is a part of an attempt to deliver a webhook.
type phase string

const (
	phaseDNS       phase = "dns"
	phaseConnect   phase = "connect"
	phaseTLS       phase = "tls"
	phaseFirstByte phase = "first_byte"
)

// phases lists them in the order in which [Metrics.WebhookAttempted] has their times.
func phases() []phase { return []phase{phaseDNS, phaseConnect, phaseTLS, phaseFirstByte} }

// A grant is the outcome of a claim.
type grant string

const (
	granted grant = "granted"
	refused grant = "refused"
)

func grants() []grant { return []grant{granted, refused} }

// A via is the way that a ring took.
type via string

const (
	viaLocal   via = "local"
	viaAsynq   via = "asynq"
	viaWaiting via = "waiting"
	viaFailed  via = "failed"
)

func vias() []via { return []via{viaLocal, viaAsynq, viaWaiting, viaFailed} }

// A guessed is what too many guesses were made for, or came from.
type guessed string

const (
	guessedApp     guessed = "application"
	guessedAddress guessed = "address"
)

func guesseds() []guessed { return []guessed{guessedApp, guessedAddress} }

// A source is where metrics come from that are read at the scrape.
type source string

const (
	fromLanes source = "lanes" // the ready indexes
	fromAsynq source = "asynq" // the queues of asynq
)

func sources() []source { return []source{fromLanes, fromAsynq} }

// Durability is what Redis does with a write before it acknowledges it.
type Durability string

// The kinds of durability.
const (
	DiskDurability    Durability = "disk"    // on disk, synced
	FastDurability    Durability = "fast"    // on disk within two seconds
	MemoryDurability  Durability = "memory"  // in memory only
	UnknownDurability Durability = "unknown" // Redis would not say
)

func durabilities() []Durability {
	return []Durability{DiskDurability, FastDurability, MemoryDurability, UnknownDurability}
}
