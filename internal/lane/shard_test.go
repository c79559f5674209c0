package lane_test

import (
	"strconv"
	"testing"

	"github.com/turnwise/turnwise/internal/lane"
)

// What lies in Redis was put where ShardOf said. Another hash would look for
// it elsewhere, so these values hold for good.
func TestShardOfNeverChanges(t *testing.T) {
	t.Parallel()

	tests := []struct {
		conversation string
		shards, want int
	}{
		{"", 16, 5},
		{"5815170693595136", 4, 1},
		{"5815170693595136", 16, 9},
		{"5815170693595136", 1000, 113},
		{"5815170693595137", 16, 6},
		{"5815170693595137", lane.MaxShards, 2374},
		{"1000000000000000", 16, 4},
		{"9007199254740991", 16, 11},
		{"9007199254740991", lane.MaxShards, 2475},
	}
	for _, tt := range tests {
		if got := lane.ShardOf(tt.conversation, tt.shards); got != tt.want {
			t.Errorf("ShardOf(%q, %d) = %d, want %d", tt.conversation, tt.shards, got, tt.want)
		}
	}
}

func TestShardOfUsesEveryShard(t *testing.T) {
	t.Parallel()

	for _, shards := range []int{1, 2, 3, 16, 1000, lane.MaxShards} {
		conversations := 50 * shards
		held := make([]int, shards)
		for n := range conversations {
			shard := lane.ShardOf(strconv.Itoa(1_000_000_000_000_000+n), shards)
			if shard < 0 || shard >= shards {
				t.Fatalf("ShardOf = %d of %d shards", shard, shards)
			}
			held[shard]++
		}
		for shard, n := range held {
			if n == 0 || n > 4*50 {
				t.Errorf("shard %d of %d holds %d of %d conversations, want about 50", shard, shards, n, conversations)
			}
		}
	}
}
