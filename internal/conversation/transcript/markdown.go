package transcript

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/turnwise/turnwise/internal/conversation"
)

const lineBreak = "<br/><br/>"

// block is what, at the start of a text, would make a heading or a list of it.
var block = regexp.MustCompile(`^[0-9]*[-+=#.)]`)

// Markdown returns the messages in the order given. Two breaks stand between
// sentences or, if asked for paragraphs, between these; the speaker stands
// before each of them.
//
// The characters & < > \ ` * _ ~ [ ] are written as entities, and so is a mark
// of a list or heading at the very start: an entity is text for readers of
// Markdown and of HTML alike, which a backslash is not.
func Markdown(c conversation.Conversation, messages []conversation.Message, opts Options) string {
	escape := strings.NewReplacer(
		"&", "&amp;", "<", "&lt;", ">", "&gt;",
		`\`, "&#92;", "`", "&#96;", "*", "&#42;", "_", "&#95;", "~", "&#126;", "[", "&#91;", "]", "&#93;",
	)
	var b strings.Builder
	b.Grow(lengthOf(messages))
	var before sentence
	for s := range sentences(c, messages) {
		first := b.Len() == 0
		same := !first && opts.Paragraphs && s.speaker == before.speaker
		switch {
		case same:
			b.WriteByte(' ')
		case !first:
			b.WriteString(lineBreak)
		}
		if opts.Speakers && !same {
			b.WriteString(escape.Replace(s.name) + ": ")
		}
		mark(&b, s.text, opts.Phrases[s.id], escape)
		before = s
	}
	return block.ReplaceAllStringFunc(b.String(), func(start string) string {
		last := len(start) - 1
		return fmt.Sprintf("%s&#%d;", start[:last], start[last])
	})
}

// mark writes text with the phrases marked. Phrases that overlap or touch are
// marked as one.
func mark(b *strings.Builder, text string, phrases []string, escape *strings.Replacer) {
	at := 0
	for _, r := range ranges(text, phrases) {
		b.WriteString(escape.Replace(text[at:r.from]))
		b.WriteString("<mark>" + escape.Replace(text[r.from:r.to]) + "</mark>")
		at = r.to
	}
	b.WriteString(escape.Replace(text[at:]))
}

type span struct{ from, to int }

// ranges returns where phrases stand in text, in order, none overlapping.
func ranges(text string, phrases []string) []span {
	var found []span
	for _, p := range phrases {
		p = oneLine(p)
		if p == "" {
			continue
		}
		for at := 0; ; {
			i := strings.Index(text[at:], p)
			if i < 0 {
				break
			}
			found = append(found, span{at + i, at + i + len(p)})
			at += i + len(p)
		}
	}
	slices.SortFunc(found, func(a, b span) int { return cmp.Or(a.from-b.from, a.to-b.to) })
	var merged []span
	for _, s := range found {
		if last := len(merged) - 1; last >= 0 && s.from <= merged[last].to {
			merged[last].to = max(merged[last].to, s.to)
			continue
		}
		merged = append(merged, s)
	}
	return merged
}
