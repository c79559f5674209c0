package console

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
)

// A span is a part of a text, and what was found in it; Class is empty for nothing.
type span struct {
	Text  string
	Class string // "entity", "tracker" or "phrase"
	Title string // what it is
}

// A badge is something that was found in a message as a whole.
type badge struct {
	Class string // the type of an insight
	Words string
}

// A messageView is a message as it is shown.
type messageView struct {
	ID      string
	Speaker string
	Tone    int // of the speaker, which colours the name: 0 to 5
	Start   time.Time
	Spans   []span
	Badges  []badge
	Mood    string // positive or negative; empty for neither
}

// tones is how many colours speakers have.
const tones = 6

func viewMessage(c conversation.Conversation, m conversation.Message, insights []analysis.Insight) messageView {
	v := messageView{ID: m.ID, Speaker: "nobody named", Start: m.Start, Spans: spansOf(m)}
	if member, ok := c.Member(m.Member); ok {
		v.Speaker = nameOf(member)
		v.Tone = slices.IndexFunc(c.Members, func(other conversation.Member) bool { return other.ID == member.ID }) % tones
	}
	for _, in := range insights {
		v.Badges = append(v.Badges, badgeOf(c, m, in))
	}
	if m.Polarity != nil {
		if mood := conversation.SentimentLabel(*m.Polarity); mood != "neutral" {
			v.Mood = mood
		}
	}
	return v
}

// badgeOf says what an insight is, who is to do it, and until when.
func badgeOf(c conversation.Conversation, m conversation.Message, in analysis.Insight) badge {
	b := badge{Class: in.Type, Words: strings.ReplaceAll(in.Type, "_", " ")}
	who := in.Assignee
	if member, ok := c.Member(m.Member); ok && in.Own {
		who = nameOf(member)
	}
	if who != "" {
		b.Words += " → " + who
	}
	if !in.DueBy.IsZero() {
		b.Words += ", due " + in.DueBy.UTC().Format(time.DateOnly)
	}
	return b
}

// A place is where something stands in a text, in bytes.
type place struct {
	from, to int
	class    string
	title    string
}

// spansOf cuts the text of a message where something was found. Of what overlaps, what
// begins first and then what is longer is shown.
func spansOf(m conversation.Message) []span {
	var places []place
	add := func(offset int, text, class, title string) {
		from := byteOffset(m.Text, offset)
		if from < 0 || text == "" || len(m.Text)-from < len(text) || !strings.EqualFold(m.Text[from:from+len(text)], text) {
			return // the text was found in another form than it stands there
		}
		places = append(places, place{from, from + len(text), class, title})
	}
	for _, e := range m.Entities {
		title := strings.ReplaceAll(cmp.Or(e.Custom, e.Type), "_", " ")
		if e.Value != "" && e.Value != e.Text {
			title += ": " + e.Value
		}
		add(e.Offset, e.Text, "entity", title)
	}
	for _, t := range m.Matches {
		add(t.Offset, t.Term, "tracker", "tracker "+t.Name)
	}
	for _, p := range m.Phrases {
		if at := strings.Index(m.Text, p); at >= 0 {
			places = append(places, place{at, at + len(p), "phrase", "action phrase"})
		}
	}
	slices.SortStableFunc(places, func(a, b place) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to)) })
	var spans []span
	at := 0
	for _, p := range places {
		if p.from < at {
			continue
		}
		if p.from > at {
			spans = append(spans, span{Text: m.Text[at:p.from]})
		}
		spans = append(spans, span{m.Text[p.from:p.to], p.class, p.title})
		at = p.to
	}
	if at < len(m.Text) {
		spans = append(spans, span{Text: m.Text[at:]})
	}
	return spans
}

// byteOffset returns where the character with that index begins, or −1.
func byteOffset(s string, index int) int {
	if index < 0 {
		return -1
	}
	for at := range s {
		if index == 0 {
			return at
		}
		index--
	}
	if index == 0 && utf8.ValidString(s) {
		return len(s)
	}
	return -1
}
