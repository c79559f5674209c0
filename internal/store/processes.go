package store

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"time"
)

// The age of the records of processes.
const (
	beatFresh = 8 * time.Second  // then the process counts as gone
	beatKept  = time.Minute      // then the record is dropped
	beatsLast = 10 * time.Minute // after the last one of all
)

// Beat keeps the record of a process, in place of the one before. It is of the time of
// Redis, so it does not matter whose clock is right.
func (s *Store) Beat(ctx context.Context, id string, record []byte) error {
	now, err := s.rdb.Time(ctx).Result()
	if err != nil {
		return fault("ask Redis for its time", err)
	}
	pipe := s.rdb.Pipeline()
	pipe.HSet(ctx, processesKey, id, strconv.FormatInt(now.UnixMilli(), 10)+" "+string(record))
	pipe.Expire(ctx, processesKey, beatsLast)
	if _, err := pipe.Exec(ctx); err != nil {
		return fault("keep the record of the process", err)
	}
	return nil
}

// Beats returns the records that are fresh, by process, and drops those that are long
// outdated.
func (s *Store) Beats(ctx context.Context) (map[string][]byte, error) {
	now, err := s.rdb.Time(ctx).Result()
	if err != nil {
		return nil, fault("ask Redis for its time", err)
	}
	found, err := s.rdb.HGetAll(ctx, processesKey).Result()
	if err != nil {
		return nil, fault("read the records of processes", err)
	}
	fresh, old := map[string][]byte{}, []string(nil)
	for id, value := range found {
		ms, record, _ := bytes.Cut([]byte(value), []byte(" "))
		at, err := strconv.ParseInt(string(ms), 10, 64)
		switch age := now.Sub(time.UnixMilli(at)); {
		case err != nil || age > beatKept:
			old = append(old, id)
		case age <= beatFresh:
			fresh[id] = record
		}
	}
	if len(old) > 0 {
		if err := s.rdb.HDel(ctx, processesKey, old...).Err(); err != nil {
			return nil, fault("drop the records of processes that have gone", err)
		}
	}
	return fresh, nil
}

// EndBeat drops the record of a process.
func (s *Store) EndBeat(ctx context.Context, id string) error {
	if err := s.rdb.HDel(ctx, processesKey, id).Err(); err != nil {
		return fmt.Errorf("drop the record of the process: %w", err)
	}
	return nil
}
