package store

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/turnwise/turnwise/internal/conversation"
)

// decodeConversation reads the hashes of a conversation and its members. It
// returns false if there is none.
func decodeConversation(id string, record, people map[string]string) (c conversation.Conversation, ok bool, err error) {
	if record["state"] == "" {
		return c, false, nil
	}
	s := parseState(record["state"])
	c = conversation.Conversation{
		ID: id, Type: "meeting", Name: record["name"], Start: s.start, End: s.end,
		Messages: s.messages, Archived: record["archived"] != "", Private: record["private"] != "",
		ExternalID: record["external"], Accepted: s.created, Pending: int(s.accepted - s.settled),
		Failed:  s.settled > 0 && record["failed"] == strconv.FormatInt(s.settled, 10),
		Version: strconv.FormatInt(s.settled, 10) + "-" + strconv.Itoa(count(record, "edits")),
	}
	if c.End.IsZero() {
		c.End = c.Start
	}
	if c.Metadata, err = decodeStrings(record["metadata"]); err != nil {
		return c, true, fmt.Errorf("decode the metadata of conversation %s: %w", id, err)
	}
	if c.Labels, err = decodeStrings(record["labels"]); err != nil {
		return c, true, fmt.Errorf("decode the labels of conversation %s: %w", id, err)
	}
	if c.Members, c.Merged, err = decodePeople(people); err != nil {
		return c, true, fmt.Errorf("decode the members of conversation %s: %w", id, err)
	}
	return c, true, nil
}

func decodeStrings(s string) (map[string]string, error) {
	all := map[string]string{}
	if s == "" {
		return all, nil
	}
	return all, json.Unmarshal([]byte(s), &all)
}

// decodePeople returns the members in the order in which they came, and those
// who were merged.
func decodePeople(fields map[string]string) ([]conversation.Member, map[string]string, error) {
	members, merged := []conversation.Member{}, map[string]string{}
	for field, value := range fields {
		if old, ok := strings.CutPrefix(field, "a:"); ok {
			merged[old] = value
		}
		if !strings.HasPrefix(field, "m:") {
			continue
		}
		var m conversation.Member
		if err := json.Unmarshal([]byte(value), &m); err != nil {
			return nil, nil, err
		}
		members = append(members, m)
	}
	slices.SortFunc(members, conversation.Member.Compare)
	return members, merged, nil
}

func count(record map[string]string, field string) int {
	n, _ := strconv.Atoi(record[field])
	return n
}

// A laneState is the state of an append lane, as lib/state.lua describes it.
type laneState struct {
	claim, attempts   string // see lua/lib/lane.lua
	accepted, settled int64
	started           time.Time // since when the job after those that are settled is in progress; zero if it is not
	start, end        time.Time // of the conversation; either may be zero
	people            int
	messages          int
	insights          int
	created           time.Time
	last              string // the job settled last of those that want webhooks; empty if there is none
}

// parseState reads the field. What is damaged reads as zero.
func parseState(packed string) (s laneState) {
	f := strings.Split(packed, "\x1f")
	if len(f) != 14 {
		return s
	}
	s.claim, s.attempts = f[0], f[1]
	s.accepted, _ = strconv.ParseInt(f[2], 10, 64)
	s.settled, _ = strconv.ParseInt(f[3], 10, 64)
	s.started, s.start, s.end = instant(f[4]), instant(strings.TrimPrefix(f[5], "~")), instant(f[6])
	s.people, _ = strconv.Atoi(f[8])
	s.messages, _ = strconv.Atoi(f[9])
	s.insights, _ = strconv.Atoi(f[10])
	s.created = instant(f[12])
	s.last = strings.TrimPrefix(f[7], "-")
	return s
}
