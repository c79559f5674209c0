package diagnosis

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/turnwise/turnwise/internal/webhook"
)

const (
	startReceiver = "start the receiver, for instance with enqueue listen, and look whether a firewall is in the way"
	allowNetwork  = "webhooks go there only if TURNWISE_WEBHOOK_ALLOW_CIDRS of the worker has its network"
)

// examineReceiver sends a HEAD request, which delivers nothing. Any answer will do: that
// receivers take no HEAD is usual.
func examineReceiver(ctx context.Context, address string) finding {
	if err := webhook.CheckURL(address); err != nil {
		return because("receiver", "correct the URL", "the URL %v", err)
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, address, http.NoBody)
	if err != nil {
		return because("receiver", "correct the URL", "%v", err)
	}
	once := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := once.Do(request)
	if err != nil {
		return because("receiver", startReceiver, "%v", err)
	}
	_ = answer.Body.Close() // it has none
	found := finding{"receiver", well, fmt.Sprintf("it can be reached from here, and answers %d to HEAD", answer.StatusCode), ""}
	if webhook.NewGuard(nil).CheckURL(address) != nil {
		found.Fix = allowNetwork
	}
	return found
}
