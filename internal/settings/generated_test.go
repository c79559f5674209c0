package settings_test

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/settings"
)

// The files below are made from the table. Run the tests with UPDATE=1 after a
// change of the table.
const (
	exampleFile = "../../config/turnwise.example.yaml"
	readme      = "../../README.md"
	begin, end  = "<!-- settings -->\n", "<!-- /settings -->"
)

func golden(t *testing.T, path, got, want string) {
	t.Helper()
	if got == want {
		return
	}
	if os.Getenv("UPDATE") == "" {
		t.Fatalf("%s is not what the table of settings says; run the tests with UPDATE=1", path)
	}
	if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestExampleFile(t *testing.T) {
	t.Parallel()

	content, err := os.ReadFile(exampleFile)
	if err != nil && os.Getenv("UPDATE") == "" {
		t.Fatal(err)
	}
	golden(t, exampleFile, string(content), settings.Example())
	got, err := settings.Load([]string{"--config=" + exampleFile}, nil)
	want := defaults()
	want.Config = exampleFile
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("Load of the example = %v, %v; want the defaults", got, err)
	}
}

// The accounts in the example are commented out, but must be right too.
func TestExampleAccounts(t *testing.T) {
	t.Parallel()

	_, accounts, found := strings.Cut(settings.Example(), "# accounts:\n")
	if !found {
		t.Fatal("the example has no accounts")
	}
	file := "accounts:\n" + strings.ReplaceAll("\n"+accounts, "\n#", "\n")
	file = strings.ReplaceAll(file, "<64 hexadecimal digits>", strings.Repeat("0f", 32))
	file = strings.ReplaceAll(file, "<base64>", strings.Repeat("abcd", 8))
	got, err := settings.Load([]string{"--config", write(t, file), "--token-keys=" + account.NewKey()}, nil)
	if err != nil || len(got.Accounts) != 1 || got.Accounts[0].AppID == "" || got.Accounts[0].MaxConcurrentJobs != 50 {
		t.Errorf("Load of the accounts in the example = %v, %v", got.Accounts, err)
	}
}

func TestReadme(t *testing.T) {
	t.Parallel()

	content, err := os.ReadFile(readme)
	if err != nil {
		t.Skip("there is no README")
	}
	head, rest, begins := strings.Cut(string(content), begin)
	_, tail, ends := strings.Cut(rest, end)
	if !begins || !ends {
		t.Fatalf("README.md lacks the lines %q and %q, between which the settings stand", begin, end)
	}
	golden(t, readme, string(content), head+begin+settings.Table()+end+tail)
}
