package importer

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Format is what a file is written in.
type Format string

// The formats.
const (
	WhatsApp   Format = "whatsapp"
	Slack      Format = "slack"
	Discord    Format = "discord"
	Telegram   Format = "telegram"
	Messenger  Format = "messenger"
	WebVTT     Format = "vtt"
	SubRip     Format = "srt"
	Mail       Format = "mail"
	Table      Format = "csv"
	Objects    Format = "json"
	IRC        Format = "irc"
	Plain      Format = "text"
	Whisper    Format = "whisper"
	Deepgram   Format = "deepgram"
	AssemblyAI Format = "assemblyai"
	AWS        Format = "aws"
	Google     Format = "google"
	Azure      Format = "azure"
	Rev        Format = "rev"
	Otter      Format = "otter"
)

// A reader reads a source in one format.
type reader func(s *Source, o Options, out Sink) error

// formats are the formats with what they are called, and whether an export made
// later has what an earlier one had, and more.
var formats = []struct { //nolint:gochecknoglobals // a table, which nothing changes
	format Format
	name   string
	read   reader
	grows  bool
}{
	{WhatsApp, "a chat of WhatsApp", readWhatsApp, true},
	{Slack, "an export of Slack", readSlack, true},
	{Discord, "an export of Discord", readDiscord, true},
	{Telegram, "an export of Telegram", readTelegram, true},
	{Messenger, "a conversation of Messenger or Instagram", readMessenger, true},
	{WebVTT, "captions (WebVTT)", readCaptions, false},
	{SubRip, "subtitles (SRT or SBV)", readCaptions, false},
	{Mail, "mails (mbox or eml)", readMail, true},
	{Table, "a table (CSV or TSV)", readTable, true},
	{Objects, "messages as JSON, or a body of the API", readObjects, true},
	{IRC, "a log of IRC", readIRC, true},
	{Plain, "text with names", readPlain, false},
	{Whisper, "a transcript of Whisper", readWhisper, false},
	{Deepgram, "a transcript of Deepgram", readDeepgram, false},
	{AssemblyAI, "a transcript of AssemblyAI", readAssemblyAI, false},
	{AWS, "a transcript of AWS Transcribe", readAWS, false},
	{Google, "a transcript of Google Speech-to-Text", readGoogle, false},
	{Azure, "a transcript of Azure Speech", readAzure, false},
	{Rev, "a transcript of Rev", readRev, false},
	{Otter, "a transcript of Otter or Teams", readOtter, false},
}

// Formats returns all formats.
func Formats() []Format {
	all := make([]Format, len(formats))
	for i, f := range formats {
		all[i] = f.format
	}
	return all
}

// ParseFormat returns the format of that name, or none for an empty one.
func ParseFormat(name string) (Format, error) {
	if name == "" || slices.Contains(Formats(), Format(name)) {
		return Format(name), nil
	}
	var names []string
	for _, f := range formats {
		names = append(names, string(f.format))
	}
	return "", fmt.Errorf("%q is no format that can be imported, want one of %s", name, strings.Join(names, ", "))
}

// String returns what the format is called, such as "a chat of WhatsApp".
func (f Format) String() string {
	for _, known := range formats {
		if known.format == f {
			return known.name
		}
	}
	return string(f)
}

// Grows reports whether a chat that is exported again later begins with what it
// was before.
func (f Format) Grows() bool {
	for _, known := range formats {
		if known.format == f {
			return known.grows
		}
	}
	return false
}

// A Source is what is read together: a file, the parts of one, all mails, or an
// export of many files.
type Source struct {
	Name   string // for people
	Format Format
	Size   int64 // of its files, in bytes

	files []*file
	tree  *tree // of an export of many files
}

// Written returns when the source was last written. It is the best that is known of
// when a recording was made.
func (s *Source) Written() time.Time {
	var last time.Time
	for _, f := range s.files {
		if f.written.After(last) {
			last = f.written
		}
	}
	return last
}

// Read gives everything to the sink, from the begin.
func (s *Source) Read(o Options, out Sink) error {
	for _, known := range formats {
		if known.format != s.Format {
			continue
		}
		if err := known.read(s, o, out); err != nil {
			return err
		}
		for _, f := range s.files {
			if f.utf16 {
				out.Note(f.name + " was read as UTF-16")
			}
		}
		return nil
	}
	return fmt.Errorf("nothing reads the format %s", string(s.Format))
}
