package tryout

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// Expand returns a path with the home directory in place of the ~ that it begins
// with, as a shell does, which does not where a path stands in a file, in quotes or
// behind a =. The home of somebody else, as in ~ana, is refused.
func Expand(path string) (string, error) {
	rest, ok := strings.CutPrefix(path, "~")
	if !ok {
		return path, nil
	}
	if rest != "" && !os.IsPathSeparator(rest[0]) {
		return "", errors.New("begins with the ~ of somebody's home, which is not looked up; write the path in full, or ./~ for a name")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", errors.New("begins with ~, and there is no home directory (HOME is not set); write the path in full")
	}
	return filepath.Join(home, rest), nil
}
