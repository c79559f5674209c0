package importer

import (
	"strings"
	"testing"
)

// readOne reads what is given on standard input.
func readOne(t *testing.T, content string, in Input, o Options) string {
	t.Helper()
	in.Paths, in.Stdin = []string{"-"}, strings.NewReader(content)
	set, err := Open(in)
	if err != nil {
		return err.Error()
	}
	defer set.Close()
	var got transcript
	for _, s := range set.Sources {
		if err := s.Read(o, &got); err != nil {
			got.WriteString(err.Error())
		}
	}
	return got.String()
}

func TestEncodings(t *testing.T) {
	t.Parallel()

	tests := []struct{ name, encoding, content, want string }{
		{"named", "windows-1252", "Ana: caf\xe9", `Ana: "café"`},
		{"not named", "", "Ana: caf\xe9", "standard input, line 1: the text is not UTF-8; name its encoding with --encoding, such as windows-1252 or gb18030"},
		{"Chinese", "gb18030", "\xc4\xe3\xa3\xba\xba\xc3", `你: "好"`},
		{"little endian without a mark", "", "A\x00n\x00a\x00:\x00 \x00h\x00i\x00", `Ana: "hi"`},
		{"big endian", "", "\xfe\xff\x00A\x00n\x00a\x00:\x00 \x00h\x00i", `Ana: "hi"`},
		{"cut off in a character", "", "Ana: caf\xc3", "line 1: the text is not UTF-8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			enc, err := ParseEncoding(tt.encoding)
			if err != nil {
				t.Fatal(err)
			}
			if got := readOne(t, tt.content, Input{Encoding: enc, Format: Plain}, Options{}); !strings.Contains(got, tt.want) {
				t.Errorf("read %q = %q, want %q in it", tt.content, got, tt.want)
			}
		})
	}
}

func TestColumns(t *testing.T) {
	t.Parallel()

	const rows = "a,b,c\nyes,2024-01-01 10:00:00,Ana\n"
	tests := []struct {
		columns []string
		want    string
	}{
		{[]string{"text=a", "time=B", "sender=c"}, `2 2024-01-01T10:00:00Z Ana: "yes"`},
		{[]string{"text=1", "time=2", "sender=3"}, `2 2024-01-01T10:00:00Z Ana: "yes"`},
		{[]string{"text=d"}, `there is no column "d" for the text; the header is "a,b,c"`},
	}
	for _, tt := range tests {
		t.Run(strings.Join(tt.columns, " "), func(t *testing.T) {
			t.Parallel()

			columns, err := ParseColumns(tt.columns)
			if err != nil {
				t.Fatal(err)
			}
			if got := readOne(t, rows, Input{Format: Table}, Options{Columns: columns}); !strings.Contains(got, tt.want) {
				t.Errorf("read = %q, want %q in it", got, tt.want)
			}
		})
	}
}

// TestDetectLeavesTextAlone checks that what people type is no export.
func TestDetectLeavesTextAlone(t *testing.T) {
	t.Parallel()

	for _, text := range []string{
		"Ana: Shall we ship?\nBen: Yes.\n", "Hello, all.\nIt is 10:30, and we wait.\n", "", " \n",
		"Subject: lunch\n\nAt ten, or later, who knows.\n", "10:00 to 11:00, lunch\n12:00, nap\n", `[{"a":1}]`, `{"a":1}`, "[note] this is no JSON\n",
		"a,b,c\n1,2,3\n",
	} {
		if f, ok := Detect([]byte(text)); ok {
			t.Errorf("Detect(%q) = %s, want nothing", text, string(f))
		}
	}
}

// TestDetect looks at the begin of each format.
func TestDetect(t *testing.T) {
	t.Parallel()

	tests := []struct {
		text string
		want Format
	}{
		{"\ufeffWEBVTT\n", WebVTT},
		{"1\n00:00:01,000 --> 00:00:02,000\nHi.\n", SubRip},
		{"18/03/2022, 14:56 - Ana: Hello\n", WhatsApp},
		{"From ana@x.test Mon Jan  1 10:00:00 2024\nFrom: ana@x.test\n", Mail},
		{"Received: x\nFrom: a@x.test\nSubject: x\nMessage-ID: <1>\n\nHi\n", Mail},
		{"time,sender,text\n", Table},
		{`{"role":"user","content":"hi"}` + "\n", Objects},
		{`[{"type":"message","ts":"1700000000.000100","text":"x"`, Slack},
		{`{"guild":{},"channel":{},"messages":[`, Discord},
		{`{"results":{"channels":[`, Deepgram},
		{"Ana Lima  0:15  \nHello.\n", Otter},
		{"10:00 <ana> hi\n", IRC},
	}
	for _, tt := range tests {
		if got, _ := Detect([]byte(tt.text)); got != tt.want {
			t.Errorf("Detect(%q) = %q, want %q", tt.text, string(got), string(tt.want))
		}
	}
}

// counted is a Sink that counts, and keeps nothing.
type counted struct {
	discard
	messages, bytes, longest int
}

func (c *counted) Add(m Message) error {
	c.messages++
	c.bytes += len(m.Text)
	c.longest = max(c.longest, len(m.Text))
	return nil
}

// TestLongTextsAreCut checks that a text that never ends is not gathered: it comes
// as several messages, with nothing lost.
func TestLongTextsAreCut(t *testing.T) {
	t.Parallel()

	const lines = 100000
	endless := strings.Repeat("word word word word\n", lines)
	tests := []struct {
		format Format
		begin  string
	}{
		{WhatsApp, "18/03/2022, 14:56 - Ana: x\n"},
		{Plain, "Ana: x\n"},
		{Otter, "Ana  0:15\n"},
	}
	for _, tt := range tests {
		t.Run(string(tt.format), func(t *testing.T) {
			t.Parallel()

			var got counted
			s := &Source{Format: tt.format, files: []*file{held([]byte(tt.begin + endless))}}
			if err := s.Read(Options{}, &got); err != nil {
				t.Fatal(err)
			}
			if got.messages < 2 || got.longest > 2*longestText || got.bytes < lines*len("word word word word") {
				t.Errorf("read %d messages with %d bytes, the longest with %d", got.messages, got.bytes, got.longest)
			}
		})
	}
	s := &Source{Format: SubRip, files: []*file{held([]byte("1\n00:00:01,000 --> 00:00:02,000\n" + endless))}}
	if err := s.Read(Options{}, &counted{}); err == nil || !strings.Contains(err.Error(), "the caption that begins in line 2 is longer than 64 KiB") {
		t.Errorf("an endless caption: %v, want that it is refused", err)
	}
}
