package importing

import (
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/turnwise/turnwise/internal/cli/output"
)

// between is how long there is no line, where there is no terminal for a bar.
const between = 5 * time.Second

// progress shows how far an import is: by a bar on a terminal, and by a line now
// and then elsewhere. A nil one shows nothing.
type progress struct {
	bar   *progressbar.ProgressBar
	out   io.Writer
	total int
	done  int
	last  time.Time
}

// newProgress returns the progress of an import of so many messages.
func newProgress(out io.Writer, total int, plain bool) *progress {
	p := &progress{out: out, total: total, last: time.Now()}
	if !plain && output.IsTerminal(out) {
		p.bar = progressbar.NewOptions(total,
			progressbar.OptionSetWriter(out),
			progressbar.OptionSetDescription("importing"),
			progressbar.OptionShowCount(),
			progressbar.OptionSetItsString("messages"),
			progressbar.OptionShowIts(),
			progressbar.OptionSetPredictTime(true),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish(),
		)
	}
	return p
}

func (p *progress) add(n int) {
	if p == nil {
		return
	}
	p.done += n
	if p.bar != nil {
		_ = p.bar.Add(n) // it is for show
		return
	}
	if time.Since(p.last) >= between {
		p.last = time.Now()
		fmt.Fprintf(p.out, "enqueue: %d of %d messages\n", p.done, p.total)
	}
}

// end takes the bar away.
func (p *progress) end() {
	if p != nil && p.bar != nil {
		_ = p.bar.Clear() // it is for show
	}
}
