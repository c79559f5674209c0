package costs

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/turnwise/turnwise/internal/bench"
)

// A Report is everything that a run has found out.
type Report struct {
	Machine bench.Machine `json:"machine"`
	Sizes   []int         `json:"sizes"`
	Rows    []Row         `json:"rows"`
}

// A Row is an address.
type Row struct {
	Name  string `json:"name"`
	Costs []Cost `json:"costs"` // by size
}

// A Cost is what one call of an address costs where there is so much.
type Cost struct {
	Size              int     `json:"size"`
	Calls             int     `json:"calls"`
	Refused           int     `json:"refused"` // calls beside these that were answered 503
	Status            int     `json:"status"`
	RedisMicros       float64 `json:"redisMicros"` // processor time
	Commands          float64 `json:"commands"`    // of Redis, those in scripts included
	LongestStepMillis float64 `json:"longestStepMillis"`
	WorkerMicros      float64 `json:"workerMicros"` // processor time
	Bytes             int64   `json:"bytes"`        // of the answer's body, not compressed
	FirstMillis       float64 `json:"firstMillis"`  // until the first byte, median
	WholeMillis       float64 `json:"wholeMillis"`  // until the last one, median
}

// Print writes the report for people: a line for each address, with the figures of the
// sizes side by side.
func (r Report) Print(out io.Writer) error {
	var text strings.Builder
	fmt.Fprintf(&text, "%s\nOne call of each address, with so much of all there is: ", r.Machine)
	fmt.Fprintln(&text, strings.Join(strings.Fields(strings.Trim(fmt.Sprint(r.Sizes), "[]")), " / "))
	tab := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tab, "\tRedis µs\tcommands\tlongest step ms\tworker µs\tbytes\tfirst byte ms\twhole ms")
	for _, row := range r.Rows {
		if len(row.Costs) == 0 {
			continue
		}
		fmt.Fprintln(tab, row.Name+"\t"+strings.Join([]string{
			row.side("%.0f", func(c Cost) any { return c.RedisMicros }),
			row.side("%.0f", func(c Cost) any { return c.Commands }),
			row.side("%s", func(c Cost) any { return longest(c.LongestStepMillis) }),
			row.side("%.0f", func(c Cost) any { return c.WorkerMicros }),
			row.side("%d", func(c Cost) any { return c.Bytes }),
			row.side("%.1f", func(c Cost) any { return c.FirstMillis }),
			row.side("%.1f", func(c Cost) any { return c.WholeMillis }),
		}, "\t"))
	}
	_ = tab.Flush() // writing to memory does not fail
	fmt.Fprintf(&text, "\nA longest step of – took less than %d ms. Bytes are those of the body, not compressed.\n", logged.Milliseconds())
	for _, row := range r.Rows {
		for _, c := range row.Costs {
			if c.Refused > 0 {
				fmt.Fprintf(&text, "With %d of each, %s was answered 503 %d times, and called again.\n", c.Size, row.Name, c.Refused)
			}
		}
	}
	_, err := io.WriteString(out, text.String())
	return err
}

// side returns a figure of each size.
func (r Row) side(format string, of func(Cost) any) string {
	var all []string
	for _, c := range r.Costs {
		all = append(all, fmt.Sprintf(format, of(c)))
	}
	return strings.Join(all, " / ")
}

func longest(millis float64) string {
	if millis == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f", millis)
}
