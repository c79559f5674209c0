package analysis

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/jdkato/prose/v3/segment"
)

func TestSplit(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name string
		text string
		want []string
	}{
		{"blanks", " \t\r\n ", nil},
		{"one word", "ok", []string{"ok"}},
		{"no mark at the end", "see you tomorrow", []string{"see you tomorrow"}},
		{"blanks around", "  Hi there.  ", []string{"Hi there."}},
		{"two sentences", "Hi Anthony. I saw your candidature.", []string{"Hi Anthony.", "I saw your candidature."}},
		{"inner blanks stay", "One  two.\tThree  four.", []string{"One  two.", "Three  four."}},
		{
			"support chat", "Hi there, I have a problem with order no. 12345. It has not arrived! Could you check? Best, Ann",
			[]string{"Hi there, I have a problem with order no. 12345.", "It has not arrived!", "Could you check?", "Best, Ann"},
		},
		{
			"e-mail with a signature", "Dear Mr. Lee,\r\n\r\nthe offer is attached. Please sign it by Friday.\r\n\r\nKind regards\r\nDr. Eva Braun-Meyer\r\n-- \r\nAcme Inc., 5 Main St.\r\nTel. 555-0100",
			[]string{"Dear Mr. Lee,", "the offer is attached.", "Please sign it by Friday.", "Kind regards", "Dr. Eva Braun-Meyer", "--", "Acme Inc., 5 Main St.", "Tel. 555-0100"},
		},
		{"every line break", "a\nb\r\nc\rd\u2028e\u2029f", []string{"a", "b", "c", "d", "e", "f"}},
		{
			"titles and countries", "Dr. Smith of the U.S. office called. Mrs. Jones agreed.",
			[]string{"Dr. Smith of the U.S. office called.", "Mrs. Jones agreed."},
		},
		{"for example", "Take a fruit, e.g. an apple, i.e. food. Eat it.", []string{"Take a fruit, e.g. an apple, i.e. food.", "Eat it."}},
		{"time of day", "We meet at 5 p.m. tomorrow. Bring food.", []string{"We meet at 5 p.m. tomorrow.", "Bring food."}},
		{"initial before a foreign name", "I met J. Ngô", []string{"I met J. Ngô"}},
		{"abbreviations the model lacks", "See fig. 3 and sec. 4. It takes time (approx. 5 min. more).", []string{"See fig. 3 and sec. 4.", "It takes time (approx. 5 min. more)."}},
		{"abbreviation at the end", "Bring cups, plates, etc. Then call me.", []string{"Bring cups, plates, etc.", "Then call me."}},
		{
			"addresses", "Open https://example.com/a.b?c=d!e and wait. Mail to a.b@example.org if it fails. Node.js is up.",
			[]string{"Open https://example.com/a.b?c=d!e and wait.", "Mail to a.b@example.org if it fails.", "Node.js is up."},
		},
		{"web sites", "It runs on example.com. Now on Node.js too. He holds a Ph.D. and an M.Sc. in law.", []string{"It runs on example.com.", "Now on Node.js too.", "He holds a Ph.D. and an M.Sc. in law."}},
		{"versions", "Get v1.2.3. See the notes of 2.0.", []string{"Get v1.2.3.", "See the notes of 2.0."}},
		{"decimals", "It costs $3.50. That is 1,000.25 in all.", []string{"It costs $3.50.", "That is 1,000.25 in all."}},
		{"numbered list in a line", "1. Open the lid. 2. Press the key.", []string{"1. Open the lid.", "2. Press the key."}},
		{"lettered list", "a) Yes? b) No?", []string{"a) Yes?", "b) No?"}},
		{"quotes", `He said "Stop." Then he left. "Why?" he asked.`, []string{`He said "Stop."`, "Then he left.", `"Why?" he asked.`}},
		{"curly quotes", "“Go.” ‘Now!’ “Really?” he asked.", []string{"“Go.”", "‘Now!’", "“Really?” he asked."}},
		{"brackets", "He (finally!) came. (Nobody saw.) End.", []string{"He (finally!) came.", "(Nobody saw.)", "End."}},
		{"ellipses", "Wait... what? Can you... I mean, could you?", []string{"Wait... what?", "Can you...", "I mean, could you?"}},
		{"marks in a row", "No way!!! Really?! Yes.", []string{"No way!!!", "Really?!", "Yes."}},
		{"marks apart", "Hello ! How are you ?", []string{"Hello !", "How are you ?"}},
		{"emoji", "Great work 👍. Can you send it? 😀 Thanks 👩‍👩‍👧", []string{"Great work 👍.", "Can you send it?", "😀 Thanks 👩‍👩‍👧"}},
		{"emoji that are marks", "What‼️ Go on ⁉️ Ok", []string{"What‼️", "Go on ⁉️", "Ok"}},
		{"Spanish", "¿Qué tal? Muy bien. ¡Hola!", []string{"¿Qué tal?", "Muy bien.", "¡Hola!"}},
		{"French", "C’est fini. Élodie arrive à midi. Été", []string{"C’est fini.", "Élodie arrive à midi.", "Été"}},
		{"Russian", "Привет. Как дела? Хорошо!", []string{"Привет.", "Как дела?", "Хорошо!"}},
		{"Chinese", "今天天气很好。我们去公园吧！好吗？？好。", []string{"今天天气很好。", "我们去公园吧！", "好吗？？", "好。"}},
		{"Chinese quotes", "他说：“你好。”然后走了。“再见。”“嗯。”", []string{"他说：“你好。”然后走了。", "“再见。”", "“嗯。”"}},
		{"Japanese", "「走れ！」と言った。はい。", []string{"「走れ！」と言った。", "はい。"}},
		{"full width decimals", "価格は３．５です。", []string{"価格は３．５です。"}},
		{"Arabic", "مرحبا. كيف حالك؟ بخير.", []string{"مرحبا.", "كيف حالك؟", "بخير."}},
		{"Hindi", "मैं ठीक हूँ। आप कैसे हैं?", []string{"मैं ठीक हूँ।", "आप कैसे हैं?"}},
		{"Japanese with straight quotes", `"走れ！"と言った。 'はい。' Ok`, []string{`"走れ！"と言った。`, `'はい。'`, "Ok"}},
		{"mixed marks", "行！. Ok", []string{"行！.", "Ok"}},
		{"a wide gap", "Total" + strings.Repeat(" ", maxGap) + "5", []string{"Total", "5"}},
		{"a gap", "Total" + strings.Repeat(" ", maxGap-1) + "5", []string{"Total" + strings.Repeat(" ", maxGap-1) + "5"}},
		{"marks only", "?!", []string{"?!"}},
		{"not UTF-8", "a\xff. \xc3", []string{"a\xff.", "\xc3"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			if got := texts(tt.text, split(tt.text, MaxItems, divider{mostly: "en"})); !slices.Equal(got, tt.want) {
				t.Errorf("split(%q) =\n\t%q, want\n\t%q", tt.text, got, tt.want)
			}
			checkSpans(t, tt.text)
		})
	}
}

