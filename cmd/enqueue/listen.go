package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/internal/webhook"
)

const listenHelp = `Listen receives webhooks on this machine and prints each one: its time, its job, the
status, its sequence among the events of the job, and whether its signature is right.
An event that comes again is marked "again", one that is not the next of its job "out
of order". What carries no right signature is answered 401 and does not count.

The secret is that of the try-out unless --secret or TURNWISE_WEBHOOK_SECRET names
another one. Ctrl-C ends it, with a summary.`

const listenExamples = `  enqueue listen
  enqueue listen --fail 2           see each event tried three times
  enqueue listen --addr 0.0.0.0:9090 --secret whsec_… -o json`

// listenFlags are the flags of the command listen.
type listenFlags struct {
	addr   string
	secret string
	fail   int
}

func (a *app) listenCommand() *cobra.Command {
	var f listenFlags
	cmd := &cobra.Command{
		Use:               "listen",
		Short:             "Receive webhooks here, verify and print them",
		Long:              listenHelp,
		Example:           listenExamples,
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.listen(cmd.Context(), f)
		},
	}
	cmd.Flags().StringVar(&f.addr, "addr", "127.0.0.1:9090", "address to listen on")
	cmd.Flags().StringVar(&f.secret, "secret", "", "secret to verify with; default: the try-out's [TURNWISE_WEBHOOK_SECRET]")
	cmd.Flags().IntVar(&f.fail, "fail", 0, "answer 503 to the first attempts of each event, so many of them")
	return cmd
}

// listen receives events until it is interrupted, which is how it is meant to
// end.
func (a *app) listen(ctx context.Context, f listenFlags) error {
	if f.fail < 0 {
		return usagef("--fail is %d, want 0 or more", f.fail)
	}
	secret, err := a.webhookSecret(f.secret)
	if err != nil {
		return err
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", f.addr)
	if err != nil {
		return usagef("--addr %s: %w", f.addr, err)
	}
	a.listenBanner(listener.Addr())
	r := newReceiver(secret, f.fail, a.output())
	err = serve(ctx, listener, r)
	a.warn("%s", r.summary())
	if errors.Is(err, errInterrupted) {
		return nil
	}
	return err
}

// webhookSecret returns the secret to verify with.
func (a *app) webhookSecret(given string) (webhook.Secret, error) {
	if given == "" {
		given = a.tryout().WebhookSecret
	}
	if given == "" {
		return webhook.Secret{}, usagef("there is no secret to verify with: pass --secret, or start the worker's try-out first")
	}
	secret, err := webhook.ParseSecret(given)
	if err != nil {
		return webhook.Secret{}, usagef("--secret: %w", err)
	}
	return secret, nil
}

// listenBanner says how to have something sent here. The token of the try-out
// is part of it, because it is no secret on this machine; any other is not.
func (a *app) listenBanner(addr net.Addr) {
	target, err := a.target()
	if err != nil || target.api == nil {
		return // the address of the API has no part in receiving
	}
	token := "$TURNWISE_TOKEN"
	if target.found {
		token = target.token
	}
	a.warn("listening; pass this as webhookUrl: http://%s/", addr)
	fmt.Fprintf(a.io.err, `
curl -X POST %s/v1/process/text -H "Authorization: Bearer %s" -H "Content-Type: application/json" \
  -d '{"messages":[{"payload":{"content":"Hello. How are you?"},"from":{"name":"Ana"}}],"webhookUrl":"http://%s/"}'

`, target.api, cmp.Or(token, "$TURNWISE_TOKEN"), addr)
}

// serve answers requests on l until ctx ends, lets those under way finish,
// and returns why ctx ended, or why it could not go on.
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
		_ = server.Close() // what is left is a sender that does not finish its request
	}
	<-served
	return context.Cause(ctx)
}
