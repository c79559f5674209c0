package tryout

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/webhook"
)

// Credentials are the token, the secrets and the key of a try-out. They cannot
// be printed or logged.
type Credentials struct {
	Token         string // of the API
	WebhookSecret string
	AppID         string // of the application that may request tokens
	AppSecret     string
	TokenKey      string // signs these tokens
}

// Format writes a placeholder, whatever the verb.
func (c Credentials) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[redacted]") }

// LogValue returns a placeholder.
func (c Credentials) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// Complete returns given with its empty fields filled in from the files of the
// directory. A file that does not exist is created with a new credential. Those
// that are given are not stored.
func Complete(dir string, given Credentials) (Credentials, error) {
	for _, c := range []struct {
		text *string
		file string
		what string
		make func() string
	}{
		{&given.Token, "token", "token of the API", account.NewToken},
		{&given.WebhookSecret, "webhook-secret", "secret of the webhooks", webhook.NewSecret},
		{&given.AppID, "app-id", "id of the application", account.NewAppID},
		{&given.AppSecret, "app-secret", "secret of the application", account.NewAppSecret},
		{&given.TokenKey, "token-key", "key of the tokens", account.NewKey},
	} {
		if *c.text != "" {
			continue
		}
		var err error
		if *c.text, err = loadOrCreate(dir, c.file, c.make); err != nil {
			return Credentials{}, fmt.Errorf("%s: %w", c.what, err)
		}
	}
	return given, nil
}

// loadOrCreate returns the line in the file, which is created if it does not
// exist. Two processes that create it at the same time get the same line: a
// link to path is made, which fails for the second process.
func loadOrCreate(dir, name string, generate func() string) (string, error) {
	if dir == "" {
		return "", errNoDir
	}
	path := filepath.Join(dir, name)
	line, err := readLine(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return line, err
	}
	if err := MakeDir(dir); err != nil {
		return "", err
	}
	err = writeTemp(path, []byte(generate()+"\n"), os.Link)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	return readLine(path)
}

// readLine returns the line in the file. It removes permissions of other users.
func readLine(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if info.Mode().Perm()&0o077 != 0 {
		if err := os.Chmod(path, 0o600); err != nil {
			return "", err
		}
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	line := strings.TrimSpace(string(content))
	if line == "" {
		return "", fmt.Errorf("%s is empty; remove it, and a new one is made", path)
	}
	return line, nil
}
