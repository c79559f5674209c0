package recent_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/turnwise/turnwise/internal/recent"
)

func TestValues(t *testing.T) {
	t.Parallel()

	s := recent.New[string, string](10)
	kept := func(want string) {
		t.Helper()
		got := ""
		for _, key := range []string{"a", "b", "c", "d"} {
			if v, ok := s.Get(key); ok {
				got += v
			}
		}
		if got != want {
			t.Errorf("kept %q, want %q", got, want)
		}
	}
	s.Put("a", "A", 4)
	s.Put("b", "B", 4)
	kept("AB")
	s.Get("a")
	s.Put("c", "C", 4) // for which the one has to go that was asked for first
	kept("AC")
	s.Put("d", "D", 11) // too heavy
	kept("AC")
	s.Put("c", "c", 6) // in the place of the one that weighed 4
	kept("Ac")
	s.Put("b", "B", 10)
	kept("B")
}

func TestPutUntil(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		s := recent.New[string, int](10)
		s.PutUntil(time.Now().Add(time.Second), "a", 1, 10)
		time.Sleep(time.Second - time.Nanosecond)
		if v, ok := s.Get("a"); v != 1 || !ok {
			t.Errorf("Get = %d, %t before the end", v, ok)
		}
		time.Sleep(time.Nanosecond)
		if v, ok := s.Get("a"); v != 0 || ok {
			t.Errorf("Get = %d, %t at the end", v, ok)
		}
		s.Put("b", 2, 10) // there is room
		time.Sleep(time.Hour)
		if v, ok := s.Get("b"); v != 2 || !ok {
			t.Errorf("Get = %d, %t of what is good for ever", v, ok)
		}
	})
}
