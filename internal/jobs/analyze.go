package jobs

import (
	"context"

	"github.com/turnwise/turnwise/internal/analysis"
)

// A Task is a job as an [Analyzer] sees it.
type Task struct {
	JobID          string
	ConversationID string
	Account        string
	Trace          string // traceparent of the request that sent it; empty if that is not traced
	Attempt        int    // 1, and one for each attempt before that is known to have failed
	Input          analysis.Input
}

// An Analyzer turns the messages of a job into sentences and insights. A
// [*PermanentError] fails the job at once; any other error fails the attempt.
// Either way the error's text is shown to the job's owner. Insights may only
// refer to messages of the same result.
type Analyzer interface {
	Analyze(ctx context.Context, t Task) (analysis.Result, error)
}

// Local analyses in this process, without I/O. Without an Engine it only splits
// text into sentences.
type Local struct{ Engine *analysis.Engine }

// Analyze fails only when ctx is done, with the error of ctx.
func (l Local) Analyze(ctx context.Context, t Task) (result analysis.Result, err error) {
	if l.Engine == nil {
		result = analysis.Analyze(t.Input)
	} else if result, err = l.Engine.Analyze(ctx, t.Input); err != nil {
		return analysis.Result{}, err
	}
	result.Analyzers = []string{"local"}
	return result, nil
}
