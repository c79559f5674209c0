package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"github.com/turnwise/turnwise/internal/conversation"
)

// A message is stored packed, because there are more messages than anything else
// and JSON would take 160 bytes of each beside its text:
//
//	1 byte    packed, and whether it has a member and findings
//	uvarint   its id, as a number
//	16 bytes  the id of its member, a UUID; if it has one
//	varint    when it starts, in Unix milliseconds
//	uvarint   how long it takes, in milliseconds
//	uvarint   the length of its text, in bytes; if it has findings
//	the text
//	findings  as JSON; if it has some
//
// One that does not fit in, such as one whose times have fractions of milliseconds,
// is stored as JSON. So is what cannot be stored at all, which fails there.
const (
	packed      = 1 << 0
	hasMember   = 1 << 1
	hasFindings = 1 << 2
)

// findings are what a message has that most messages do not.
type findings struct {
	Polarity *float64              `json:"polarity,omitzero"`
	Phrases  []string              `json:"phrases,omitempty"`
	Entities []conversation.Entity `json:"entities,omitempty"`
	Matches  []conversation.Match  `json:"matches,omitempty"`
}

// encodeMessage returns what is stored of a message.
func encodeMessage(m *conversation.Message) ([]byte, error) {
	id, numbered := number(m.ID)
	member, err := uuid.Parse(m.Member)
	named := m.Member != ""
	if !numbered || named && (err != nil || member.String() != m.Member) || !utf8.ValidString(m.Text) || !packable(m.Start, m.End) {
		return json.Marshal(m)
	}
	found, err := encodeFindings(m)
	if err != nil {
		return nil, err
	}
	b := make([]byte, 1, 40+len(m.Text)+len(found))
	b[0] = packed
	b = binary.AppendUvarint(b, id)
	if named {
		b[0] |= hasMember
		b = append(b, member[:]...)
	}
	b = binary.AppendVarint(b, m.Start.UnixMilli())
	b = binary.AppendUvarint(b, uint64(m.End.Sub(m.Start)/time.Millisecond)) //nolint:gosec // not negative, see packable
	if found != nil {
		b[0] |= hasFindings
		b = binary.AppendUvarint(b, uint64(len(m.Text)))
	}
	return append(append(b, m.Text...), found...), nil
}

// encodeFindings returns nil if a message has none.
func encodeFindings(m *conversation.Message) ([]byte, error) {
	if m.Polarity == nil && len(m.Phrases)+len(m.Entities)+len(m.Matches) == 0 {
		return nil, nil
	}
	return json.Marshal(findings{m.Polarity, m.Phrases, m.Entities, m.Matches})
}

// number returns the number that an id of 16 digits is.
func number(id string) (n uint64, ok bool) {
	if len(id) != idDigits {
		return 0, false
	}
	for _, c := range []byte(id) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + uint64(c-'0')
	}
	return n, true
}

const idDigits = 16

// packable says whether times are UTC, whole milliseconds, in an order and in years
// that JSON has.
func packable(start, end time.Time) bool {
	for _, t := range [...]time.Time{start, end} {
		if t.Location() != time.UTC || t.Nanosecond()%int(time.Millisecond) != 0 || t.Year() < 0 || t.Year() > 9999 {
			return false
		}
	}
	return !end.Before(start) && end.Sub(start) < 1<<62
}

var errCutShort = errors.New("it is cut short")

// decodeMessage undoes encodeMessage.
func decodeMessage(s string) (m conversation.Message, err error) {
	if s == "" {
		return m, errCutShort
	}
	if s[0] == '{' {
		err = json.Unmarshal([]byte(s), &m)
		return m, err
	}
	if s[0]&^(hasMember|hasFindings) != packed {
		return m, fmt.Errorf("its first byte is %#x", s[0])
	}
	u := unpacker{rest: s[1:]}
	m.ID = fmt.Sprintf("%0*d", idDigits, u.uvarint())
	if s[0]&hasMember != 0 {
		m.Member = u.uuid()
	}
	m.Start = time.UnixMilli(u.varint()).UTC()
	m.End = m.Start.Add(time.Duration(u.uvarint()) * time.Millisecond) //nolint:gosec // as it was written
	if s[0]&hasFindings == 0 {
		m.Text = u.rest
		return m, u.err
	}
	m.Text = u.text(u.uvarint())
	if u.err != nil {
		return m, u.err
	}
	var f findings
	err = json.Unmarshal([]byte(u.rest), &f)
	m.Polarity, m.Phrases, m.Entities, m.Matches = f.Polarity, f.Phrases, f.Entities, f.Matches
	return m, err
}

// An unpacker takes values from the front of a string. After an error it returns
// zeros.
type unpacker struct {
	rest string
	err  error
}

func (u *unpacker) uvarint() uint64 {
	n, read := binary.Uvarint([]byte(u.rest[:min(len(u.rest), binary.MaxVarintLen64)]))
	u.skip(read)
	return n
}

func (u *unpacker) varint() int64 {
	n, read := binary.Varint([]byte(u.rest[:min(len(u.rest), binary.MaxVarintLen64)]))
	u.skip(read)
	return n
}

func (u *unpacker) skip(n int) {
	if n <= 0 {
		u.err, u.rest = errCutShort, ""
		return
	}
	u.rest = u.rest[n:]
}

func (u *unpacker) uuid() string {
	id, err := uuid.FromBytes([]byte(u.text(uint64(len(uuid.UUID{})))))
	if err != nil {
		return ""
	}
	return id.String()
}

func (u *unpacker) text(length uint64) string {
	if length > uint64(len(u.rest)) {
		u.err, u.rest = errCutShort, ""
		return ""
	}
	text := u.rest[:length]
	u.rest = u.rest[length:]
	return text
}
