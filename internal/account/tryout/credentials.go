package tryout

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"path/filepath"
	"strings"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/private"
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
// exist. Two processes that create it at the same time get the same line.
func loadOrCreate(dir, name string, generate func() string) (string, error) {
	if dir == "" { // which would be the working directory
		return "", errNoDir
	}
	d, err := private.MakeDir(dir)
	if err != nil {
		return "", err
	}
	defer d.Close() //nolint:errcheck // its files are closed
	line, err := readLine(d, name)
	if !errors.Is(err, fs.ErrNotExist) {
		return line, err
	}
	err = d.Create(name, []byte(generate()+"\n"))
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	return readLine(d, name)
}

// readLine returns the line in the file.
func readLine(d *private.Dir, name string) (string, error) {
	content, err := d.ReadFile(name)
	if err != nil {
		return "", err
	}
	line := strings.TrimSpace(string(content))
	if line == "" {
		return "", fmt.Errorf("%s is empty; remove it, and a new one is made", filepath.Join(d.Path(), name))
	}
	return line, nil
}
