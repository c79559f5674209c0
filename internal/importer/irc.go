package importer

import (
	"regexp"
	"strings"
	"time"
)

var (
	ircLine   = regexp.MustCompile(`^(?:\[?(?:(\d{4}-\d{2}-\d{2})[T ]|([A-Z][a-z]{2} {1,2}\d{1,2}) )?(\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?\]?)[ \t]+(.*)$`)
	ircSaid   = regexp.MustCompile(`^<([@+%~&! ]?)([^<>\s]{1,64})>(?: (.*))?$`)
	ircAction = regexp.MustCompile(`^\*{1,3}[ \t]+([@+%~&!]?)([^\s]{1,64}) (.*)$`)
	ircRename = regexp.MustCompile(`(\S+) is now known as (\S+)$`)
	ircDay    = regexp.MustCompile(`(?i)(?:day changed|log opened|log closed|begin logging at|ending logging at|session start:?|date changed to)\s+(?:to\s+)?(.*)$`)
	ircCodes  = regexp.MustCompile("\x03(?:\\d{1,2}(?:,\\d{1,2})?)?|\x04[0-9a-fA-F]{0,6}|[\x02\x0f\x11\x16\x1d\x1e\x1f]")
	dayInName = regexp.MustCompile(`(\d{4})[-_.]?(\d{2})[-_.]?(\d{2})`)
)

// readIRC reads the logs of IRC clients.
func readIRC(s *Source, o Options, out Sink) error {
	for _, f := range s.files {
		if err := out.Begin(Chat{Key: f.base, Title: f.base}); err != nil {
			return err
		}
		r := irc{out: out, zone: o.zone(), alias: map[string]string{}}
		if m := dayInName.FindStringSubmatch(f.base); m != nil {
			r.day, _ = time.ParseInLocation("2006-01-02", m[1]+"-"+m[2]+"-"+m[3], r.zone)
		}
		noteZone(o, out)
		if err := f.each(r.line); err != nil {
			return err
		}
	}
	return nil
}

// irc makes messages of the lines of a log.
type irc struct {
	out   Sink
	zone  *time.Location
	day   time.Time // zero if it is not known
	last  time.Duration
	alias map[string]string // the first nick, by a later one
	told  bool              // that there is no day
}

func (r *irc) line(n int, line string) error {
	if strings.TrimSpace(line) == "" {
		return nil
	}
	m := ircLine.FindStringSubmatch(line)
	if d := ircDay.FindStringSubmatch(line); d != nil && (m == nil || strings.HasPrefix(m[5], "-")) {
		r.setDay(d[1])
		r.out.Skip(n, noticeReason)
		return nil
	}
	if m == nil {
		r.out.Skip(n, "the line has no time and no nick")
		return nil
	}
	at := r.time(n, m)
	who, text, ok := r.said(m[5])
	if !ok {
		r.rename(m[5])
		r.out.Skip(n, noticeReason)
		return nil
	}
	text = strings.TrimSpace(ircCodes.ReplaceAllString(text, ""))
	if text == "" {
		r.out.Skip(n, "it is empty")
		return nil
	}
	return r.out.Add(Message{Line: n, Start: at, Sender: who, Text: text})
}

// said splits what follows the time into who and what.
func (r *irc) said(rest string) (who Sender, text string, ok bool) {
	if nick, said, tabbed := strings.Cut(rest, "\t"); tabbed { // WeeChat
		switch nick = strings.TrimSpace(nick); nick {
		case "*", "✱":
			nick, _, _ = strings.Cut(said, " ")
			return r.sender(nick), "* " + said, true
		case "", "-->", "<--", "--", "=!=", "←", "→":
			return Sender{}, "", false
		}
		return r.sender(strings.TrimLeft(nick, "@+%~&!")), said, true
	}
	if m := ircSaid.FindStringSubmatch(rest); m != nil {
		return r.sender(m[2]), m[3], true
	}
	if m := ircAction.FindStringSubmatch(rest); m != nil && !ircEvent.MatchString(m[3]) && !strings.HasPrefix(rest, "***") {
		return r.sender(m[2]), "* " + m[2] + " " + m[3], true
	}
	return Sender{}, "", false
}

// ircEvent is what happens to somebody, written as an action is.
var ircEvent = regexp.MustCompile(`^(?:\S+ )?(?:has (?:joined|left|quit|changed)|is now known as|sets mode|was kicked|\(.*\) has )`)

func (r *irc) sender(nick string) Sender {
	nick = strings.TrimLeft(nick, "@+%~&!")
	if first, ok := r.alias[nick]; ok {
		nick = first
	}
	return Sender{ID: nick, Name: nick}
}

// rename remembers that somebody is called otherwise from now on.
func (r *irc) rename(rest string) {
	m := ircRename.FindStringSubmatch(strings.TrimSpace(rest))
	if m == nil || len(r.alias) > mostLabels {
		return
	}
	first := m[1]
	if earlier, ok := r.alias[first]; ok {
		delete(r.alias, m[1])
		first = earlier
	}
	if first != m[2] {
		r.alias[m[2]] = first
	}
}

func (r *irc) setDay(text string) {
	text = strings.Join(strings.Fields(text), " ")
	for _, layout := range [...]string{"Mon Jan 2 15:04:05 2006", "Mon Jan 2 2006", "Mon, 02 Jan 2006", "2006-01-02", "Monday, 2 January 2006", "Mon, Jan 2, 2006"} {
		if at, err := time.ParseInLocation(layout, text, r.zone); err == nil {
			r.day = time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, r.zone)
			r.last = 0
			return
		}
	}
}

// time returns when a line was written. Where the log says no day, a clock that
// goes back to the night begins the next one.
func (r *irc) time(n int, m []string) time.Time {
	of, ok := clock(m[3])
	if strings.Count(m[3], ":") == 1 {
		of *= 60 // it is hours and minutes
	}
	if !ok || of >= 24*time.Hour {
		return time.Time{}
	}
	zone := r.zone
	if m[1] != "" {
		r.day, _ = time.ParseInLocation(time.DateOnly, m[1], zone)
	} else if m[2] != "" && !r.day.IsZero() {
		if at, err := time.ParseInLocation("Jan 2 2006", strings.Join(strings.Fields(m[2]), " ")+r.day.Format(" 2006"), zone); err == nil {
			if at.Before(r.day.AddDate(0, -6, 0)) {
				at = at.AddDate(1, 0, 0)
			}
			r.day = at
		}
	} else if !r.day.IsZero() && of < r.last-12*time.Hour {
		r.day = r.day.AddDate(0, 0, 1)
	}
	r.last = of
	if r.day.IsZero() {
		if !r.told {
			r.told = true
			r.out.Skip(n, "the time, since neither the log nor its name says the day")
		}
		return time.Time{}
	}
	if m[4] != "" {
		if z, err := time.Parse("Z0700", strings.Replace(m[4], ":", "", 1)); err == nil {
			zone = z.Location()
		}
	}
	y, mo, d := r.day.Date()
	return time.Date(y, mo, d, 0, 0, int(of/time.Second), 0, zone)
}
