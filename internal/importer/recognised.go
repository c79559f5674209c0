package importer

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A word is one that a recogniser of speech has heard.
type word struct {
	speaker  string
	text     string
	glued    bool // it follows without a blank, as punctuation does
	from, to time.Duration
}

const (
	longTurn  = 60 * time.Second // of one message that is made of words
	longPause = 2 * time.Second
)

// turns makes messages of words: one for what a speaker says in a row, cut at
// the ends of sentences if it is long or pauses.
func turns(words []word, out Sink) error {
	var m Message
	var text strings.Builder
	flush := func() error {
		m.Text = strings.TrimSpace(text.String())
		text.Reset()
		if m.Text == "" {
			return nil
		}
		return out.Add(m)
	}
	for i, w := range words {
		if w.text == "" {
			continue
		}
		ended := text.Len() > 0 && strings.ContainsAny(lastRune(text.String()), ".?!。？！")
		other := w.speaker != m.Sender.ID && !w.glued
		long := !w.glued && (w.from-m.To > longPause || w.from-m.From > longTurn && (ended || w.from-m.From > 5*longTurn))
		if text.Len() == 0 || other || long {
			if err := flush(); err != nil {
				return err
			}
			m = Message{Line: i + 1, Sender: spoken(w.speaker), From: w.from, To: w.from, Timed: true}
		}
		if text.Len() > 0 && !w.glued {
			text.WriteByte(' ')
		}
		text.WriteString(w.text)
		m.To = max(m.To, w.to)
	}
	return flush()
}

// spoken returns the speaker with a label of a recogniser.
func spoken(label string) Sender { return Sender{ID: label, Name: label} }

// speaker returns "Speaker 1" and its like for a number, and a label as it is.
func speaker(label identity) string {
	if label == "" || label[0] < '0' || label[0] > '9' {
		return string(label)
	}
	return "Speaker " + string(label)
}

// readWhisper reads what Whisper and the programs around it write.
func readWhisper(s *Source, _ Options, out Sink) error {
	for _, f := range s.files {
		var doc struct {
			Text     string           `json:"text"`
			Segments []whisperSegment `json:"segments"`

			Transcription []struct { // of whisper.cpp
				Offsets struct {
					From number `json:"from"`
					To   number `json:"to"`
				} `json:"offsets"`
				Text    string   `json:"text"`
				Speaker identity `json:"speaker"`
			} `json:"transcription"`
		}
		if err := f.decode(&doc, "a transcript of Whisper"); err != nil {
			return err
		}
		if err := out.Begin(Chat{Title: f.base, Recorded: true}); err != nil {
			return err
		}
		for i, t := range doc.Transcription {
			m := Message{Line: i + 1, Sender: spoken(speaker(t.Speaker)), Text: t.Text, From: t.Offsets.From.milliseconds(), To: t.Offsets.To.milliseconds(), Timed: true}
			if err := addSpoken(m, out); err != nil {
				return err
			}
		}
		for i, seg := range doc.Segments {
			m := Message{Line: i + 1, Sender: spoken(seg.speaker()), Text: seg.Text, From: seg.Start.seconds(), To: seg.End.seconds(), Timed: true}
			if err := addSpoken(m, out); err != nil {
				return err
			}
		}
		if len(doc.Segments)+len(doc.Transcription) == 0 {
			if err := addSpoken(Message{Line: 1, Text: doc.Text}, out); err != nil {
				return err
			}
		}
	}
	return nil
}

type whisperSegment struct {
	Start   number   `json:"start"`
	End     number   `json:"end"`
	Text    string   `json:"text"`
	Speaker identity `json:"speaker"`
	Words   []struct {
		Speaker identity `json:"speaker"`
	} `json:"words"`
}

// speaker returns who says the segment: as it says itself, or most of its words.
func (s whisperSegment) speaker() string {
	if s.Speaker != "" {
		return speaker(s.Speaker)
	}
	count, most := map[identity]int{}, identity("")
	for _, w := range s.Words {
		if w.Speaker == "" {
			continue
		}
		if count[w.Speaker]++; count[w.Speaker] > count[most] {
			most = w.Speaker
		}
	}
	return speaker(most)
}

func addSpoken(m Message, out Sink) error {
	if m.Text = strings.TrimSpace(m.Text); m.Text == "" {
		out.Skip(m.Line, "it is empty")
		return nil
	}
	m.To = max(m.From, m.To)
	return out.Add(m)
}

