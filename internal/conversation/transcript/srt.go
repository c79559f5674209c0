package transcript

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/conversation"
)

// SRT returns one cue per message, by their starts, with times since the start
// of the conversation. A conversation without messages has no cues: "".
//
// The characters & and < are written as entities, and so are the { of {\ and
// the > of -->, which players take for a command and for times. A cue has one
// line of text, so that no message can end it and begin another.
//
// It is written here because the libraries at hand begin the text with a byte
// order mark, which does not belong into a JSON string, and take a
// conversation without messages for an error.
func SRT(c conversation.Conversation, messages []conversation.Message, opts Options) string {
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", "-->", "--&gt;", `{\`, `&#123;\`)
	cues := slices.SortedStableFunc(sentences(c, messages), func(a, b sentence) int { return a.start.Compare(b.start) })
	var b strings.Builder
	b.Grow(lengthOf(messages))
	for i, s := range cues {
		if i > 0 {
			b.WriteByte('\n')
		}
		text := s.text
		if opts.Speakers {
			text = s.name + ": " + text
		}
		from := max(s.start.Sub(c.Start), 0)
		to := max(s.end.Sub(c.Start), from)
		fmt.Fprintf(&b, "%d\n%s --> %s\n%s\n", i+1, timestamp(from), timestamp(to), escape.Replace(text))
	}
	return b.String()
}

// timestamp is HH:MM:SS,mmm, with more digits of hours if need be.
func timestamp(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d:%02d,%03d", d/time.Hour, d/time.Minute%60, d/time.Second%60, d/time.Millisecond%1000)
}
