package main

import (
	"io"
	"os"
	"testing"
)

// asWorker, if set, makes the test binary the worker. So the tests run the
// program as users do, in processes of its own that may be killed, with the
// race detector if they have it themselves.
const asWorker = "TURNWISE_TEST_AS_WORKER"

func TestMain(m *testing.M) {
	if os.Getenv(asWorker) == "" {
		os.Exit(m.Run())
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // ends with the tests, however they end
		os.Exit(3)
	}()
	main()
	os.Exit(0)
}
