package settings

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"github.com/turnwise/turnwise/internal/account/tryout"
)

// inFile is how the key ends of a setting that names a file with a secret.
const inFile = "_file"

// largestSecret is how many bytes a file with a secret may have.
const largestSecret = 64 << 10

// holdsSecret reports whether the value of a row is a secret, or may have one in
// it, as the password in a URL.
func (r row) holdsSecret() bool { return r.secret || r.redact != nil }

// withFiles returns the rows, and after each that may hold a secret one that
// names a file with it.
func withFiles(rows []row) []row {
	var all []row
	for _, r := range rows {
		all = append(all, r)
		if r.holdsSecret() {
			all = append(all, row{
				key: r.key + inFile, value: fileOf(r),
				doc: "path of a file that holds " + r.key + ", in its place; of a list an item on each line",
			})
		}
	}
	return all
}

// fileOf reads the value of a row from a file.
func fileOf(r row) value {
	return value{
		kind: "text",
		set: func(path string) error {
			if path == "" {
				return nil
			}
			if r.value.get() != "" {
				return fmt.Errorf("%s is set as well; leave one of them out", r.key)
			}
			path, err := tryout.Expand(path)
			if err != nil {
				return err
			}
			content, err := readSecret(path)
			if err != nil {
				return err
			}
			return r.value.set(content)
		},
		get: func() string { return "" }, // what was read is shown as that of the other row
	}
}

// readSecret returns what the file holds, as one would write it in a variable.
func readSecret(path string) (string, error) {
	text, err := readText(path)
	return strings.Join(strings.Fields(text), ","), err
}

// readText returns what the file holds, without blanks and line breaks at its ends.
func readText(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("the file cannot be read: %w", err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	content, err := io.ReadAll(io.LimitReader(f, largestSecret+1))
	switch text := strings.TrimSpace(string(content)); {
	case err != nil:
		return "", fmt.Errorf("the file cannot be read: %w", err)
	case text == "":
		return "", errors.New("the file is empty")
	case len(content) > largestSecret:
		return "", fmt.Errorf("the file is larger than %d bytes", largestSecret)
	default:
		return text, nil
	}
}

// warnOfSecrets notes where other users of the machine can read secrets.
func (l *loader) warnOfSecrets() {
	kept := len(l.settings.Accounts)+len(l.settings.WebhookEndpoints) > 0
	for _, r := range l.rows {
		if !r.holdsSecret() {
			continue
		}
		hidden := func(text string) bool { return r.shown(text) != text }
		if f := l.flags.Lookup(r.flag()); f.Changed && hidden(f.Value.String()) {
			l.warn("%s was given on the command line, which other users of the machine can see; use %s or %s", r.key, r.variable(), variable(r.key+inFile))
		}
		if text, _ := textOf(l.file.Get(r.key)); hidden(text) {
			kept = true
		}
	}
	info, err := os.Stat(l.path)
	if kept && err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o004 != 0 {
		l.warn("%s holds secrets, and other users of the machine can read it; run chmod o-r on it", l.path)
	}
}

func (l *loader) warn(format string, args ...any) {
	l.settings.Warnings = append(l.settings.Warnings, fmt.Sprintf(format, args...))
}
