package bench

import (
	"cmp"
	"slices"
	"time"
)

// A Report is everything that a run has found out. It is what enqueue prints
// with -o json, hence the names of the fields.
type Report struct {
	Machine   Machine   `json:"machine"`
	Rounds    int       `json:"rounds"`
	Scale     float64   `json:"scale"`
	Workloads []Result  `json:"workloads"`
	Figures   []Figure  `json:"figures"`
	Skipped   []Skipped `json:"skipped"`
}

// A Result is what one workload did in all rounds.
type Result struct {
	Section  Section `json:"section"`
	Name     string  `json:"name"`
	Baseline bool    `json:"baseline"` // what the others of its section are compared with

	// Median has the median of each figure over the runs, and the violations of
	// all of them.
	Median   Sample   `json:"median"`
	RatioMin float64  `json:"ratioMin"`
	RatioMax float64  `json:"ratioMax"`
	Runs     []Sample `json:"runs"`
}

// A Sample is one run of a workload. Figures that were not measured are zero.
type Sample struct {
	Round      int     `json:"round"`
	Jobs       int     `json:"jobs"` // or tasks, deliveries, requests
	Rate       float64 `json:"perSecond"`
	Ratio      float64 `json:"ratio"` // of the rate to the best baseline of the section in the same round
	P50        float64 `json:"p50Micros"`
	P99        float64 `json:"p99Micros"`
	Violations int     `json:"violations"` // jobs that are missing, doubled or out of order
	Cost
}

// A Cost is what one job took, on the average of a run.
type Cost struct {
	RedisCPU    float64 `json:"redisCpuMicros"`
	Commands    float64 `json:"redisCommands"` // that Redis ran, those inside of scripts included
	Scripts     float64 `json:"redisScripts"`  // of these, the calls of scripts
	RoundTrips  float64 `json:"roundTrips"`    // of this process to Redis
	BytesIn     float64 `json:"redisBytesIn"`
	BytesOut    float64 `json:"redisBytesOut"`
	OwnCPU      float64 `json:"processCpuMicros"`
	Allocations float64 `json:"processAllocations"`

	ByCommand map[string]float64 `json:"redisCommandsByName,omitempty"` // calls; of a median, those of the first run
}

// A Figure is a number that belongs to no job.
type Figure struct {
	Section    Section   `json:"section"`
	Name       string    `json:"name"`
	Unit       string    `json:"unit"`
	Value      float64   `json:"value"`      // in a report, the median
	Values     []float64 `json:"values"`     // of each round in which it was measured
	Violations int       `json:"violations"` // found where it was measured
}

// A Skipped workload was not run.
type Skipped struct {
	Name string `json:"name"`
	Why  string `json:"why"`
}

// Violations returns those of all workloads.
func (r Report) Violations() int {
	sum := 0
	for _, w := range r.Workloads {
		sum += w.Median.Violations
	}
	for _, f := range r.Figures {
		sum += f.Violations
	}
	return sum
}

// add adds what a workload did in a round.
func (r *Report) add(o outcome, round int) {
	for _, m := range o.runs {
		m.Round = round
		same := func(w Result) bool { return w.Section == m.section && w.Name == m.name }
		at := slices.IndexFunc(r.Workloads, same)
		if at < 0 {
			at = len(r.Workloads)
			r.Workloads = append(r.Workloads, Result{Section: m.section, Name: m.name, Baseline: m.baseline})
		}
		r.Workloads[at].Runs = append(r.Workloads[at].Runs, m.Sample)
	}
	for _, f := range o.figures {
		same := func(known Figure) bool { return known.Section == f.Section && known.Name == f.Name }
		at := slices.IndexFunc(r.Figures, same)
		if at < 0 {
			at = len(r.Figures)
			r.Figures = append(r.Figures, Figure{Section: f.Section, Name: f.Name, Unit: f.Unit})
		}
		known := &r.Figures[at]
		known.Values = append(known.Values, f.Value)
		known.Violations += f.Violations
	}
}

// compare forms the ratios of a round, each within its section.
func (r *Report) compare(round int) {
	best := map[Section]float64{}
	for _, w := range r.Workloads {
		for _, m := range w.Runs {
			if w.Baseline && m.Round == round {
				best[w.Section] = max(best[w.Section], m.Rate)
			}
		}
	}
	for _, w := range r.Workloads {
		for n, m := range w.Runs {
			if to := best[w.Section]; !w.Baseline && m.Round == round && to > 0 {
				w.Runs[n].Ratio = m.Rate / to
			}
		}
	}
}

// finish sorts the results by section, what they are compared with first, and
// forms the medians.
func (r *Report) finish() {
	rank := func(w Result) int {
		at := 2 * slices.Index(sections(), w.Section)
		if !w.Baseline {
			at++
		}
		return at
	}
	slices.SortStableFunc(r.Workloads, func(a, b Result) int { return cmp.Compare(rank(a), rank(b)) })
	for n := range r.Workloads {
		r.Workloads[n].summarize()
	}
	for n, f := range r.Figures {
		r.Figures[n].Value = median(slices.Sorted(slices.Values(f.Values)))
	}
}

// summarize forms the medians of the runs, of which there is at least one.
func (w *Result) summarize() {
	of := func(figure func(Sample) float64) []float64 {
		var values []float64
		for _, m := range w.Runs {
			values = append(values, figure(m))
		}
		slices.Sort(values)
		return values
	}
	mid := func(figure func(Sample) float64) float64 { return median(of(figure)) }
	w.Median = Sample{
		Jobs:  w.Runs[0].Jobs,
		Rate:  mid(func(m Sample) float64 { return m.Rate }),
		Ratio: mid(func(m Sample) float64 { return m.Ratio }),
		P50:   mid(func(m Sample) float64 { return m.P50 }),
		P99:   mid(func(m Sample) float64 { return m.P99 }),
		Cost: Cost{
			RedisCPU:    mid(func(m Sample) float64 { return m.RedisCPU }),
			Commands:    mid(func(m Sample) float64 { return m.Commands }),
			Scripts:     mid(func(m Sample) float64 { return m.Scripts }),
			RoundTrips:  mid(func(m Sample) float64 { return m.RoundTrips }),
			BytesIn:     mid(func(m Sample) float64 { return m.BytesIn }),
			BytesOut:    mid(func(m Sample) float64 { return m.BytesOut }),
			OwnCPU:      mid(func(m Sample) float64 { return m.OwnCPU }),
			Allocations: mid(func(m Sample) float64 { return m.Allocations }),
			ByCommand:   w.Runs[0].ByCommand,
		},
	}
	for _, m := range w.Runs {
		w.Median.Violations += m.Violations
	}
	ratios := of(func(m Sample) float64 { return m.Ratio })
	w.RatioMin, w.RatioMax = ratios[0], ratios[len(ratios)-1]
}

// median returns that of sorted values.
func median(sorted []float64) float64 {
	mid := len(sorted) / 2
	if len(sorted)%2 == 0 {
		return (sorted[mid-1] + sorted[mid]) / 2
	}
	return sorted[mid]
}

// quantiles returns the 50th and the 99th percentile in microseconds.
func quantiles(d []time.Duration) (p50, p99 float64) {
	slices.Sort(d)
	return micros(d[len(d)/2]), micros(d[len(d)*99/100])
}

func micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }
