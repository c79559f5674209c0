package attention

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi/input"
)

// maxTimestamp is that of an import, in seconds: a week.
const maxTimestamp = 7 * 24 * 60 * 60

// A line is one entry of an imported transcript, with the paths of its parts
// for what may be wrong with them.
type line struct {
	at      string // transcript.v2.final[3]
	who     importSpeaker
	text    string
	textAt  string // .words
	start   *float64
	startAt string // .words[0].startTimestamp
	end     *float64
	endAt   string
}

// lines returns the transcript in either of its forms.
func (b *importBody) lines() []line {
	var all []line
	for i, l := range b.Transcript.V1.Final {
		all = append(all, line{
			at: fmt.Sprintf("transcript.v1.final[%d]", i), who: l.Speaker,
			text: l.Sentence, textAt: ".sentence",
			start: l.Start, startAt: ".startTimestamp",
			end: l.End, endAt: ".endTimestamp",
		})
	}
	if all != nil {
		return all
	}
	for i, l := range b.Transcript.V2.Final {
		all = append(all, l.line(fmt.Sprintf("transcript.v2.final[%d]", i)))
	}
	return all
}

// line joins the words by single blanks. It lasts from the first to the last.
func (l importWords) line(at string) line {
	joined := line{at: at, who: l.Speaker, textAt: ".words"}
	if len(l.Words) == 0 {
		return joined
	}
	texts := make([]string, 0, len(l.Words))
	for _, w := range l.Words {
		if text := strings.TrimSpace(w.Text); text != "" {
			texts = append(texts, text)
		}
	}
	last := len(l.Words) - 1
	joined.text = strings.Join(texts, " ")
	joined.start, joined.startAt = l.Words[0].Start, ".words[0].startTimestamp"
	joined.end, joined.endAt = l.Words[last].End, fmt.Sprintf(".words[%d].endTimestamp", last)
	return joined
}

// utterances checks the transcript and returns it in the service's terms. If
// nobody says when the conversation started, it has just ended: its length
// tells the start, which is noted in the options.
func (b *importBody) utterances(o *analysis.Options) ([]analysis.Utterance, error) {
	lines := b.lines()
	if len(lines) == 0 {
		return nil, input.Invalid("transcript", input.BadValue("is required, with its text in v1.final or v2.final: no media are fetched and turned into text"))
	}
	var length time.Duration
	for _, l := range lines {
		if field, err := l.check(); err != nil {
			return nil, input.Invalid(l.at+field, err)
		}
		length = max(length, offset(l.start), offset(l.end))
	}
	if o.StartTime.IsZero() && length > 0 {
		o.StartTime = time.Now().UTC().Truncate(time.Millisecond).Add(-length)
	}
	us := make([]analysis.Utterance, len(lines))
	for i, l := range lines {
		us[i] = analysis.Utterance{
			From: conversation.Speaker{ID: l.who.ID, UserID: l.who.Email, Name: l.who.Name},
			Text: l.text,
		}
		if l.start != nil && !o.StartTime.IsZero() {
			us[i].Start = o.StartTime.Add(offset(l.start))
		}
		if l.end != nil && !o.StartTime.IsZero() {
			us[i].End = o.StartTime.Add(offset(l.end))
		}
	}
	return us, nil
}

func (l line) check() (field string, err error) {
	switch {
	case input.Blank(l.text):
		return l.textAt, input.ErrBlank
	case len(l.text) > input.MaxContent:
		return l.textAt, input.BadValue(fmt.Sprintf("must not be larger than %d bytes", input.MaxContent))
	}
	for _, f := range [...]struct{ name, value string }{
		{".id", l.who.ID}, {".name", l.who.Name}, {".email", l.who.Email},
	} {
		if err := input.CheckLength(f.value, input.MaxSpeaker); err != nil {
			return ".speaker" + f.name, err
		}
	}
	if err := input.CheckRange(l.start, 0, maxTimestamp); err != nil {
		return l.startAt, err
	}
	if err := input.CheckRange(l.end, 0, maxTimestamp); err != nil {
		return l.endAt, err
	}
	if l.start != nil && l.end != nil && *l.end < *l.start {
		return l.endAt, input.BadValue("must not be earlier than the startTimestamp")
	}
	return "", nil
}

// offset returns a timestamp, to the millisecond; 0 if it is not given.
func offset(timestamp *float64) time.Duration {
	if timestamp == nil {
		return 0
	}
	return time.Duration(math.Round(*timestamp*1000)) * time.Millisecond
}
