package conversations

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cli/command"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/output"
	"github.com/turnwise/turnwise/internal/cli/session"
)

const transcriptHelp = `Prints a conversation as one text: Markdown to read, or SRT, the format of subtitles.`

func transcriptCommand(inv *session.Invocation) *cobra.Command {
	var format string
	var opts client.TranscriptOptions
	cmd := &cobra.Command{
		Use:               "transcript ID",
		Short:             "Print a conversation as Markdown or subtitles",
		Long:              transcriptHelp,
		Example:           "  enqueue transcript 5815170693595136 --format srt --speakers > call.srt",
		Args:              command.OneID("conversation"),
		ValidArgsFunction: inv.Offer("conversation"),
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, args []string) error {
			formats := map[string]client.TranscriptFormat{"md": client.Markdown, "srt": client.SRT}
			var known bool
			if opts.Format, known = formats[format]; !known {
				return exit.Usagef("--format is %q, want md or srt", format)
			}
			if opts.Paragraphs && format != "md" {
				return exit.Usagef("--paragraphs is for --format md; subtitles have none")
			}
			text, err := s.API.Transcript(ctx, args[0], opts)
			if err != nil {
				return err
			}
			return printTranscript(s.Out, text)
		}),
	}
	flags := cmd.Flags()
	flags.StringVar(&format, "format", "md", "md or srt")
	flags.BoolVar(&opts.Speakers, "speakers", false, "name who says it")
	flags.BoolVar(&opts.Paragraphs, "paragraphs", false, "make paragraphs of what one says in a row; md only")
	fixed := cobra.FixedCompletions([]cobra.Completion{"md", "srt"}, cobra.ShellCompDirectiveNoFileComp)
	_ = cmd.RegisterFlagCompletionFunc("format", fixed) // fails for an unknown flag only
	return cmd
}

// printTranscript writes the text line by line, because control characters in
// it could rewrite the screen. The breaks of Markdown become those of a terminal;
// what somebody said has them as entities.
func printTranscript(p output.Printer, t client.Transcript) error {
	if p.JSON {
		return p.Document(map[string]client.Transcript{"transcript": t})
	}
	var text strings.Builder
	for line := range strings.Lines(strings.ReplaceAll(t.Payload, "<br/>", "\n")) {
		text.WriteString(output.Clean(strings.TrimRight(line, "\r\n")))
		text.WriteByte('\n')
	}
	return p.Write([]byte(text.String()))
}
