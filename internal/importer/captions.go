package importer

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A cue is a caption and when it is shown.
type cue struct {
	line     int
	size     int
	from, to time.Duration
	text     []string
}

// readCaptions reads WebVTT, SubRip and SBV. The first time through it learns
// which names begin captions, and whether captions roll.
func readCaptions(s *Source, _ Options, out Sink) error {
	for _, f := range s.files {
		var seen labels
		rolling := false
		if err := captionsOf(f, s.Format, discard{}, func(c cue) error {
			for _, line := range c.text {
				rolling = rolling || innerTime.MatchString(line)
				if !voiceTag.MatchString(line) {
					seen.see(strings.TrimPrefix(cleanCaption(line), ">> "))
				}
			}
			return nil
		}); err != nil {
			return err
		}
		if err := out.Begin(Chat{Title: f.base, Recorded: true}); err != nil {
			return err
		}
		r := captions{out: out, labels: seen, rolling: rolling}
		if err := captionsOf(f, s.Format, out, r.cue); err != nil {
			return err
		}
		if err := r.flush(); err != nil {
			return err
		}
	}
	return nil
}

// discard is a Sink for the first time through.
type discard struct{}

func (discard) Begin(Chat) error  { return nil }
func (discard) Add(Message) error { return nil }
func (discard) Skip(int, string)  {}
func (discard) Note(string)       {}

func captionsOf(f *file, format Format, out Sink, visit func(cue) error) error {
	c := cutter{file: f, out: out, visit: visit}
	switch format {
	case WebVTT:
		c.line, c.header = c.vtt, true
	default:
		c.line = c.srt
	}
	if err := f.each(func(n int, line string) error { return c.line(n, line) }); err != nil {
		return err
	}
	if c.current == nil && !c.some {
		return f.bad(1, "there is no line with the times of a caption, such as 00:00:01.000 --> 00:00:02.000")
	}
	return c.end()
}

var (
	cueTimes  = regexp.MustCompile(`^\s*((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})\s*(?:-->|,)\s*((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})(?:\s.*)?$`)
	numeral   = regexp.MustCompile(`^\s*\d+\s*$`)
	innerTime = regexp.MustCompile(`<(?:\d+:)?\d{2}:\d{2}\.\d{3}>`)
)

// clock returns the time since the start that h:mm:ss, m:ss and their like are.
func clock(s string) (time.Duration, bool) {
	whole, fraction, _ := strings.Cut(strings.Replace(s, ",", ".", 1), ".")
	var d time.Duration
	for part := range strings.SplitSeq(whole, ":") {
		n, err := strconv.ParseUint(part, 10, 31)
		if err != nil || d > 1000*time.Hour {
			return 0, false
		}
		d = d*60 + time.Duration(n)*time.Second
	}
	ms, err := strconv.ParseUint((fraction + "000")[:3], 10, 31)
	return d + time.Duration(ms)*time.Millisecond, err == nil
}

// A cutter cuts a file into cues.
type cutter struct {
	file    *file
	out     Sink
	visit   func(cue) error
	line    func(n int, line string) error
	current *cue
	some    bool // a cue was there
	header  bool // of WebVTT, up to the first blank line
	block   []string
	begun   int // line of the block
}

// times begins a cue if the line has its times.
func (c *cutter) times(n int, line string) (bool, error) {
	m := cueTimes.FindStringSubmatch(line)
	if m == nil {
		return false, nil
	}
	from, ok := clock(m[1])
	to, okToo := clock(m[2])
	if !ok || !okToo {
		return false, nil
	}
	if err := c.end(); err != nil {
		return true, err
	}
	c.some = true
	c.current = &cue{line: n, from: from, to: max(from, to)}
	return true, nil
}

// end hands over the cue that was begun.
func (c *cutter) end() error {
	if c.current == nil {
		return nil
	}
	done := *c.current
	c.current = nil
	return c.visit(done)
}

