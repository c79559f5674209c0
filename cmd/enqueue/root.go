package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/internal/account/tryout"
)

// globals are the flags that every command has.
type globals struct {
	api      string
	token    string
	dataDir  string
	redisURL string
	account  string
	output   string
	timeout  time.Duration
	retry    time.Duration
}

const rootHelp = `Enqueue submits text to Turnwise, watches jobs, reads conversations and receives
webhooks.

It talks to the HTTP API. A worker that runs the try-out on this machine is found
by itself, token included; any other one is named by --api and --token. With
--redis-url no worker needs to answer: the same code runs here, straight on Redis.

`

// root builds the command tree.
func (a *app) root() *cobra.Command {
	cmd := &cobra.Command{
		Use:               "enqueue",
		Short:             "Submit text to Turnwise and see what becomes of it",
		Long:              rootHelp + exitHelp,
		SilenceUsage:      true,
		SilenceErrors:     true,
		PersistentPreRunE: a.prepare,
	}
	g, flags := &a.global, cmd.PersistentFlags()
	flags.StringVar(&g.api, "api", "", "address of the API; default: the try-out's, else "+defaultAPI+" [TURNWISE_API]")
	flags.StringVar(&g.token, "token", "", "token of the account; default: the try-out's [TURNWISE_TOKEN]")
	flags.StringVar(&g.dataDir, "data-dir", tryout.DefaultDir(), "where the try-out keeps its state [TURNWISE_DATA_DIR]")
	flags.StringVar(&g.redisURL, "redis-url", "", "work straight on this Redis, without a worker's API [TURNWISE_REDIS_URL]")
	flags.StringVar(&g.account, "account", "default", "whose conversations they are, with --redis-url")
	flags.StringVarP(&g.output, "output", "o", "text", "text for people or json for programs")
	flags.DurationVar(&g.timeout, "timeout", 0, "give up after this long, waiting included; 0 never does")
	flags.DurationVar(&g.retry, "retry", 10*time.Second, "how long to go on trying while the API is busy or away; 0 tries once")

	fixed := cobra.FixedCompletions([]cobra.Completion{"text", "json"}, cobra.ShellCompDirectiveNoFileComp)
	_ = cmd.RegisterFlagCompletionFunc("output", fixed) // fails for an unknown flag only
	cmd.AddCommand(
		a.textCommand(), a.jobCommand(), a.conversationCommand(), a.conversationsCommand(), a.messagesCommand(), a.membersCommand(),
		a.transcriptCommand(), a.insightsCommand(), a.topicsCommand(), a.summaryCommand(), a.trackersCommand(), a.groupsCommand(), a.listenCommand(), a.benchCommand(),
	)
	return cmd
}

// prepare fills in what the environment says, checks the global flags, and
// starts the clock of --timeout.
func (a *app) prepare(cmd *cobra.Command, _ []string) error {
	if err := a.fromEnv(cmd); err != nil {
		return err
	}
	g := &a.global
	if g.output != "text" && g.output != "json" {
		return fmt.Errorf("--output is %q, want text or json", g.output)
	}
	if g.timeout < 0 || g.retry < 0 {
		return errors.New("--timeout and --retry must not be negative")
	}
	a.ready = true
	if g.timeout > 0 {
		ctx, cancel := context.WithTimeoutCause(cmd.Context(), g.timeout, &timeoutError{g.timeout})
		a.cleanup = append(a.cleanup, cancel)
		cmd.SetContext(ctx)
	}
	return nil
}

// fromEnv sets the flags that were not given and have a variable. An empty
// variable counts as unset.
func (a *app) fromEnv(cmd *cobra.Command) error {
	given := cmd.Flags().Changed
	if given("api") && given("redis-url") {
		return errors.New("--api and --redis-url exclude each other")
	}
	variables := [...]struct{ name, flag, rival string }{
		{"TURNWISE_API", "api", "redis-url"},
		{"TURNWISE_TOKEN", "token", ""},
		{"TURNWISE_DATA_DIR", "data-dir", ""},
		{"TURNWISE_REDIS_URL", "redis-url", "api"}, // last: TURNWISE_API wins
		{"TURNWISE_WEBHOOK_SECRET", "secret", ""},
	}
	for _, v := range variables {
		value, found := a.lookup(v.name)
		if !found || value == "" || cmd.Flags().Lookup(v.flag) == nil || given(v.flag) || v.rival != "" && given(v.rival) {
			continue
		}
		if err := cmd.Flags().Set(v.flag, value); err != nil {
			return fmt.Errorf("%s: %w", v.name, err)
		}
	}
	return nil
}

// oneID is the check of arguments for a command about one thing.
func oneID(thing string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		switch {
		case len(args) != 1:
			return fmt.Errorf("expected the id of one %s, got %d arguments", thing, len(args))
		case args[0] == "":
			return fmt.Errorf("the id of the %s is empty", thing)
		}
		return nil
	}
}
