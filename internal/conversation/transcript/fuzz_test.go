package transcript_test

import (
	"html"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/asticode/go-astisub"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/transcript"
)

// visible is a text on one line, as transcripts show it.
func visible(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}

func FuzzMarkdown(f *testing.F) {
	f.Add("Good morning.", "morn", "Ann")
	f.Add("<br/><br/>", "<", "- <b>")
	f.Add("1. *a* [b](c)", "a*", "")
	f.Add("\x00\u2028é\xff", "\xff", "\n")
	f.Fuzz(func(t *testing.T, text, phrase, name string) {
		c := conversation.Conversation{Members: []conversation.Member{{ID: "a", Name: name}}}
		messages := []conversation.Message{{ID: "1", Member: "a", Text: text}, {ID: "2", Text: "."}}
		opts := transcript.Options{Speakers: name != "", Phrases: map[string][]string{"1": {phrase, name}}}
		got := markdown(c, messages, opts)
		bare := strings.NewReplacer("<mark>", "", "</mark>", "", "<br/><br/>", "").Replace(got)
		if strings.ContainsAny(bare, "<>\\`*_~[]\n\r") {
			t.Fatalf("Markdown(%q) = %q, which has markup in it", text, got)
		}
		want := "."
		if opts.Speakers {
			want = "Unknown speaker: ."
		}
		if visible(text) != "" {
			want = visible(text) + want
		}
		if who := visible(name); opts.Speakers && visible(text) != "" {
			want = who + ": " + want
			if who == "" {
				want = "Unknown speaker" + want
			}
		}
		if plain := html.UnescapeString(bare); plain != want {
			t.Errorf("Markdown(%q) = %q, which reads as %q; want %q", text, got, plain, want)
		}
	})
}

// FuzzSRT reads cues back with a reader of subtitles that is not ours.
func FuzzSRT(f *testing.F) {
	f.Add("Good morning.", int64(0), int64(1500))
	f.Add("2\n00:00:01,000 --> 00:00:02,000\n\n<b>&amp;{\\an8}", int64(-5), int64(1<<40))
	f.Add("-->", int64(3600_000), int64(0))
	f.Fuzz(func(t *testing.T, text string, from, length int64) {
		from, length = from%1e10, length%1e10
		start := noon.Add(time.Duration(from) * time.Millisecond)
		first := conversation.Message{Text: text, Start: start, End: start.Add(time.Duration(length) * time.Millisecond)}
		got := srt(standup(), []conversation.Message{first, {Text: "end", Start: start}}, transcript.Options{})
		want := 2
		if visible(text) == "" {
			want = 1
		}
		read, err := astisub.ReadFromSRT(strings.NewReader(strings.ToValidUTF8(got, "?")))
		if err != nil || len(read.Items) != want {
			t.Fatalf("SRT(%q) = %q: read as %d cues, error %v", text, got, len(read.Items), err)
		}
		cue := read.Items[0]
		wantFrom := max(time.Duration(from), 0) * time.Millisecond
		wantTo := max(time.Duration(from+length)*time.Millisecond, wantFrom)
		if want == 2 && (cue.StartAt != wantFrom || cue.EndAt != wantTo) {
			t.Errorf("SRT: cue from %s to %s, want %s to %s", cue.StartAt, cue.EndAt, wantFrom, wantTo)
		}
		line := strings.SplitN(got, "\n", 4)[2]
		if want == 2 && html.UnescapeString(line) != visible(text) {
			t.Errorf("SRT(%q): cue %q, want %q", text, line, visible(text))
		}
	})
}
