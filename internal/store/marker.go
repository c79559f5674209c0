package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
)

// layout is the version of what doc.go describes. A change that this version could
// not read raises it.
const layout = 9

// A marker stands in Redis beside the data and tells whose it is. A process
// that finds another one has another data set before it; one that finds none
// has lost its data.
type marker struct {
	shards int
	id     string // random, made with the data set
	losses int    // how often the marker was gone and was put back
}

func (m marker) String() string { return fmt.Sprintf("%d %s %d %d", m.shards, m.id, m.losses, layout) }

// parseMarker reads a marker: shards, id, losses and layout, the last of which
// version 1 had not.
func parseMarker(text string) (marker, error) {
	f := strings.Fields(text)
	if len(f) == 3 {
		f = append(f, "1")
	}
	if len(f) != 4 {
		return marker{}, fmt.Errorf("the key %s holds %q, which is not what Turnwise writes: use an empty Redis", markerKey, text)
	}
	m := marker{id: f[1]}
	var err, count error
	m.shards, err = strconv.Atoi(f[0])
	m.losses, count = strconv.Atoi(f[2])
	if err != nil || count != nil {
		return marker{}, fmt.Errorf("the key %s holds %q, which is not what Turnwise writes: use an empty Redis", markerKey, text)
	}
	if f[3] != strconv.Itoa(layout) {
		return marker{}, fmt.Errorf("%w: it has layout %s, and this version reads layout %d; "+
			"use the version that wrote it, or an empty Redis", ErrLayout, f[3], layout)
	}
	return m, nil
}

// ErrLayout is the error of [Store.Open] about data that are not laid out as this
// version has them.
var ErrLayout = errors.New("the data in Redis are of another version of Turnwise")

// How many shards a data set has whose first process was not told. What changes at the
// same moment in one shard shares a step, so fewer are cheaper. More than one is of use
// to a Cluster alone, each master of which needs some. A single Redis has as many as let
// it become a Cluster of a few masters later.
const (
	shardsOfOne     = 4
	shardsOfCluster = 16
)

// Open makes sure that the number of shards is the one that the data in Redis
// was spread over, writing it down at first start. It comes before anything
// else.
func (s *Store) Open(ctx context.Context) error {
	wanted, usual := s.opts.Shards, shardsOfOne
	if _, ok := s.rdb.(*redis.ClusterClient); ok {
		usual = shardsOfCluster
	}
	found, err := s.mark(ctx, marker{shards: cmp.Or(wanted, usual), id: rand.Text()})
	if err != nil {
		return err
	}
	if wanted != 0 && found.shards != wanted {
		return fmt.Errorf("the data in Redis is spread over %d shards, but TURNWISE_SHARDS is %d: "+
			"set it to %d or leave it out, or use an empty Redis", found.shards, wanted, found.shards)
	}
	s.opts.Shards, s.marker, s.losses = found.shards, found, found.losses
	s.scripts.Tidy(ctx)
	return nil
}

// mark writes the marker if there is none, and returns the one that is there.
func (s *Store) mark(ctx context.Context, m marker) (marker, error) {
	if err := s.rdb.SetNX(ctx, markerKey, m.String(), 0).Err(); err != nil {
		return marker{}, fault("write the number of shards", err)
	}
	text, err := s.rdb.Get(ctx, markerKey).Result()
	if err != nil {
		return marker{}, fault("read the number of shards", err)
	}
	return parseMarker(text)
}

// Shards returns the number of shards: that of the data in Redis, once the Store is open.
func (s *Store) Shards() int { return s.opts.Shards }

// ErrForeignData reports that the data in Redis is not that which the Store
// was opened on: another process began a new data set after a loss, or Redis
// was replaced by another one.
var ErrForeignData = errors.New("the data in Redis is not that which this process was started on")

// Recognize looks whether the data in Redis is still that which the Store was
// opened on. If it is gone, the marker is put back with the number of shards
// of this Store, so that nobody begins a data set with another number beside
// it. It returns how often that has happened since Open, whichever process
// noticed, or [ErrForeignData]. One goroutine may call it.
func (s *Store) Recognize(ctx context.Context) (losses int, err error) {
	found, err := s.lookForMarker(ctx)
	if err == nil {
		s.losses = max(s.losses, found.losses)
	}
	return s.losses - s.marker.losses, err
}

// lookForMarker returns the marker in Redis, if it is ours. If there is none it
// writes ours, with one loss more.
func (s *Store) lookForMarker(ctx context.Context) (marker, error) {
	text, err := s.rdb.Get(ctx, markerKey).Result()
	if errors.Is(err, redis.Nil) {
		again := s.marker
		again.losses = s.losses + 1
		if again, err = s.mark(ctx, again); err != nil {
			return marker{}, err
		}
		text = again.String()
	}
	if err != nil {
		return marker{}, fault("read the marker of the data", err)
	}
	found, err := parseMarker(text)
	if err != nil || found.id != s.marker.id || found.shards != s.marker.shards {
		return marker{}, ErrForeignData // what cannot be read is not ours either
	}
	return found, nil
}
