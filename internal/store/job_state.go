package store

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
)

// A jobState is the field state of the record of a job, one text because seven fields
// take twice the memory: the digit of its status, 1 scheduled, 3 completed or 4 failed
// (that it is in progress only the state of its lane says); its conversation; its
// sequence, 0 if that is not known any more; when it was accepted; and, if it is final,
// how long after that it was started, "-" if it never was, and finished. Between them are
// blanks; times are in ms. Of one that was in progress when its conversation was deleted
// the last is missing until it has failed.
type jobState struct {
	status       jobs.Status // empty if there is no record
	conversation string
	sequence     int64
	accepted     time.Time
	started      time.Time // zero if it never was
	finished     time.Time // zero if it is not
}

// parseJobState returns what a text says of a job. What it does not say is zero.
func parseJobState(text string) (s jobState) {
	f := strings.Split(text, " ")
	if digit, err := strconv.Atoi(f[0]); err == nil && digit > 0 && digit <= len(jobs.Statuses()) {
		s.status = jobs.Statuses()[digit-1]
	}
	f = append(f[1:], slices.Repeat([]string{""}, 5)...)
	s.conversation, s.accepted = f[0], instant(f[2])
	s.sequence, _ = strconv.ParseInt(f[1], 10, 64)
	after := func(text string) time.Time {
		ms, err := strconv.ParseInt(text, 10, 64)
		if err != nil || s.accepted.IsZero() {
			return time.Time{}
		}
		return s.accepted.Add(time.Duration(ms) * time.Millisecond)
	}
	s.started, s.finished = after(f[3]), after(f[4])
	return s
}
