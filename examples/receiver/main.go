// Receiver is a whole receiver of webhooks: it verifies each event, drops what it has
// seen, and prints the rest.
//
//	go run ./examples/receiver 127.0.0.1:3000
package main

import (
	"log"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/turnwise/turnwise/webhookverify"
)

func main() {
	verifier, err := webhookverify.New([]string{secret()}, webhookverify.Options{Ledger: webhookverify.NewMemory(10_000)})
	if err != nil {
		log.Fatal(err)
	}
	address := "127.0.0.1:3000"
	if len(os.Args) > 1 {
		address = os.Args[1]
	}
	http.Handle("POST /hook", verifier.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		event, _ := webhookverify.FromContext(r.Context())
		log.Printf("job %s is %s", event.JobID, event.Status)
	})))
	log.Printf("receiving at http://%s/hook", address)
	server := &http.Server{Addr: address, ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(server.ListenAndServe())
}

// secret is what the operator of Turnwise gave to whoever runs the receiver; on the
// machine of a try-out, what that wrote down.
func secret() string {
	if s := os.Getenv("TURNWISE_WEBHOOK_SECRET"); s != "" {
		return s
	}
	home, err := os.UserHomeDir()
	if err != nil {
		log.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(home, ".local", "state", "turnwise", "webhook-secret"))
	if err != nil {
		log.Fatalf("set TURNWISE_WEBHOOK_SECRET, or start a worker here: %v", err)
	}
	return strings.TrimSpace(string(text))
}
