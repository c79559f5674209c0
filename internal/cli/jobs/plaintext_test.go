package jobs

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/turnwise/turnwise/internal/importer/stamp"
)

func TestParsePlainText(t *testing.T) {
	t.Parallel()

	tests := []shape{
		{name: "nothing", text: " \r\n\n"},
		{name: "one name per line", text: "Ana: Hi.\nBen: Hello.\n", want: []string{"Ana||Hi.", "Ben||Hello."}},
		{name: "a line goes on", text: "Ana: I would\n  rather\twait.\nBen: So.", want: []string{"Ana||I would\nrather\twait.", "Ben||So."}},
		{name: "a blank line ends the message, not the speaker", text: "Ana: One.\n\nTwo.\nBen: So.", want: []string{"Ana||One.", "Ana||Two.", "Ben||So."}},
		{name: "text below the name", text: "Ana:\nHi.\n", want: []string{"Ana||Hi."}},
		{name: "a name without text", text: "Ana:\nBen: Hi.", want: []string{"Ben||Hi."}},
		{name: "text before the first name", text: "Chat of Monday\nAna: Hi.", want: []string{"||Chat of Monday", "Ana||Hi."}},
		{name: "paragraphs", text: "One\ntwo.\n\n\nThree.\n", want: []string{"||One\ntwo.", "||Three."}},
		{name: "line ends of Windows, byte order mark", text: "\ufeffAna: Hi.\r\nBen: So.\r\n", want: []string{"Ana||Hi.", "Ben||So."}},
		{name: "address", text: "Ana Lima <ana@example.com>: Hi.", want: []string{"Ana Lima|ana@example.com|Hi."}},
		{name: "broken address", text: "Ana <ana@ex>>: Hi.", want: []string{"||Ana <ana@ex>>: Hi."}},
		{name: "several words", text: "Dr. José O'Neil-Smith: Hi.\nSpeaker 2: So.\nBen (Sales): No.", want: []string{"Dr. José O'Neil-Smith||Hi.", "Speaker 2||So.", "Ben (Sales)||No."}},
		{name: "small letters", text: "agent: Hi.\n", want: []string{"agent||Hi."}},
		{name: "another script", text: "张伟: 你好。\nСергей Иванов: Да.", want: []string{"张伟||你好。", "Сергей Иванов||Да."}},
		{name: "tab after the colon", text: "Ana:\tHi.", want: []string{"Ana||Hi."}},
		{name: "URL", text: "http://example.com/ is down", want: []string{"||http://example.com/ is down"}},
		{name: "URL within a message", text: "Ana: See\nhttps://example.com: it is down", want: []string{"Ana||See\nhttps://example.com: it is down"}},
		{name: "time of day", text: "12:30 foo\n12: foo", want: []string{"||12:30 foo\n12: foo"}},
		{name: "time after a name", text: "Ana: At 12:30.", want: []string{"Ana||At 12:30."}},
		{name: "half a sentence", text: "He said this: no.\nI know: yes.", want: []string{"||He said this: no.\nI know: yes."}},
		{name: "too many words", text: "The Four Horsemen Of The Old Apocalypse And Ben: no.", want: []string{"||The Four Horsemen Of The Old Apocalypse And Ben: no."}},
		{name: "too long", text: strings.Repeat("A", 81) + ": no.", want: []string{"||" + strings.Repeat("A", 81) + ": no."}},
		{name: "no name", text: ": no.", want: []string{"||: no."}},
		{name: "blank before the colon", text: "Ana: no.\nBen : yes.\nZoé\u00a0: so.", want: []string{"Ana||no.", "Ben||yes.", "Zoé||so."}},
		{name: "colon in the text", text: "Ana: Ben: no.", want: []string{"Ana||Ben: no."}},
	}
	for _, tt := range append(tests, shapes...) {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			if got := parsed(t, tt.text); !slices.Equal(got, tt.want) {
				t.Errorf("parsePlainText(%q) = %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

// A shape is plain text as people have it, with its messages as "name|userId|content".
type shape struct {
	name string
	text string
	want []string
}

// shapes are the texts of which speakers were lost, or messages were made of what is
// none.
var shapes = []shape{
	{name: "particles and a title", text: "Ana: Hi.\nDr. Ana de la Cruz Gómez: So.\nvan der Berg: Yes.", want: []string{"Ana||Hi.", "Dr. Ana de la Cruz Gómez||So.", "van der Berg||Yes."}},
	{name: "company", text: "Ana Lima - Acme Corp: Hi.\nBen: So.", want: []string{"Ana Lima - Acme Corp||Hi.", "Ben||So."}},
	{name: "colon of full width", text: "李雷：你好。\n韩梅梅：好。", want: []string{"李雷||你好。", "韩梅梅||好。"}},
	{name: "no-break space behind the colon", text: "Ana:\u00a0Hi.\nBen:\u202fSo.", want: []string{"Ana||Hi.", "Ben||So."}},
	{name: "marks of direction", text: "\u200eAna: Hi.\n\u200eBen\u200e:\u200e So.\n\u202aEva\u202c: Yes.", want: []string{"Ana||Hi.", "Ben||So.", "Eva||Yes."}},
	{name: "blanks of other kinds in a name", text: "Ana\u00a0Lima: Hi.\nAna  Lima: So.", want: []string{"Ana Lima||Hi.", "Ana Lima||So."}},
	{name: "labels that are none", text: "Ana: Hi.\nRe: the plan\nPS: soon\nStep 1: build\nWarning: hot\nNote: tests\nBen: So.", want: []string{"Ana||Hi.\nRe: the plan\nPS: soon\nStep 1: build\nWarning: hot\nNote: tests", "Ben||So."}},
	{name: "one answer in much text", text: "Ana: One.\n\nTwo.\n\nThree.\n\nFour.\n\nFive.\n\nBen: So.", want: []string{"Ana||One.", "Ana||Two.", "Ana||Three.", "Ana||Four.", "Ana||Five.", "Ben||So."}},
	{name: "small letters that come back", text: "ana lima: Hi.\nben cruz: So.\nana lima: Yes.\nben cruz: No.", want: []string{"ana lima||Hi.", "ben cruz||So.", "ana lima||Yes.", "ben cruz||No."}},
	{name: "number in front", text: "Ana: See\n3 Options: all bad.", want: []string{"Ana||See\n3 Options: all bad."}},
	{name: "time behind the name", text: "Ana Lima 00:00:05: Hello.\nBen 1:02:03: So.", want: []string{"Ana Lima||Hello.@5s", "Ben||So.@1h2m3s"}},
	{name: "time in brackets", text: "[00:15] Ben: I am here.\n[00:20] Ana: Good.", want: []string{"Ben||I am here.@15s", "Ana||Good.@20s"}},
	{name: "ends of lines of an old Mac", text: "Ana: One\rand two.\r\rThree.\rBen: So.", want: []string{"Ana||One\nand two.", "Ana||Three.", "Ben||So."}},
	{name: "paragraph separator", text: "Ana: One.\u2029Ben: So.\u2028Yes.", want: []string{"Ana||One.", "Ben||So.\nYes."}},
	{name: "Markdown", text: "**Ana Lima:** Hi.\n**Ben**: So.", want: []string{"Ana Lima||Hi.", "Ben||So."}},
	{name: "surname first", text: "O'Neil, Ana: Hi.\nSPEAKER_00: So.\nBen “Ace” Cruz: Yes.", want: []string{"O'Neil, Ana||Hi.", "SPEAKER_00||So.", "Ben “Ace” Cruz||Yes."}},
}

// origin is when the texts of tests began.
var origin = time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)

// parsed returns the messages of a text, as a shape has them.
func parsed(t *testing.T, text string) []string {
	t.Helper()
	read, err := parsePlainText(text, origin)
	if err != nil {
		t.Fatalf("parsePlainText(%q): %v", text, err)
	}
	var got []string
	for _, m := range read.messages {
		at := ""
		if !m.Start.IsZero() {
			at = "@" + m.Start.Sub(origin).String()
		}
		got = append(got, m.From.Name+"|"+m.From.UserID+"|"+m.Content+at)
	}
	return got
}

// TestDoubtIsTold checks that a label that may be a name is not passed over in
// silence.
func TestDoubtIsTold(t *testing.T) {
	t.Parallel()

	read, err := parsePlainText("Ana: Hi.\nben cruz: So.\nNote: tests\nWeekly call\n", origin)
	want := []string{`line 2: "ben cruz" is not taken for a speaker, as it does not look like a name`}
	if err != nil || !slices.Equal(read.notes, want) {
		t.Errorf("notes = %q, %v, want %q", read.notes, err, want)
	}
}

// TestTextOfPrograms checks that text of which a fifth looks like that of a program
// is refused, with the name of the format and of the flag that takes it.
func TestTextOfPrograms(t *testing.T) {
	t.Parallel()

	const tail = ` FILE" takes it, and --plain takes it as plain text`
	tests := []struct{ name, text, want string }{
		{"less than a fifth", "Ana: Hi.\n2026-03-01 10:00 and\n2026-03-02 10:00 are both free.\n" + strings.Repeat("Ben: So.\n", 8), ""},
		{"times of day in talk", "Ana: At\n12:30 or\n13:30?\nBen: Yes.", ""},
		{"WhatsApp", "1/3/26, 10:00 - Ana: Hi.\n1/3/26, 10:01 - Ben: So.", `the input looks like a chat of WhatsApp; "enqueue import --format whatsapp` + tail},
		{"dates without names", "Notes of the day\n2026-03-01 10:00 begun\nlong\n2026-03-01 10:05 ended", `the input looks like a chat of WhatsApp: 2 of 4 lines begin with a date and a time; "enqueue import --format whatsapp` + tail},
		{"cue numbers", "1\nAna: Hi.\n\n2\nBen: So.\n\n3\nAna: Yes.", `the input looks like subtitles (SRT or SBV): 3 of 6 lines are the numbers and times of captions; "enqueue import --format srt` + tail},
		{"header of a mail", "From: ana@example.com\nTo: ben@example.com\nSubject: Ship\n\nShall we?", `the input looks like mails (mbox or eml): 3 of 4 lines are fields of a mail; "enqueue import --format mail` + tail},
		{"log of IRC", "Topic of today\nsee below\n[10:00] <ana> hi\nand so\non\n[10:01] <ben> so", `the input looks like a log of IRC: 2 of 6 lines begin with a time and a nick; "enqueue import --format irc` + tail},
		{"twelve hours", "10:02 AM Ana: Hi.\n10:03 AM Ben: So.", `2 of 2 lines begin with a time of day, as in the export of a program, which "enqueue import" may take: see "enqueue import --help"; --plain takes the input as plain text`},
		{"time stamps of a log", "2026-03-01T10:00:00Z begun\n2026-03-01T10:00:05Z ended", `2 of 2 lines begin with a time stamp, as in the export of a program, which "enqueue import" may take: see "enqueue import --help"; --plain takes the input as plain text`},
		{"JSON that is broken", `[{"text":"Hi."},`, `the input looks like messages as JSON, or a body of the API; "enqueue import --format json` + tail},
		{"array", `["Hi."]`, `the input is a JSON array, which is no body of the API: that is an object with "messages"; "enqueue import" takes exports of other programs, and --plain takes it as plain text`},
		{"Deepgram", `{"metadata":{},"results":{"channels":[]}}`, `the input looks like a transcript of Deepgram; "enqueue import --format deepgram` + tail},
		{"Telegram", `{"name":"Ana","type":"personal_chat","id":1,"messages":[{"id":1,"date_unixtime":"1","text":"Hi."}]}`, `the input looks like an export of Telegram; "enqueue import --format telegram` + tail},
		{"Discord", `{"guild":{},"channel":{},"messages":[]}`, `the input looks like an export of Discord; "enqueue import --format discord` + tail},
		{"Whisper, behind a long text", `{"text":"` + strings.Repeat("So. ", 20000) + `","segments":[]}`, `the input looks like a transcript of Whisper; "enqueue import --format whisper` + tail},
		{"AWS", `{"jobName":"x","results":{"transcripts":[]}}`, `the input looks like a transcript of AWS Transcribe; "enqueue import --format aws` + tail},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			got := ""
			if err := checkInput([]byte(tt.text)); err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("checkInput(%.80q) =\n%s\nwant\n%s", tt.text, got, tt.want)
			}
			if _, _, err := requestBodies(input{content: []byte(tt.text), plain: true}, map[string]any{}); err != nil {
				t.Errorf("as plain text: %v", err)
			}
		})
	}
}

