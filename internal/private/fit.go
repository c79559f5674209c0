package private

import (
	"fmt"
	"io/fs"
)

// advice ends the sentences about a directory that is not to be used.
const advice = "or choose another data directory with TURNWISE_DATA_DIR"

// kinds names the kinds of files that are kept.
func kindOf(mode fs.FileMode) string {
	switch mode.Type() {
	case 0:
		return "file"
	case fs.ModeDir:
		return "directory"
	case fs.ModeSocket:
		return "socket"
	default:
		return "device or pipe"
	}
}

// fit says what is wrong with a file that has to be of the given type.
func fit(path string, info fs.FileInfo, want fs.FileMode) error {
	if err := owned(path, info); err != nil {
		return err
	}
	switch mode := info.Mode(); {
	case mode.Type() != want:
		return fmt.Errorf("%s is refused because it is a %s and not a %s; remove it, %s", path, kindOf(mode), kindOf(want), advice)
	case writableByOthers(mode):
		return fmt.Errorf("%s is refused because other users may write to it (its mode is %04o); run chmod go-w on it, %s", path, mode.Perm(), advice)
	default:
		return nil
	}
}

// owned says whether a file may be another user's.
func owned(path string, info fs.FileInfo) error {
	if info.Mode()&fs.ModeSymlink != 0 {
		return fmt.Errorf("%s is refused because it is a symbolic link; put what it points to in its place, %s", path, advice)
	}
	if owner, foreign := foreignOwner(info); foreign {
		return fmt.Errorf("%s is refused because it belongs to another user (uid %d); remove it or run chown on it, %s", path, owner, advice)
	}
	return nil
}
