package importer

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/importer/stamp"
)

// PlainText returns a source that is text with names, in memory.
func PlainText(name, text string) *Source {
	return &Source{Name: name, Format: Plain, Size: int64(len(text)), files: []*file{{
		name: name, base: name, size: int64(len(text)),
		open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil },
	}}}
}

// readPlain reads "Name: text", with or without the times of a recording. The
// first time through it learns which labels are names.
func readPlain(s *Source, o Options, out Sink) error {
	for _, f := range s.files {
		r := plain{out: out, labels: labels{certain: o.Names}}
		start, labeled := true, false
		if err := eachPart(f, func(_ int, line string) error {
			timed, ok := cutTime(line)
			r.recorded = r.recorded || ok
			if line = timed.rest; line == "" {
				start = true
				return nil
			}
			if _, ok := cutLabel(line); ok || start {
				r.labels.see(line)
				labeled = labeled || ok
			}
			r.head = r.head || line == "Attendees" && !labeled
			start = false
			return nil
		}); err != nil {
			return err
		}
		if err := out.Begin(Chat{Title: f.base, Recorded: r.recorded}); err != nil {
			return err
		}
		if err := eachPart(f, r.line); err != nil {
			return err
		}
		if err := r.flush(); err != nil {
			return err
		}
		for _, doubt := range r.doubts {
			out.Note(doubt)
		}
	}
	return nil
}

// eachPart calls visit for each line, where some programs write other ends of
// lines than the usual ones. The number is that of the line by the usual ones, or
// in a file without them the number by those that it has.
func eachPart(f *file, visit func(n int, line string) error) error {
	return f.each(func(n int, line string) error {
		for more := 0; ; more++ {
			part, rest, found := cutLine(line)
			at := n
			if n == 1 {
				at += more
			}
			if err := visit(at, strings.TrimSpace(part)); err != nil || !found {
				return err
			}
			line = rest
		}
	})
}

// cutLine splits text at an end of a line that is not a line feed.
func cutLine(s string) (line, rest string, found bool) {
	at := strings.IndexAny(s, "\r\u0085\u2028\u2029")
	if at < 0 {
		return s, "", false
	}
	return s[:at], s[at+len(string(firstRune(s[at:]))):], true
}

// timedLine is a line and the time in it.
type timedLine struct {
	rest string
	at   time.Duration
}

var (
	timeInFront = regexp.MustCompile(`^(?:\[((?:\d{1,2}:)?\d{1,2}:\d{2})(?:\.\d+)?\]|((?:\d{1,2}:)?\d{1,2}:\d{2}))(?:\s+(.*))?$`)
	timeBehind  = regexp.MustCompile(`^([^:]{1,80}?)\s+[(\[]?((?:\d{1,2}:)?\d{1,2}:\d{2})[)\]]?:(\s.*)?$`)
)

// cutTime takes the time out of "[00:15] Ben: text", "00:12 Ben: text",
// "Ana 00:00:05: text" and of a time that stands alone.
func cutTime(line string) (timedLine, bool) {
	if !strings.Contains(line, ":") { // most lines, and the expressions are slow
		return timedLine{rest: line}, false
	}
	line = strings.TrimLeftFunc(line, stamp.IsMark)
	if m := timeInFront.FindStringSubmatch(line); m != nil {
		at, ok := clock(m[1] + m[2])
		if _, labeled := cutLabel(m[3]); ok && (m[1] != "" || m[3] == "" || labeled) {
			return timedLine{m[3], at}, true
		}
	}
	if m := timeBehind.FindStringSubmatch(line); m != nil && isPerson(m[1]) {
		if at, ok := clock(m[2]); ok {
			return timedLine{m[1] + ":" + m[3], at}, true
		}
	}
	return timedLine{rest: line}, false
}

// plain makes messages of lines.
type plain struct {
	out      Sink
	labels   labels
	recorded bool

	who   Sender
	begun bool // a name was met
	at    time.Duration
	timed bool // at belongs to what follows
	line0 int
	text  []string
	size  int  // of text
	head  bool // of a transcript: a title and the head of the transcript

	doubts []string // labels that may be names, and are not taken for one
}

