package docs_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// Whoever has the containers up can do what README says beside them: the ports that they
// take are the worker's, and none that README has anything else listen on.
func TestPortsOfComposeAreFree(t *testing.T) {
	t.Parallel()

	compose, err := os.ReadFile("../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	published := regexp.MustCompile(`(?m)^ +- 127\.0\.0\.1:(\d+):\d+`).FindAllStringSubmatch(string(compose), -1)
	if len(published) != 4 {
		t.Fatalf("docker-compose.yml publishes %d ports, want those of the worker, of Prometheus and of Grafana", len(published))
	}
	for _, p := range published {
		if port := p[1]; port != "8080" && port != "8081" && strings.Contains(string(readme), "127.0.0.1:"+port) {
			t.Errorf("docker-compose.yml publishes the port %s, on which README has something else listen", port)
		}
	}
}
