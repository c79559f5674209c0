package control

import (
	"context"
	"encoding/base64"
	"slices"
	"strings"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
)

// AccountsAtOnce is how many accounts a page is of at most that is of all of them. It
// bounds what such a page costs: each account is a command more for each shard and status.
const AccountsAtOnce = 32

// pageOf returns the accounts that a page is of, and the cursor within what they have.
func (s *Service) pageOf(cursor string) (accounts []string, inner string, err error) {
	first := ""
	if cursor != "" {
		raw, err := base64.RawURLEncoding.DecodeString(cursor)
		var ok bool
		if first, inner, ok = strings.Cut(string(raw), " "); err != nil || !ok || first == "" {
			return nil, "", jobs.ErrBadCursor
		}
	}
	accounts = s.accountsFrom(first)
	return accounts[:min(len(accounts), AccountsAtOnce)], inner, nil
}

// accountsFrom returns the accounts from an id on, in their order.
func (s *Service) accountsFrom(first string) []string {
	n, _ := slices.BinarySearch(s.accounts, first)
	return s.accounts[n:]
}

// nextCursor returns the cursor behind a page, whose accounts go on at a place, or are followed
// by others if that is empty.
func (s *Service) nextCursor(accounts []string, inner string) string {
	at := accounts[0]
	if inner == "" {
		rest := s.accountsFrom(at)[len(accounts):]
		if len(rest) == 0 {
			return ""
		}
		at = rest[0]
	}
	return base64.RawURLEncoding.EncodeToString([]byte(at + " " + inner))
}

// ListAll returns a page of the jobs of all accounts and whose it is, or
// [jobs.ErrBadCursor]. Accounts are taken in the order of their ids, [AccountsAtOnce] of
// them at once: the jobs of those are listed in one order, and then those of the next
// ones, on a page of their own.
func (s *Service) ListAll(ctx context.Context, q jobs.Query) (page jobs.Page, accounts []string, err error) {
	accounts, q.Cursor, err = s.pageOf(q.Cursor)
	if err != nil || len(accounts) == 0 {
		return page, nil, err
	}
	if page, err = s.store.Jobs(ctx, accounts, q); err == nil {
		page.Cursor = s.nextCursor(accounts, page.Cursor)
	}
	return page, accounts, err
}

// LanesOfAll returns a page of the lanes of all accounts in the same way.
func (s *Service) LanesOfAll(ctx context.Context, q lane.Query) (page lane.Page, accounts []string, err error) {
	accounts, q.Cursor, err = s.pageOf(q.Cursor)
	if err != nil || len(accounts) == 0 {
		return page, nil, err
	}
	if page, err = s.store.Lanes(ctx, accounts, q); err == nil {
		page.Cursor = s.nextCursor(accounts, page.Cursor)
	}
	return page, accounts, err
}

// CountOf counts the jobs of some accounts together by status.
func (s *Service) CountOf(ctx context.Context, accounts []string) (jobs.Counts, error) {
	sum := jobs.Counts{}
	for _, account := range accounts {
		counts, err := s.store.CountJobs(ctx, account)
		if err != nil {
			return nil, err
		}
		for status, n := range counts {
			sum[status] += n
		}
	}
	return sum, nil
}
