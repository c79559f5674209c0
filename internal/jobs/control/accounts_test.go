package control_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/jobs/control"
	"github.com/turnwise/turnwise/internal/lane"
)

// pagedOf is a Store of which each list has two pages, and that notes whose were read.
type pagedOf struct {
	control.Store

	asked [][]string
}

func (s *pagedOf) read(accounts []string, cursor string) (next string, err error) {
	s.asked = append(s.asked, accounts)
	switch cursor {
	case "":
		return "second", nil
	case "second":
		return "", nil
	default:
		return "", jobs.ErrBadCursor
	}
}

func (s *pagedOf) Jobs(_ context.Context, accounts []string, q jobs.Query) (jobs.Page, error) {
	next, err := s.read(accounts, q.Cursor)
	return jobs.Page{Cursor: next}, err
}

func (s *pagedOf) Lanes(_ context.Context, accounts []string, q lane.Query) (lane.Page, error) {
	next, err := s.read(accounts, q.Cursor)
	return lane.Page{Cursor: next}, err
}

func (s *pagedOf) CountJobs(_ context.Context, account string) (jobs.Counts, error) {
	if account == "lost" {
		return nil, jobs.ErrUnavailable
	}
	return jobs.Counts{jobs.Failed: int64(len(account)), jobs.Completed: 1}, nil
}

// Lists of all accounts are read page by page: of so many accounts at once, whatever the
// order in which they are configured, to the end of each, and of none twice.
func TestAllAccountsArePaged(t *testing.T) {
	t.Parallel()

	var ids []string
	for n := range 2*control.AccountsAtOnce + 3 {
		ids = append(ids, fmt.Sprintf("account%03d", n))
	}
	want := [][]string{ids[:control.AccountsAtOnce], ids[control.AccountsAtOnce : 2*control.AccountsAtOnce], ids[2*control.AccountsAtOnce:]}
	shuffled := slices.Clone(ids)
	slices.Reverse(shuffled)
	for name, read := range map[string]func(s *control.Service, cursor string) (string, []string, error){
		"jobs": func(s *control.Service, cursor string) (string, []string, error) {
			page, accounts, err := s.ListAll(t.Context(), jobs.Query{Cursor: cursor})
			return page.Cursor, accounts, err
		},
		"lanes": func(s *control.Service, cursor string) (string, []string, error) {
			page, accounts, err := s.LanesOfAll(t.Context(), lane.Query{Cursor: cursor})
			return page.Cursor, accounts, err
		},
	} {
		stored := &pagedOf{}
		s := control.New(stored, nil, &bell{}, shuffled, slog.New(slog.DiscardHandler))
		cursor := ""
		for n := range 6 {
			next, accounts, err := read(s, cursor)
			if err != nil || !slices.Equal(accounts, want[n/2]) || !slices.Equal(stored.asked[n], accounts) {
				t.Fatalf("page %d of %s is of %v, read of %v, %v; want %v", n, name, accounts, stored.asked[n], err, want[n/2])
			}
			if (next == "") != (n == 5) {
				t.Fatalf("page %d of %s has the cursor %q", n, name, next)
			}
			cursor = next
		}
		for _, bad := range []string{"x", "!", base64.RawURLEncoding.EncodeToString([]byte("account000")), base64.RawURLEncoding.EncodeToString([]byte("account000 third")), base64.RawURLEncoding.EncodeToString([]byte(" second"))} {
			if _, _, err := read(s, bad); !errors.Is(err, jobs.ErrBadCursor) {
				t.Errorf("the cursor %q of %s = %v, want %v", bad, name, err, jobs.ErrBadCursor)
			}
		}
		// An account that is gone since the page before leads to those behind it.
		gone := base64.RawURLEncoding.EncodeToString([]byte("account066a second"))
		if next, accounts, err := read(s, gone); err != nil || next != "" || len(accounts) != 0 {
			t.Errorf("behind the last account %s are of %v, %q, %v; want nothing", name, accounts, next, err)
		}
	}
}

// Jobs of several accounts are counted together.
func TestAccountsAreCounted(t *testing.T) {
	t.Parallel()

	s := control.New(&pagedOf{}, nil, &bell{}, nil, slog.New(slog.DiscardHandler))
	got, err := s.CountOf(t.Context(), []string{"ann", "jo"})
	if err != nil || got[jobs.Failed] != 5 || got[jobs.Completed] != 2 {
		t.Errorf("counted %v, %v; want 5 failed and 2 completed", got, err)
	}
	if _, err := s.CountOf(t.Context(), []string{"ann", "lost"}); !errors.Is(err, jobs.ErrUnavailable) {
		t.Errorf("an account that cannot be counted = %v", err)
	}
}
