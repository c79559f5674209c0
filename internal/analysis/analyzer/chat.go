package analyzer

import (
	"cmp"
	"context"
	"log/slog"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/analysis/inference"
	"github.com/turnwise/turnwise/internal/jobs"
)

// An Asker sends questions to a chat model. The texts of its errors may be
// shown.
type Asker interface {
	Ask(ctx context.Context, q inference.Question, answer any) error
}

// batchesInFlight is how many questions about one job are put at once.
const batchesInFlight = 4

// A Chat is a [jobs.Analyzer] that asks a chat model for action items and
// follow-ups, and takes all else from another analyzer. If the model
// fails, that other one's stand too: a job never fails because of a model.
//
// What was said is data to the model, and what it answers is data here. An
// item must name a sentence that was sent and quote it word for word, so
// whoever writes instructions into a conversation gains wrong items on their
// own sentences at most.
type Chat struct {
	next   jobs.Analyzer
	engine *analysis.Engine
	model  Asker
	log    *slog.Logger
}

// NewChat returns a Chat over next. What the model is not asked for about an
// item, such as when it is due, comes from the engine.
func NewChat(next jobs.Analyzer, engine *analysis.Engine, model Asker, log *slog.Logger) *Chat {
	return &Chat{next: next, engine: engine, model: model, log: log}
}

// Analyze returns the errors of the analyzer below, and the error of ctx if
// that is done.
func (c *Chat) Analyze(ctx context.Context, t jobs.Task) (analysis.Result, error) {
	result, err := c.next.Analyze(ctx, t)
	if err != nil || len(result.Sentences) == 0 {
		return result, err
	}
	if n := len(result.Sentences); n > maxSentences {
		c.log.LogAttrs(ctx, slog.LevelInfo, "job too large for the chat model",
			slog.String("account", t.Account), slog.String("job", t.JobID), slog.Int("sentences", n))
		return result, nil
	}
	found, err := c.tasks(ctx, t.Input, result.Sentences)
	switch {
	case ctx.Err() != nil:
		return analysis.Result{}, ctx.Err()
	case err != nil:
		c.log.LogAttrs(ctx, slog.LevelWarn, "chat model not used",
			slog.String("account", t.Account), slog.String("job", t.JobID), slog.Any("err", err))
		return result, nil
	}
	result.Insights = inOrder(result, found)
	result.Analyzers = append(result.Analyzers, "chat")
	return result, nil
}

// tasks asks for the action items and follow-ups among the sentences, in
// batches. One failure is that of all, so that what a job has is from one
// source.
func (c *Chat) tasks(ctx context.Context, in analysis.Input, sentences []analysis.Sentence) ([]analysis.Insight, error) {
	batches := batchesOf(in, sentences)
	answers := make([]taskList, len(batches))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(batchesInFlight)
	for i, b := range batches {
		g.Go(func() error {
			q, err := b.question()
			if err != nil {
				return err
			}
			return c.model.Ask(ctx, q, &answers[i])
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	var all []analysis.Insight
	for i, b := range batches {
		found, err := b.insights(answers[i])
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	c.engine.Detail(in, sentences, all)
	return all, nil
}

// inOrder returns the questions of a result, and what was found in the place
// of its other insights, as they come in the text.
func inOrder(r analysis.Result, found []analysis.Insight) []analysis.Insight {
	place := make(map[string]int, len(r.Sentences))
	for i, s := range r.Sentences {
		place[s.ID] = i
	}
	for _, in := range r.Insights {
		if in.Type == "question" {
			found = append(found, in)
		}
	}
	slices.SortStableFunc(found, func(a, b analysis.Insight) int { return cmp.Compare(place[a.MessageIDs[0]], place[b.MessageIDs[0]]) })
	return found
}
