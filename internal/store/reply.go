package store

import (
	"fmt"
	"strconv"
	"time"
)

// A reply is what a script returned: a word, then values by position. The
// scripts are ours, so a value of another type is a bug, and reads as zero.
type reply []any

func (r reply) word() string { return r.text(0) }

func (r reply) text(n int) string {
	if n >= len(r) {
		return ""
	}
	s, _ := r[n].(string)
	return s
}

func (r reply) number(n int) int64 {
	if n >= len(r) {
		return 0
	}
	switch v := r[n].(type) {
	case int64:
		return v
	case string:
		i, _ := strconv.ParseInt(v, 10, 64)
		return i
	}
	return 0
}

func (r reply) time(n int) time.Time { return instant(r.text(n)) }

func (r reply) list(n int) reply {
	if n >= len(r) {
		return nil
	}
	l, _ := r[n].([]any)
	return l
}

// unexpected reports a word that the script does not document.
func (r reply) unexpected(step string) error {
	return fmt.Errorf("%s: the script replied %q", step, r.word())
}
