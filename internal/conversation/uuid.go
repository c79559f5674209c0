package conversation

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"strconv"

	"github.com/google/uuid"
)

// UUID returns another form of a conversation's id, for callers who expect
// one. It is a UUID of version 8 (RFC 9562, 5.8) that carries the id, so no
// table translates between the two; see [ParseID]. An id that no conversation
// can have is returned as it is.
func UUID(id string) string {
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil || n > largestID {
		return id
	}
	return encodeUUID(n).String()
}

// ParseID returns the id in s: s itself if it has the form of one, or the id
// that the UUID s carries. It reports false for anything else.
func ParseID(s string) (id string, ok bool) {
	if ValidID(s) {
		return s, true
	}
	if len(s) != len("00000000-0000-0000-0000-000000000000") {
		return "", false // the other forms that uuid.Parse takes
	}
	u, err := uuid.Parse(s)
	if err != nil {
		return "", false
	}
	n := binary.BigEndian.Uint64(u[8:]) & largestID // 53 of the low bits
	if encodeUUID(n) != u {
		return "", false
	}
	return strconv.FormatUint(n, 10), true
}

// encodeUUID puts n into the last 53 bits of a UUID. All others follow from n, so
// that neither a UUID from elsewhere nor a mistyped one is taken for an id.
func encodeUUID(n uint64) uuid.UUID {
	var number [8]byte
	binary.BigEndian.PutUint64(number[:], n)
	sum := sha256.Sum256(append([]byte("turnwise conversation "), number[:]...))
	u := uuid.UUID(bytes.Clone(sum[:16]))
	low := binary.BigEndian.Uint64(u[8:])&^largestID | n
	binary.BigEndian.PutUint64(u[8:], low)
	u[6] = u[6]&0x0f | 0x80 // version 8
	u[8] = u[8]&0x3f | 0x80 // variant of RFC 9562
	return u
}
