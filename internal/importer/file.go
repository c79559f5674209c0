package importer

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// HeadSize is how much of a file [Detect] should be shown, in bytes.
const HeadSize = 64 << 10

// maxLine bounds a line, which is held in memory.
const maxLine = 16 << 20

// longestText bounds the lines that are held of one message. What is longer is cut
// into several.
const longestText = 256 << 10

// A file is something that can be read from its begin more than once.
type file struct {
	name     string // for people
	base     string // the last part, without an extension
	in       string // the same of the folder or the archive that it is in
	size     int64
	written  time.Time
	encoding encoding.Encoding // nil for UTF-8
	utf16    bool              // found when it was opened as text
	open     func() (io.ReadCloser, error)
}

// fileIn returns a file of a file system.
func fileIn(fsys fs.FS, path, name string, enc encoding.Encoding) (*file, error) {
	info, err := fs.Stat(fsys, path)
	if err != nil {
		return nil, fmt.Errorf("look at %s: %w", name, err)
	}
	return &file{
		name: name, base: baseName(path), size: info.Size(), written: info.ModTime(), encoding: enc,
		open: func() (io.ReadCloser, error) { return fsys.Open(path) },
	}, nil
}

// fileAt returns a file of the disk.
func fileAt(path string, enc encoding.Encoding) (*file, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is neither a file nor a folder", path)
	}
	return &file{
		name: path, base: baseName(path), size: info.Size(), written: info.ModTime(), encoding: enc,
		open: func() (io.ReadCloser, error) { return os.Open(path) }, //nolint:gosec // reading the file that the user names is the point
	}, nil
}

func baseName(path string) string {
	path = strings.TrimSuffix(strings.ReplaceAll(path, `\`, "/"), "/")
	path = path[strings.LastIndexByte(path, '/')+1:]
	if dot := strings.LastIndexByte(path, '.'); dot > 0 {
		path = path[:dot]
	}
	return path
}

// head returns the begin of the text of the file.
func (f *file) head() ([]byte, error) {
	r, err := f.decoded()
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // it was only read
	head, err := io.ReadAll(io.LimitReader(r, HeadSize))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", f.name, err)
	}
	return head, nil
}

// bad returns an error about a line.
func (f *file) bad(line int, format string, args ...any) error {
	return &Error{File: f.name, Line: line, Want: fmt.Sprintf(format, args...)}
}

// text opens the file as UTF-8 without a byte order mark. Reading ends with an
// error where it is none.
func (f *file) text() (io.ReadCloser, error) {
	r, err := f.decoded()
	if err != nil {
		return nil, err
	}
	return &checked{transform.NewReader(r, encoding.UTF8Validator), r, f, 1}, nil
}

// checked is text that is UTF-8.
type checked struct {
	io.Reader
	io.Closer
	file *file
	line int
}

func (c *checked) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.line += bytes.Count(p[:n], []byte("\n"))
	if errors.Is(err, encoding.ErrInvalidUTF8) {
		err = c.file.bad(c.line, "the text is not UTF-8; name its encoding with --encoding, such as windows-1252 or gb18030")
	}
	return n, err
}

// decoded opens the file as text that is UTF-8, unless it is in an encoding that
// nothing says.
func (f *file) decoded() (io.ReadCloser, error) {
	raw, err := f.open()
	if err != nil {
		return nil, err
	}
	buffered := bufio.NewReaderSize(raw, 64<<10)
	decoded := struct {
		io.Reader
		io.Closer
	}{buffered, raw}
	begin, _ := buffered.Peek(4)
	switch enc := f.encoding; {
	case enc != nil:
		decoded.Reader = enc.NewDecoder().Reader(buffered)
	case strings.HasPrefix(string(begin), "\ufeff"):
		_, _ = buffered.Discard(3)
	default:
		if enc := utf16Of(begin); enc != nil {
			f.utf16, decoded.Reader = true, enc.NewDecoder().Reader(buffered)
		}
	}
	return decoded, nil
}

// utf16Of returns the encoding of text that begins like this, if it is UTF-16.
func utf16Of(begin []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(begin, []byte("\xff\xfe")), bytes.HasPrefix(begin, []byte("\xfe\xff")):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case len(begin) == 4 && begin[0] != 0 && begin[1] == 0 && begin[2] != 0 && begin[3] == 0:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case len(begin) == 4 && begin[0] == 0 && begin[1] != 0 && begin[2] == 0 && begin[3] != 0:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	return nil
}

// ParseEncoding returns the encoding of that name, nil for UTF-8 and for an
// empty name.
func ParseEncoding(name string) (encoding.Encoding, error) {
	if name == "" || strings.EqualFold(name, "utf-8") || strings.EqualFold(name, "utf8") {
		return nil, nil
	}
	enc, err := htmlindex.Get(name)
	if err != nil {
		return nil, fmt.Errorf("%q is no known encoding, want one such as windows-1252, iso-8859-1, utf-16le or gb18030", name)
	}
	return enc, nil
}

// lines are the lines of a file, without their ends.
type lines struct {
	file   *file
	reader *bufio.Reader
	close  io.Closer
	n      int // the number of the line that was read last
}

// lines opens the file to be read by lines.
func (f *file) lines() (*lines, error) {
	r, err := f.text()
	if err != nil {
		return nil, err
	}
	return &lines{file: f, reader: bufio.NewReaderSize(r, 64<<10), close: r}, nil
}

// next returns the next line. At the end it returns false.
func (l *lines) next() (string, bool, error) {
	var long []byte
	for {
		part, err := l.reader.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			if long = append(long, part...); len(long) > maxLine {
				return "", false, l.file.bad(l.n+1, "the line is longer than %d MiB", maxLine>>20)
			}
			continue
		}
		if wrong, ok := errors.AsType[*Error](err); ok {
			return "", false, wrong
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return "", false, &Error{File: l.file.name, Line: l.n + 1, Want: "it cannot be read", Err: err}
		}
		line := append(long, part...)
		if len(line) == 0 {
			return "", false, nil
		}
		l.n++
		text := strings.TrimSuffix(string(line), "\n")
		return strings.TrimSuffix(text, "\r"), true, nil
	}
}

// each calls visit for each line.
func (f *file) each(visit func(n int, line string) error) error {
	l, err := f.lines()
	if err != nil {
		return err
	}
	defer l.close.Close() //nolint:errcheck // it was only read
	for {
		line, more, err := l.next()
		if err != nil || !more {
			return err
		}
		if err := visit(l.n, line); err != nil {
			return err
		}
	}
}
