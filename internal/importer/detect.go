package importer

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/turnwise/turnwise/internal/importer/stamp"
)

// Detect returns the format that a file begins in. It reports false for text in
// which nothing shows that a program has written it, and for what is no text.
func Detect(head []byte) (Format, bool) {
	head = bytes.TrimPrefix(head, []byte("\ufeff"))
	trimmed := bytes.TrimLeft(head, " \t\r\n")
	switch {
	case len(trimmed) == 0 || bytes.IndexByte(head, 0) >= 0:
		return "", false
	case bytes.HasPrefix(trimmed, []byte("WEBVTT")):
		return WebVTT, true
	case trimmed[0] == '{' || trimmed[0] == '[':
		if f, ok := detectJSON(trimmed); ok || trimmed[0] == '{' {
			return f, ok
		}
	}
	text := strings.ToValidUTF8(string(head), "")
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	if len(lines) > 1 && len(head) >= HeadSize-utf8.UTFMax {
		lines = lines[:len(lines)-1] // it is cut
	}
	return detectText(lines[:min(len(lines), 400)])
}

// signs are members that only one format has, the first match counts. All of
// them must be there.
var signs = []struct { //nolint:gochecknoglobals // a table of words, which nothing changes
	format Format
	all    []string
}{
	{Discord, []string{"guild", "channel", "messages"}},
	{Discord, []string{"[].ID", "[].Timestamp", "[].Contents"}},
	{Telegram, []string{"chats.list"}},
	{Telegram, []string{"messages[].date_unixtime"}},
	{Telegram, []string{"messages[].from_id"}},
	{Telegram, []string{"messages[].actor"}},
	{Messenger, []string{"messages[].sender_name"}},
	{Messenger, []string{"participants", "messages[].timestamp_ms"}},
	{Slack, []string{"[].ts", "[].type"}},
	{Slack, []string{"[].ts", "[].user"}},
	{Slack, []string{"ok", "messages[].ts"}},
	{Slack, []string{"messages[].ts", "messages[].type"}},
	{Azure, []string{"recognizedPhrases"}},
	{Rev, []string{"monologues"}},
	{Deepgram, []string{"results.channels"}},
	{Deepgram, []string{"results.utterances"}},
	{AWS, []string{"results.items"}},
	{AWS, []string{"results.transcripts"}},
	{AWS, []string{"jobName", "results"}},
	{Google, []string{"results[].alternatives"}},
	{Google, []string{"response.results"}},
	{AssemblyAI, []string{"utterances"}},
	{AssemblyAI, []string{"audio_url"}},
	{AssemblyAI, []string{"acoustic_model"}},
	{Whisper, []string{"segments"}},
	{Whisper, []string{"transcription"}},
	{Objects, []string{"messages"}},
	{Objects, []string{"payload"}},
	{Objects, []string{"content"}},
	{Objects, []string{"text"}},
	{Objects, []string{"message"}},
	{Objects, []string{"body"}},
	{Objects, []string{"[].payload"}},
	{Objects, []string{"[].content"}},
	{Objects, []string{"[].text"}},
	{Objects, []string{"[].message"}},
	{Objects, []string{"[].body"}},
}

// detectJSON tells formats apart by the members of the document's begin.
func detectJSON(head []byte) (Format, bool) {
	paths := membersOf(head)
	for _, s := range signs {
		if !slices.ContainsFunc(s.all, func(path string) bool { return !paths[path] }) {
			return s.format, true
		}
	}
	return "", false
}

const deepestSign = 4

// membersOf returns the paths of the members in the first value, as far as it
// goes: results.channels, messages[].text.
func membersOf(head []byte) map[string]bool {
	d := jsontext.NewDecoder(bytes.NewReader(head), loose)
	paths := map[string]bool{}
	for {
		token, err := d.ReadToken()
		if err != nil || d.StackDepth() == 0 {
			return paths
		}
		kind, n := d.StackIndex(d.StackDepth())
		if d.StackDepth() > deepestSign || kind != jsontext.KindBeginObject || n%2 != 1 || token.Kind() != jsontext.KindString {
			continue
		}
		var path strings.Builder
		for part := range d.StackPointer().Tokens() {
			switch {
			case strings.Trim(part, "0123456789") == "":
				path.WriteString("[]")
			case path.Len() > 0:
				path.WriteString("." + part)
			default:
				path.WriteString(part)
			}
		}
		paths[path.String()] = true
	}
}

var (
	mailField  = regexp.MustCompile(`(?i)^(from|to|date|subject|message-id|received|return-path|delivered-to|mime-version|content-type|x-[\w-]+|dkim-signature|reply-to|in-reply-to|references|sender):`)
	onlyInMail = regexp.MustCompile(`(?i)^(message-id|received|return-path|delivered-to|mime-version):`)
)

