package jobs

import (
	"crypto/sha256"
	"fmt"

	"github.com/google/uuid"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/lane"
)

// A Receipt is what the caller gets for an accepted append.
type Receipt struct {
	ConversationID string
	JobID          string
}

// receipt draws the ids of what an append makes. Those of one with an
// idempotency key follow from the key and the request, so its repetition has the
// same ones and is recognised where it is accepted. The draw tells several
// apart, of which the first is 0.
func (s *Service) receipt(a Append, draw int) Receipt {
	id := a.ConversationID
	if id == "" {
		id = a.NewID
	}
	if a.IdempotencyKey == "" {
		if id == "" {
			id = conversation.NewID()
		}
		return Receipt{ConversationID: id, JobID: NewID(lane.ShardOf(id, s.shards))}
	}
	seed := func(of string) [sha256.Size]byte {
		return sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%s\x00%s\x00%d", of, a.Account, a.IdempotencyKey, a.Fingerprint, draw))
	}
	if id == "" {
		id = conversation.IDFrom(seed("conversation"))
	}
	sum := seed("job")
	random := uuid.UUID(sum[:16])
	random[8] = 0x80 | random[8]&0x3f // the variant
	return Receipt{ConversationID: id, JobID: carrying(random, lane.ShardOf(id, s.shards))}
}
