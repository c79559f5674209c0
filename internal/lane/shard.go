package lane

import "hash/fnv"

// MaxShards is the largest number of shards: what fits the twelve bits that a
// job id has for its shard.
const MaxShards = 1 << 12

// ShardOf returns the shard, in [0, shards), that keeps everything of a
// conversation.
func ShardOf(conversationID string, shards int) int {
	h := fnv.New32a()
	h.Write([]byte(conversationID))
	return int(h.Sum32() % uint32(shards)) //nolint:gosec // shards is within [1, MaxShards]
}
