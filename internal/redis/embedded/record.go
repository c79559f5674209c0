package embedded

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/turnwise/turnwise/internal/private"
)

// recordName is beside subdir, so that it is left when that is emptied.
const recordName = "redis-files.json"

// A record says what the append-only file certainly had on disk at a moment.
// The file may have more; when it has less, something was taken away.
type record struct {
	At    time.Time `json:"at"`
	Parts []part    `json:"parts"`
}

// readRecord returns the record in the data directory. It is empty if there is
// none yet, or if what is there is none: a record is written over the one
// before, without waiting for the disk, so a power cut may spoil it.
func readRecord(dir string, log *slog.Logger) (record, error) {
	data, err := private.OpenDir(dir)
	if err != nil {
		return record{}, err
	}
	defer data.Close() //nolint:errcheck // its files are closed
	content, err := data.ReadFile(recordName)
	if errors.Is(err, fs.ErrNotExist) {
		return record{}, nil
	}
	if err != nil {
		return record{}, fmt.Errorf("read what the append-only file had: %w", err)
	}
	var r record
	if err := json.NewDecoder(bytes.NewReader(content)).Decode(&r); err != nil { // what follows is left of a longer one
		log.Warn("record of the embedded redis's files is unreadable, so whether they are complete is not known",
			slog.String("file", recordName), slog.Any("err", err))
		return record{}, nil
	}
	return r, nil
}

// writeTo writes the record at the beginning of the file, in one step.
func (r record) writeTo(f *os.File) error {
	const sector = 512
	content, err := json.Marshal(r)
	if err != nil {
		return err
	}
	content = append(content, '\n')
	content = append(content, bytes.Repeat([]byte(" "), sector-len(content)%sector)...)
	_, err = f.WriteAt(content, 0)
	return err
}

// checkFiles returns an error if the append-only file has less than it had. A
// server must not be started then: it would start without what is missing,
// and without a manifest it would write over the rest. With AllowLoss it is
// only logged.
func checkFiles(opts Options) error {
	r, err := readRecord(opts.Dir, opts.Log)
	if err != nil {
		return err
	}
	dir := filepath.Join(opts.Dir, subdir)
	parts, err := readParts(dir)
	if err != nil {
		return err
	}
	missing := lost(r.Parts, parts)
	switch {
	case missing == "":
		return nil
	case opts.AllowLoss:
		opts.Log.Warn("embedded redis starts with less than it had", slog.String("missing", missing), slog.Time("then", r.At))
		return setAside(dir, parts)
	default:
		return fmt.Errorf("%s holds less than at %s: %s. What was accepted would be missing. Put the files back, as from a backup, "+
			"or go on without what is lost with TURNWISE_ALLOW_DATA_LOSS=true",
			dir, r.At.Format(time.RFC3339), missing)
	}
}

// setAside keeps the files that a manifest is missing of from a server that
// would write over them.
func setAside(dir string, parts []part) error {
	from := filepath.Join(dir, aofDir)
	if _, err := os.Stat(from); err != nil || len(parts) > 0 {
		return nil //nolint:nilerr // there is nothing to keep
	}
	if err := os.Rename(from, fmt.Sprintf("%s.%d", from, time.Now().Unix())); err != nil {
		return fmt.Errorf("set aside what is left of the append-only file: %w", err)
	}
	return nil
}