// detectText tells formats apart by the lines of the file's begin.
func detectText(lines []string) (Format, bool) {
	var said []string // lines that are not blank
	for _, line := range lines {
		if strings.TrimSpace(line) != "" {
			said = append(said, line)
		}
	}
	if len(said) == 0 {
		return "", false
	}
	switch {
	case separator.MatchString(said[0]) && len(said) > 1 && mailField.MatchString(said[1]) || isMail(lines):
		return Mail, true
	case hasCues(said):
		return SubRip, true
	case isIRC(said):
		return IRC, true
	case isWhatsApp(said):
		return WhatsApp, true
	case isOtter(said):
		return Otter, true
	case strings.TrimSpace(said[0]) == ownHeader:
		return Discord, true
	case isTable(lines):
		return Table, true
	}
	return "", false
}

// isMail reports whether the lines begin with the header of a mail.
func isMail(lines []string) bool {
	fields, certain := 0, false
	for i, line := range lines {
		switch {
		case line == "":
			return fields >= 3 && certain
		case mailField.MatchString(line):
			fields++
			certain = certain || onlyInMail.MatchString(line)
		case i == 0 || !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "\t") && !regexpField.MatchString(line):
			return false
		}
	}
	return fields >= 3 && certain
}

var regexpField = regexp.MustCompile(`^[\x21-\x39\x3b-\x7e]+:`)

func hasCues(lines []string) bool {
	for i, line := range lines[:min(3, len(lines))] {
		if cueTimes.MatchString(line) && (i == 0 || numeral.MatchString(lines[i-1])) {
			return true
		}
	}
	return false
}

// isIRC reports whether most lines are those of a log.
func isIRC(lines []string) bool {
	hits := 0
	for _, line := range lines {
		if m := ircLine.FindStringSubmatch(line); m != nil {
			rest := m[5]
			if ircSaid.MatchString(rest) || ircAction.MatchString(rest) || strings.HasPrefix(rest, "-!-") || strings.HasPrefix(rest, "*** ") ||
				m[1] != "" && strings.Count(rest, "\t") >= 1 && !strings.Contains(m[0][:len(m[0])-len(rest)], "[") && weechat(rest) {
				hits++
			}
		} else if strings.HasPrefix(line, "--- Log opened") || strings.HasPrefix(line, "**** BEGIN LOGGING") {
			return true
		}
	}
	return 2*hits > len(lines)
}

// weechat reports whether a nick stands in front of the first tab.
func weechat(rest string) bool {
	nick, _, _ := strings.Cut(rest, "\t")
	return !strings.Contains(nick, " ") && len(nick) <= 64
}

// isWhatsApp reports whether a message begins in one of the first lines, as it
// does in a chat.
func isWhatsApp(lines []string) bool {
	hits, senders := 0, 0
	for i, line := range lines {
		raw, rest, ok := stamp.Scan(line)
		if !ok || rest == "" || raw.Style.End == stamp.Comma {
			if i == 0 {
				return false
			}
			continue
		}
		hits++
		if _, _, ok := cutSender(rest); ok {
			senders++
		}
	}
	return senders > 0 && 2*senders >= hits || hits > 0 && hits == len(lines) && senders > 0
}

// isOtter reports whether the first lines have a name with a time behind it, and
// nothing else beside.
func isOtter(lines []string) bool {
	for _, line := range lines[:min(4, len(lines))] {
		if m := otterHeading(line); m != nil && m[1] != "" {
			return true
		}
	}
	return false
}

// isTable reports whether the lines are rows: below a header that names its
// columns, or all of the same width with a time in each.
func isTable(lines []string) bool {
	head := strings.Join(lines, "\n")
	if strings.HasPrefix(strings.ToLower(head), "sep=") {
		return true
	}
	t := table{at: map[string]int{}, file: &file{}}
	t.comma, _ = separatorOf([]byte(head))
	rows := splitRows(head, t.comma)
	if len(rows) == 0 || len(rows[0]) < 2 {
		return false
	}
	_ = t.name(rows[0], nil) // which fails for named columns only
	if _, text := t.at["text"]; t.header && text && len(t.at) > 1 {
		return true
	}
	if len(rows) < 2 || len(rows[0]) < 3 {
		return false
	}
	times := 0
	for _, row := range rows {
		if len(row) != len(rows[0]) {
			return false
		}
		for _, cell := range row {
			if _, ok := stamp.ReadValue(cell); ok {
				times++
				break
			}
		}
	}
	return times == len(rows)
}
