package cache_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/turnwise/turnwise/internal/cache"
)

func TestLRU(t *testing.T) {
	t.Parallel()

	c := cache.NewLRU[string, string](10)
	kept := func(want string) {
		t.Helper()
		got := ""
		for _, key := range []string{"a", "b", "c", "d"} {
			if v, ok := c.Get(key); ok {
				got += v
			}
		}
		if got != want {
			t.Errorf("kept %q, want %q", got, want)
		}
	}
	c.Put("a", "A", 4)
	c.Put("b", "B", 4)
	kept("AB")
	c.Get("a")
	c.Put("c", "C", 4) // for which the one has to go that was asked for first
	kept("AC")
	c.Put("d", "D", 11) // too heavy
	kept("AC")
	c.Put("c", "c", 6) // in the place of the one that weighed 4
	kept("Ac")
	c.Put("b", "B", 10)
	kept("B")
}

func TestPutUntil(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		c := cache.NewLRU[string, int](10)
		c.PutUntil(time.Now().Add(time.Second), "a", 1, 10)
		time.Sleep(time.Second - time.Nanosecond)
		if v, ok := c.Get("a"); v != 1 || !ok {
			t.Errorf("Get = %d, %t before the end", v, ok)
		}
		time.Sleep(time.Nanosecond)
		if v, ok := c.Get("a"); v != 0 || ok {
			t.Errorf("Get = %d, %t at the end", v, ok)
		}
		c.Put("b", 2, 10) // there is room
		time.Sleep(time.Hour)
		if v, ok := c.Get("b"); v != 2 || !ok {
			t.Errorf("Get = %d, %t of what is good for ever", v, ok)
		}
	})
}
