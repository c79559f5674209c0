// Package tryout stores the credentials and the address of a worker without
// accounts, so that it can be used without configuration: [Credentials], which
// are generated at the first start, and a [State], from which other programs of
// the same user read where the worker listens.
//
//	<dir>/token           the token of the API
//	<dir>/webhook-secret  signs the webhooks
//	<dir>/app-id          with app-secret: requests tokens that expire
//	<dir>/app-secret
//	<dir>/token-key       signs those tokens
//	<dir>/worker.json     the running worker, see [State]
//
// Only the user can read them: directories are 0700 and files 0600. Those that
// another user may have made or changed are refused, see package private.
package tryout

import (
	"errors"
	"os"
	"path/filepath"
)

// DefaultDir returns the default data directory: below the user's directory for
// state. It is empty if the user has no home. A directory for temporary files is
// no substitute: its files are deleted, and other users may create them first.
func DefaultDir() string {
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "turnwise")
	}
	if home, err := os.UserHomeDir(); err == nil && filepath.IsAbs(home) {
		return filepath.Join(home, ".local", "state", "turnwise")
	}
	return ""
}

// errNoDir reports that there is no data directory.
var errNoDir = errors.New("there is no home directory to keep files in (HOME is not set); name a data directory with TURNWISE_DATA_DIR")