// TestSplitTakesLinearTime has texts for which the work would grow with the
// square of their length, and take minutes, if a guard were missing.
func TestSplitTakesLinearTime(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name           string
		before, repeat string
		size           int
		after          string
	}{
		{name: "one letter", repeat: "a", size: 1 << 20},
		{name: "blanks inside", before: "a.", repeat: " ", size: 1 << 20, after: "b."},
		{name: "line breaks inside", before: "a.", repeat: "\n", size: 1 << 20, after: "b."},
		{name: "gaps not quite wide", repeat: "a." + strings.Repeat(" ", maxGap-1), size: 1 << 16},
		{name: "full stops", repeat: ".", size: 1 << 20},
		{name: "full stops apart", repeat: ". ", size: 1 << 16},
		{name: "questions", repeat: "a? ", size: 1 << 14},
		{name: "one abbreviation", repeat: "a.", size: 1 << 18},
		{name: "abbreviations", repeat: "etc. ", size: 1 << 14},
		{name: "initials", repeat: "J. ", size: 1 << 14},
		{name: "list numbers", repeat: "1. ", size: 1 << 14},
		{name: "decimals", repeat: "1.", size: 1 << 16, after: " a"},
		{name: "hyphens", repeat: "-", size: 1 << 16, after: ". a"},
		{name: "quoted questions", repeat: `a?" `, size: 1 << 14},
		{name: "emoji", repeat: "😀", size: 1 << 20},
		{name: "combining marks", before: "e", repeat: "\u0301", size: 1 << 16, after: ". a"},
		{name: "combining marks behind an end", before: "。", repeat: "\u0301", size: 1 << 18},
		{name: "closing brackets", before: "。", repeat: "」", size: 1 << 18},
		{name: "Arabic", repeat: "سلام. ", size: 1 << 14},
		{name: "Chinese", repeat: "好。", size: 1 << 18},
		{name: "German without marks", repeat: "wenn ich bin und ", size: 1 << 16},
		{name: "greetings without marks", repeat: "gracias buenos días ", size: 1 << 16},
		{name: "French without marks", repeat: "est ce que vous ", size: 1 << 16},
		{name: "not UTF-8", repeat: "\xff. ", size: 1 << 14},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			begin := time.Now()
			checkSpans(t, tt.before+strings.Repeat(tt.repeat, tt.size/len(tt.repeat))+tt.after)
			if took := time.Since(begin); took > 30*time.Second {
				t.Errorf("split took %v", took)
			}
		})
	}
}

