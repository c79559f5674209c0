package cache_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/turnwise/turnwise/internal/cache"
)

// kept returns the keys that are stored of an owner, without being used.
func kept(c *cache.Fair[string, int], owner string, keys ...string) (all string) {
	for _, key := range keys {
		if _, ok := c.Get(owner, key); ok {
			all += key
		}
	}
	return all
}

func TestFair(t *testing.T) {
	t.Parallel()

	c := cache.NewFair[string, int](10)
	c.Put("small", "a", 1, 3)
	for _, key := range []string{"a", "b", "c", "d", "e", "f"} {
		c.Put("large", key, 2, 2)
	}
	if got := kept(c, "small", "a"); got != "a" {
		t.Error("who has less than others was driven out")
	}
	if got := kept(c, "large", "a", "b", "c", "d", "e", "f"); got != "def" {
		t.Errorf("kept %q, want what fits beside others of what was used last", got)
	}
	if v, _ := c.Get("small", "a"); v != 1 || c.Weight() != 9 {
		t.Errorf("the value is %d, all weigh %d; want 1, 9", v, c.Weight())
	}
	c.Put("large", "huge", 3, 11)
	c.Put("large", "d", 4, 3)
	if got := kept(c, "large", "d", "e", "f", "huge"); got != "def" || c.Weight() != 10 {
		t.Errorf("kept %q of weight %d after a value was replaced; want def of 10", got, c.Weight())
	}
	c.Clear()
	if got := kept(c, "large", "d") + kept(c, "small", "a"); got != "" || c.Weight() != 0 {
		t.Errorf("kept %q of weight %d after all were dropped", got, c.Weight())
	}
}

// TestFairAmongAll has an owner whose values weigh more than half keep them beside
// another one who does nothing any more.
func TestFairAmongAll(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		c := cache.NewFair[string, int](10)
		c.Put("gone", "a", 1, 4)
		c.Put("here", "a", 1, 7)
		if got := kept(c, "here", "a"); got != "" {
			t.Error("a value is kept for which others would have had to go")
		}
		time.Sleep(2 * time.Minute)
		c.Put("here", "a", 1, 7)
		if got := kept(c, "here", "a") + kept(c, "gone", "a"); got != "a" {
			t.Errorf("kept %q, want only that of who still uses it", got)
		}
	})
}
