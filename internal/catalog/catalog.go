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

// A Catalog is all that accounts save, by kind.
type Catalog struct {
	Trackers *Collection[Tracker]
	Groups   *Collection[Group]
	Entities *Collection[Entity]
}

// New returns the Catalog that store keeps.
func New(store Store) *Catalog {
	return &Catalog{
		Trackers: &Collection[Tracker]{store},
		Groups:   &Collection[Group]{store},
		Entities: &Collection[Entity]{store},
	}
}

// ItemMeta is what the store says of an item.
type ItemMeta struct {
	ID      string
	Created time.Time
	Updated time.Time
	Version int64 // 1 when it was created, one more with each update
}

// A Record is an item as the store keeps it.
type Record struct {
	ItemMeta

	Key  string // no two items of a shelf have the same; has no line break
	Body []byte // JSON
}

// Limits are how much a shelf may hold.
type Limits struct {
	Items int
	Bytes int // of all bodies
}

// Store keeps items. Each method is one atomic step. All fail with
// [jobs.ErrUnavailable] if it is not known whether the step was made.
type Store interface {
	// AddItems saves all records, to which it gives ids, and returns them; or
	// none, with a [*LimitError], or an [*ItemError] of a [*TakenError] for the
	// first whose key another item has.
	AddItems(ctx context.Context, account string, kind Kind, records []Record, limits Limits) ([]Record, error)

	// ReplaceItem replaces the key and the body of the item with the record's
	// id, and returns it. If the record has a version, the item must be at it,
	// else a [*BusyError] is returned. Others are [*NotFoundError],
	// [*TakenError] and [*LimitError].
	ReplaceItem(ctx context.Context, account string, kind Kind, record Record, limits Limits) (Record, error)

	// DeleteItem returns a [*NotFoundError] if there is no such item.
	DeleteItem(ctx context.Context, account string, kind Kind, id string) error

	// Items returns all items, the oldest first.
	Items(ctx context.Context, account string, kind Kind) ([]Record, error)

	// ItemsByID returns those items, of the ids, that there are.
	ItemsByID(ctx context.Context, account string, kind Kind, ids []string) ([]Record, error)

	// LockItems makes the holder, a random text, the only one who may create or
	// update items of the kind, or returns a [*BusyError]. It ends by itself
	// after a few seconds.
	LockItems(ctx context.Context, account string, kind Kind, holder string) error

	// UnlockItems ends what HoldShelf began, unless it has ended already.
	UnlockItems(ctx context.Context, account string, kind Kind, holder string) error
}
