package store

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/turnwise/turnwise/internal/catalog"
	"github.com/turnwise/turnwise/internal/conversation"
)

// itemsLocked is how long a request may hold a shelf: longer than the API works
// at one.
const itemsLocked = 10 * time.Second

var _ catalog.Store = (*Store)(nil)

// AddItems implements [catalog.Store].
func (s *Store) AddItems(ctx context.Context, account string, kind catalog.Kind, records []catalog.Record, limits catalog.Limits) ([]catalog.Record, error) {
	step := "add items of kind " + string(kind)
	added := slices.Clone(records)
	args := []any{limits.Items, limits.Bytes, limits.Values, newRequestID()}
	for i := range added {
		added[i].ItemMeta = catalog.ItemMeta{ID: conversation.NewID(), Version: 1}
		args = append(args, added[i].ID, added[i].Key, added[i].Body, added[i].Values)
	}
	r, err := s.run(ctx, addItems, step, shelfKeys(account, kind), args...)
	if err != nil {
		return nil, err
	}
	switch r.word() {
	case "added":
		for i := range added {
			added[i].Created, added[i].Updated = r.time(1), r.time(1)
		}
		return added, nil
	case "taken":
		return nil, &catalog.ItemError{Index: int(r.number(1)), Err: &catalog.TakenError{Kind: kind}}
	case "crowded":
		return nil, &catalog.LimitError{Kind: kind, Limits: limits, Of: catalog.Items}
	case "large":
		return nil, &catalog.LimitError{Kind: kind, Limits: limits, Of: catalog.Bytes}
	case "many":
		return nil, &catalog.LimitError{Kind: kind, Limits: limits, Of: catalog.Values}
	}
	return nil, r.unexpected(step)
}

// ReplaceItem implements [catalog.Store].
func (s *Store) ReplaceItem(ctx context.Context, account string, kind catalog.Kind, record catalog.Record, limits catalog.Limits) (catalog.Record, error) {
	step := "replace " + string(kind) + " " + strconv.Quote(record.ID)
	r, err := s.run(ctx, replaceItem, step, shelfKeys(account, kind),
		record.ID, record.Key, record.Body, record.Version, limits.Bytes, newRequestID(), record.Values, limits.Values)
	if err != nil {
		return record, err
	}
	switch r.word() {
	case "replaced":
		record.Version, record.Created, record.Updated = r.number(1), r.time(2), r.time(3)
		return record, nil
	case "missing":
		return record, &catalog.NotFoundError{Kind: kind}
	case "changed":
		return record, &catalog.BusyError{Kind: kind}
	case "taken":
		return record, &catalog.TakenError{Kind: kind}
	case "large":
		return record, &catalog.LimitError{Kind: kind, Limits: limits, Of: catalog.Bytes}
	case "many":
		return record, &catalog.LimitError{Kind: kind, Limits: limits, Of: catalog.Values}
	}
	return record, r.unexpected(step)
}

// DeleteItem implements [catalog.Store].
func (s *Store) DeleteItem(ctx context.Context, account string, kind catalog.Kind, id string) error {
	step := "delete " + string(kind) + " " + strconv.Quote(id)
	r, err := s.run(ctx, deleteItem, step, append(shelfKeys(account, kind), goneKey(account, kind)), id, newRequestID(), ms(requestRetention))
	if err != nil {
		return err
	}
	switch r.word() {
	case "deleted":
		return nil
	case "missing":
		return &catalog.NotFoundError{Kind: kind}
	}
	return r.unexpected(step)
}

// LockItems implements [catalog.Store].
func (s *Store) LockItems(ctx context.Context, account string, kind catalog.Kind, holder string) error {
	step := "hold the items of kind " + string(kind)
	r, err := s.run(ctx, lockItems, step, []string{holdKey(account, kind)}, holder, ms(itemsLocked))
	if err != nil {
		return err
	}
	switch r.word() {
	case "held":
		return nil
	case "busy":
		return &catalog.BusyError{Kind: kind}
	}
	return r.unexpected(step)
}

// UnlockItems implements [catalog.Store].
func (s *Store) UnlockItems(ctx context.Context, account string, kind catalog.Kind, holder string) error {
	_, err := s.run(ctx, unlockItems, "free the items of kind "+string(kind), []string{holdKey(account, kind)}, holder)
	return err
}

// The keys of the items of an account; see doc.go for what they hold.

func shelfKeys(account string, kind catalog.Kind) []string {
	return []string{savedKey(account, kind), "tw:{" + account + "}:keys:" + string(kind), sumsKey(account, kind)}
}

func savedKey(account string, kind catalog.Kind) string {
	return "tw:{" + account + "}:saved:" + string(kind)
}

func sumsKey(account string, kind catalog.Kind) string {
	return "tw:{" + account + "}:sums:" + string(kind)
}

func goneKey(account string, kind catalog.Kind) string {
	return "tw:{" + account + "}:gone:" + string(kind)
}

func holdKey(account string, kind catalog.Kind) string {
	return "tw:{" + account + "}:hold:" + string(kind)
}
