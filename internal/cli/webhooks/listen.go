package webhooks

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/session"
	"github.com/turnwise/turnwise/webhookverify"
)

const listenHelp = `Listen receives webhooks on this machine and prints each one: its time, its job, the
status, its sequence among the events of the job, and whether its signature is right.
An event that comes again is marked "again", one that is not the next of its job "out
of order". What carries no right signature is answered 401 and does not count.

With --forward-to each event whose signature is right is sent on, as it came, to a
receiver of yours, and the sender gets what that answers.

The secret is that of the try-out unless --secret or TURNWISE_WEBHOOK_SECRET names
another one; several count while one replaces another, and a public key (whpk_…) does
too. Ctrl-C ends it, with a summary.`

const listenExamples = `  enqueue listen
  enqueue listen --fail 2           see each event tried three times
  enqueue listen --forward-to http://localhost:3000/hook
  enqueue listen --addr 0.0.0.0:9090 --secret whsec_… -o json`

// listenFlags are the flags of the command listen.
type listenFlags struct {
	addr    string
	secrets []string
	forward string
	fail    int
}

func listenCommand(inv *session.Invocation) *cobra.Command {
	var f listenFlags
	cmd := &cobra.Command{
		Use:               "listen",
		Short:             "Receive webhooks here, verify and print them",
		Long:              listenHelp,
		Example:           listenExamples,
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return listen(cmd.Context(), inv, f)
		},
	}
	cmd.Flags().StringVar(&f.addr, "addr", "127.0.0.1:9090", "address to listen on")
	cmd.Flags().StringSliceVar(&f.secrets, "secret", nil, "secret or public key to verify with, or several; default: the try-out's [TURNWISE_WEBHOOK_SECRET]")
	cmd.Flags().StringVar(&f.forward, "forward-to", "", "URL of a receiver that each verified event is sent on to")
	cmd.Flags().IntVar(&f.fail, "fail", 0, "answer 503 to the first attempts of each event, so many of them")
	return cmd
}

// listen receives events until it is interrupted, which is its normal end.
func listen(ctx context.Context, inv *session.Invocation, f listenFlags) error {
	if f.fail < 0 {
		return exit.Usagef("--fail is %d, want 0 or more", f.fail)
	}
	verifier, err := newVerifier(inv, f.secrets)
	if err != nil {
		return err
	}
	r := newReceiver(verifier, f.fail, inv.Printer())
	if f.forward != "" {
		if r.onward, err = newForwarder(f.forward); err != nil {
			return err
		}
		defer r.onward.close()
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", f.addr)
	if err != nil {
		return exit.Usagef("--addr %s: %w", f.addr, err)
	}
	printBanner(inv, listener.Addr())
	err = serve(ctx, listener, r)
	inv.Warn("%s", r.summary())
	if errors.Is(err, exit.ErrInterrupted) {
		return nil
	}
	return err
}

// newVerifier returns what tells events from forgeries, by the secrets that were
// given, or that of the try-out.
func newVerifier(inv *session.Invocation, given []string) (*webhookverify.Verifier, error) {
	if own := inv.Tryout().WebhookSecret; len(given) == 0 && own != "" {
		given = []string{own}
	}
	if len(given) == 0 {
		return nil, exit.Usagef("there is no secret to verify with: pass --secret, or start the worker's try-out first")
	}
	verifier, err := webhookverify.New(given, webhookverify.Options{})
	if err != nil {
		return nil, exit.Usagef("--secret: %w", err)
	}
	return verifier, nil
}

// printBanner prints a command that has webhooks sent here. It contains the
// token of the try-out, which is no secret on this machine, and no other one.
func printBanner(inv *session.Invocation, addr net.Addr) {
	target, err := inv.Target()
	if err != nil || target.API == nil {
		return // listen works without the API
	}
	token := "$TURNWISE_TOKEN"
	if target.Tryout {
		token = target.Token
	}
	inv.Warn("listening; pass this as webhookUrl: http://%s/", addr)
	fmt.Fprintf(inv.Err, `
curl -X POST %s/v1/process/text -H "Authorization: Bearer %s" -H "Content-Type: application/json" \
  -d '{"messages":[{"payload":{"content":"Hello. How are you?"},"from":{"name":"Ana"}}],"webhookUrl":"http://%s/"}'

`, target.API, cmp.Or(token, "$TURNWISE_TOKEN"), addr)
}

// serve answers requests on l until ctx ends, and then waits for those in
// progress. It returns the cause of the end of ctx, or the error of l.
func serve(ctx context.Context, l net.Listener, h http.Handler) error {
	server := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      10 * time.Second,
		MaxHeaderBytes:    64 << 10,
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	select {
	case err := <-served:
		return fmt.Errorf("listen on %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if server.Shutdown(bounded) != nil {
		_ = server.Close() // a sender has not finished its request
	}
	<-served
	return context.Cause(ctx)
}