func TestSplitIntoNoMore(t *testing.T) {
	t.Parallel()

	const text = " One. Two! Three\n\nfour etc. five. Six?\n"
	tests := map[int][]string{
		1: {"One. Two! Three\n\nfour etc. five. Six?"},
		2: {"One.", "Two! Three\n\nfour etc. five. Six?"},
		4: {"One.", "Two!", "Three", "four etc. five. Six?"},
		5: {"One.", "Two!", "Three", "four etc. five.", "Six?"},
		6: {"One.", "Two!", "Three", "four etc. five.", "Six?"},
	}
	for most, want := range tests {
		if got := texts(text, split(text, most, divider{mostly: "en"})); !slices.Equal(got, want) {
			t.Errorf("at most %d: %q, want %q", most, got, want)
		}
	}
	ambiguous := "See p. 3. See no. 4. See q. Then"
	if got := split(ambiguous, 1, divider{mostly: "en"}); len(got) != 1 || got[0] != (span{0, len(ambiguous)}) {
		t.Errorf("at most one: %v, want all of it", got)
	}
}

// TestSureEnds makes sure that the short cuts change nothing.
func TestSureEnds(t *testing.T) {
	t.Parallel()

	tests := []struct {
		text string
		want int
	}{
		{"Is it? Yes. Go! Now", 6},
		{"Is it? yes. Go! Now", 11},
		{"Is it?  Yes", 11},
		{"Is it?\tYes", 10},
		{"Is it?! Yes", 11},
		{"Is it ? Yes", 11},
		{"Was es süß? Ja", len("Was es süß? Ja")},
		{"B? C", 4},
		{"Is it at ?A? B", 14},
		{"I use Yahoo! Mail", 17},
		{"in the U.S? No", 14},
		{"e.g.? No", 8},
		{"a-b? No", 7},
		{"So?", 3},
		{"He came. She left. Now", 8},
		{"I met Mr. Li. Then", 13},
		{"Take no. One is left. Yes", 21},
		{"It costs 3. No", 14},
		{"It is on. the. End", 14},
		{strings.Repeat("a", 25) + ". No", 29},
		{"", 0},
	}
	for _, tt := range tests {
		if got := english().certainEnd(tt.text); got != tt.want {
			t.Errorf("sureEnd(%q) = %d, want %d", tt.text, got, tt.want)
		}
		checkShortCuts(t, tt.text)
	}
	for _, text := range []string{"a", "Hello there.", "Hello there!?", `He said "stop."`, "(Go!)", "...", "Wait...", "a b c]", "é é."} {
		if !isSingleSentence(text) {
			t.Errorf("obviouslyOne(%q) = false, want true", text)
		}
		checkShortCuts(t, text)
	}
	for _, text := range []string{"a. b", "a? b", "a! b", "a.b"} {
		if isSingleSentence(text) {
			t.Errorf("obviouslyOne(%q) = true, want false", text)
		}
	}
}

func FuzzSplit(f *testing.F) {
	for _, s := range []string{
		"Hi Dr. Smith. It costs $3.50!\r\nBye", "“Why?” he asked. 1. a 2) b", "好。」好", "e\u0301. \u2028\u2029 x", "a\xff. \xc3",
		"a." + strings.Repeat(" ", 200) + "b.", "\u0085\u00a0?! .", "‼️.!)x",
		"Is it? Yes! No", "at Mt. Yahoo! Mail? Ok", `"Why? Him?" he said. U.S? No`, "no. Why? Dr. Who",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		checkSpans(t, text)
		checkShortCuts(t, text)
	})
}

// checkShortCuts fails the test unless the segmenter, given each passage of
// text as a whole, finds the same sentences as split.
func checkShortCuts(t *testing.T, text string) {
	t.Helper()

	alone, err := segment.New()
	if err != nil {
		t.Fatal(err)
	}
	var want []span
	for p := range passages(text) {
		want = segmented(want, text, p, alone)
	}
	if got := split(text, MaxItems, divider{mostly: "en"}); !slices.Equal(got, want) {
		t.Errorf("split(%q) = %q, the segmenter alone %q", text, texts(text, got), texts(text, want))
	}
}

// checkSpans fails the test unless the spans of text are in order, have no
// blanks around them, and have only blanks between them.
func checkSpans(t *testing.T, text string) {
	t.Helper()

	end := 0
	for _, s := range split(text, MaxItems, divider{mostly: "en"}) {
		if s.start < end || s.end <= s.start || s.end > len(text) {
			t.Fatalf("split(%.100q): span %v behind %d", text, s, end)
		}
		if said := text[s.start:s.end]; strings.TrimSpace(said) != said {
			t.Fatalf("split(%.100q): blanks around %q", text, said)
		}
		if lost := strings.TrimSpace(text[end:s.start]); lost != "" {
			t.Fatalf("split(%.100q): %q got lost", text, lost)
		}
		end = s.end
	}
	if lost := strings.TrimFunc(text[end:], unicode.IsSpace); lost != "" {
		t.Fatalf("split(%.100q): %q got lost", text, lost)
	}
}

func texts(text string, spans []span) []string {
	var out []string
	for _, s := range spans {
		out = append(out, text[s.start:s.end])
	}
	return out
}