// srt takes a line of SubRip or SBV. A text may hold blank lines, so it ends only
// where the next one begins, which a number may announce.
func (c *cutter) srt(n int, line string) error {
	if err := c.bounded(n, line); err != nil {
		return err
	}
	if c.current != nil && cueTimes.MatchString(line) {
		c.current.text = withoutNumber(c.current.text)
	}
	if timed, err := c.times(n, line); timed {
		return err
	}
	switch {
	case c.current != nil:
		c.current.text = append(c.current.text, line)
	case strings.TrimSpace(line) != "" && !numeral.MatchString(line):
		c.out.Skip(n, "it stands before the first caption")
	}
	return nil
}

// bounded refuses a caption that is longer than any.
func (c *cutter) bounded(n int, line string) error {
	if c.current == nil {
		return nil
	}
	if c.current.size += len(line) + 1; c.current.size > longestText/4 {
		return c.file.bad(n, "the caption that begins in line %d is longer than %d KiB; a line with the times of the next one was expected", c.current.line, longestText>>12)
	}
	return nil
}

func withoutNumber(text []string) []string {
	end := len(text)
	for end > 0 && strings.TrimSpace(text[end-1]) == "" {
		end--
	}
	if end > 0 && numeral.MatchString(text[end-1]) {
		end--
	}
	return text[:end]
}

// vtt takes a line of WebVTT. A blank line ends a block; a block without times
// is a note, a style or an error.
func (c *cutter) vtt(n int, line string) error {
	if err := c.bounded(n, line); err != nil {
		return err
	}
	if line == "" { // a line of blanks is text
		c.header = false
		c.endBlock()
		return c.end()
	}
	if cueTimes.MatchString(line) {
		c.header = false
		c.beforeTimes()
		if c.current != nil {
			c.current.text = withoutNumber(c.current.text)
		}
		_, err := c.times(n, line)
		return err
	}
	switch {
	case c.header:
	case c.current != nil:
		c.current.text = append(c.current.text, line)
	default:
		if len(c.block) == 0 {
			c.begun = n
		}
		if len(c.block) < 2 { // the first line tells what it is
			c.block = append(c.block, line)
		}
	}
	return nil
}

// beforeTimes ends the block that stands directly above the times of a cue. One line
// there is its id. Of more only the last one can be, and what is above it, such as a
// note without a blank line behind it, does not take the cue with it.
func (c *cutter) beforeTimes() {
	if len(c.block) < 2 {
		c.block = nil
	}
	c.endBlock()
}

// endBlock tells of a block that is neither a cue nor of a kind that says
// nothing.
func (c *cutter) endBlock() {
	if len(c.block) == 0 {
		return
	}
	word, _, _ := strings.Cut(c.block[0], " ")
	word, _, _ = strings.Cut(word, "\t")
	switch word {
	case "NOTE", "STYLE", "REGION", "WEBVTT":
	default:
		c.out.Skip(c.begun, "a caption without a line with its times")
	}
	c.block = nil
}

// captions makes messages of cues.
type captions struct {
	out     Sink
	labels  labels
	rolling bool
	last    string // line of the cue before, of captions that roll
	now     *Message
}

func (r *captions) cue(c cue) error {
	text := c.text
	if r.rolling {
		text = r.unroll(text)
	}
	spoken := r.voices(text)
	if len(spoken) == 0 {
		if !r.rolling {
			r.out.Skip(c.line, "the caption is empty")
		}
		return nil
	}
	for _, m := range spoken {
		m.Line, m.From, m.To, m.Timed = c.line, c.from, c.to, true
		if r.continues(m) {
			r.now.Text, r.now.To = r.now.Text+" "+m.Text, max(r.now.To, m.To)
			continue
		}
		if err := r.flush(); err != nil {
			return err
		}
		r.now = &m
	}
	return nil
}

// longest is how long a message is that captions are joined to.
const longest = 2000

// continues reports whether m is in the middle of a sentence that the message
// before began.
func (r *captions) continues(m Message) bool {
	if r.now == nil || r.now.Sender != m.Sender || len(r.now.Text) > longest || m.From < r.now.From || m.From > r.now.To+2*time.Second {
		return false
	}
	return !strings.ContainsAny(lastRune(r.now.Text), `.?!…。？！"”:-–)]`) && beginsLower(m.Text)
}

func (r *captions) flush() error {
	if r.now == nil {
		return nil
	}
	m := *r.now
	r.now = nil
	return r.out.Add(m)
}

