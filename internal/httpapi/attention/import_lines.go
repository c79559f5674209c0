package attention

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi/input"
)

// maxTimestamp is that of an import, in seconds: a week.
const maxTimestamp = 7 * 24 * 60 * 60

// A line is one entry of an imported transcript, with the paths of its parts for
// refusals.
type line struct {
	path      string // transcript.v2.final[3]
	speaker   importSpeaker
	text      string
	textPath  string // .words
	start     *float64
	startPath string // .words[0].startTimestamp
	end       *float64
	endPath   string
}

// lines returns the transcript in either of its forms.
func (b *importBody) lines() []line {
	var all []line
	for i, l := range b.Transcript.V1.Final {
		all = append(all, line{
			path: fmt.Sprintf("transcript.v1.final[%d]", i), speaker: l.Speaker,
			text: l.Sentence, textPath: ".sentence",
			start: l.Start.Value, startPath: ".startTimestamp",
			end: l.End.Value, endPath: ".endTimestamp",
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

// line joins the words by single blanks. Its time is from the first to the last.
func (l importWords) line(at string) line {
	joined := line{path: at, speaker: l.Speaker, textPath: ".words"}
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
	joined.start, joined.startPath = l.Words[0].Start.Value, ".words[0].startTimestamp"
	joined.end, joined.endPath = l.Words[last].End.Value, fmt.Sprintf(".words[%d].endTimestamp", last)
	return joined
}

// utterances checks the transcript and returns it in the service's terms. Without a
// start time the conversation counts as ended just now: the start is computed from
// its length and set in the options.
func (b *importBody) utterances(o *analysis.Options) ([]analysis.Utterance, error) {
	lines := b.lines()
	if len(lines) == 0 {
		return nil, input.Invalid("transcript", input.BadValue("is required, with its text in v1.final or v2.final: no media are fetched and turned into text"))
	}
	if b.SkipEmpty {
		lines = slices.DeleteFunc(lines, func(l line) bool { return input.Blank(l.text) })
		if len(lines) == 0 {
			return nil, input.Invalid("transcript", input.ErrNoText)
		}
	}
	var length time.Duration
	for _, l := range lines {
		if field, err := l.check(); err != nil {
			return nil, input.Invalid(l.path+field, err)
		}
		length = max(length, offset(l.start), offset(l.end))
	}
	if o.StartTime.IsZero() && length > 0 {
		o.StartTime = time.Now().UTC().Truncate(time.Millisecond).Add(-length)
	}
	us := make([]analysis.Utterance, len(lines))
	for i, l := range lines {
		us[i] = analysis.Utterance{
			From: conversation.Speaker{ID: string(l.speaker.ID), UserID: l.speaker.Email, Name: l.speaker.Name},
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
		return l.textPath, input.ErrEmptyText
	case len(l.text) > input.MaxContent:
		return l.textPath, input.BadValue(fmt.Sprintf("must not be larger than %d bytes", input.MaxContent))
	}
	for _, f := range [...]struct{ name, value string }{
		{".id", string(l.speaker.ID)}, {".name", l.speaker.Name}, {".email", l.speaker.Email},
	} {
		if err := input.CheckLength(f.value, input.MaxSpeaker); err != nil {
			return ".speaker" + f.name, err
		}
	}
	if err := input.CheckRange(l.start, 0, maxTimestamp); err != nil {
		return l.startPath, err
	}
	if err := input.CheckRange(l.end, 0, maxTimestamp); err != nil {
		return l.endPath, err
	}
	if l.start != nil && l.end != nil && *l.end < *l.start {
		return l.endPath, input.BadValue("must not be earlier than the startTimestamp")
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
