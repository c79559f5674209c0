package importer

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/charset" // also registers the charsets
	"golang.org/x/text/encoding/charmap"

	"github.com/turnwise/turnwise/internal/importer/mailtext"
)

// bodyLimit bounds the text of one mail.
const bodyLimit = 1 << 20

// A head is the header of a mail.
type head struct {
	message.Header
	separator string // the line above it in an mbox
}

// readHeader reads a header, with or without the separator above it.
func readHeader(r io.Reader) (head, error) {
	e, line, err := readEntity(r)
	if err != nil {
		return head{}, err
	}
	h := head{e.Header, line}
	if h.Get("From") == "" && h.Get("Date") == "" && h.Get("Subject") == "" && h.Get("Message-Id") == "" {
		return head{}, errors.New("there is neither From nor Date nor Subject nor Message-ID")
	}
	return h, nil
}

// readEntity reads a mail up to its body.
func readEntity(r io.Reader) (e *message.Entity, line string, err error) {
	buffered := bufio.NewReader(r)
	if begin, _ := buffered.Peek(5); string(begin) == "From " {
		if line, err = buffered.ReadString('\n'); err != nil && !errors.Is(err, io.EOF) {
			return nil, "", err
		}
	}
	source := io.Reader(buffered)
	if line != "" { // a mail outside of an mbox has nothing put before its lines
		source = &unquoter{r: buffered}
	}
	e, err = message.ReadWithOptions(source, &message.ReadOptions{MaxHeaderBytes: 2 * headerLimit})
	if message.IsUnknownCharset(err) || message.IsUnknownEncoding(err) {
		err = nil // the bytes are taken as they are
	}
	return e, line, err
}

// text returns a header field as UTF-8, whatever it was written in.
func (h head) text(key string) string {
	raw := h.Get(key)
	if !utf8.ValidString(raw) {
		raw, _ = charmap.Windows1252.NewDecoder().String(raw)
	}
	decoder := mime.WordDecoder{CharsetReader: charset.Reader}
	decoded, err := decoder.DecodeHeader(raw)
	if err != nil {
		decoded = raw
	}
	return strings.Join(strings.Fields(strings.ToValidUTF8(decoded, "\ufffd")), " ")
}

// date returns when the mail was written: by its Date, else when it was received,
// else as its separator says.
func (h head) date() time.Time {
	candidates := []string{h.Get("Date")}
	if received := h.Get("Received"); received != "" {
		candidates = append(candidates, received[strings.LastIndexByte(received, ';')+1:])
	}
	for _, c := range candidates {
		c = strings.Join(strings.Fields(c), " ")
		if at, err := mail.ParseDate(c); err == nil {
			return at
		}
		for _, layout := range [...]string{time.ANSIC, "Mon, 2 Jan 2006 15:04:05 MST", "2 Jan 2006 15:04:05", "2006-01-02 15:04:05 -0700", time.RFC3339} {
			if at, err := time.Parse(layout, c); err == nil {
				return at
			}
		}
	}
	if fields := strings.Fields(h.separator); len(fields) >= 6 {
		if at, err := time.Parse("Mon Jan 2 15:04:05 2006", strings.Join(fields[len(fields)-5:], " ")); err == nil {
			return at
		}
	}
	return time.Time{}
}

var messageID = regexp.MustCompile(`<[^<>\s]+>`)

// id returns the Message-ID, or what tells the mail from others if it has none.
func (h head) id() string {
	if id := messageID.FindString(h.Get("Message-Id")); id != "" {
		return id
	}
	return "none/" + h.Get("Date") + "/" + h.Get("From") + "/" + h.Get("Subject") + "/" + h.separator
}

// mostReferences bounds how many mails one refers to.
const mostReferences = 200

// references returns the ids of the mails that this one answers, the first one
// first.
func (h head) references() []string {
	ids := messageID.FindAllString(h.Get("References"), mostReferences)
	return append(ids, messageID.FindAllString(h.Get("In-Reply-To"), 1)...)
}

// thread returns what all mails of a thread have in common.
func (h head) thread() string {
	if all := h.references(); len(all) > 0 {
		return all[0]
	}
	return h.id()
}

var replyPrefix = regexp.MustCompile(`(?i)^\s*(?:(?:re|fwd?|aw|wg|sv|vs|tr|rv|enc|antw|odp|res|rif)(?:\[\d+\])?\s*:|\[[^\[\]]{1,40}\])\s*`)

// subject returns the subject without what answers and lists put before it.
func (h head) subject() string {
	subject := h.text("Subject")
	for {
		shorter := replyPrefix.ReplaceAllString(subject, "")
		if shorter == subject || shorter == "" {
			return cmp.Or(subject, "(no subject)")
		}
		subject = shorter
	}
}

var looseAddress = regexp.MustCompile(`^\s*"?([^"<>]*?)"?\s*<([^<>\s]+)>`)

