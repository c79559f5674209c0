package transcript_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/transcript"
)

func markdown(c conversation.Conversation, messages []conversation.Message, opts transcript.Options) string {
	var b strings.Builder
	if err := transcript.Markdown(&b, c, read(messages, nil), opts); err != nil {
		return err.Error()
	}
	return b.String()
}

func srt(c conversation.Conversation, messages []conversation.Message, opts transcript.Options) string {
	var b strings.Builder
	ordered := transcript.InOrder(func() transcript.Messages { return read(messages, nil) }, func(int) error { return nil })
	if err := transcript.SRT(&b, c, ordered, opts); err != nil {
		return err.Error()
	}
	return b.String()
}

// read yields messages, and err behind them if it is not nil.
func read(messages []conversation.Message, err error) transcript.Messages {
	return func(yield func(conversation.Message, error) bool) {
		for _, m := range messages {
			if !yield(m, nil) {
				return
			}
		}
		if err != nil {
			yield(conversation.Message{}, err)
		}
	}
}

var noon = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)

// standup has two members of which one came twice and was merged, and one who
// is known by an address only.
func standup() conversation.Conversation {
	return conversation.Conversation{
		ID: "5815170693595136", Start: noon,
		Members: []conversation.Member{{ID: "a", Name: "Ann"}, {ID: "b", UserID: "ben@example.com"}},
		Merged:  map[string]string{"c": "a"},
	}
}

func said(id, member, text string, from, to time.Duration) conversation.Message {
	return conversation.Message{ID: id, Member: member, Text: text, Start: noon.Add(from), End: noon.Add(to)}
}

func talk() []conversation.Message {
	return []conversation.Message{
		said("1", "a", "Good morning.", 0, 1500*time.Millisecond),
		said("2", "c", "Please submit the documents and submit the forms.", 1500*time.Millisecond, 4*time.Second),
		said("3", "", "(somebody coughs)", 4*time.Second, 5*time.Second),
		said("4", "b", " I\twill,\r\n\r\ntoday. ", 5*time.Second+7*time.Millisecond, time.Minute),
		said("5", "b", " \n\x00 ", time.Minute, time.Minute),
		said("6", "b", "Bye.", 26*time.Hour+59*time.Minute, 27*time.Hour),
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()

	phrases := map[string][]string{
		"2": {"submit the documents", "the documents and", "documents", "the forms", "forms.", "forms", "", "nowhere"},
		"4": {"I  will"}, "6": {"y", "B"},
	}
	tests := []struct {
		name string
		opts transcript.Options
		want []string // joined by breaks
	}{
		{"plain", transcript.Options{}, []string{
			"Good morning.", "Please submit the documents and submit the forms.", "(somebody coughs)", "I will, today.", "Bye.",
		}},
		{"speakers", transcript.Options{Speakers: true}, []string{
			"Ann: Good morning.", "Ann: Please submit the documents and submit the forms.", "Unknown speaker: (somebody coughs)",
			"ben@example.com: I will, today.", "ben@example.com: Bye.",
		}},
		{"paragraphs", transcript.Options{Paragraphs: true}, []string{
			"Good morning. Please submit the documents and submit the forms.", "(somebody coughs)", "I will, today. Bye.",
		}},
		{"paragraphs of speakers", transcript.Options{Paragraphs: true, Speakers: true}, []string{
			"Ann: Good morning. Please submit the documents and submit the forms.", "Unknown speaker: (somebody coughs)",
			"ben@example.com: I will, today. Bye.",
		}},
		{"phrases", transcript.Options{Phrases: phrases}, []string{
			"Good morning.", "Please <mark>submit the documents and</mark> submit <mark>the forms.</mark>", "(somebody coughs)",
			"<mark>I will</mark>, today.", "<mark>By</mark>e.",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			got := strings.Split(markdown(standup(), talk(), tt.opts), "<br/><br/>")
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Markdown (-want +got):\n%s", diff)
			}
		})
	}
	first := markdown(standup(), talk()[2:3], transcript.Options{Speakers: true, Paragraphs: true})
	if want := "Unknown speaker: (somebody coughs)"; first != want {
		t.Errorf("Markdown = %q, want %q", first, want)
	}
	if got := markdown(standup(), nil, transcript.Options{Speakers: true, Paragraphs: true}); got != "" {
		t.Errorf("Markdown of no messages = %q", got)
	}
}