// unroll takes away what the cue repeats of the one before, so that each word
// comes once.
func (r *captions) unroll(text []string) []string {
	var fresh []string
	for _, line := range text {
		clean := cleanCaption(line)
		if clean == "" {
			continue
		}
		if clean != r.last {
			fresh = append(fresh, line)
		}
		r.last = clean
	}
	return fresh
}

var (
	voiceTag    = regexp.MustCompile(`<v(?:\.[^\s>]*)?(?:\s+([^>]*))?>`)
	captionTags = regexp.MustCompile(`</?[a-zA-Z][^<>]*>|<(?:\d+:)?\d{2}:\d{2}\.\d{3}>|\{\\[^{}]*\}`)
	bracketName = regexp.MustCompile(`^\[([^\[\]]+)\]\s+(.+)$`)
	parenName   = regexp.MustCompile(`^\(([^()]+)\)$`)
)

// cleanCaption returns a line without its tags.
func cleanCaption(line string) string {
	line = captionTags.ReplaceAllString(line, "")
	return strings.TrimSpace(unescape(line))
}

// voices splits a text into what each says.
func (r *captions) voices(text []string) []Message {
	joined := strings.Join(text, "\n")
	tags := voiceTag.FindAllStringSubmatchIndex(joined, -1)
	if len(tags) == 0 {
		return r.unvoiced(text)
	}
	var all []Message
	add := func(name, said string) {
		if said = flat(said); said != "" {
			all = append(all, Message{Sender: Sender{Name: name}, Text: said})
		}
	}
	add("", joined[:tags[0][0]])
	for i, tag := range tags {
		end := len(joined)
		if i+1 < len(tags) {
			end = tags[i+1][0]
		}
		name := ""
		if tag[2] >= 0 {
			name = strings.Trim(unescape(joined[tag[2]:tag[3]]), " -")
		}
		said, behind, _ := strings.Cut(joined[tag[1]:end], "</v>")
		add(name, said)
		add("", behind)
	}
	return all
}

// flat joins the lines of a text without their tags.
func flat(s string) string {
	var parts []string
	for line := range strings.SplitSeq(s, "\n") {
		if line = cleanCaption(line); line != "" {
			parts = append(parts, line)
		}
	}
	return strings.Join(parts, " ")
}

// unvoiced splits a text without voices by names and by dashes.
func (r *captions) unvoiced(text []string) []Message {
	var all []Message
	who, named := Sender{}, false
	for i, line := range text {
		line = cleanCaption(line)
		fresh := false
		if rest, ok := cutAny(line, ">> ", ">>"); ok {
			line, who, fresh = rest, Sender{}, true
			if l, ok := cutLabel(line); ok && isPerson(l.name) {
				line, who = l.rest, Sender{Name: l.name}
			}
		} else if rest, ok := cutAny(line, "- ", "– ", "— "); ok && (i == 0 || len(all) > 0) {
			line, who, fresh = rest, Sender{}, true
		}
		if m := parenName.FindStringSubmatch(line); m != nil && i+1 < len(text) && isPerson(m[1]) {
			who, named = Sender{Name: m[1]}, true
			continue
		}
		if m := bracketName.FindStringSubmatch(line); m != nil && isPerson(m[1]) {
			who, line, fresh = Sender{Name: m[1]}, m[2], true
		} else if l, ok := cutLabel(line); ok && r.labels.accepts(l.name) {
			who, line, fresh = Sender{Name: l.name, Email: l.email}, l.rest, true
		}
		switch {
		case line == "":
		case fresh || named || len(all) == 0:
			all, named = append(all, Message{Sender: who, Text: line}), false
		default:
			all[len(all)-1].Text += " " + line
		}
	}
	return all
}

func cutAny(s string, prefixes ...string) (string, bool) {
	for _, p := range prefixes {
		if rest, ok := strings.CutPrefix(s, p); ok {
			return strings.TrimSpace(rest), true
		}
	}
	return s, false
}

func lastRune(s string) string {
	runes := []rune(s)
	return string(runes[max(0, len(runes)-1):])
}

func beginsLower(s string) bool {
	first := cmp.Or(s, " ")
	return strings.ToUpper(first[:1]) != first[:1]
}
