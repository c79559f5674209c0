package catalog

import (
	"context"
	"time"
)

// Kind is a kind of items.
type Kind string

// The kinds of items.
const (
	TrackerKind Kind = "tracker"
	GroupKind   Kind = "group"
	EntityKind  Kind = "entity"
)

// A Catalog is the collections of all accounts, by kind.
type Catalog struct {
	Trackers *Collection[Tracker]
	Groups   *Collection[Group]
	Entities *Collection[Entity]
}

// New returns the Catalog in a store.
func New(store Store) *Catalog {
	return &Catalog{
		Trackers: &Collection[Tracker]{store},
		Groups:   &Collection[Group]{store},
		Entities: &Collection[Entity]{store},
	}
}

// ItemMeta is what the store adds to an item.
type ItemMeta struct {
	ID      string
	Created time.Time
	Updated time.Time
	Version int64 // 1 after its creation, one more with each update
}

// A Record is an item as it is stored.
type Record struct {
	ItemMeta

	Key    string // unique in its collection; without a line break
	Body   []byte // JSON
	Values int    // how many texts it has to look for; 0 as it is read
}

// Limits bound a collection.
type Limits struct {
	Items  int
	Bytes  int // of all bodies
	Values int // of all items
}

// Store stores items. Each method is one atomic step. All fail with
// [jobs.ErrUnavailable] if it is unknown whether the step was made.
type Store interface {
	// AddItems gives ids to all records, saves them and returns them. It saves
	// none and returns a [*LimitError], or an [*ItemError] of a [*TakenError] for
	// the first record whose key another item has.
	AddItems(ctx context.Context, account string, kind Kind, records []Record, limits Limits) ([]Record, error)

	// ReplaceItem replaces the key and the body of the item with the record's
	// id, and returns it. If the record has a version and the item has another
	// one, it returns a [*BusyError]. Other errors are [*NotFoundError],
	// [*TakenError] and [*LimitError].
	ReplaceItem(ctx context.Context, account string, kind Kind, record Record, limits Limits) (Record, error)

	// DeleteItem returns a [*NotFoundError] if there is no such item.
	DeleteItem(ctx context.Context, account string, kind Kind, id string) error

	// Items returns all items, the oldest first.
	Items(ctx context.Context, account string, kind Kind) ([]Record, error)

	// ItemsVersion returns what differs after each change of an item. It is "" where
	// none was ever saved. Items that are read after it are of that version or of a
	// later one.
	ItemsVersion(ctx context.Context, account string, kind Kind) (string, error)

	// KnownItems returns the ids of those that there are.
	KnownItems(ctx context.Context, account string, kind Kind, ids []string) ([]string, error)

	// ItemsByID returns the items with these ids. Missing ones are left out.
	ItemsByID(ctx context.Context, account string, kind Kind, ids []string) ([]Record, error)

	// LockItems locks the items of a kind for a holder, which is a random text,
	// or returns a [*BusyError]. Only the holder may create and update items.
	// The lock expires after a few seconds.
	LockItems(ctx context.Context, account string, kind Kind, holder string) error

	// UnlockItems releases the lock if the holder still has it.
	UnlockItems(ctx context.Context, account string, kind Kind, holder string) error
}
