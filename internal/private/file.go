package private

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// largest is how much of a file is read. None of those that are kept comes near.
const largest = 1 << 20

// Open opens a file in the directory. With [os.O_CREATE] it is made if it does
// not exist. One that others may read is closed to them.
func (d *Dir) Open(name string, flag int) (*os.File, error) {
	for {
		f, err := d.open(name, flag)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		} // another process has made it in between
	}
}

// open opens a file that exists, or makes one that does not.
func (d *Dir) open(name string, flag int) (*os.File, error) {
	path := filepath.Join(d.path, name)
	before, err := d.root.Lstat(name)
	switch {
	case err == nil:
		err = fit(path, before, 0)
		flag &^= os.O_CREATE
	case errors.Is(err, fs.ErrNotExist) && flag&os.O_CREATE != 0:
		err, flag = nil, flag|os.O_EXCL
	}
	if err != nil {
		return nil, err
	}
	f, err := d.root.OpenFile(name, flag, 0o600)
	if err != nil {
		return nil, err
	}
	if err := tighten(path, f, before); err != nil {
		_ = f.Close() // nothing was done with it
		return nil, err
	}
	return f, nil
}

// tighten checks the open file, which is the one that was looked at before if
// there was one, and takes the permissions of others away.
func tighten(path string, f *os.File, before fs.FileInfo) error {
	after, err := f.Stat()
	switch {
	case err != nil:
		return err
	case before != nil && !os.SameFile(before, after):
		return replaced(path)
	}
	if err := fit(path, after, 0); err != nil {
		return err
	}
	if after.Mode().Perm()&0o077 != 0 {
		return f.Chmod(0o600)
	}
	return nil
}

// ReadFile returns the content of a file. The error is [fs.ErrNotExist] if there
// is none.
func (d *Dir) ReadFile(name string) ([]byte, error) {
	f, err := d.Open(name, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // it was only read
	content, err := io.ReadAll(io.LimitReader(f, largest+1))
	if err == nil && len(content) > largest {
		err = fmt.Errorf("%s is larger than %d bytes", filepath.Join(d.path, name), largest)
	}
	return content, err
}

// Create writes a file in one step. The error is [fs.ErrExist] if there is one
// of this name.
func (d *Dir) Create(name string, content []byte) error { return d.write(name, content, d.root.Link) }

// Replace writes a file in one step, in place of one that is there: a reader
// gets the old content or the new one.
func (d *Dir) Replace(name string, content []byte) error {
	info, err := d.root.Lstat(name)
	if err == nil {
		err = fit(filepath.Join(d.path, name), info, 0)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return d.write(name, content, d.root.Rename)
}

// Remove removes a file.
func (d *Dir) Remove(name string) error { return d.root.Remove(name) }

// write writes a temporary file and calls move with both names.
func (d *Dir) write(name string, content []byte, move func(from, to string) error) error {
	temporary := ".tmp-" + rand.Text()
	f, err := d.root.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = d.root.Remove(temporary) }() // fails if it was renamed
	_, err = f.Write(content)
	if err = cmp.Or(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return move(temporary, name)
}
