package conversations

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cli/command"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/output"
	"github.com/turnwise/turnwise/internal/cli/session"
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

// listFlags are the flags of commands that list conversations.
type listFlags struct {
	limit, offset int
	sort, order   string
	since, until  string
	filter        string
	all           bool
	given         func(flag string) bool
}

func listCommand(inv *session.Invocation) *cobra.Command {
	var f listFlags
	cmd := &cobra.Command{
		Use:               "list",
		Short:             "List conversations",
		Long:              listHelp,
		Example:           listExamples,
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, _ []string) error {
			return listConversations(ctx, s, inv, f, "")
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
	f.given = flags.Changed
	orders := cobra.FixedCompletions([]cobra.Completion{"asc", "desc"}, cobra.ShellCompDirectiveNoFileComp)
	_ = cmd.RegisterFlagCompletionFunc("order", orders) // fails for an unknown flag only
	flags.VisitAll(func(flag *pflag.Flag) {
		if flag.Value.Type() == "string" && flag.Name != "order" {
			_ = cmd.RegisterFlagCompletionFunc(flag.Name, cobra.NoFileCompletions)
		}
	})
}

// listConversations lists the conversations of a group, or of the account if
// groupID is empty. For programs it writes the API's document, or with --all
// one conversation per line.
func listConversations(ctx context.Context, s *session.Session, inv *session.Invocation, f listFlags, groupID string) error {
	if f.all {
		return listAll(ctx, s, f, groupID)
	}
	path := []string{"v1", "conversations"}
	if groupID != "" {
		path = []string{"v1", "groups", groupID, "conversations"}
	}
	query, err := f.values(time.Now())
	if err != nil {
		return err
	}
	document, err := page(ctx, s, query, f.limit, path)
	if err != nil {
		return err
	}
	return output.Show(s.Out, document, func(p output.Printer, list conversationList) error {
		if err := printConversations(p, list.Conversations); err != nil {
			return err
		}
		switch n := len(list.Conversations); {
		case n > 0 && n == f.limit:
			inv.Warn("there may be more: --offset %d goes on, and --all lists all of them", f.offset+n)
		case n == 0 && !query.Has("startTime") && !query.Has("endTime") && !query.Has("filter"):
			inv.Warn("there is nothing in the last seven days; --since and --all look further back")
		}
		return nil
	})
}

// page reads a page. If too many conversations would have to be looked at for it, it
// goes on by cursor until it is full, and returns the document that it should have
// been.
func page(ctx context.Context, s *session.Session, query url.Values, limit int, path []string) (json.RawMessage, error) {
	document, err := s.Get(ctx, query, path...)
	refused, ok := errors.AsType[*client.Error](err)
	if !ok || refused.StatusCode != http.StatusBadRequest || query.Has("offset") || !strings.Contains(refused.Message, "cursor") {
		return document, err
	}
	var whole struct {
		Conversations []json.RawMessage `json:"conversations"`
	}
	whole.Conversations = []json.RawMessage{} // rather than null
	for cursor, more := "", true; more && len(whole.Conversations) < limit; {
		query.Set("cursor", cursor)
		query.Set("limit", strconv.Itoa(limit-len(whole.Conversations)))
		document, err := s.Get(ctx, query, path...)
		if err != nil {
			return nil, err
		}
		var part struct {
			Conversations []json.RawMessage `json:"conversations"`
			Cursor        string            `json:"cursor"`
			More          bool              `json:"more"`
		}
		if err := json.Unmarshal(document, &part); err != nil {
			return nil, err
		}
		whole.Conversations = append(whole.Conversations, part.Conversations...)
		cursor, more = part.Cursor, part.More
	}
	return json.Marshal(whole)
}

type conversationList struct {
	Conversations []client.Conversation `json:"conversations"`
}

// listAll lists page by page, so that no page has to hold all of it.
func listAll(ctx context.Context, s *session.Session, f listFlags, groupID string) error {
	q, err := f.query(time.Now())
	if err != nil {
		return err
	}
	found := s.API.Conversations(ctx, q)
	if groupID != "" {
		found = s.API.GroupConversations(ctx, groupID, q)
	}
	var rows []client.Conversation
	for conv, err := range found {
		switch {
		case err != nil:
			return err
		case s.Out.JSON:
			if err := s.Out.Document(conv.Document); err != nil {
				return err
			}
		default:
			rows = append(rows, conv)
		}
	}
	if s.Out.JSON {
		return nil
	}
	return printConversations(s.Out, rows)
}

// printConversations writes a table.
func printConversations(p output.Printer, list []client.Conversation) error {
	if len(list) == 0 {
		return p.Linef("no conversations")
	}
	rows := [][]string{{"ID", "START", "END", "NAME", "MEMBERS"}}
	for _, c := range list {
		rows = append(rows, []string{c.ID, output.Time(c.Start), output.Time(c.End), cmp.Or(c.Name, "-"), cmp.Or(names(c.Members), "-")})
	}
	return p.Table(rows)
}

// values returns the query parameters of the flags. The API checks them.
func (f listFlags) values(now time.Time) (url.Values, error) {
	query := url.Values{}
	put := func(flag, name, value string) {
		if f.given(flag) {
			query.Set(name, value)
		}
	}
	if f.limit < 1 {
		return nil, exit.Usagef("--limit is %d, want 1 or more", f.limit)
	}
	put("limit", "limit", strconv.Itoa(f.limit))
	put("offset", "offset", strconv.Itoa(f.offset))
	put("sort", "sort", f.sort)
	put("order", "order", f.order)
	put("filter", "filter", f.filter)
	for _, bound := range [...]struct{ flag, value, name string }{{"since", f.since, "startTime"}, {"until", f.until, "endTime"}} {
		at, err := command.ParseTime(bound.flag, bound.value, now)
		if err != nil {
			return nil, err
		}
		if !at.IsZero() {
			query.Set(bound.name, at.Format(time.RFC3339Nano))
		}
	}
	return query, nil
}

// query returns the query of --all.
func (f listFlags) query(now time.Time) (client.ConversationQuery, error) {
	if f.given("limit") || f.given("offset") {
		return client.ConversationQuery{}, exit.Usagef("--all excludes --limit and --offset")
	}
	if f.order != "" && !strings.EqualFold(f.order, "asc") && !strings.EqualFold(f.order, "desc") {
		return client.ConversationQuery{}, exit.Usagef("--order is %q, want asc or desc", f.order)
	}
	q := client.ConversationQuery{Filter: f.filter, Sort: f.sort, Descending: strings.EqualFold(f.order, "desc"), PageSize: 1000}
	var err error
	if q.Since, err = command.ParseTime("since", f.since, now); err != nil {
		return q, err
	}
	q.Until, err = command.ParseTime("until", f.until, now)
	return q, err
}
