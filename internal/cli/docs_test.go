package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/session"
)

// help returns what --help prints for a command.
func help(t *testing.T, command ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	noEnv := func(string) (string, bool) { return "", false }
	code := Run(t.Context(), append(command, "--help"), noEnv, session.Streams{In: strings.NewReader(""), Out: &stdout, Err: &stderr})
	if code != exit.OK || stderr.Len() != 0 {
		t.Fatalf("enqueue %q --help = %d and %q, want success", command, code, stderr.String())
	}
	return stdout.String()
}

func TestHelpTellsExitCodes(t *testing.T) {
	t.Parallel()

	if printed := help(t); !strings.Contains(printed, exit.Help) {
		t.Errorf("enqueue --help = %q, want it to contain %q", printed, exit.Help)
	}
	doc, err := os.ReadFile("../../docs/cli.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(exit.Help, "\n")[1:] {
		code, meaning, _ := strings.Cut(strings.TrimSpace(line), "  ")
		if row := "| " + code + " | " + meaning + " |"; !strings.Contains(string(doc), row) {
			t.Errorf("docs/cli.md lacks the row %q", row)
		}
	}
}

// TestDocumentedFlags checks that docs/cli.md mentions each flag of each
// command.
func TestDocumentedFlags(t *testing.T) {
	t.Parallel()

	doc, err := os.ReadFile("../../docs/cli.md")
	if err != nil {
		t.Fatal(err)
	}
	root := newRoot(session.New(os.LookupEnv, session.Streams{}))
	all := commands(root)
	tests := testsOf(t)
	for _, command := range all {
		if name := "enqueue " + strings.Join(command, " "); !strings.Contains(string(doc), name) {
			t.Errorf("docs/cli.md does not mention %s", name)
		}
		if args := `"` + strings.Join(command, `", "`) + `"`; !strings.Contains(tests, args) {
			t.Errorf("no test of a family runs %s", args)
		}
		for word := range strings.FieldsSeq(help(t, command...)) {
			if strings.HasPrefix(word, "--") && !strings.Contains(string(doc), strings.Trim(word, `.,;():"`)) {
				t.Errorf("docs/cli.md does not mention %s of enqueue %s", word, strings.Join(command, " "))
			}
		}
	}
	if n := len(all); n < 28 {
		t.Errorf("checked %d commands, want all of them", n)
	}
}

// testsOf returns the source of the tests of the families.
func testsOf(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob("*/*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var source strings.Builder
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		source.Write(content)
	}
	return source.String()
}

// commands returns the names of all commands below cmd, without "enqueue".
func commands(cmd *cobra.Command) [][]string {
	var all [][]string
	for _, sub := range cmd.Commands() {
		all = append(all, strings.Fields(sub.CommandPath())[1:])
		all = append(all, commands(sub)...)
	}
	return all
}