// sender returns who wrote the mail.
func (h head) sender() Sender {
	from := cmp.Or(h.text("From"), h.text("Sender"))
	if m := looseAddress.FindStringSubmatch(from); m != nil {
		email := strings.ToLower(m[2])
		return Sender{Name: cmp.Or(strings.TrimSpace(strings.ReplaceAll(m[1], `\`, "")), email), Email: email}
	}
	if address, err := mail.ParseAddress(from); err == nil {
		email := strings.ToLower(address.Address)
		return Sender{Name: cmp.Or(address.Name, email), Email: email}
	}
	return Sender{Name: from}
}

// A parsedMail is what is imported of a mail.
type parsedMail struct {
	head        head
	text        string
	attachments []string
	cut         bool   // the text was longer than the limit
	nothing     string // why there is no text
}

// readOneMail reads a mail. Parts that cannot be decoded are left out and named
// with the attachments.
func readOneMail(r io.Reader) (*parsedMail, error) {
	e, line, err := readEntity(r)
	if err != nil {
		return nil, err
	}
	m := &parsedMail{head: head{e.Header, line}}
	var b body
	if err := b.read(e, 0); err != nil {
		return nil, err
	}
	m.attachments, m.cut = b.attachments, b.cut
	text := strings.Join(b.plain, "\n\n")
	if strings.TrimSpace(text) == "" {
		text = strings.Join(b.html, "\n\n")
	}
	m.text = mailtext.Own(text)
	if m.text == "" && b.report {
		m.nothing = noticeReason
	}
	return m, nil
}

// A body collects the parts of a mail.
type body struct {
	plain, html []string
	attachments []string
	cut         bool
	report      bool // a delivery report or the like
}

// deepest is how deep parts may be nested.
const deepest = 10

func (b *body) read(e *message.Entity, depth int) error {
	kind, params, err := e.Header.ContentType()
	if err != nil {
		kind = "text/plain"
	}
	disposition, attached, _ := e.Header.ContentDisposition()
	name := cmp.Or(attached["filename"], params["name"])
	parts := e.MultipartReader()
	switch {
	case parts != nil && depth < deepest:
		b.report = b.report || kind == "multipart/report"
		return b.parts(parts, depth)
	case disposition == "attachment" || !strings.HasPrefix(kind, "text/") || kind == "text/calendar" || name != "" && disposition != "inline":
		if kind != "message/delivery-status" && kind != "application/pgp-signature" && kind != "application/pkcs7-signature" {
			b.attachments = append(b.attachments, cmp.Or(decodeWord(name), kind))
		}
		return nil
	case kind == "text/html":
		text, err := mailtext.FromHTML(io.LimitReader(e.Body, bodyLimit))
		b.html = append(b.html, text)
		return inMail(err)
	case kind == "text/plain":
		return b.addPlain(e, params)
	}
	return nil
}

func (b *body) parts(parts message.MultipartReader, depth int) error {
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil // a mail without its last boundary is whole all the same
		}
		if part == nil {
			return inMail(err)
		}
		if err := b.read(part, depth+1); err != nil {
			return err
		}
	}
}

// inMail returns no error for parts that end or are encoded as they should not
// be: mails are full of them, and what could be read is there.
func inMail(err error) error {
	if err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || strings.Contains(err.Error(), "multipart") {
		return nil
	}
	return err
}

func (b *body) addPlain(e *message.Entity, params map[string]string) error {
	text, err := io.ReadAll(io.LimitReader(e.Body, bodyLimit+1))
	if len(text) > bodyLimit {
		text, b.cut = text[:bodyLimit], true
	}
	if !utf8.Valid(text) {
		if decoded, err := charmap.Windows1252.NewDecoder().Bytes(text); err == nil {
			text = decoded
		}
	}
	plain := strings.ReplaceAll(string(text), "\r\n", "\n")
	if strings.EqualFold(params["format"], "flowed") {
		plain = mailtext.Unflow(plain, strings.EqualFold(params["delsp"], "yes"))
	}
	if strings.TrimSpace(plain) != "" && !slices.Contains(b.plain, plain) {
		b.plain = append(b.plain, plain)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || err == nil {
		return nil
	}
	return fmt.Errorf("the text of the mail: %w", err)
}

func decodeWord(s string) string {
	decoder := mime.WordDecoder{CharsetReader: charset.Reader}
	if decoded, err := decoder.DecodeHeader(s); err == nil {
		return decoded
	}
	return s
}

// An unquoter takes away the > that an mbox puts before a line of a mail that
// begins with From.
type unquoter struct {
	r    *bufio.Reader
	rest []byte
	mid  bool // of a line
	err  error
}

func (u *unquoter) Read(p []byte) (int, error) {
	for len(u.rest) == 0 {
		if u.err != nil {
			return 0, u.err
		}
		line, err := u.r.ReadSlice('\n')
		full := errors.Is(err, bufio.ErrBufferFull)
		if err != nil && !full {
			u.err = err
		}
		if !u.mid && len(line) > 0 && line[0] == '>' && bytes.HasPrefix(bytes.TrimLeft(line, ">"), []byte("From ")) {
			line = line[1:]
		}
		u.mid, u.rest = full, line
	}
	n := copy(p, u.rest)
	u.rest = u.rest[n:]
	return n, nil
}
