package batch

import (
	"fmt"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// BenchmarkScripts calls a small script from so many goroutines at once, sent
// together and, to compare with, each alone.
func BenchmarkScripts(b *testing.B) {
	script := redis.NewScript(`return {redis.call("INCR", KEYS[1]), ARGV[1]}`)
	for _, callers := range []int{1, 25, 150} {
		for name, of := range map[string]func(redis.UniversalClient) redis.Scripter{
			"together": func(rdb redis.UniversalClient) redis.Scripter { return New(rdb, maxOnTime) },
			"alone":    func(rdb redis.UniversalClient) redis.Scripter { return rdb },
		} {
			b.Run(fmt.Sprintf("%s/%d", name, callers), func(b *testing.B) {
				c := of(redistest.Real(b))
				if callers == 1 {
					for b.Loop() {
						if err := script.Run(b.Context(), c, []string{"n"}, "a").Err(); err != nil {
							b.Fatal(err)
						}
					}
					return
				}
				b.SetParallelism(callers)
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						if err := script.Run(b.Context(), c, []string{"n"}, "a").Err(); err != nil {
							b.Error(err)
						}
					}
				})
			})
		}
	}
}
