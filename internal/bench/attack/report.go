package attack

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/turnwise/turnwise/internal/bench"
	"github.com/turnwise/turnwise/internal/bench/process"
)

// What the neighbour may be asked to bear: twice the time of alone, or fast by any
// measure.
const (
	mostRatio  = 2
	fastMillis = 50
	mostPeakMB = 300
)

// A Report is everything that a run has found out.
type Report struct {
	Machine bench.Machine `json:"machine"`
	Scale   float64       `json:"scale"`
	Urgent  bool          `json:"redisIsUrgent"` // whether Redis has a higher priority than the others
	Alone   Sample        `json:"alone"`         // over all rows
	Rows    []Result      `json:"rows"`
	PeakMB  float64       `json:"peakMB"` // of the worker's memory, over all rows
}

// A Result is what one attack did.
type Result struct {
	Name    string         `json:"name"`
	Alone   Sample         `json:"alone"`  // the neighbour, just before
	Beside  Sample         `json:"beside"` // and meanwhile
	Slow    []process.Step `json:"slow"`   // steps of Redis of 5 ms or more
	PeakMB  float64        `json:"peakMB"`
	Answers map[string]int `json:"answers"` // that the attacker got, by status; "" if none came
}

// A Sample is what became of the neighbour's posts, in milliseconds.
type Sample struct {
	Posts     int      `json:"posts"`
	Accepted  Quantile `json:"accepted"`
	Completed Quantile `json:"completed"`
	Refused   int      `json:"refused"` // 429 and 503
	Lost      int      `json:"lost"`    // other answers, none, or no webhook
	Worst     string   `json:"worst"`   // when what happened of the first one lost, or of the slowest

	accepted, completed []time.Duration
}

// A Quantile has two of them.
type Quantile struct {
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
}

func summarize(posts []post) (s Sample) {
	var slowest time.Duration
	for _, p := range posts {
		if bad := p.err != nil || p.status != http.StatusCreated; bad && s.Refused+s.Lost == 0 {
			s.Worst, slowest = fmt.Sprintf("%s: %v", p.story, p.err), patience
		} else if p.completed > slowest {
			s.Worst, slowest = p.story, p.completed
		}
		switch {
		case p.status == http.StatusTooManyRequests || p.status == http.StatusServiceUnavailable:
			s.Refused++
		case p.err != nil || p.status != http.StatusCreated:
			s.Lost++
		default:
			s.accepted, s.completed = append(s.accepted, p.accepted), append(s.completed, p.completed)
		}
	}
	s.Posts = len(posts)
	s.Accepted, s.Completed = quantiles(s.accepted), quantiles(s.completed)
	return s
}

func quantiles(all []time.Duration) (q Quantile) {
	if ms := sorted(all); len(ms) > 0 {
		q.P50, q.P99 = ms[len(ms)/2], ms[len(ms)*99/100]
	}
	return q
}

// finish joins what the neighbour took alone, before each row: so few posts before
// one of them tell little.
func (r *Report) finish() {
	for _, row := range r.Rows {
		r.Alone.accepted = append(r.Alone.accepted, row.Alone.accepted...)
		r.Alone.completed = append(r.Alone.completed, row.Alone.completed...)
		r.Alone.Posts += row.Alone.Posts
		r.Alone.Refused += row.Alone.Refused
		r.Alone.Lost += row.Alone.Lost
		r.PeakMB = max(r.PeakMB, row.PeakMB)
	}
	r.Alone.Accepted, r.Alone.Completed = quantiles(r.Alone.accepted), quantiles(r.Alone.completed)
}

// flaws says what is not as it must be in a row, in words.
func (r Report) flaws(row Result) (flaws []string) {
	late := func(what string, alone, beside float64) {
		if beside > fastMillis && beside > mostRatio*alone {
			flaws = append(flaws, fmt.Sprintf("%s %.1f × alone", what, beside/alone))
		}
	}
	late("accepted", r.Alone.Accepted.P99, row.Beside.Accepted.P99)
	late("completed", r.Alone.Completed.P99, row.Beside.Completed.P99)
	if n := row.Beside.Refused + row.Beside.Lost; n > 0 {
		flaws = append(flaws, fmt.Sprintf("%d not served", n))
	}
	if len(row.Slow) > 0 {
		flaws = append(flaws, "slow steps")
	}
	if row.PeakMB > mostPeakMB {
		flaws = append(flaws, "memory")
	}
	return flaws
}

