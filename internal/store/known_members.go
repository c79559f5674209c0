package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/redis/retry"
)

// membersOf returns the members whom speakers with those keys may be, by key: what the
// scripts tell of few speakers, read outside of them because it takes several steps of
// many. If the members are changed meanwhile the commit finds that out.
func (s *Store) membersOf(ctx context.Context, people string, keys []string) (map[string]conversation.Member, error) {
	known := map[string]conversation.Member{}
	for some := range slices.Chunk(keys, membersPortion) {
		ids, err := s.fieldsOf(ctx, people, "", some)
		if err != nil {
			return nil, err
		}
		members, err := s.membersByID(ctx, people, slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(ids))), isEmpty))
		if err != nil {
			return nil, err
		}
		for n, key := range some {
			if m, found := members[ids[n]]; found {
				known[key] = m
			}
		}
	}
	return known, nil
}

// membersByID returns members by the ids that they have or had: for one who was merged
// the one who remains.
func (s *Store) membersByID(ctx context.Context, people string, ids []string) (map[string]conversation.Member, error) {
	texts, err := s.fieldsOf(ctx, people, "m:", ids)
	if err != nil {
		return nil, err
	}
	members := map[string]conversation.Member{}
	for n, id := range ids {
		text := texts[n]
		if text == "" {
			if text, err = s.remaining(ctx, people, id); err != nil {
				return nil, err
			}
		}
		if text == "" {
			continue
		}
		var m conversation.Member
		if err := json.Unmarshal([]byte(text), &m); err != nil {
			return nil, fmt.Errorf("decode member %s: %w", id, err)
		}
		members[id] = m
	}
	return members, nil
}

// remaining returns the member who remains of one who was merged, or "".
func (s *Store) remaining(ctx context.Context, people, id string) (string, error) {
	into, err := s.fieldsOf(ctx, people, "a:", []string{id})
	if err != nil || into[0] == "" {
		return "", err
	}
	text, err := s.fieldsOf(ctx, people, "m:", into)
	if err != nil {
		return "", err
	}
	return text[0], nil
}

// fieldsOf returns fields of a hash whose names begin so, "" for one that is not there.
func (s *Store) fieldsOf(ctx context.Context, key, prefix string, names []string) ([]string, error) {
	fields := make([]string, len(names))
	for n, name := range names {
		fields[n] = prefix + name
	}
	if len(fields) == 0 {
		return nil, nil
	}
	values, err := retry.Value(ctx, func(ctx context.Context) ([]any, error) { return s.rdb.HMGet(ctx, key, fields...).Result() })
	if err != nil {
		return nil, fault("read the members of a conversation", err)
	}
	texts := make([]string, len(values))
	for n, v := range values {
		texts[n], _ = v.(string)
	}
	return texts, nil
}

func isEmpty(s string) bool { return s == "" }
