package tryout

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/webhook"
)

// Credentials returns the token of the API and the secret of the webhooks. An
// override that is not empty is returned as it is and not kept; else what was
// made at the first start is, and stays the same from then on.
func Credentials(dir, tokenOverride, secretOverride string) (token, secret string, err error) {
	token, secret = tokenOverride, secretOverride
	if token == "" {
		if token, err = kept(dir, "token", account.NewToken); err != nil {
			return "", "", fmt.Errorf("token of the API: %w", err)
		}
	}
	if secret == "" {
		if secret, err = kept(dir, "webhook-secret", webhook.NewSecret); err != nil {
			return "", "", fmt.Errorf("secret of the webhooks: %w", err)
		}
	}
	return token, secret, nil
}

// kept returns the line in the file, which is made if it does not exist. Two
// processes that make it at the same time agree on one: the file is linked
// into its place, which fails for the second.
func kept(dir, name string, generate func() string) (string, error) {
	path := filepath.Join(dir, name)
	line, err := readLine(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return line, err
	}
	if err := MakeDir(dir); err != nil {
		return "", err
	}
	err = place(path, []byte(generate()+"\n"), os.Link)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	return readLine(path)
}

// readLine also takes away what rights others may have got to the file.
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