// readDeepgram reads an answer of Deepgram, from the best form that it has.
func readDeepgram(s *Source, _ Options, out Sink) error {
	for _, f := range s.files {
		var doc struct {
			Results struct {
				Channels   []deepgramChannel `json:"channels"`
				Utterances []struct {
					Start      number   `json:"start"`
					End        number   `json:"end"`
					Channel    identity `json:"channel"`
					Speaker    identity `json:"speaker"`
					Transcript string   `json:"transcript"`
				} `json:"utterances"`
			} `json:"results"`
		}
		if err := f.decode(&doc, "a transcript of Deepgram"); err != nil {
			return err
		}
		if err := out.Begin(Chat{Title: f.base, Recorded: true}); err != nil {
			return err
		}
		several := len(doc.Results.Channels) > 1
		for i, u := range doc.Results.Utterances {
			who := channelSpeaker(several, string(u.Channel), u.Speaker)
			m := Message{Line: i + 1, Sender: spoken(who), Text: u.Transcript, From: u.Start.seconds(), To: u.End.seconds(), Timed: true}
			if err := addSpoken(m, out); err != nil {
				return err
			}
		}
		if len(doc.Results.Utterances) > 0 {
			continue
		}
		var all []Message
		for i, c := range doc.Results.Channels {
			all = append(all, c.messages(several, i)...)
		}
		slices.SortStableFunc(all, func(a, b Message) int { return cmp.Compare(a.From, b.From) })
		for i, m := range all {
			m.Line = i + 1
			if err := addSpoken(m, out); err != nil {
				return err
			}
		}
	}
	return nil
}

// channelSpeaker returns who speaks: the channel if there are several, else the
// number of the speaker, if speakers were told apart.
func channelSpeaker(several bool, channel string, who identity) string {
	if several {
		return "Channel " + channel
	}
	return speaker(who)
}

type deepgramChannel struct {
	Alternatives []struct {
		Transcript string `json:"transcript"`
		Paragraphs struct {
			Paragraphs []struct {
				Speaker   identity `json:"speaker"`
				Start     number   `json:"start"`
				End       number   `json:"end"`
				Sentences []struct {
					Text string `json:"text"`
				} `json:"sentences"`
			} `json:"paragraphs"`
		} `json:"paragraphs"`
		Words []struct {
			Word       string   `json:"word"`
			Punctuated string   `json:"punctuated_word"`
			Start      number   `json:"start"`
			End        number   `json:"end"`
			Speaker    identity `json:"speaker"`
		} `json:"words"`
	} `json:"alternatives"`
}

// messages returns what was said in the channel, in the first of its readings.
func (c deepgramChannel) messages(several bool, channel int) []Message {
	if len(c.Alternatives) == 0 {
		return nil
	}
	best, number := c.Alternatives[0], strconv.Itoa(channel)
	var kept collected
	for _, p := range best.Paragraphs.Paragraphs {
		var sentences []string
		for _, s := range p.Sentences {
			sentences = append(sentences, s.Text)
		}
		kept = append(kept, Message{Sender: spoken(channelSpeaker(several, number, p.Speaker)), Text: strings.Join(sentences, " "), From: p.Start.seconds(), To: p.End.seconds(), Timed: true})
	}
	if len(kept) > 0 {
		return kept
	}
	var words []word
	for _, w := range best.Words {
		words = append(words, word{speaker: channelSpeaker(several, number, w.Speaker), text: cmp.Or(w.Punctuated, w.Word), from: w.Start.seconds(), to: w.End.seconds()})
	}
	_ = turns(words, &kept) // which takes everything
	if len(kept) == 0 {
		kept = append(kept, Message{Sender: spoken(channelSpeaker(several, number, "")), Text: best.Transcript})
	}
	return kept
}

// collected is a Sink that keeps messages.
type collected []Message

func (c *collected) Begin(Chat) error    { return nil }
func (c *collected) Add(m Message) error { *c = append(*c, m); return nil }
func (c *collected) Skip(int, string)    {}
func (c *collected) Note(string)         {}

// readAssemblyAI reads a transcript of AssemblyAI, whose times are milliseconds.
func readAssemblyAI(s *Source, _ Options, out Sink) error {
	type part struct {
		Speaker identity `json:"speaker"`
		Start   number   `json:"start"`
		End     number   `json:"end"`
		Text    string   `json:"text"`
	}
	for _, f := range s.files {
		var doc struct {
			Status     string `json:"status"`
			Error      string `json:"error"`
			Text       string `json:"text"`
			Utterances []part `json:"utterances"`
			Words      []part `json:"words"`
		}
		if err := f.decode(&doc, "a transcript of AssemblyAI"); err != nil {
			return err
		}
		if doc.Status != "" && doc.Status != "completed" {
			return f.bad(0, "the transcript is not completed; its status is %q %s", doc.Status, doc.Error)
		}
		if err := out.Begin(Chat{Title: f.base, Recorded: true}); err != nil {
			return err
		}
		for i, u := range doc.Utterances {
			m := Message{Line: i + 1, Sender: spoken(lettered(u.Speaker)), Text: u.Text, From: u.Start.milliseconds(), To: u.End.milliseconds(), Timed: true}
			if err := addSpoken(m, out); err != nil {
				return err
			}
		}
		if len(doc.Utterances) > 0 {
			continue
		}
		var words []word
		for _, w := range doc.Words {
			words = append(words, word{speaker: lettered(w.Speaker), text: w.Text, from: w.Start.milliseconds(), to: w.End.milliseconds()})
		}
		if len(words) == 0 {
			if err := addSpoken(Message{Line: 1, Text: doc.Text}, out); err != nil {
				return err
			}
		}
		if err := turns(words, out); err != nil {
			return err
		}
	}
	return nil
}

// lettered returns "Speaker A" for a letter.
func lettered(label identity) string {
	if len(label) == 1 {
		return "Speaker " + string(label)
	}
	return speaker(label)
}
