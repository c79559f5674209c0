package importer

import (
	"regexp"
	"strings"
	"time"
)

// readPlain reads "Name: text", with or without the times of a recording. The
// first time through it learns which labels are names.
func readPlain(s *Source, _ Options, out Sink) error {
	for _, f := range s.files {
		r := plain{out: out}
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
	}
	return nil
}

// eachPart calls visit for each line, where some programs write other ends of
// lines than the usual ones.
func eachPart(f *file, visit func(n int, line string) error) error {
	return f.each(func(n int, line string) error {
		for part := range strings.FieldsFuncSeq(line+" ", func(r rune) bool { return r == '\u2028' || r == '\u2029' || r == '\r' }) {
			if err := visit(n, strings.TrimSpace(part)); err != nil {
				return err
			}
		}
		return nil
	})
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

func (r *plain) flush() error {
	if len(r.text) == 0 {
		return nil
	}
	m := Message{Line: r.line0, Sender: r.who, Text: strings.Join(r.text, " ")}
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
