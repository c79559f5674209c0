package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/catalog"
	"github.com/turnwise/turnwise/internal/redis/retry"
)

// What one step reads of the items at most, or one item if that is larger: Redis
// does nothing else meanwhile.
const (
	itemsAtOnce     = 100
	itemBytesAtOnce = 512 << 10
)

// steadyReads is how often all items are read until no change comes between the
// portions. After that they are as they were at different times.
const steadyReads = 3

// Items implements [catalog.Store].
func (s *Store) Items(ctx context.Context, account string, kind catalog.Kind) (records []catalog.Record, err error) {
	for range steadyReads {
		before, err := s.ItemsVersion(ctx, account, kind)
		if err != nil {
			return nil, err
		}
		if records, err = s.itemsNow(ctx, account, kind); err != nil {
			return nil, err
		}
		after, err := s.ItemsVersion(ctx, account, kind)
		if err != nil || after == before {
			return records, err
		}
	}
	return records, nil
}

// itemsNow returns all items, in portions.
func (s *Store) itemsNow(ctx context.Context, account string, kind catalog.Kind) ([]catalog.Record, error) {
	ids, err := retry.Value(ctx, func(ctx context.Context) ([]string, error) {
		return s.rdb.HKeys(ctx, savedKey(account, kind)).Result()
	})
	if err != nil {
		return nil, fault("read the ids of kind "+string(kind), err)
	}
	items, err := s.itemsByID(ctx, account, kind, ids)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(items, func(a, b storedItem) int {
		return cmp.Compare(a.number, b.number)
	})
	return recordsOf(items), nil
}

// ItemsByID implements [catalog.Store].
func (s *Store) ItemsByID(ctx context.Context, account string, kind catalog.Kind, ids []string) ([]catalog.Record, error) {
	items, err := s.itemsByID(ctx, account, kind, ids)
	return recordsOf(items), err
}

func recordsOf(items []storedItem) []catalog.Record {
	records := make([]catalog.Record, len(items))
	for i, item := range items {
		records[i] = item.Record
	}
	return records
}

// itemsByID returns items in portions.
func (s *Store) itemsByID(ctx context.Context, account string, kind catalog.Kind, ids []string) (items []storedItem, err error) {
	sizes, err := s.itemSizes(ctx, account, kind, ids)
	if err != nil {
		return nil, err
	}
	for from, to := 0, 0; from < len(ids); from = to {
		bytes := 0
		for to = from; to < len(ids) && to-from < itemsAtOnce && (to == from || bytes+sizes[to] <= itemBytesAtOnce); to++ {
			bytes += sizes[to]
		}
		if items, err = s.appendItems(ctx, items, account, kind, ids[from:to]); err != nil {
			return nil, err
		}
	}
	return items, nil
}

// itemSizes returns how many bytes each item has, 0 if there is none. They are not
// worth asking for if a single one is read.
func (s *Store) itemSizes(ctx context.Context, account string, kind catalog.Kind, ids []string) ([]int, error) {
	sizes := make([]int, len(ids))
	if len(ids) < 2 {
		return sizes, nil
	}
	for from := 0; from < len(ids); from += itemsAtOnce {
		to := min(from+itemsAtOnce, len(ids))
		err := retry.Do(ctx, func(ctx context.Context) error {
			found, err := s.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
				for _, id := range ids[from:to] {
					p.HStrLen(ctx, savedKey(account, kind), id)
				}
				return nil
			})
			for i, cmd := range found {
				sizes[from+i] = int(cmd.(*redis.IntCmd).Val())
			}
			return err
		})
		if err != nil {
			return nil, fault("read the sizes of items of kind "+string(kind), err)
		}
	}
	return sizes, nil
}

// appendItems appends items that fit into one step.
func (s *Store) appendItems(ctx context.Context, items []storedItem, account string, kind catalog.Kind, ids []string) ([]storedItem, error) {
	values, err := retry.Value(ctx, func(ctx context.Context) ([]any, error) {
		return s.rdb.HMGet(ctx, savedKey(account, kind), ids...).Result()
	})
	if err != nil {
		return nil, fault("read items of kind "+string(kind), err)
	}
	for i, v := range values {
		value, ok := v.(string)
		if !ok {
			continue // there is none with the id
		}
		item, err := decodeItem(ids[i], value)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

// KnownItems implements [catalog.Store].
func (s *Store) KnownItems(ctx context.Context, account string, kind catalog.Kind, ids []string) (known []string, err error) {
	sizes, err := s.itemSizes(ctx, account, kind, append([]string{""}, ids...))
	if err != nil {
		return nil, err
	}
	for i, id := range ids {
		if sizes[i+1] > 0 {
			known = append(known, id)
		}
	}
	return known, nil
}

// ItemsVersion implements [catalog.Store].
func (s *Store) ItemsVersion(ctx context.Context, account string, kind catalog.Kind) (string, error) {
	version, err := retry.Value(ctx, func(ctx context.Context) (string, error) {
		return s.rdb.HGet(ctx, sumsKey(account, kind), "").Result()
	})
	if err != nil && !errors.Is(err, redis.Nil) {
		return "", fault("read the version of the items of kind "+string(kind), err)
	}
	return version, nil
}

// A storedItem is a record with its number among all that were ever added.
type storedItem struct {
	catalog.Record

	number int64
}

// decodeItem reads an item as lib/items.lua describes it.
func decodeItem(id, value string) (item storedItem, err error) {
	marks, rest, _ := strings.Cut(value, "\n")
	key, body, _ := strings.Cut(rest, "\n")
	var created, updated int64
	item.ID, item.Key, item.Body = id, key, []byte(body)
	if _, err := fmt.Sscan(marks, &item.Version, &created, &updated, &item.number); err != nil {
		return item, fmt.Errorf("decode item %s: %w", id, err)
	}
	item.Created, item.Updated = time.UnixMilli(created).UTC(), time.UnixMilli(updated).UTC()
	return item, nil
}
