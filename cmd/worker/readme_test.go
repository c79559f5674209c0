//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// TestReadme does what README says, block by block, in one shell: each command as it
// stands, in a network of its own, where the ports that README names are free and
// nothing leads out. Blocks marked "sh stays" are started and stay. What go would
// compile is compiled before, and "go run" runs that.
func TestReadme(t *testing.T) {
	t.Parallel()

	redistest.Binary(t)
	dir := t.TempDir()
	script := filepath.Join(dir, "readme.sh")
	if err := os.WriteFile(script, []byte(shellOf(t, blocks(t, "../../README.md"))), 0o600); err != nil {
		t.Fatal(err)
	}
	buildFor(t, dir)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, "bash", script) //nolint:gosec // made above
	if exec.Command("unshare", "-rn", "ip", "link", "set", "lo", "up").Run() == nil {
		command = exec.CommandContext(ctx, "unshare", "-rn", "bash", "-c", "ip link set lo up && exec bash "+script) //nolint:gosec // made above
	}
	command.Dir = filepath.Join("..", "..")
	command.Env = append(os.Environ(), "HOME="+dir, "XDG_STATE_HOME=", "PATH="+filepath.Join(dir, "bin")+":"+os.Getenv("PATH"), "LOGS="+dir)
	command.WaitDelay = 5 * time.Second
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	err := command.Run()
	if err != nil {
		t.Fatalf("what README says: %v\n%s", err, out.String())
	}
	for _, want := range []string{
		`"conversationId":"`, `"status":"completed"`, `"text":"So would I."`, // the API
		"signature ✓", "  completed    3  ✓", "is completed\n", // the demo, listen, the receiver
		"imported 1 conversation with 3 messages", "Ben Cole: The notes are out.", "delivered", // enqueue
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("nothing of README's commands printed %q:\n%s", want, out.String())
		}
	}
}

// A block is what README has a reader paste.
type block struct {
	stays bool
	text  string
}

// blocks returns what stands in fences of README that say sh, up to the settings of a
// worker for production.
func blocks(t *testing.T, file string) (all []block) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile("(?ms)^```sh( stays)?\n(.*?)^```$").FindAllStringSubmatch(string(text), -1) {
		if !strings.Contains(m[2], "go test") && !strings.Contains(m[2], "worker --config") { // this is one; the other needs a file of the reader's
			all = append(all, block{m[1] != "", m[2]})
		}
	}
	if len(all) < 8 {
		t.Fatalf("README has %d blocks of commands, want all", len(all))
	}
	return all
}

// ports are those on which what stays listens, by a part of its command.
var ports = map[string]int{"--demo": 8080, "listen  ": 9090, "examples/receiver": 3000, "127.0.0.1:9091": 9091}

// shellOf returns a script that runs the blocks and ends at the first command that fails.
func shellOf(t *testing.T, all []block) string {
	t.Helper()
	var script strings.Builder
	script.WriteString("set -euo pipefail\ntrap 'kill $(jobs -p) 2>/dev/null; wait; cat \"$LOGS\"/*.log' EXIT\n")
	logs := 0
	for n, b := range all {
		if !b.stays {
			fmt.Fprintf(&script, "echo; echo 'block %d'\n%s", n+1, b.text)
			continue
		}
		for line := range strings.Lines(b.text) {
			logs++
			fmt.Fprintf(&script, "(exec %s) >\"$LOGS\"/%d.log 2>&1 &\n", strings.TrimSpace(regexp.MustCompile(` +#.*`).ReplaceAllString(line, "")), logs)
			fmt.Fprintf(&script, "for n in $(seq 600); do (: </dev/tcp/127.0.0.1/%d) 2>/dev/null && break; sleep 0.1; done\n", portOf(t, line))
		}
	}
	script.WriteString("sleep 1 # the last webhooks\n")
	return script.String()
}

func portOf(t *testing.T, line string) int {
	t.Helper()
	for part, port := range ports {
		if strings.Contains(line, part) {
			return port
		}
	}
	t.Fatalf("README starts %q, of which the test does not know the port", line)
	return 0
}

// buildFor compiles the programs of README, and puts a go in front of the real one
// that runs them.
func buildFor(t *testing.T, dir string) {
	t.Helper()
	bin := filepath.Join(dir, "bin")
	for _, name := range []string{"cmd/worker", "cmd/enqueue", "examples/receiver"} {
		to := filepath.Join(bin, filepath.Base(name)+".bin")
		if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", to, "../../"+name).CombinedOutput(); err != nil { //nolint:gosec // names of this repository
			t.Fatalf("build %s: %v\n%s", name, err, out)
		}
	}
	const shim = "#!/bin/sh\n[ \"$1\" = run ] || exit 9\nname=$(basename \"$2\")\nshift 2\nexec \"$(dirname \"$0\")/$name.bin\" \"$@\"\n"
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte(shim), 0o700); err != nil { //nolint:gosec // it is to be run
		t.Fatal(err)
	}
}
