package private

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// A Dir is an open directory that other users cannot write to. All of its
// methods work on the directory that was checked, whatever is under its path by
// now.
type Dir struct {
	path string
	root *os.Root
}

// MakeDir opens the directory, and makes it first, for this user alone, if
// there is nothing at the path.
func MakeDir(path string) (*Dir, error) {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(path, 0o700); err != nil {
			return nil, fmt.Errorf("make the directory: %w; choose another one with TURNWISE_DATA_DIR", err)
		}
	}
	return OpenDir(path)
}

// OpenDir opens the directory. The error is [fs.ErrNotExist] if there is nothing
// at the path.
func OpenDir(path string) (*Dir, error) {
	before, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if err := fit(path, before, fs.ModeDir); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	return checked(path, root, before)
}

// checked returns the directory that was opened if it is the one that was
// looked at before.
func checked(path string, root *os.Root, before fs.FileInfo) (*Dir, error) {
	after, err := root.Stat(".")
	if err == nil && !os.SameFile(before, after) {
		err = replaced(path)
	}
	if err == nil {
		err = fit(path, after, fs.ModeDir)
	}
	if err != nil {
		_ = root.Close() // nothing was done with it
		return nil, err
	}
	return &Dir{path: path, root: root}, nil
}

func replaced(path string) error {
	return fmt.Errorf("%s is refused because it was replaced while it was opened; find out by whom, %s", path, advice)
}

// Dir opens a directory in this one that nobody else may read. It is made if
// need be.
func (d *Dir) Dir(name string) (*Dir, error) {
	if err := d.root.Mkdir(name, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	path := filepath.Join(d.path, name)
	before, err := d.root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if err := fit(path, before, fs.ModeDir); err != nil {
		return nil, err
	}
	root, err := d.root.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	sub, err := checked(path, root, before)
	if err == nil && before.Mode().Perm()&0o077 != 0 {
		err = sub.root.Chmod(".", 0o700)
	}
	return sub, err
}

// Path returns the path that the directory was opened under.
func (d *Dir) Path() string { return d.path }

// Close closes the directory.
func (d *Dir) Close() error { return d.root.Close() }

// CheckOwner looks at all that is in the directory, for programs that open it by
// its path: nothing may be a link or another user's.
func (d *Dir) CheckOwner() error {
	f, err := d.root.Open(".")
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // it was only read
	names, err := f.Readdirnames(-1)
	if err != nil {
		return err
	}
	for _, name := range names {
		info, err := d.root.Lstat(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue // it has just been removed
		}
		if err != nil {
			return err
		}
		if err := owned(filepath.Join(d.path, name), info); err != nil {
			return err
		}
	}
	return nil
}