func FuzzParsePlainText(f *testing.F) {
	for _, seed := range []string{"", "Ana: Hi.\nBen <b@x>: So.", "a\n\nb", "A:\n: b", "\ufeff12:30 x\r\nhttp://y", "1\nx\n2\ny", "[", "2026-03-01 10:00 x"} {
		f.Add(seed)
	}
	for _, s := range shapes {
		f.Add(s.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || strings.TrimSpace(text) == "" || strings.Contains(text, "\x00") {
			return // refused before it gets here, or taken for UTF-16
		}
		_, _, _ = requestBodies(input{content: []byte(text)}, map[string]any{}) // it ends
		read, err := parsePlainText(strings.TrimPrefix(text, "\ufeff"), origin)
		if err != nil {
			t.Fatalf("parsePlainText(%q): %v", text, err)
		}
		var said strings.Builder
		for _, m := range read.messages {
			if m.Content == "" || strings.TrimSpace(m.Content) != m.Content {
				t.Errorf("content %q is empty or has blanks around", m.Content)
			}
			if strings.ContainsAny(m.From.Name, "\n\r:：") {
				t.Errorf("%q is no name", m.From.Name)
			}
			said.WriteString(m.Content)
		}
		all, kept := solid(text), solid(said.String())
		if !strings.ContainsAny(text, ":：") && !strings.Contains(text, "Attendees") && kept != all {
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

// solid returns s without blanks and what nobody sees.
func solid(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || stamp.IsMark(r) || r == '\u200b' || r == '\u2060' {
			return -1
		}
		return r
	}, s)
}
