// Package importing has the command that imports what other programs export.
//
// Everything is read twice. The first time through, a survey learns what there is
// and that all of it can be read: a file that is not whole stops the import before
// anything is sent. The second time through, a feed sends it in portions:
//
//	importer.Source ─┬→ survey ──→ report
//	                 └→ feed ────→ api, or dry
package importing

import (
	"context"
	"errors"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/internal/cli/command"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/session"
	"github.com/turnwise/turnwise/internal/importer"
	"github.com/turnwise/turnwise/internal/importer/stamp"
)

const importHelp = `Import makes conversations of what other programs export: chats of WhatsApp, Slack,
Discord, Telegram, Messenger and IRC, captions (WebVTT, SRT, SBV), mails (mbox, eml), tables
(CSV, TSV), JSON Lines, bodies of the API, transcripts of Whisper, Deepgram, AssemblyAI, AWS
Transcribe, Google, Azure, Rev, Otter, Teams and Zoom, and plain text with names.

The format is found out, file by file; --format names it. Each chat, thread or file becomes
one conversation, with its senders and times. A folder or a ZIP is searched for files.

Everything is read before anything is sent, so that a file that is not whole is refused as
a whole, with the line and what was expected there. What is left out is named at the end.

The same chat is imported once: a second run, or one after an interruption, goes on where
the first one stopped, and a later export of the same chat adds what is new.`

const importExamples = `  enqueue import "WhatsApp Chat with Ana.txt" --date-order dmy --timezone Europe/Lisbon
  enqueue import slack-export.zip --dry-run
  enqueue import ~/exports/
  enqueue import tickets.csv --columns text=Body,time="Created at",sender=Agent`

// importFlags are the flags of the command import.
type importFlags struct {
	format   string
	timezone string
	order    string
	start    string
	encoding string
	columns  []string
	dry      bool
	fresh    bool
	noWait   bool
}

// Commands returns the commands of the family.
func Commands(inv *session.Invocation) []*cobra.Command {
	return []*cobra.Command{importCommand(inv)}
}

func importCommand(inv *session.Invocation) *cobra.Command {
	var f importFlags
	cmd := &cobra.Command{
		Use:     "import FILE...|DIR|-",
		Short:   "Import chats, mails and transcripts that other programs export",
		Long:    importHelp,
		Example: importExamples,
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return run(cmd.Context(), inv, f, args)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.format, "format", "", "what all files are written in; found out by default")
	flags.StringVar(&f.timezone, "timezone", "", "zone of times that name none, such as Europe/Lisbon; default: this machine's")
	flags.StringVar(&f.order, "date-order", "", "dmy, mdy or ymd, where the file does not tell")
	flags.StringVar(&f.start, "start", "", "when a recording began, whose times count from its start; default: when the file was written")
	flags.StringVar(&f.encoding, "encoding", "", "of text that is not UTF-8 or UTF-16, such as windows-1252")
	flags.StringSliceVar(&f.columns, "columns", nil, "what the columns of a table hold: text, time, sender, id, email or chat, such as text=Body or time=1")
	flags.BoolVar(&f.dry, "dry-run", false, "show what would be sent, and send nothing")
	flags.BoolVar(&f.fresh, "as-new", false, "make conversations of their own of chats that have changed since they were imported")
	flags.BoolVar(&f.noWait, "no-wait", false, "do not wait for the worker to store what was accepted")
	var formats []cobra.Completion
	for _, known := range importer.Formats() {
		formats = append(formats, cobra.CompletionWithDesc(string(known), known.String()))
	}
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp)) // fails for an unknown flag only
	orders := []cobra.Completion{"dmy", "mdy", "ymd"}
	_ = cmd.RegisterFlagCompletionFunc("date-order", cobra.FixedCompletions(orders, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// settings are the flags, checked.
type settings struct {
	input   importer.Input
	options importer.Options
	start   time.Time
}

// check reads the flags.
func (f *importFlags) check(ctx context.Context, inv *session.Invocation, args []string) (s settings, err error) {
	s.input = importer.Input{Paths: args, Stdin: inv.Interruptible(ctx, inv.In)}
	if s.input.Format, err = importer.ParseFormat(f.format); err != nil {
		return s, exit.Usagef("--format: %w", err)
	}
	if s.input.Encoding, err = importer.ParseEncoding(f.encoding); err != nil {
		return s, exit.Usagef("--encoding: %w", err)
	}
	if s.options.Order, err = stamp.ParseOrder(f.order); err != nil {
		return s, exit.Usagef("--date-order: %w", err)
	}
	if s.options.Columns, err = importer.ParseColumns(f.columns); err != nil {
		return s, exit.Usagef("--columns: %w", err)
	}
	s.options.Zone = time.Local
	if f.timezone != "" {
		if s.options.Zone, err = time.LoadLocation(f.timezone); err != nil {
			return s, exit.Usagef("--timezone is %q, want a name such as Europe/Lisbon or UTC", f.timezone)
		}
	}
	s.start, err = command.ParseTime("start", f.start, time.Now())
	return s, err
}

// run imports the files.
func run(ctx context.Context, inv *session.Invocation, f importFlags, args []string) error {
	set, err := f.check(ctx, inv, args)
	if err != nil {
		return err
	}
	all, err := importer.Open(set.input)
	if err != nil {
		return refusal(err)
	}
	defer all.Close()
	p := &plan{inv: inv, flags: f, settings: set, sources: all.Sources, left: all.Left}
	if err := p.survey(ctx); err != nil {
		return err
	}
	return p.run(ctx)
}

// refusal returns an error about a file as one of what was given. Nothing was
// sent.
func refusal(err error) error {
	if wrong, ok := errors.AsType[*importer.Error](err); ok {
		return exit.Usagef("%w", wrong)
	}
	if _, ok := errors.AsType[*os.PathError](err); ok {
		return exit.Usagef("%w", err)
	}
	return err
}

// plural returns "1 message" or "2 messages".
func plural(n int, word string) string {
	if n != 1 {
		word += "s"
	}
	return thousands(n) + " " + word
}

// thousands writes a number with commas.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for at := len(s) - 3; at > 0; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}
