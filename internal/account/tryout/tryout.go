// Package tryout keeps what a worker without accounts needs to be used at
// once: where its files lie, [Credentials] that are made at the first start,
// and a note that tells other programs of the same user where the worker
// listens.
//
//	<dir>/token           the token of the API
//	<dir>/webhook-secret  what the webhooks are signed with
//	<dir>/app-id          with app-secret, what tokens that expire are asked for
//	<dir>/app-secret
//	<dir>/token-key       what those are signed with
//	<dir>/worker.json     the worker that runs, see [State]
//
// All of it is for the user alone: directories are 0700 and files 0600.
package tryout

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// DefaultDir returns where a worker keeps its files unless told otherwise:
// below the user's directory for state. It is empty if the user has no home. A
// directory for temporary files is no place to keep anything, and one that
// others may write to would be theirs to prepare.
func DefaultDir() string {
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "turnwise")
	}
	if home, err := os.UserHomeDir(); err == nil && filepath.IsAbs(home) {
		return filepath.Join(home, ".local", "state", "turnwise")
	}
	return ""
}

// errNoDir reports that nobody has said where to keep files.
var errNoDir = errors.New("there is no home directory to keep files in (HOME is not set); name a data directory with TURNWISE_DATA_DIR")

// MakeDir creates the directory, for the user alone, unless it exists.
func MakeDir(dir string) error {
	if dir == "" { // which would be the working directory
		return errNoDir
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the data directory: %w; choose another one with TURNWISE_DATA_DIR", err)
	}
	return nil
}

// writeFile puts a file in its place in one step, so that a reader sees the
// old content or the new, and nobody else sees any.
func writeFile(path string, content []byte) error {
	return place(path, content, os.Rename)
}

// place writes a temporary file beside path and hands both to into.
func place(path string, content []byte, into func(from, to string) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".tmp-*") // 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // gone already if it was renamed
	_, err = f.Write(content)
	if err = cmp.Or(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return into(f.Name(), path)
}
