package transcript

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/turnwise/turnwise/internal/conversation"
)

const lineBreak = "<br/><br/>"

// block is what, at the start of a text, would make a heading or a list of it.
var block = regexp.MustCompile(`^[0-9]*[-+=#.)]`)

// Markdown writes the messages in the order given. Two breaks stand between
// sentences or, if asked for paragraphs, between these; the speaker stands
// before each of them.
//
// The characters & < > \ ` * _ ~ [ ] are written as entities, and so is a mark
// of a list or heading at the very start: an entity is text for readers of
// Markdown and of HTML alike, which a backslash is not.
func Markdown(w io.Writer, c conversation.Conversation, messages Messages, opts Options) error {
	escape := strings.NewReplacer(
		"&", "&amp;", "<", "&lt;", ">", "&gt;",
		`\`, "&#92;", "`", "&#96;", "*", "&#42;", "_", "&#95;", "~", "&#126;", "[", "&#91;", "]", "&#93;",
	)
	var b strings.Builder // of one sentence
	var before sentence
	first := true
	for s, err := range sentences(c, messages) {
		if err != nil {
			return err
		}
		b.Reset()
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
		phrases := opts.Phrases[s.id]
		if opts.AllPhrases {
			phrases = slices.Concat(phrases, s.phrases)
		}
		mark(&b, s.text, phrases, escape)
		text := b.String()
		if first {
			text = inline(text)
		}
		if _, err := io.WriteString(w, text); err != nil {
			return err
		}
		before, first = s, false
	}
	return nil
}

// inline returns the text with which a transcript begins without what would make it a
// block. What makes it one does not reach beyond its first sentence.
func inline(text string) string {
	return block.ReplaceAllStringFunc(text, func(start string) string {
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