func (r *plain) line(n int, line string) error {
	timed, ok := cutTime(line)
	if ok {
		if err := r.flush(); err != nil {
			return err
		}
		r.at, r.timed, line, r.head = timed.at, true, timed.rest, false
	}
	l, labeled := cutLabel(line)
	switch {
	case labeled && r.labels.accepts(l.name):
		if err := r.flush(); err != nil {
			return err
		}
		r.who, r.begun, r.head, line = Sender{Name: l.name, Email: l.email}, true, false, l.rest
	case labeled && r.labels.certain:
		r.doubt(n, l.name)
	case line == "":
		return r.flush()
	}
	if line == "" {
		return nil
	}
	if r.head {
		r.out.Skip(n, "the head of the transcript")
		return nil
	}
	if len(r.text) == 0 {
		r.line0 = n
	}
	r.text = append(r.text, line)
	if r.size += len(line); r.size > longestText {
		return r.flush()
	}
	return nil
}

const (
	mostDoubts   = 5
	doubtedWords = 4
)

// doubt takes note of a label that is no speaker. Those that announce something else
// and those that are half a sentence are not worth it.
func (r *plain) doubt(n int, name string) {
	if len(r.doubts) == mostDoubts || noPerson.MatchString(name) || len(strings.Fields(name)) > doubtedWords {
		return
	}
	r.doubts = append(r.doubts, fmt.Sprintf("line %d: %q is not taken for a speaker, as it does not look like a name", n, name))
}

func (r *plain) flush() error {
	if len(r.text) == 0 {
		return nil
	}
	m := Message{Line: r.line0, Sender: r.who, Text: strings.Join(r.text, "\n")}
	if r.timed {
		m.From, m.To, m.Timed = r.at, r.at, true
	}
	r.text, r.timed, r.size = r.text[:0], false, 0
	return r.out.Add(m)
}

// otterHeader is a line with a name and a time, or a time alone, of transcripts
// by Otter and of those that Teams writes as text.
var otterHeader = regexp.MustCompile(`^(?:(\S.{0,100}?)\s{2,})?((?:\d{1,2}:)?\d{1,2}:\d{2})\s*$`)

// otterFooter is said by nobody.
var otterFooter = regexp.MustCompile(`^Transcribed by https?://otter\.ai`)

// readOtter reads transcripts in which a line with a name and a time stands
// above each text.
func readOtter(s *Source, _ Options, out Sink) error {
	for _, f := range s.files {
		if err := out.Begin(Chat{Title: f.base, Recorded: true}); err != nil {
			return err
		}
		var now *Message
		var text strings.Builder
		paragraph := false
		flush := func() error {
			if now == nil || text.Len() == 0 {
				return nil
			}
			now.Text = text.String()
			text.Reset()
			return out.Add(*now)
		}
		err := f.each(func(n int, line string) error {
			if m := otterHeading(line); m != nil {
				if at, ok := clock(m[2]); ok {
					err := flush()
					now = &Message{Line: n, Sender: Sender{Name: otterName(m[1])}, From: at, To: at, Timed: true}
					return err
				}
			}
			line = strings.TrimSpace(line)
			above := paragraph
			paragraph = line == ""
			switch {
			case line == "":
			case otterFooter.MatchString(line):
				out.Skip(n, noticeReason)
			case now == nil:
				out.Skip(n, "it stands before the first speaker")
			case text.Len() > longestText/4:
				err := flush()
				now = &Message{Line: n, Sender: now.Sender}
				text.WriteString(line)
				return err
			case above && text.Len() > 0:
				text.WriteString("\n" + line)
			case text.Len() > 0:
				text.WriteString(" " + line)
			default:
				text.WriteString(line)
			}
			return nil
		})
		if err != nil {
			return err
		}
		if err := flush(); err != nil {
			return err
		}
	}
	return nil
}

// otterHeading returns the name and the time of a line that has nothing else. The
// expression is slow, so that it looks only at lines that end as a time does.
func otterHeading(line string) []string {
	end := strings.TrimRight(line, " \t\u00a0")
	if at := len(end) - 3; at < 1 || end[at] != ':' {
		return nil
	}
	return otterHeader.FindStringSubmatch(line)
}

func otterName(name string) string {
	if strings.EqualFold(name, "Unknown Speaker") {
		return ""
	}
	return name
}
