package importer

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/importer/stamp"
)

// A header is how the lines of a chat begin that begin a message.
type header struct {
	style    stamp.Style
	count    int
	decider  stamp.Decider
	first    int // line
	speakers map[string]int
}

// readWhatsApp reads the text that WhatsApp exports a chat as. The first time
// through it learns how dates are written, and who says more than notices.
func readWhatsApp(s *Source, o Options, out Sink) error {
	for _, f := range s.files {
		h, err := whatsAppHeader(f)
		if err != nil {
			return err
		}
		order, err := h.order(f, o)
		if err != nil {
			return err
		}
		title := whatsAppTitle(f)
		if err := out.Begin(Chat{Key: title, Title: title}); err != nil {
			return err
		}
		noteZone(o, out)
		w := whatsApp{out: out, name: f.name, header: h, order: order, zone: o.zone()}
		if err := f.each(func(n int, line string) error { return w.line(n, line) }); err != nil {
			return err
		}
		if err := w.flush(); err != nil {
			return err
		}
	}
	return nil
}

func (o Options) zone() *time.Location {
	if o.Zone == nil {
		return time.UTC
	}
	return o.Zone
}

// noteZone says which zone times were taken in that name none.
func noteZone(o Options, out Sink) {
	name := o.zone().String()
	if name == "Local" {
		name = "this machine's zone"
	}
	out.Note(fmt.Sprintf("times without a zone were taken as those of %s (--timezone)", name))
}

// mostStyles bounds how many ways to write a date are told apart.
const mostStyles = 64

// whatsAppHeader finds the header that most messages of the file have.
func whatsAppHeader(f *file) (*header, error) {
	found := map[stamp.Style]*header{}
	err := f.each(func(n int, line string) error {
		raw, rest, ok := stamp.Scan(line)
		if !ok {
			return nil
		}
		h := found[raw.Style]
		if h == nil {
			if len(found) >= mostStyles {
				return nil
			}
			h = &header{style: raw.Style, first: n, speakers: map[string]int{}}
			found[raw.Style] = h
		}
		h.count++
		h.decider.See(raw)
		if name, body, ok := cutSender(rest); ok && !strings.HasPrefix(body, mark) {
			h.speakers[name]++
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var best *header
	for _, h := range found {
		if best == nil || h.count > best.count || h.count == best.count && h.first < best.first {
			best = h
		}
	}
	if best == nil {
		return nil, f.bad(1, "no line begins with a date and a time, as the messages of a WhatsApp chat do")
	}
	return best, nil
}

// order returns the order of the dates, from the options if they name it.
func (h *header) order(f *file, o Options) (stamp.Order, error) {
	if o.Order != stamp.Undecided {
		return o.Order, nil
	}
	order, err := h.decider.Order()
	if err != nil {
		return order, &Error{File: f.name, Line: h.first, Want: "the dates cannot be read", Err: err}
	}
	if order == stamp.Undecided {
		return order, f.bad(h.first, "the dates may have the day or the month first, and none of the file tells; say which with --date-order dmy or --date-order mdy")
	}
	return order, nil
}

// whatsApp makes messages of the lines of a chat.
type whatsApp struct {
	out    Sink
	name   string // of the file
	header *header
	order  stamp.Order
	zone   *time.Location

	open  bool // a message was begun
	now   Message
	body  []string
	size  int  // of the body
	begun int  // messages so far
	extra bool // the line itself began with a mark, as those that the program writes do
}

func (w *whatsApp) line(n int, line string) error {
	raw, rest, ok := stamp.Scan(line)
	if !ok || raw.Style != w.header.style {
		if !w.open {
			if strings.TrimSpace(line) != "" {
				w.out.Skip(n, "it goes on with nothing")
			}
			return nil
		}
		return w.goOn(line)
	}
	if err := w.flush(); err != nil {
		return err
	}
	at, err := raw.Time(w.order, w.zone)
	if err != nil {
		return &Error{File: w.name, Line: n, Want: "the date cannot be read in the order of the others", Err: err}
	}
	name, body, ok := cutSender(rest)
	if !ok || w.isNotice(name, body) {
		w.out.Skip(n, noticeReason)
		return nil
	}
	w.begun++
	w.open, w.extra = true, strings.HasPrefix(line, mark)
	w.now = Message{Line: n, Start: at, Sender: Sender{Name: name}}
	w.body, w.size = append(w.body[:0], body), 0
	return nil
}

// goOn takes another line of the body. A body that is longer than any is cut into
// several messages, so that it takes no more memory than one.
func (w *whatsApp) goOn(line string) error {
	w.body = append(w.body, line)
	if w.size += len(line); w.size < longestText {
		return nil
	}
	goesOn := w.now
	if err := w.flush(); err != nil {
		return err
	}
	w.open, w.now, w.body, w.size = true, goesOn, w.body[:0], 0
	return nil
}

// flush adds the message that was begun.
func (w *whatsApp) flush() error {
	if !w.open || len(w.body) == 0 {
		return nil
	}
	w.open = false
	b := whatsAppBody(w.body, w.extra)
	if b.nothing != "" {
		w.out.Skip(w.now.Line, b.nothing)
		return nil
	}
	w.now.Text, w.now.Attachments = b.text, b.attachments
	return w.out.Add(w.now)
}

const (
	mark         = "\u200e" // before what WhatsApp for iOS writes by itself
	noticeReason = "a notice of the program"
)

// cutSender splits what follows a header at the end of the name.
func cutSender(rest string) (name, body string, ok bool) {
	name, body, ok = strings.Cut(rest, ": ")
	if !ok {
		if name, ok = strings.CutSuffix(strings.TrimRight(rest, " "), ":"); !ok {
			return "", "", false
		}
	}
	name = cleanName(name)
	return name, body, name != ""
}

// cleanName takes away what nobody sees in a name, and the tilde that says that
// it is not from the address book.
func cleanName(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case stamp.IsMark(r):
			return -1
		case r == '\u00a0' || r == '\u202f':
			return ' '
		}
		return r
	}, name)
	return strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(name), "~"))
}

