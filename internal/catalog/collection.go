package catalog

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
)

// The limits of a collection. The bytes bound the cost of reading all items. They
// and the values bound that of preparing a search for all of them, and the memory
// that it takes: some 40 MiB for entities, and for trackers.
const (
	maxItems        = 500
	maxBytes        = 8 << 20
	maxTrackerBytes = 1 << 20
	maxValues       = 500_000
	maxTrackerTerms = 25_000 // with those that are excluded
)

// Item is a [Tracker], a [Group] or an [Entity].
type Item[T any] interface {
	kind() Kind
	// key is unique in a collection.
	key() string
	// checked returns the item in the form in which it is saved, or an
	// [*InvalidError].
	checked() (T, error)
	patched(ops []Op) (T, error)
	// values counts the texts that it looks for.
	values() int
	saved() ItemMeta
	as(s ItemMeta) T
}

// A Collection holds the items of one kind, of every account.
type Collection[T Item[T]] struct{ store Store }

// Create saves an item and returns the saved item. It returns an
// [*InvalidError], [*TakenError], [*LimitError] or [*BusyError].
func (s *Collection[T]) Create(ctx context.Context, account string, item T) (T, error) {
	all, err := s.CreateAll(ctx, account, []T{item})
	if e, ok := errors.AsType[*ItemError](err); ok {
		err = e.Err
	}
	if err != nil {
		var none T
		return none, err
	}
	return all[0], nil
}

// CreateAll saves all of the items or none. Its errors are those of Create, in
// an [*ItemError] where they are about one item.
func (s *Collection[T]) CreateAll(ctx context.Context, account string, items []T) (created []T, err error) {
	kind := kindOf[T]()
	if len(items) > maxItems {
		return nil, &LimitError{Kind: kind, Limits: limits(kind), Of: Items}
	}
	records := make([]Record, len(items))
	for i := range items {
		if records[i], err = record(items[i]); err != nil {
			return nil, &ItemError{Index: i, Err: err}
		}
	}
	err = s.locked(ctx, account, func() error {
		records, err = s.store.AddItems(ctx, account, kind, records, limits(kind))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("create items of kind %s: %w", kind, err)
	}
	return decodeAll[T](records)
}

// Replace replaces the item with the id and returns the saved item. Its errors are those of Create, and [*NotFoundError].
func (s *Collection[T]) Replace(ctx context.Context, account, id string, item T) (T, error) {
	return s.update(ctx, account, id, func() (T, error) {
		return item.as(ItemMeta{ID: id}), nil // without a version: any version is replaced
	})
}

// Patch applies ops to the item with the id, one after the other. Its
// errors are those of Replace.
func (s *Collection[T]) Patch(ctx context.Context, account, id string, ops []Op) (T, error) {
	return s.update(ctx, account, id, func() (T, error) {
		item, err := s.Get(ctx, account, id)
		if err != nil {
			return item, err
		}
		return item.patched(ops)
	})
}

// update replaces the item with the id by what change returns.
func (s *Collection[T]) update(ctx context.Context, account, id string, change func() (T, error)) (item T, err error) {
	kind := kindOf[T]()
	err = s.locked(ctx, account, func() error {
		if item, err = change(); err != nil {
			return err
		}
		r, err := record(item)
		if err != nil {
			return err
		}
		if r, err = s.store.ReplaceItem(ctx, account, kind, r, limits(kind)); err != nil {
			return err
		}
		item, err = decode[T](r)
		return err
	})
	if err != nil {
		return item, fmt.Errorf("update the %s %q: %w", kind, id, err)
	}
	return item, nil
}

// Delete deletes the item with the id, or returns a [*NotFoundError].
func (s *Collection[T]) Delete(ctx context.Context, account, id string) error {
	return s.store.DeleteItem(ctx, account, kindOf[T](), id)
}

// All returns all items of an account, the oldest first.
func (s *Collection[T]) All(ctx context.Context, account string) ([]T, error) {
	records, err := s.store.Items(ctx, account, kindOf[T]())
	if err != nil {
		return nil, err
	}
	return decodeAll[T](records)
}

// ByID returns the items with these ids. Missing ones are left out.
func (s *Collection[T]) ByID(ctx context.Context, account string, ids ...string) (map[string]T, error) {
	found := map[string]T{}
	if len(ids) == 0 {
		return found, nil
	}
	records, err := s.store.ItemsByID(ctx, account, kindOf[T](), ids)
	if err != nil {
		return nil, err
	}
	for _, r := range records {
		if found[r.ID], err = decode[T](r); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// Known returns the ids of those items that there are.
func (s *Collection[T]) Known(ctx context.Context, account string, ids ...string) (map[string]bool, error) {
	known := map[string]bool{}
	if len(ids) == 0 {
		return known, nil
	}
	found, err := s.store.KnownItems(ctx, account, kindOf[T](), ids)
	for _, id := range found {
		known[id] = true
	}
	return known, err
}

// Get returns the item with the id, or a [*NotFoundError].
func (s *Collection[T]) Get(ctx context.Context, account, id string) (T, error) {
	found, err := s.ByID(ctx, account, id)
	item, ok := found[id]
	if err == nil && !ok {
		err = &NotFoundError{Kind: kindOf[T]()}
	}
	return item, err
}

// locked runs change under the lock of the account's items of this kind.
func (s *Collection[T]) locked(ctx context.Context, account string, change func() error) error {
	kind, holder := kindOf[T](), rand.Text()
	if err := s.store.LockItems(ctx, account, kind, holder); err != nil {
		return err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), unlockTimeout(ctx))
		defer cancel()
		// A lock that stays for some seconds does not change the result.
		_ = s.store.UnlockItems(ctx, account, kind, holder)
	}()
	return change()
}

// unlockTimeout returns how long an unlock may take: the time until the deadline
// of ctx, but at most a second and at least 100 ms.
func unlockTimeout(ctx context.Context) time.Duration {
	left := time.Second
	if deadline, ok := ctx.Deadline(); ok {
		left = min(left, time.Until(deadline))
	}
	return max(left, 100*time.Millisecond)
}

// record checks an item and encodes it for the store.
func record[T Item[T]](item T) (Record, error) {
	item, err := item.checked()
	if err != nil {
		return Record{}, err
	}
	body, err := json.Marshal(item)
	if err != nil {
		return Record{}, fmt.Errorf("encode a %s: %w", item.kind(), err)
	}
	return Record{ItemMeta: item.saved(), Key: item.key(), Body: body, Values: item.values()}, nil
}

func decode[T Item[T]](r Record) (T, error) {
	var item T
	if err := json.Unmarshal(r.Body, &item); err != nil {
		return item, fmt.Errorf("decode the %s %s: %w", item.kind(), r.ID, err)
	}
	return item.as(r.ItemMeta), nil
}

func decodeAll[T Item[T]](records []Record) ([]T, error) {
	items := make([]T, 0, len(records))
	for _, r := range records {
		item, err := decode[T](r)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

func kindOf[T Item[T]]() Kind {
	var none T
	return none.kind()
}

func limits(k Kind) Limits {
	if k == TrackerKind {
		return Limits{Items: maxItems, Bytes: maxTrackerBytes, Values: maxTrackerTerms}
	}
	return Limits{Items: maxItems, Bytes: maxBytes, Values: maxValues}
}
