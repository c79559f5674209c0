package importer

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"time"
)

// separator begins a mail in an mbox. A line of a body that begins with From has
// no time behind it.
var separator = regexp.MustCompile(`^From (?:- |-$|MAILER-DAEMON\b|\S.*\d{1,2}:\d{2})`)

// An envelope is what is remembered of a mail: enough to find it again, and to put
// it where it belongs.
type envelope struct {
	at     time.Time
	offset int64
	length int64
	file   int32
	line   int32
	node   int32 // of its own id
}

// digestOf identifies a mail in the memory of 16 bytes.
type digest [16]byte

func digestOf(s string) digest {
	sum := sha256.Sum256([]byte(s))
	return digest(sum[:16])
}

// A mailbox knows the mails of all files of a source, and which of them answer
// each other. It holds no text, so that mailboxes of any size can be read.
type mailbox struct {
	files  []*file
	mails  []envelope
	nodes  map[digest]int32
	parent []int32 // union of those that belong together
	seen   map[digest]bool
	out    Sink
}

// node returns the number of a Message-ID.
func (b *mailbox) node(id string) int32 {
	d := digestOf(id)
	n, ok := b.nodes[d]
	if !ok {
		n = int32(len(b.parent)) //nolint:gosec // there are not as many
		b.nodes[d] = n
		b.parent = append(b.parent, n)
	}
	return n
}

// root returns the number that stands for all that belong together.
func (b *mailbox) root(n int32) int32 {
	for b.parent[n] != n {
		b.parent[n] = b.parent[b.parent[n]]
		n = b.parent[n]
	}
	return n
}

func (b *mailbox) join(x, y int32) {
	x, y = b.root(x), b.root(y)
	if x != y {
		b.parent[max(x, y)] = min(x, y)
	}
}

// readMail reads mailboxes and single mails. Each thread is a conversation, with
// its mails in the order of their dates.
func readMail(s *Source, _ Options, out Sink) error {
	b := &mailbox{files: s.files, nodes: map[digest]int32{}, seen: map[digest]bool{}, out: out}
	for i, f := range s.files {
		if err := b.index(int32(i), f); err != nil { //nolint:gosec // there are not as many
			return err
		}
	}
	threads := map[int32][]int32{}
	var order []int32
	for i := range b.mails {
		root := b.root(b.mails[i].node)
		if threads[root] == nil {
			order = append(order, root)
		}
		threads[root] = append(threads[root], int32(i)) //nolint:gosec // there are not as many
	}
	for _, mails := range threads {
		slices.SortStableFunc(mails, func(x, y int32) int { return b.mails[x].at.Compare(b.mails[y].at) })
	}
	slices.SortStableFunc(order, func(x, y int32) int {
		return b.mails[threads[x][0]].at.Compare(b.mails[threads[y][0]].at)
	})
	readers := make([]*random, len(s.files))
	defer func() {
		for _, r := range readers {
			r.Close()
		}
	}()
	for _, root := range order {
		if err := b.thread(threads[root], readers); err != nil {
			return err
		}
	}
	return nil
}

// index remembers the mails of a file.
func (b *mailbox) index(n int32, f *file) error {
	r, err := f.open()
	if err != nil {
		return err
	}
	defer r.Close() //nolint:errcheck // it was only read
	buffered := bufio.NewReaderSize(r, 256<<10)
	if begin, _ := buffered.Peek(5); string(begin) != "From " {
		return b.add(envelope{file: n, line: 1, length: f.size}, f, io.LimitReader(buffered, headerLimit))
	}
	var offset int64
	var line int32
	var head bytes.Buffer
	now := envelope{length: -1}
	inHead, blank, start := false, true, true
	finish := func() error {
		if now.length < 0 {
			return nil
		}
		now.length = offset - now.offset
		return b.add(now, f, bytes.NewReader(head.Bytes()))
	}
	for {
		part, err := buffered.ReadSlice('\n')
		if start { // of a line
			line++
			if blank && separator.Match(part) {
				if err := finish(); err != nil {
					return err
				}
				now = envelope{file: n, line: line, offset: offset}
				head.Reset()
				inHead = true
			}
			blank = len(bytes.TrimRight(part, "\r\n")) == 0
			inHead = inHead && !blank
		}
		if inHead && head.Len() < headerLimit {
			head.Write(part)
		}
		offset += int64(len(part))
		start = !errors.Is(err, bufio.ErrBufferFull)
		if err != nil && start {
			if !errors.Is(err, io.EOF) {
				return &Error{File: f.name, Line: int(line), Want: "it cannot be read", Err: err}
			}
			return finish()
		}
	}
}

