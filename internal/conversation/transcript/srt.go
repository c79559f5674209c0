package transcript

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/conversation"
)

// SRT writes one cue per message, which come by their starts, see [InOrder], with times
// since the start of the conversation. A conversation without messages has no cues: "".
//
// The characters & and < are written as entities, and so are the { of {\ and
// the > of -->, which players take for a command and for times. A cue has one
// line of text, so that no message can end it and begin another.
//
// It is written here because the libraries at hand begin the text with a byte
// order mark, which does not belong into a JSON string, and take a
// conversation without messages for an error.
func SRT(w io.Writer, c conversation.Conversation, messages Messages, opts Options) error {
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", "-->", "--&gt;", `{\`, `&#123;\`)
	i := 0
	for s, err := range sentences(c, messages) {
		if err != nil {
			return err
		}
		if i++; i > 1 {
			if _, err := io.WriteString(w, "\n"); err != nil {
				return err
			}
		}
		text := s.text
		if opts.Speakers {
			text = s.name + ": " + text
		}
		from := max(s.start.Sub(c.Start), 0)
		to := max(s.end.Sub(c.Start), from)
		if _, err := fmt.Fprintf(w, "%d\n%s --> %s\n%s\n", i, timestamp(from), timestamp(to), escape.Replace(text)); err != nil {
			return err
		}
	}
	return nil
}

// timestamp is HH:MM:SS,mmm, with more digits of hours if need be.
func timestamp(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d:%02d,%03d", d/time.Hour, d/time.Minute%60, d/time.Second%60, d/time.Millisecond%1000)
}
