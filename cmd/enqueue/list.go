package main

import (
	"cmp"
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/turnwise/turnwise/client"
)

const listHelp = `Lists conversations, the oldest first. Without --since, --until, --filter and --all
they are those of the last seven days.

A time is RFC 3339 (2026-03-01T10:00:00Z), a day (2026-03-01, in UTC), or how long ago
it is (90m, 24h, 7d).

A filter is RSQL: comparisons with ==, !=, <, <=, >, >=, =in=(…) and =out=(…) of
conversation.id, .name, .type, .startTime, .endTime and .metadata.KEY, of two of these at
most, joined by ";" or "and".`

const listExamples = `  enqueue conversations list --since 24h --sort conversation.name
  enqueue conversations list --filter 'conversation.metadata.agentId==johndoe' --limit 100
  enqueue conversations list --all -o json | jq -r .name`

// listFlags are the flags of what lists conversations.
type listFlags struct {
	limit, offset int
	sort, order   string
	since, until  string
	filter        string
	all           bool
	given         func(flag string) bool
}

func (a *app) conversationsListCommand() *cobra.Command {
	var f listFlags
	cmd := &cobra.Command{
		Use:               "list",
		Short:             "List conversations",
		Long:              listHelp,
		Example:           listExamples,
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: a.calls(func(ctx context.Context, s *session, _ []string) error {
			return s.listConversations(ctx, a, f, "v1", "conversations")
		}),
	}
	f.register(cmd)
	return cmd
}

func (f *listFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.IntVar(&f.limit, "limit", 20, "how many at most, up to 65536")
	flags.IntVar(&f.offset, "offset", 0, "how many to pass over")
	flags.StringVar(&f.sort, "sort", "", "fields to sort by, with commas, each with - for descending; default: conversation.startTime")
	flags.StringVar(&f.order, "order", "", "asc or desc")
	flags.StringVar(&f.since, "since", "", "those that start at this time or later")
	flags.StringVar(&f.until, "until", "", "those that end at this time or earlier")
	flags.StringVar(&f.filter, "filter", "", "those of which this RSQL holds")
	flags.BoolVar(&f.all, "all", false, "all of them, page by page; for programs, one per line")
	f.given = func(flag string) bool { return flags.Lookup(flag).Changed }
	orders := cobra.FixedCompletions([]cobra.Completion{"asc", "desc"}, cobra.ShellCompDirectiveNoFileComp)
	_ = cmd.RegisterFlagCompletionFunc("order", orders) // fails for an unknown flag only
	flags.VisitAll(func(flag *pflag.Flag) {
		if flag.Value.Type() == "string" && flag.Name != "order" {
			_ = cmd.RegisterFlagCompletionFunc(flag.Name, cobra.NoFileCompletions)
		}
	})
}

// listConversations lists what is under path. For programs it is the API's
// document, or with --all one conversation per line.
func (s *session) listConversations(ctx context.Context, a *app, f listFlags, path ...string) error {
	if f.all {
		return s.listAll(ctx, f, path)
	}
	query, err := f.values(time.Now())
	if err != nil {
		return err
	}
	document, err := s.read(ctx, query, path...)
	if err != nil {
		return err
	}
	return show(s.out, document, func(list conversationList) error {
		if err := s.out.conversations(list.Conversations); err != nil {
			return err
		}
		switch n := len(list.Conversations); {
		case n > 0 && n == f.limit:
			a.warn("there may be more: --offset %d goes on, and --all lists all of them", f.offset+n)
		case n == 0 && !query.Has("startTime") && !query.Has("endTime") && !query.Has("filter"):
			a.warn("there is nothing in the last seven days; --since and --all look further back")
		}
		return nil
	})
}

type conversationList struct {
	Conversations []client.Conversation `json:"conversations"`
}

// listAll lists page by page, so that no page has to hold all of it.
func (s *session) listAll(ctx context.Context, f listFlags, path []string) error {
	q, err := f.query(time.Now())
	if err != nil {
		return err
	}
	found := s.api.Conversations(ctx, q)
	if path[1] == "groups" {
		found = s.api.GroupConversations(ctx, path[2], q)
	}
	var rows []client.Conversation
	for conv, err := range found {
		switch {
		case err != nil:
			return err
		case s.out.json:
			if err := s.out.document(conv.Document); err != nil {
				return err
			}
		default:
			rows = append(rows, conv)
		}
	}
	if s.out.json {
		return nil
	}
	return s.out.conversations(rows)
}

// conversations writes a table.
func (o output) conversations(list []client.Conversation) error {
	if len(list) == 0 {
		return o.linef("no conversations")
	}
	rows := [][]string{{"ID", "START", "END", "NAME", "MEMBERS"}}
	for _, c := range list {
		rows = append(rows, []string{c.ID, instant(c.Start), instant(c.End), cmp.Or(c.Name, "-"), cmp.Or(names(c.Members), "-")})
	}
	return o.table(rows)
}

// values returns the parameters that the flags stand for; the API has the last
// word on them.
func (f listFlags) values(now time.Time) (url.Values, error) {
	query := url.Values{}
	put := func(flag, name, value string) {
		if f.given(flag) {
			query.Set(name, value)
		}
	}
	put("limit", "limit", strconv.Itoa(f.limit))
	put("offset", "offset", strconv.Itoa(f.offset))
	put("sort", "sort", f.sort)
	put("order", "order", f.order)
	put("filter", "filter", f.filter)
	for _, bound := range [...]struct{ flag, value, name string }{{"since", f.since, "startTime"}, {"until", f.until, "endTime"}} {
		at, err := moment(bound.flag, bound.value, now)
		if err != nil {
			return nil, err
		}
		if !at.IsZero() {
			query.Set(bound.name, at.Format(time.RFC3339Nano))
		}
	}
	return query, nil
}

// query returns what --all asks for.
func (f listFlags) query(now time.Time) (client.ConversationQuery, error) {
	if f.given("limit") || f.given("offset") {
		return client.ConversationQuery{}, usagef("--all excludes --limit and --offset")
	}
	if f.order != "" && !strings.EqualFold(f.order, "asc") && !strings.EqualFold(f.order, "desc") {
		return client.ConversationQuery{}, usagef("--order is %q, want asc or desc", f.order)
	}
	q := client.ConversationQuery{Filter: f.filter, Sort: f.sort, Descending: strings.EqualFold(f.order, "desc"), PageSize: 1000}
	var err error
	if q.Since, err = moment("since", f.since, now); err != nil {
		return q, err
	}
	q.Until, err = moment("until", f.until, now)
	return q, err
}