// Flaws counts the rows in which something is not as it must be.
func (r Report) Flaws() (n int) {
	for _, row := range r.Rows {
		if len(r.flaws(row)) > 0 {
			n++
		}
	}
	return n
}

// Print writes the report for people.
func (r Report) Print(out io.Writer) error {
	var text strings.Builder
	fmt.Fprintf(&text, "%sscale: %g, Redis before others: %t\n\nA neighbour posts \"Hi.\" five times a second, alone and beside each attack; ms\n", r.Machine, r.Scale, r.Urgent)
	tab := tabwriter.NewWriter(&text, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tab, "\tposts\taccepted p50\tp99\tcompleted p50\tp99\t429, 503\tlost\tslow steps\tlongest\tpeak MB\tverdict\t")
	line := func(name string, s Sample, rest string) {
		fmt.Fprintf(tab, "%s\t%d\t%.1f\t%.1f\t%.1f\t%.1f\t%d\t%d\t%s\t\n", name, s.Posts,
			s.Accepted.P50, s.Accepted.P99, s.Completed.P50, s.Completed.P99, s.Refused, s.Lost, rest)
	}
	line("alone", r.Alone, "–\t–\t–\t–")
	for _, row := range r.Rows {
		verdict := "good"
		if flaws := r.flaws(row); len(flaws) > 0 {
			verdict = strings.Join(flaws, ", ")
		}
		line(row.Name, row.Beside, fmt.Sprintf("%d\t%.1f\t%.0f\t%s", len(row.Slow), row.longest().Millis, row.PeakMB, verdict))
	}
	_ = tab.Flush() // writing to memory does not fail
	fmt.Fprintln(&text, "\nThe slowest post beside each, in seconds of its minute")
	for _, row := range r.Rows {
		fmt.Fprintf(&text, "  %s: %s\n", row.Name, row.Beside.Worst)
	}
	r.steps(&text)
	r.answers(&text)
	fmt.Fprintf(&text, "\nWanted: each p99 at most %d × alone, or %d ms; no 429, no 503, nothing lost; no step of Redis of 5 ms; at most %d MB.\n", mostRatio, fastMillis, mostPeakMB)
	_, err := io.WriteString(out, text.String())
	return err
}

// longest returns the longest of the slow steps.
func (r Result) longest() (longest process.Step) {
	for _, s := range r.Slow {
		if s.Millis > longest.Millis {
			longest = s
		}
	}
	return longest
}

// steps writes the slow steps: of each row the longest three.
func (r Report) steps(text *strings.Builder) {
	for _, row := range r.Rows {
		slow := slices.Clone(row.Slow)
		slices.SortFunc(slow, func(a, b process.Step) int { return int(1000 * (b.Millis - a.Millis)) })
		for n, s := range slow[:min(len(slow), 3)] {
			if n == 0 {
				fmt.Fprintf(text, "\n%s: %d steps of Redis took 5 ms or more\n", row.Name, len(slow))
			}
			fmt.Fprintf(text, "  %.1f ms  %q\n", s.Millis, s.Command)
		}
	}
}

// answers writes what the attacker was answered.
func (r Report) answers(text *strings.Builder) {
	fmt.Fprintln(text, "\nWhat the attacker was answered")
	tab := tabwriter.NewWriter(text, 0, 0, 2, ' ', 0)
	for _, row := range r.Rows {
		var all []string
		for status, n := range row.Answers {
			all = append(all, fmt.Sprintf("%d × %s", n, status))
		}
		slices.Sort(all)
		fmt.Fprintf(tab, "  %s\t%s\n", row.Name, strings.Join(all, ", "))
	}
	_ = tab.Flush() // writing to memory does not fail
}
