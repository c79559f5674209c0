package session

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/internal/account/tryout"
	"github.com/turnwise/turnwise/internal/cli/exit"
)

// globalFlags are the flags that every command has.
type globalFlags struct {
	api      string
	token    string
	dataDir  string
	redisURL string
	account  string
	output   string
	timeout  time.Duration
	retry    time.Duration
}

// Register gives the root command the global flags, and has them checked
// before any command runs.
func (inv *Invocation) Register(root *cobra.Command) {
	f, flags := &inv.flags, root.PersistentFlags()
	flags.StringVar(&f.api, "api", "", "address of the API; default: the try-out's, else "+defaultAPI+" [TURNWISE_API]")
	flags.StringVar(&f.token, "token", "", "token of the account; default: the try-out's [TURNWISE_TOKEN]")
	flags.StringVar(&f.dataDir, "data-dir", tryout.DefaultDir(), "where the try-out keeps its state [TURNWISE_DATA_DIR]")
	flags.StringVar(&f.redisURL, "redis-url", "", "work straight on this Redis, without a worker's API [TURNWISE_REDIS_URL]")
	flags.StringVar(&f.account, "account", "", "whose jobs and lanes they are, with the operator's token, of all if it is left out of a list; whose everything is, with --redis-url, where it is \"default\" if left out")
	flags.StringVarP(&f.output, "output", "o", "text", "text for people or json for programs")
	flags.DurationVar(&f.timeout, "timeout", 0, "give up after this long, waiting included; 0 never does")
	flags.DurationVar(&f.retry, "retry", 10*time.Second, "how long to go on trying while the API is busy or away; 0 tries once")

	fixed := cobra.FixedCompletions([]cobra.Completion{"text", "json"}, cobra.ShellCompDirectiveNoFileComp)
	_ = root.RegisterFlagCompletionFunc("output", fixed) // fails for an unknown flag only
	root.PersistentPreRunE = inv.prepare
}

// prepare sets flags from the environment, checks the global ones, and starts
// the timer of --timeout.
func (inv *Invocation) prepare(cmd *cobra.Command, _ []string) error {
	given := cmd.Flags().Changed("token") // on the command line
	err := inv.fromEnv(cmd)
	if err != nil {
		return err
	}
	f := &inv.flags
	if f.output != "text" && f.output != "json" {
		return fmt.Errorf("--output is %q, want text or json", f.output)
	}
	if f.dataDir, err = tryout.Expand(f.dataDir); err != nil {
		return fmt.Errorf("--data-dir %w", err)
	}
	if f.timeout < 0 || f.retry < 0 {
		return errors.New("--timeout and --retry must not be negative")
	}
	inv.ready = true
	if given {
		inv.Warn("other users of the machine can see --token; set TURNWISE_TOKEN or TURNWISE_TOKEN_FILE in its place")
	}
	if f.timeout > 0 {
		ctx, cancel := context.WithTimeoutCause(cmd.Context(), f.timeout, &exit.TimeoutError{After: f.timeout})
		inv.cleanup = append(inv.cleanup, cancel)
		cmd.SetContext(ctx)
	}
	return nil
}

// fromEnv sets the flags that were not given and have a variable. An empty
// variable counts as unset.
func (inv *Invocation) fromEnv(cmd *cobra.Command) error {
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
		value, err := inv.variable(v.name)
		if err != nil {
			return err
		}
		if value == "" || cmd.Flags().Lookup(v.flag) == nil || given(v.flag) || v.rival != "" && given(v.rival) {
			continue
		}
		if err := cmd.Flags().Set(v.flag, value); err != nil {
			return fmt.Errorf("%s: %w", v.name, err)
		}
	}
	return nil
}

// variable returns the value of a variable, or what is in the file that it names
// with _FILE at its end. It is empty if there is neither.
func (inv *Invocation) variable(name string) (string, error) {
	value, _ := inv.lookup(name)
	path, _ := inv.lookup(name + "_FILE")
	if value != "" || path == "" {
		return value, nil
	}
	path, err := tryout.Expand(path)
	if err != nil {
		return "", fmt.Errorf("%s_FILE %w", name, err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("%s_FILE: %w", name, err)
	}
	return strings.TrimSpace(string(content)), nil
}

// RedisURL returns the value of --redis-url, empty if there is none.
func (inv *Invocation) RedisURL() string { return inv.flags.redisURL }
