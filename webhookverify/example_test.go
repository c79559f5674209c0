package webhookverify_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/webhookverify"
)

// A receiver that keeps what it has seen in memory.
func Example() {
	verifier, err := webhookverify.New([]string{os.Getenv("TURNWISE_WEBHOOK_SECRET")}, webhookverify.Options{
		Ledger:  webhookverify.NewMemory(10_000),
		Refused: func(r *http.Request, err error) { log.Printf("refused a request of %s: %v", r.RemoteAddr, err) },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	http.Handle("/hook", verifier.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		event, _ := webhookverify.FromContext(r.Context())
		log.Printf("job %s is %s", event.JobID, event.Status)
	})))
	// Output: secret 1 of 1: it must begin with whsec_ or whpk_
}

// While a secret is replaced both count, and so does a public key.
func ExampleNew() {
	_, err := webhookverify.New([]string{
		"whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", // the old one
		"whsec_ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=", // the new one
		"whpk_Kay+ltrQmuBtTXDIXomVhr8pHjdXGHJpq3hvGgXWwX8=",
	}, webhookverify.Options{})
	fmt.Println(err)
	// Output: <nil>
}

// Whoever has a framework of their own calls Verify with the bytes of the body.
func ExampleVerifier_Verify() {
	verifier, err := webhookverify.New([]string{"whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="}, webhookverify.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = verifier.Verify(http.Header{}, []byte(`{"jobId":"j","status":"completed","sequence":3}`))
	fmt.Println(err)
	// Output: the webhook carries no good signature: webhook-id, webhook-timestamp or webhook-signature is missing
}

// redisLedger is a ledger that all processes of a receiver share.
type redisLedger struct {
	rdb  redis.UniversalClient
	keep *redis.Script
}

func newRedisLedger(rdb redis.UniversalClient) *redisLedger {
	return &redisLedger{rdb, redis.NewScript(`
		if tonumber(ARGV[1]) > tonumber(redis.call("GET", KEYS[1]) or "0") then
			redis.call("SET", KEYS[1], ARGV[1], "EX", ARGV[2])
		end
		return "kept"`)}
}

// Last implements [webhookverify.Ledger].
func (l *redisLedger) Last(ctx context.Context, jobID string) (int64, error) {
	last, err := l.rdb.Get(ctx, "webhooks:"+jobID).Int64()
	if err == redis.Nil { //nolint:errorlint // it is never wrapped
		return 0, nil
	}
	return last, err
}

// Keep implements [webhookverify.Ledger]. A week is more than an event is tried.
func (l *redisLedger) Keep(ctx context.Context, jobID string, sequence int64) error {
	week := int64((7 * 24 * time.Hour).Seconds())
	return l.keep.Run(ctx, l.rdb, []string{"webhooks:" + jobID}, sequence, week).Err()
}

// A ledger in Redis, for a receiver of several processes.
func ExampleLedger() {
	rdb := redis.NewClient(&redis.Options{Addr: "127.0.0.1:6379"})
	defer rdb.Close()
	verifier, err := webhookverify.New([]string{"whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="}, webhookverify.Options{Ledger: newRedisLedger(rdb)})
	if err != nil {
		fmt.Println(err)
		return
	}
	w := httptest.NewRecorder()
	verifier.Handler(http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequest("POST", "/hook", strings.NewReader("{}")))
	fmt.Println(w.Code)
	// Output: 401
}
