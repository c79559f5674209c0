package store

import (
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/turnwise/turnwise/internal/jobs"
)

// A jobEntry is a job as the index has it.
type jobEntry struct {
	status jobs.Status
	since  int64  // ms
	text   string // "<job> <conversation>"

	account string // whose it is, which the place in a list does not depend on
}

func (x jobEntry) compare(o jobEntry) int {
	return cmp.Or(cmp.Compare(x.since, o.since), strings.Compare(x.text, o.text))
}

// job returns the job's id and that of its conversation.
func (x jobEntry) job() (id, conversationID string) {
	id, conversationID, _ = strings.Cut(x.text, " ")
	return id, conversationID
}

// cursor returns where a list goes on that ends with x.
func (x jobEntry) cursor() string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(x.since, 10) + " " + x.text))
}

func parseIndexed(cursor string) (x jobEntry, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	since, text, ok := strings.Cut(string(raw), " ")
	if err != nil || !ok || len(text) > 100 {
		return x, jobs.ErrBadCursor
	}
	if x.since, err = strconv.ParseInt(since, 10, 64); err != nil || x.since < 0 || x.since >= statusScore {
		return x, jobs.ErrBadCursor
	}
	x.text = text
	return x, nil
}

// packEntry returns "<job> <conversation>" as the stream of completed jobs has it: the
// 16 bytes of the job's id, and 8 of the conversation's, a number, the highest first.
// Ids that have no such form stay the text.
func packEntry(id, conversationID string) string {
	u, err := uuid.Parse(id)
	number, notNumber := strconv.ParseUint(conversationID, 10, 64)
	if err != nil || notNumber != nil || u.String() != id || strconv.FormatUint(number, 10) != conversationID {
		return id + " " + conversationID
	}
	return string(binary.BigEndian.AppendUint64(u[:], number))
}

// unpackEntry undoes packEntry.
func unpackEntry(packed string) (text string) {
	if len(packed) != 24 {
		return packed
	}
	return uuid.UUID([]byte(packed[:16])).String() + " " + strconv.FormatUint(binary.BigEndian.Uint64([]byte(packed[16:])), 10)
}