var (
	noticeInName = regexp.MustCompile(`["“”„«»]| (created group|changed|added|removed|left|joined|invited|pinned|turned on|turned off) | (hat|ha|a|heeft) .* (geändert|cambiado|changé|gewijzigd|cambiato)`)
	noticeInBody = regexp.MustCompile(`(?i)end-to-end|ende-zu-ende|extremo a extremo|de bout en bout|ponta a ponta|сквозн|uçtan uca|エンドツーエンド|端到端|` +
		`created (this )?group|changed (the|this|their|your) |security code|(added|removed|invited) |joined using|\bleft$|\bpinned a message|now an admin|turned (on|off) |is a contact|started a (video|voice|call)`)
)

// isNotice reports whether the program says it, though it looks as if somebody
// did. On Android that is a notice with a colon in it. On iOS notices have a
// sender, the group or the other person, and a mark.
func (w *whatsApp) isNotice(name, body string) bool {
	said := w.header.speakers[name]
	if noticeInName.MatchString(name) && said < 2 {
		return true
	}
	marked, ok := strings.CutPrefix(body, mark)
	if !ok || attachmentOf(body, true) != "" || nothingSaid(marked) != "" || isPoll(marked) {
		return false
	}
	return said == 0 || noticeInBody.MatchString(marked)
}

var chatNamed = regexp.MustCompile(`(?i)^.*whatsapp\S*(?: chat)? ?(?: - |[ _](?:with|mit|con|avec|com|met|med|с|ile|z|cu) )(.+)$`)

// whatsAppTitle returns whom or which group the chat is with. Only the name of
// the file tells.
func whatsAppTitle(f *file) string {
	name := f.base
	if name == "_chat" && f.in != "" {
		name = f.in
	}
	name = copied.ReplaceAllString(name, "")
	if m := chatNamed.FindStringSubmatch(strings.ReplaceAll(name, "_", " ")); m != nil {
		return strings.TrimSpace(m[1])
	}
	return name
}

// copied is what programs add to the name of a file that exists already.
var copied = regexp.MustCompile(` ?\(\d+\)$`)
