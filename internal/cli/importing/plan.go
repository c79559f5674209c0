package importing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/output"
	"github.com/turnwise/turnwise/internal/cli/session"
	"github.com/turnwise/turnwise/internal/importer"
)

// A plan is one import.
type plan struct {
	inv      *session.Invocation
	flags    importFlags
	settings settings
	sources  []*importer.Source
	left     []importer.LeftOut

	surveys []*survey // of the sources
	total   int       // messages
	result  result
	trouble []refused
}

// refused is a chat that was not imported, or not all of it.
type refused struct {
	Name  string `json:"name"`
	Error string `json:"error"`
	err   error
}

// survey reads everything once. An error ends the import before anything is sent.
func (p *plan) survey(ctx context.Context) error {
	for _, s := range p.sources {
		found := &survey{}
		if err := s.Read(p.settings.options, watched{found, ctx}); err != nil {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return fmt.Errorf("%w. Nothing was sent", refusal(err))
		}
		p.surveys = append(p.surveys, found)
		p.total += found.messages
	}
	if p.total == 0 && len(p.sources) == 0 {
		return exit.Usagef("there is nothing that can be imported%s", p.firstLeft())
	}
	return nil
}

func (p *plan) firstLeft() string {
	if len(p.left) == 0 {
		return ""
	}
	return fmt.Sprintf(": %s: %s", p.left[0].Name, p.left[0].Reason)
}

// watched is a Sink that ends with a context.
type watched struct {
	importer.Sink
	ctx context.Context //nolint:containedctx // it lives as long as one call
}

func (w watched) Add(m importer.Message) error {
	if w.ctx.Err() != nil {
		return context.Cause(w.ctx)
	}
	return w.Sink.Add(m)
}

// run reads everything a second time, and sends it or shows it.
func (p *plan) run(ctx context.Context) error {
	out := p.inv.Printer()
	var to target
	var remote *api
	var bar *progress
	if p.flags.dry {
		to = dry{out}
	} else {
		s, err := p.inv.Connect(ctx)
		if err != nil {
			return err
		}
		remote = &api{client: s.API, wait: !p.flags.noWait, warn: p.inv.Warn, show: func(c *destination) error { return show(out, c) }}
		to = remote
		bar = newProgress(p.inv.Err, p.total, out.JSON)
	}
	err := p.feed(ctx, to, bar)
	if err == nil && remote != nil {
		if confirmed := remote.confirm(ctx); confirmed != nil {
			err = p.refuse("", confirmed)
		}
	}
	bar.end()
	if err != nil {
		if p.result.Messages > 0 {
			p.inv.Warn("%s were imported; the same command goes on from there", plural(p.result.Messages, "message"))
		}
		return err
	}
	return errors.Join(p.report(out), p.failure())
}

// show prints what became of a chat.
func show(out output.Printer, c *destination) error {
	if out.JSON {
		return out.Document(struct {
			ID    string `json:"conversationId"`
			Name  string `json:"name"`
			Added int    `json:"messages"`
			Had   int    `json:"already"`
		}{c.id, c.name, c.added, c.stored})
	}
	return out.Linef("%s  %s  %s", c.id, plural(c.added, "message"), output.Clean(c.name))
}

// feed reads the sources into the target.
func (p *plan) feed(ctx context.Context, to target, bar *progress) error {
	for i, s := range p.sources {
		f := &feed{
			ctx: ctx, to: to, format: s.Format, chats: p.surveys[i].chats,
			recording: p.began(s), fresh: p.flags.fresh, progress: bar, refused: p.refuse,
		}
		err := s.Read(p.settings.options, watched{f, ctx})
		if err == nil {
			err = f.end()
		}
		p.result.Conversations += f.result.Conversations
		p.result.Messages += f.result.Messages
		p.result.Before += f.result.Before
		p.result.Refused += f.result.Refused
		if err != nil {
			return err
		}
	}
	return nil
}

// began returns when a recording began.
func (p *plan) began(s *importer.Source) time.Time {
	if !p.settings.start.IsZero() {
		return p.settings.start
	}
	return s.Written().UTC().Truncate(time.Second)
}

