package jobs

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestParsePlainText(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name string
		text string
		want []string // as "name|userId|content"
	}{
		{name: "nothing", text: " \r\n\n"},
		{name: "one name per line", text: "Ana: Hi.\nBen: Hello.\n", want: []string{"Ana||Hi.", "Ben||Hello."}},
		{name: "a line goes on", text: "Ana: I would\n  rather\twait.\nBen: So.", want: []string{"Ana||I would rather\twait.", "Ben||So."}},
		{name: "a blank line ends the message, not the speaker", text: "Ana: One.\n\nTwo.\nBen: So.", want: []string{"Ana||One.", "Ana||Two.", "Ben||So."}},
		{name: "text below the name", text: "Ana:\nHi.\n", want: []string{"Ana||Hi."}},
		{name: "a name without text", text: "Ana:\nBen: Hi.", want: []string{"Ben||Hi."}},
		{name: "text before the first name", text: "Chat of Monday\nAna: Hi.", want: []string{"||Chat of Monday", "Ana||Hi."}},
		{name: "paragraphs", text: "One\ntwo.\n\n\nThree.\n", want: []string{"||One two.", "||Three."}},
		{name: "line ends of Windows, byte order mark", text: "\ufeffAna: Hi.\r\nBen: So.\r\n", want: []string{"Ana||Hi.", "Ben||So."}},
		{name: "address", text: "Ana Lima <ana@example.com>: Hi.", want: []string{"Ana Lima|ana@example.com|Hi."}},
		{name: "broken address", text: "Ana <ana@ex>>: Hi.", want: []string{"||Ana <ana@ex>>: Hi."}},
		{name: "several words", text: "Dr. José O'Neil-Smith: Hi.\nSpeaker 2: So.\nBen (Sales): No.", want: []string{"Dr. José O'Neil-Smith||Hi.", "Speaker 2||So.", "Ben (Sales)||No."}},
		{name: "small letters", text: "agent: Hi.\n", want: []string{"agent||Hi."}},
		{name: "another script", text: "张伟: 你好。\nСергей Иванов: Да.", want: []string{"张伟||你好。", "Сергей Иванов||Да."}},
		{name: "tab after the colon", text: "Ana:\tHi.", want: []string{"Ana||Hi."}},
		{name: "URL", text: "http://example.com/ is down", want: []string{"||http://example.com/ is down"}},
		{name: "URL within a message", text: "Ana: See\nhttps://example.com: it is down", want: []string{"Ana||See https://example.com: it is down"}},
		{name: "time of day", text: "12:30 foo\n12: foo", want: []string{"||12:30 foo 12: foo"}},
		{name: "time after a name", text: "Ana: At 12:30.", want: []string{"Ana||At 12:30."}},
		{name: "half a sentence", text: "He said this: no.\nI know: yes.", want: []string{"||He said this: no. I know: yes."}},
		{name: "too many words", text: "The Four Horsemen Of Apocalypse: no.", want: []string{"||The Four Horsemen Of Apocalypse: no."}},
		{name: "too long", text: strings.Repeat("A", 65) + ": no.", want: []string{"||" + strings.Repeat("A", 65) + ": no."}},
		{name: "no name", text: ": no.", want: []string{"||: no."}},
		{name: "blank before the colon", text: "Ana : no.", want: []string{"||Ana : no."}},
		{name: "colon in the text", text: "Ana: Ben: no.", want: []string{"Ana||Ben: no."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			var got []string
			for _, m := range parsePlainText(tt.text) {
				who := speaker{}
				if m.From != nil {
					who = *m.From
				}
				got = append(got, who.Name+"|"+who.UserID+"|"+m.Payload.Content)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("parsePlainText(%q) = %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

func FuzzParsePlainText(f *testing.F) {
	for _, seed := range []string{"", "Ana: Hi.\nBen <b@x>: So.", "a\n\nb", "A:\n: b", "\ufeff12:30 x\r\nhttp://y"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return // refused before it gets here
		}
		var said strings.Builder
		for _, m := range parsePlainText(text) {
			if m.Payload.Content == "" || strings.TrimSpace(m.Payload.Content) != m.Payload.Content {
				t.Errorf("content %q is empty or has blanks around", m.Payload.Content)
			}
			if m.From != nil && !isName(m.From.Name) {
				t.Errorf("%q is no name", m.From.Name)
			}
			said.WriteString(m.Payload.Content)
		}
		all, kept := solid(strings.TrimPrefix(text, "\ufeff")), solid(said.String())
		if !strings.Contains(text, ":") && kept != all {
			t.Errorf("without names, %q became %q", all, kept)
		}
		rest := []rune(all)
		for _, r := range kept {
			at := slices.Index(rest, r)
			if at < 0 {
				t.Fatalf("%q is not in %q in this order", kept, all)
			}
			rest = rest[at+1:]
		}
	})
}

// solid returns s without blanks.
func solid(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}
