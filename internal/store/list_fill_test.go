package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/lane"
)

// put writes conversations as the scripts leave them, as many at a time as a
// round trip carries well. It knows what of a conversation lists compare.
func put(t testing.TB, rdb redis.UniversalClient, shards int, all []conversation.Conversation) {
	t.Helper()
	pipe := rdb.Pipeline()
	for i, c := range all {
		putOne(t.Context(), pipe, shards, c)
		if pipe.Len() < 5000 && i < len(all)-1 {
			continue
		}
		if _, err := pipe.Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func putOne(ctx context.Context, pipe redis.Pipeliner, shards int, c conversation.Conversation) {
	prefix := fmt.Sprintf("tw:{%d}:", lane.ShardOf(c.ID, shards))
	lane, index := account+":"+c.ID, redis.Z{Score: float64(c.Start.UnixMilli()), Member: c.ID}
	start, end := strconv.FormatInt(c.Start.UnixMilli(), 10), strconv.FormatInt(c.End.UnixMilli(), 10)
	fields := []any{
		"name", c.Name, "metadata", object(c.Metadata),
	}
	if len(c.Labels) > 0 {
		fields = append(fields, "labels", object(c.Labels))
	}
	if c.ExternalID != "" {
		fields = append(fields, "external", c.ExternalID)
	}
	if c.Archived {
		fields = append(fields, "archived", "1")
		pipe.ZAdd(ctx, prefix+"z:"+account, index)
	}
	pipe.ZAdd(ctx, prefix+"x:"+account, index)
	pipe.HSet(ctx, prefix+"c:"+lane, fields...)
	pipe.Set(ctx, prefix+"l:"+lane, "-committed X\x1f0\x1f3\x1f3\x1f\x1f"+start+"\x1f"+end+"\x1f-\x1f1\x1f12\x1f0\x1f0\x1f"+start+"\x1f2", 0)
	for _, m := range c.Members {
		member, _ := json.Marshal(m) // strings and numbers can be encoded
		pipe.HSet(ctx, prefix+"p:"+lane, "m:"+m.ID, member, "u:"+m.UserID, m.ID)
	}
}

func object(m map[string]string) string {
	if len(m) == 0 {
		return ""
	}
	text, _ := json.Marshal(m) // strings can be encoded
	return string(text)
}

func idsOf(all []conversation.Conversation) []string {
	ids := make([]string, len(all))
	for i, c := range all {
		ids[i] = c.ID
	}
	return ids
}
