package conversation

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"math/big"
	"strconv"
)

// Ids are decimal numbers of sixteen digits that a JavaScript number can hold
// exactly, because clients of the API parse them as such now and then.
const (
	smallestID = 1_000_000_000_000_000
	largestID  = 1<<53 - 1
)

// NewID returns a random id for a conversation.
func NewID() string {
	n, err := rand.Int(rand.Reader, big.NewInt(largestID-smallestID+1))
	if err != nil { // crypto/rand never fails since Go 1.24
		panic(err)
	}
	return strconv.FormatInt(n.Int64()+smallestID, 10)
}

// IDFrom returns the id for a conversation that follows from a digest.
func IDFrom(digest [sha256.Size]byte) string {
	n := binary.BigEndian.Uint64(digest[:8])%(largestID-smallestID+1) + smallestID
	return strconv.FormatUint(n, 10)
}

// MessageID returns the id of the nth message of a job. It depends on nothing
// else, so a job that runs twice makes the same messages.
func MessageID(jobID string, n int) string {
	return IDFrom(sha256.Sum256([]byte(jobID + "/" + strconv.Itoa(n))))
}

// ValidID reports whether s has the form of an id: 1 to 20 decimal digits.
func ValidID(s string) bool {
	if s == "" || len(s) > 20 {
		return false
	}
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
