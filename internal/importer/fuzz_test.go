package importer

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// held returns a file of these bytes.
func held(content []byte) *file {
	return &file{
		name: "input", base: "input", in: "folder", size: int64(len(content)), written: time.Unix(1700000000, 0),
		open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil },
	}
}

// strict is a Sink that checks what it is given.
type strict struct {
	transcript
	t     *testing.T
	chats int
}

func (s *strict) Begin(c Chat) error {
	s.chats++
	return s.transcript.Begin(c)
}

func (s *strict) Add(m Message) error {
	switch {
	case s.chats == 0:
		s.t.Errorf("%+v comes before the first conversation", m)
	case m.Text == "" && len(m.Attachments) == 0:
		s.t.Errorf("%+v says nothing", m)
	case m.Text != "" && strings.TrimSpace(m.Text) == "":
		s.t.Errorf("%+v is blank", m)
	case m.Line < 1:
		s.t.Errorf("%+v has no place", m)
	case m.To < m.From:
		s.t.Errorf("%+v ends before it begins", m)
	case !utf8.ValidString(m.Sender.Name):
		s.t.Errorf("%+v has a name that is not UTF-8", m)
	}
	return s.transcript.Add(m)
}

// fuzz reads anything in one format: it ends, with nothing that says nothing, or
// with an error that names the file, and the same each time.
func fuzz(f *testing.F, format Format) {
	f.Helper()
	seeds, err := filepath.Glob(filepath.Join("testdata", string(format), "*"))
	if err != nil || len(seeds) == 0 {
		f.Fatalf("there are no inputs of %s: %v", string(format), err)
	}
	for _, name := range seeds {
		if info, err := os.Stat(name); err != nil || info.IsDir() || filepath.Ext(name) == ".golden" {
			continue
		}
		seed, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(seed)
		f.Add(seed[:len(seed)/2])
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		Detect(content[:min(len(content), HeadSize)])
		s := &Source{Name: "input", Format: format, files: []*file{held(content)}}
		first := strict{t: t}
		err := s.Read(Options{}, &first)
		if wrong, ok := errors.AsType[*Error](err); err != nil && (!ok || wrong.File != "input") {
			t.Errorf("read = %v, want an error that names the file", err)
		}
		again := strict{t: t}
		if second := s.Read(Options{}, &again); (err == nil) != (second == nil) || first.String() != again.String() {
			t.Errorf("the second time: %v and %q, the first: %v and %q", second, again.String(), err, first.String())
		}
	})
}

func FuzzWhatsApp(f *testing.F)   { fuzz(f, WhatsApp) }
func FuzzSlack(f *testing.F)      { fuzz(f, Slack) }
func FuzzDiscord(f *testing.F)    { fuzz(f, Discord) }
func FuzzTelegram(f *testing.F)   { fuzz(f, Telegram) }
func FuzzMessenger(f *testing.F)  { fuzz(f, Messenger) }
func FuzzWebVTT(f *testing.F)     { fuzz(f, WebVTT) }
func FuzzSubRip(f *testing.F)     { fuzz(f, SubRip) }
func FuzzMail(f *testing.F)       { fuzz(f, Mail) }
func FuzzTable(f *testing.F)      { fuzz(f, Table) }
func FuzzObjects(f *testing.F)    { fuzz(f, Objects) }
func FuzzIRC(f *testing.F)        { fuzz(f, IRC) }
func FuzzPlain(f *testing.F)      { fuzz(f, Plain) }
func FuzzWhisper(f *testing.F)    { fuzz(f, Whisper) }
func FuzzDeepgram(f *testing.F)   { fuzz(f, Deepgram) }
func FuzzAssemblyAI(f *testing.F) { fuzz(f, AssemblyAI) }
func FuzzAWS(f *testing.F)        { fuzz(f, AWS) }
func FuzzGoogle(f *testing.F)     { fuzz(f, Google) }
func FuzzAzure(f *testing.F)      { fuzz(f, Azure) }
func FuzzRev(f *testing.F)        { fuzz(f, Rev) }
func FuzzOtter(f *testing.F)      { fuzz(f, Otter) }