// refuse takes note of an error about one chat. It returns those that are not
// about it, such as that the API is away.
func (p *plan) refuse(name string, err error) error {
	_, failed := errors.AsType[*client.JobError](err)
	switch {
	case errors.Is(err, errChanged), failed, errors.Is(err, client.ErrInvalid), errors.Is(err, client.ErrConflict):
		p.trouble = append(p.trouble, refused{name, err.Error(), err})
		return nil
	default:
		return err
	}
}

// failure returns an error if a chat was refused.
func (p *plan) failure() error {
	if len(p.trouble) == 0 {
		return nil
	}
	err := p.trouble[0].err
	if errors.Is(err, errChanged) {
		return exit.Usagef("%s not imported as a whole; see above", plural(len(p.trouble), "conversation"))
	}
	return fmt.Errorf("%s not imported as a whole; see above. The first: %w", plural(len(p.trouble), "conversation"), err)
}

// A summary is the result for programs.
type summary struct {
	result
	DryRun      bool            `json:"dryRun,omitempty"`
	Attachments int             `json:"attachmentsWithoutText"`
	Files       []sourceSummary `json:"files"`
	Left        []leftSummary   `json:"left,omitempty"`
	Trouble     []refused       `json:"errors,omitempty"`
}

type sourceSummary struct {
	Name          string     `json:"name"`
	Format        string     `json:"format"`
	Conversations int        `json:"conversations"`
	Messages      int        `json:"messages"`
	Skipped       []*skipped `json:"skipped,omitempty"`
	Notes         []string   `json:"notes,omitempty"`
}

type leftSummary struct {
	Name   string `json:"name"`
	Reason string `json:"reason"`
}

// report prints what was done and what was left out.
func (p *plan) report(out output.Printer) error {
	s := summary{result: p.result, DryRun: p.flags.dry, Files: []sourceSummary{}, Trouble: p.trouble}
	for i, source := range p.sources {
		found := p.surveys[i]
		s.Attachments += found.attachments
		s.Files = append(s.Files, sourceSummary{source.Name, string(source.Format), len(found.chats), found.messages, found.skipped, found.notes})
	}
	for _, l := range p.left {
		s.Left = append(s.Left, leftSummary(l))
	}
	if out.JSON {
		return out.Document(s)
	}
	return s.print(out, p)
}

// mostFiles bounds how many files without anything to import are named.
const mostFiles = 20

// print writes the summary for people.
func (s summary) print(out output.Printer, p *plan) error {
	verb := "imported"
	if s.DryRun {
		verb = "would import"
	}
	before := ""
	if s.Before > 0 {
		before = fmt.Sprintf("; %s there already", plural(s.Before, "message"))
	}
	lines := []string{fmt.Sprintf("%s %s with %s%s", verb, plural(s.Conversations, "conversation"), plural(s.Messages, "message"), before)}
	if s.Attachments > 0 {
		lines = append(lines, "left out "+plural(s.Attachments, "attachment")+" without text")
	}
	for i, f := range s.Files {
		lines = append(lines, fmt.Sprintf("%s: %s, %s, %s", f.Name, p.sources[i].Format, plural(f.Conversations, "conversation"), plural(f.Messages, "message")))
		for _, k := range f.Skipped {
			lines = append(lines, "  left out "+k.String())
		}
		for _, note := range f.Notes {
			lines = append(lines, "  "+note)
		}
	}
	for i, l := range s.Left {
		if i == mostFiles {
			lines = append(lines, fmt.Sprintf("left out %s more", plural(len(s.Left)-i, "file")))
			break
		}
		lines = append(lines, fmt.Sprintf("left out %s: %s", l.Name, l.Reason))
	}
	for _, t := range s.Trouble {
		lines = append(lines, fmt.Sprintf("not imported: %s: %s", t.Name, t.Error))
	}
	for _, line := range lines {
		if err := out.Linef("%s", output.Clean(line)); err != nil {
			return err
		}
	}
	return nil
}
