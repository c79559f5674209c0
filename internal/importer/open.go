package importer

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/encoding"
)

// Input says what to open.
type Input struct {
	Paths    []string
	Stdin    io.Reader         // for the path "-"
	Format   Format            // of all files; found out if it is empty
	Encoding encoding.Encoding // of all text; UTF-8 or UTF-16 if nil
}

// A Set is all that was found. Close it at the end.
type Set struct {
	Sources []*Source
	Left    []LeftOut

	close []func()
	mails *Source
	parts map[string]*Source // of exports in several files, by what they have in common
	in    Input
}

// LeftOut is a file of a folder or an archive that is not imported.
type LeftOut struct{ Name, Reason string }

// Close closes what is open, and removes what was unpacked.
func (s *Set) Close() {
	for _, c := range slices.Backward(s.close) {
		c()
	}
	s.close = nil
}

// Open finds out what the files are. A file that is named must be one that can be
// imported; those of folders and archives that cannot are in [Set.Left].
func Open(in Input) (*Set, error) {
	s := &Set{in: in, parts: map[string]*Source{}}
	for _, name := range in.Paths {
		if err := s.open(name); err != nil {
			s.Close()
			return nil, err
		}
	}
	for _, source := range s.Sources {
		if source.tree == nil && source.Format != Mail {
			slices.SortStableFunc(source.files, func(a, b *file) int {
				_, x := part(a.base)
				_, y := part(b.base)
				return x - y
			})
		}
	}
	return s, nil
}

func (s *Set) open(name string) error {
	if name == "-" {
		return s.openStdin()
	}
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return s.walk(&tree{os.DirFS(name), ".", name, s.in.Encoding})
	}
	f, err := fileAt(name, s.in.Encoding)
	if err != nil {
		return err
	}
	f.in = baseName(filepath.Dir(name))
	return s.openFile(f, name)
}

// openStdin keeps standard input in a file, since it is read more than once.
func (s *Set) openStdin() error {
	temp, err := os.CreateTemp("", "enqueue-import-*")
	if err != nil {
		return fmt.Errorf("keep standard input: %w", err)
	}
	s.close = append(s.close, func() { _ = os.Remove(temp.Name()) })
	_, err = io.Copy(temp, s.in.Stdin)
	if err := errors.Join(err, temp.Close()); err != nil {
		return fmt.Errorf("keep standard input: %w", err)
	}
	f, err := fileAt(temp.Name(), s.in.Encoding)
	if err != nil {
		return err
	}
	f.name, f.base = "standard input", "standard input"
	return s.openFile(f, temp.Name())
}

// openFile adds a file that was named, or what is in it if it is an archive.
func (s *Set) openFile(f *file, name string) error {
	r, err := f.open()
	if err != nil {
		return err
	}
	begin := make([]byte, 4)
	n, _ := io.ReadFull(r, begin)
	_ = r.Close() // it was only read
	if string(begin[:n]) == "PK\x03\x04" {
		archive, err := zip.OpenReader(name)
		if err != nil {
			return &Error{File: f.name, Want: "the archive is not whole", Err: err}
		}
		s.close = append(s.close, func() { _ = archive.Close() })
		return s.walk(&tree{archive, ".", f.name, s.in.Encoding})
	}
	format, reason, err := s.recognise(f)
	if err != nil {
		return err
	}
	if format == "" {
		return &Error{File: f.name, Want: reason}
	}
	s.add(f, format)
	return nil
}

// tree is a folder or an archive.
type tree struct {
	fsys     fs.FS
	root     string
	name     string
	encoding encoding.Encoding
}

func (t *tree) file(p string) (*file, error) {
	f, err := fileIn(t.fsys, p, path.Join(t.name, p), t.encoding)
	if err != nil {
		return nil, err
	}
	f.in = baseName(t.name)
	if dir := path.Dir(p); dir != "." {
		f.in = path.Base(dir)
	}
	return f, nil
}

// decode reads a file of the root, if it is there.
func (t *tree) decode(name string, v any, want string) error {
	f, err := t.file(path.Join(t.root, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.decode(v, want)
}

// walk adds what is in a folder or an archive.
func (s *Set) walk(t *tree) error {
	found := 0
	err := fs.WalkDir(t.fsys, t.root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("look into %s: %w", path.Join(t.name, p), err)
		}
		hidden := p != t.root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "__MACOSX")
		switch {
		case d.IsDir() && hidden:
			return fs.SkipDir
		case d.IsDir():
			if (s.in.Format == "" || s.in.Format == Slack) && isSlack(t.fsys, p) {
				found++
				if err := s.addSlack(t, p); err != nil {
					return err
				}
				return fs.SkipDir
			}
			return nil
		case hidden || !d.Type().IsRegular():
			return nil
		}
		found++
		return s.addFound(t, p)
	})
	if err == nil && found == 0 {
		err = &Error{File: t.name, Want: "there is no file in it"}
	}
	return err
}

// isSlack reports whether a folder is an export of a workspace.
func isSlack(fsys fs.FS, dir string) bool {
	for _, name := range [...]string{"users.json", "channels.json"} {
		info, err := fs.Stat(fsys, path.Join(dir, name))
		if err != nil || info.IsDir() {
			return false
		}
	}
	return true
}

