package session

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/internal/cli/output"
)

// offered is where the ids of a kind of thing are listed, and what a shell shows beside
// each: members of the items.
type offered struct {
	path  []string
	items string // member of the document that has the list
	about []string
}

// offers returns where the ids are that commands take, by what they are of.
func offers() map[string]offered {
	return map[string]offered{
		"conversation": {[]string{"v1", "conversations"}, "conversations", []string{"name"}},
		"job":          {[]string{"v1", "jobs"}, "jobs", []string{"status", "message"}},
		"lane":         {[]string{"v1", "lanes"}, "lanes", []string{"state", "reason"}},
		"delivery":     {[]string{"v1", "webhooks", "deliveries"}, "deliveries", []string{"state", "status"}},
		"endpoint":     {[]string{"v1", "webhooks", "endpoints"}, "endpoints", []string{"origin"}},
		"resend":       {[]string{"v1", "webhooks", "resends"}, "resends", []string{"state"}},
		"tracker":      {[]string{"v1", "manage", "trackers"}, "trackers", []string{"name"}},
		"group":        {[]string{"v1", "manage", "groups"}, "groups", []string{"name"}},
	}
}

// offerFor is how long a shell waits for ids at most.
const offerFor = 2 * time.Second

// Offer returns what completes the one argument of a command that takes the id of a
// thing: the ids of the first page of a list of the API. If there is no API, or it
// refuses, nothing is offered, and nothing is said: a shell has no place for it.
func (inv *Invocation) Offer(thing string) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, start string) ([]string, cobra.ShellCompDirective) {
		inv.flags.retry = 0
		list, known := offers()[thing]
		if !known || len(args) > 0 || inv.prepare(cmd, nil) != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		ctx, cancel := context.WithTimeout(cmd.Context(), offerFor)
		defer cancel()
		s, err := inv.Connect(ctx)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		var document map[string]json.RawMessage
		query := url.Values{}
		if list.path[1] != "manage" {
			query.Set("limit", "50")
		}
		answer, err := s.Get(ctx, query, list.path...)
		if err != nil || json.Unmarshal(answer, &document) != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return list.ids(document[list.items], start), cobra.ShellCompDirectiveNoFileComp
	}
}

// ids returns the ids of a list that begin so, each with what it is about behind a tab.
func (o offered) ids(list json.RawMessage, start string) (ids []string) {
	var items []map[string]any
	if json.Unmarshal(list, &items) != nil {
		return nil
	}
	for _, item := range items {
		id, _ := item["id"].(string)
		if id == "" || !strings.HasPrefix(id, start) {
			continue
		}
		var about []string
		for _, name := range o.about {
			if text, ok := item[name].(string); ok && text != "" {
				about = append(about, output.Clean(text))
			}
		}
		ids = append(ids, id+"\t"+strings.Join(about, ": "))
	}
	return ids
}