func TestMarkdownHoldsNoMarkup(t *testing.T) {
	t.Parallel()

	tests := []struct{ text, want string }{
		{"<br/><mark>x</mark> & <b onclick='x'>", "&lt;br/&gt;&lt;mark&gt;x&lt;/mark&gt; &amp; &lt;b onclick='x'&gt;"},
		{"&lt;", "&amp;lt;"},
		{"![x](http://example.com)", "!&#91;x&#93;(http://example.com)"},
		{"**a** _b_ `c` ~~d~~ \\*", "&#42;&#42;a&#42;&#42; &#95;b&#95; &#96;c&#96; &#126;&#126;d&#126;&#126; &#92;&#42;"},
		{"# hello", "&#35; hello"},
		{"- hello - you", "&#45; hello - you"},
		{"12. hello", "12&#46; hello"},
		{"3) hello", "3&#41; hello"},
		{"12 hello + you #1", "12 hello + you #1"},
		{"a\n\n# b\n- c", "a # b - c"},
		{"it's \"50 %\", right?", "it's \"50 %\", right?"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()

			got := markdown(conversation.Conversation{}, []conversation.Message{{Text: tt.text}}, transcript.Options{})
			if got != tt.want {
				t.Errorf("Markdown = %q, want %q", got, tt.want)
			}
		})
	}
	evil := conversation.Conversation{Members: []conversation.Member{{ID: "a", Name: "<b>*A*\nnn"}}}
	messages := []conversation.Message{{ID: "1", Member: "a", Text: "a <i> b"}}
	got := markdown(evil, messages, transcript.Options{Speakers: true, Phrases: map[string][]string{"1": {"<i>"}}})
	if want := "&lt;b&gt;&#42;A&#42; nn: a <mark>&lt;i&gt;</mark> b"; got != want {
		t.Errorf("Markdown = %q, want %q", got, want)
	}
}

func TestSRT(t *testing.T) {
	t.Parallel()

	const want = `1
00:00:00,000 --> 00:00:01,500
Ann: Good morning.

2
00:00:01,500 --> 00:00:04,000
Ann: Please submit the documents and submit the forms.

3
00:00:04,000 --> 00:00:05,000
Unknown speaker: (somebody coughs)

4
00:00:05,007 --> 00:01:00,000
ben@example.com: I will, today.

5
26:59:00,000 --> 27:00:00,000
ben@example.com: Bye.
`
	if diff := cmp.Diff(want, srt(standup(), talk(), transcript.Options{Speakers: true})); diff != "" {
		t.Errorf("SRT (-want +got):\n%s", diff)
	}
	names := strings.NewReplacer("Ann: ", "", "Unknown speaker: ", "", "ben@example.com: ", "")
	if diff := cmp.Diff(names.Replace(want), srt(standup(), talk(), transcript.Options{})); diff != "" {
		t.Errorf("SRT without speakers (-want +got):\n%s", diff)
	}
}

// TestSRTSorts has messages that came late and those whose times make no sense.
func TestSRTSorts(t *testing.T) {
	t.Parallel()

	messages := []conversation.Message{
		said("1", "", "second", time.Second, 0),
		said("2", "", "first", -time.Second, -time.Second),
		said("3", "", `<b>{\an8} & --> {x}`, time.Hour, time.Hour+100*time.Hour),
		said("4", "", "third", time.Second, 2*time.Second),
	}
	const want = `1
00:00:00,000 --> 00:00:00,000
first

2
00:00:01,000 --> 00:00:01,000
second

3
00:00:01,000 --> 00:00:02,000
third

4
01:00:00,000 --> 101:00:00,000
&lt;b>&#123;\an8} &amp; --&gt; {x}
`
	if diff := cmp.Diff(want, srt(standup(), messages, transcript.Options{})); diff != "" {
		t.Errorf("SRT (-want +got):\n%s", diff)
	}
	if got := srt(standup(), nil, transcript.Options{}); got != "" {
		t.Errorf("SRT of no messages = %q", got)
	}
}