func (s *Set) addSlack(t *tree, dir string) error {
	sub := *t
	sub.root = dir
	var size int64
	err := fs.WalkDir(t.fsys, dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if info, err := d.Info(); err == nil {
				size += info.Size()
			}
		}
		return err
	})
	s.Sources = append(s.Sources, &Source{Name: path.Join(t.name, dir), Format: Slack, Size: size, tree: &sub})
	return err
}

// addFound adds a file that was found, if it can be imported.
func (s *Set) addFound(t *tree, p string) error {
	f, err := t.file(p)
	if err != nil {
		return err
	}
	if isMedia.MatchString(p) {
		s.Left = append(s.Left, LeftOut{f.name, "it is no text"})
		return nil
	}
	format, reason, err := s.recognise(f)
	if err != nil {
		return err
	}
	if format == "" {
		s.Left = append(s.Left, LeftOut{f.name, reason})
		return nil
	}
	s.add(f, format)
	return nil
}

var isMedia = regexp.MustCompile(`(?i)\.(jpe?g|png|gif|webp|mp4|mov|mp3|m4a|opus|ogg|aac|wav|pdf|docx?|xlsx?|pptx?|vcf|zip|gz|heic|avif|webm|3gp|tgs)$`)

// add puts the file where it belongs: alone, or with the other mails, or with the
// other parts of its export.
func (s *Set) add(f *file, format Format) {
	source := &Source{Name: f.name, Format: format}
	switch format {
	case Mail:
		if s.mails == nil {
			s.mails = source
			s.Sources = append(s.Sources, source)
		}
		source = s.mails
	case Discord, Messenger:
		stem, number := part(f.base)
		if number < 0 {
			s.Sources = append(s.Sources, source)
			break
		}
		key := string(format) + "/" + path.Dir(f.name) + "/" + stem
		if s.parts[key] == nil {
			s.parts[key] = source
			s.Sources = append(s.Sources, source)
		}
		source = s.parts[key]
	default:
		s.Sources = append(s.Sources, source)
	}
	source.files = append(source.files, f)
	source.Size += f.size
	if n := len(source.files); n > 1 {
		first, _, _ := strings.Cut(source.Name, " and ")
		source.Name = fmt.Sprintf("%s and %d more", first, n-1)
	}
}

var partNumber = regexp.MustCompile(`^(.*) \[part (\d+)\]$`)

// part splits the name of a file of several: "general [part 2]", "message_2". The
// first part of an export may have no number; for all else the number is -1.
func part(base string) (stem string, number int) {
	if n, ok := strings.CutPrefix(base, "message_"); ok {
		if i, err := strconv.Atoi(n); err == nil {
			return "message", i
		}
	}
	m := partNumber.FindStringSubmatch(base)
	if m == nil {
		return base, 1
	}
	i, err := strconv.Atoi(m[2])
	if err != nil {
		return base, -1
	}
	return m[1], i
}

var isHTML = regexp.MustCompile(`(?i)^\s*(<!doctype html|<html)`)

// byName are the formats that the name of a file tells, if its begin does not.
var byName = map[string]Format{ //nolint:gochecknoglobals // a table of words, which nothing changes
	".csv": Table, ".tsv": Table, ".srt": SubRip, ".sbv": SubRip, ".vtt": WebVTT, ".mbox": Mail, ".eml": Mail,
	".jsonl": Objects, ".ndjson": Objects, ".txt": Plain, ".md": Plain,
}

// recognise returns the format of the file, or why it is in none.
func (s *Set) recognise(f *file) (format Format, reason string, err error) {
	head, err := f.head()
	if err != nil {
		return "", "", err
	}
	if len(bytes.TrimSpace(head)) == 0 {
		return "", "the file is empty", nil
	}
	if s.in.Format != "" {
		return s.in.Format, "", nil
	}
	switch {
	case isHTML.Match(head) && bytes.Contains(head, []byte("tgme")), isHTML.Match(head) && bytes.Contains(head, []byte("class=\"page_wrap\"")):
		return "", "it is an export of Telegram as HTML; export the chat as JSON (machine-readable)", nil
	case isHTML.Match(head):
		return "", "it is HTML; export it in another format, or convert it to text", nil
	case bytes.IndexByte(head, 0) >= 0:
		return "", "it is no text", nil
	}
	if format, ok := Detect(head); ok {
		return format, "", nil
	}
	if format, ok := byName[strings.ToLower(filepath.Ext(f.name))]; ok {
		return format, "", nil
	}
	if begin := bytes.TrimLeft(head, " \t\r\n"); begin[0] == '{' || begin[0] == '[' {
		return "", "it is JSON in no format that is known; name one with --format", nil
	}
	if f.name == "standard input" || filepath.Ext(f.name) == "" {
		return Plain, "", nil
	}
	return "", "it is in no format that is known; name one with --format", nil
}

// splitRows returns the rows of the begin of a table. The last one may be cut, and
// does not count.
func splitRows(head string, comma rune) [][]string {
	r := csv.NewReader(strings.NewReader(head))
	r.Comma, r.FieldsPerRecord = comma, -1
	var rows [][]string
	for {
		row, err := r.Read()
		if err != nil {
			return rows
		}
		rows = append(rows, row)
	}
}
