package store

import (
	"strconv"
	"strings"
	"time"
)

// A laneState is the state of an append lane, as lib/state.lua describes it.
type laneState struct {
	accepted, settled int64
	started           time.Time // since when the job after those that are settled is in progress; zero if it is not
	start, end        time.Time // of the conversation; either may be zero
	people, messages  int
}

// parseState reads the field. What is damaged reads as zero.
func parseState(packed string) (s laneState) {
	f := strings.Split(packed, "|")
	if len(f) != 10 {
		return s
	}
	s.accepted, _ = strconv.ParseInt(f[2], 10, 64)
	s.settled, _ = strconv.ParseInt(f[3], 10, 64)
	s.started, s.start, s.end = instant(f[4]), instant(strings.TrimPrefix(f[5], "~")), instant(f[6])
	s.people, _ = strconv.Atoi(f[8])
	s.messages, _ = strconv.Atoi(f[9])
	return s
}
