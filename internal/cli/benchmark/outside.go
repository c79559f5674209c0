package benchmark

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/spf13/pflag"

	"github.com/turnwise/turnwise/internal/cli/exit"
)

// addWorker adds the flag that names the worker of a bench that measures from outside.
func addWorker(flags *pflag.FlagSet, worker *string) {
	flags.StringVar(worker, "worker", "", "the worker; by default the one beside this program, or that of the source in the working directory")
}

// withWorker calls do with the paths of this program and of a worker, see findWorker.
func withWorker(ctx context.Context, named string, do func(program, worker string) error) error {
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	worker, remove, err := findWorker(ctx, program, named)
	if err != nil {
		return err
	}
	defer remove()
	return do(program, worker)
}

// findWorker returns the path of a worker: the one that is named, the one beside this
// program, or one that is built, which remove removes.
func findWorker(ctx context.Context, program, named string) (path string, remove func(), err error) {
	remove = func() {}
	if named != "" {
		return named, remove, nil
	}
	path = filepath.Join(filepath.Dir(program), "worker")
	if _, err := os.Stat(path); err == nil {
		return path, remove, nil
	}
	if _, err := os.Stat(filepath.Join("cmd", "worker", "main.go")); errors.Is(err, fs.ErrNotExist) {
		return "", remove, exit.Usagef("no worker is beside %s, and its source is not in the working directory: name one with --worker", program)
	}
	dir, err := os.MkdirTemp("", "tw-worker-")
	if err != nil {
		return "", remove, fmt.Errorf("make a folder for the worker: %w", err)
	}
	path, remove = filepath.Join(dir, "worker"), func() { _ = os.RemoveAll(dir) }
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", path, "./cmd/worker").CombinedOutput(); err != nil {
		remove()
		return "", func() {}, fmt.Errorf("build the worker: %w\n%s", err, out)
	}
	return path, remove, nil
}