// headerLimit bounds the header of a mail.
const headerLimit = 256 << 10

// add remembers a mail by its header, unless it is there already.
func (b *mailbox) add(e envelope, f *file, head io.Reader) error {
	h, err := readHeader(head)
	if err != nil {
		return &Error{File: f.name, Line: int(e.line), Want: "the header of a mail was expected", Err: err}
	}
	e.at = h.date()
	id := h.id()
	if b.seen[digestOf(id)] {
		b.out.Skip(int(e.line), "the same mail again")
		return nil
	}
	b.seen[digestOf(id)] = true
	e.node = b.node(id)
	for _, other := range h.references() {
		b.join(e.node, b.node(other))
	}
	b.mails = append(b.mails, e)
	return nil
}

// thread reads the mails of a thread.
func (b *mailbox) thread(mails []int32, readers []*random) error {
	begun := false
	for _, i := range mails {
		e := b.mails[i]
		f := b.files[e.file]
		if readers[e.file] == nil {
			r, err := f.random()
			if err != nil {
				return err
			}
			readers[e.file] = r
		}
		section := io.NewSectionReader(readers[e.file], e.offset, e.length)
		m, err := readOneMail(section)
		if err != nil {
			return &Error{File: f.name, Line: int(e.line), Want: "the mail cannot be read", Err: err}
		}
		if !begun {
			begun = true
			if err := b.out.Begin(Chat{Key: m.head.thread(), Unique: true, Title: m.head.subject()}); err != nil {
				return err
			}
		}
		if m.cut {
			b.out.Skip(int(e.line), fmt.Sprintf("the text of the mail beyond %d KiB", bodyLimit>>10))
		}
		said := Message{Line: int(e.line), Start: e.at, Sender: m.head.sender(), Text: m.text, Attachments: m.attachments}
		if said.Text == "" && len(said.Attachments) == 0 {
			b.out.Skip(int(e.line), cmp.Or(m.nothing, "the mail has no text of its own"))
			continue
		}
		if err := b.out.Add(said); err != nil {
			return err
		}
	}
	return nil
}

// random is a file that can be read anywhere.
type random struct {
	io.ReaderAt
	file *os.File
	temp bool
}

// random opens the file to be read anywhere. What is in an archive is unpacked
// into a temporary file for it.
func (f *file) random() (*random, error) {
	r, err := f.open()
	if err != nil {
		return nil, err
	}
	if disk, ok := r.(*os.File); ok {
		return &random{disk, disk, false}, nil
	}
	defer r.Close() //nolint:errcheck // it was only read
	temp, err := os.CreateTemp("", "enqueue-import-*")
	if err != nil {
		return nil, fmt.Errorf("unpack %s: %w", f.name, err)
	}
	unpacked := &random{temp, temp, true}
	if _, err := io.Copy(temp, r); err != nil {
		unpacked.Close()
		return nil, fmt.Errorf("unpack %s: %w", f.name, err)
	}
	return unpacked, nil
}

// Close closes the file, and removes it if it was a temporary one.
func (r *random) Close() {
	if r == nil {
		return
	}
	_ = r.file.Close() // it was only read
	if r.temp {
		_ = os.Remove(r.file.Name())
	}
}
