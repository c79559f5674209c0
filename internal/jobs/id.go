package jobs

import "github.com/google/uuid"

// NewID returns a random UUID (version 4) that carries the shard of the job's
// conversation in the twelve bits after the version, so that a job is found
// from its id alone. 110 bits stay random.
func NewID(shard int) string { return carrying(uuid.New(), shard) }

// carrying puts a shard into an id.
func carrying(id uuid.UUID, shard int) string {
	id[6] = 0x40 | byte(shard>>8)&0x0f
	id[7] = byte(shard)
	return id.String()
}

// ParseID returns the canonical form of a job id and its shard. What is not a
// UUID of version 4 names no job: ok is false.
func ParseID(s string) (id string, shard int, ok bool) {
	if len(s) != 36 {
		return "", 0, false
	}
	u, err := uuid.Parse(s)
	if err != nil || u.Version() != 4 || u.Variant() != uuid.RFC4122 {
		return "", 0, false
	}
	return u.String(), int(u[6]&0x0f)<<8 | int(u[7]), true
}
