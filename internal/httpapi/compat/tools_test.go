package compat

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// lacks skips the test, or fails it where everything has to be there.
func lacks(t *testing.T, format string, args ...any) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

// need returns the path of a program.
func need(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		lacks(t, "%s is not installed", name)
	}
	return path
}

// python returns a python3 that has the requests package.
func python(t *testing.T) string {
	t.Helper()
	for _, path := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(path, "-c", "import requests").Run() == nil {
			return path
		}
	}
	lacks(t, "there is no python3 with the package requests")
	return ""
}

// nodeModules returns the directory with the packages of testdata/npm.
func nodeModules(t *testing.T) string {
	t.Helper()
	need(t, "node")
	need(t, "npm")
	dir, err := installed()
	if err != nil {
		lacks(t, "the npm packages could not be installed: %v", err)
	}
	return dir
}

// installed installs the packages for the first test that needs them.
var installed = sync.OnceValues(install)

// install installs the packages once for each version of the lock file.
// Installations at the same time do not disturb each other: each has its own
// directory until it is complete.
func install() (string, error) {
	lock, err := os.ReadFile("testdata/npm/package-lock.json")
	if err != nil {
		return "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	parent := filepath.Join(cache, "turnwise")
	final := filepath.Join(parent, fmt.Sprintf("compat-npm-%x", sha256.Sum256(lock))[:27])
	modules := filepath.Join(final, "node_modules")
	if _, err := os.Stat(modules); err == nil {
		return modules, nil
	}
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp(parent, "compat-npm-new-")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(dir) }() // it has moved, or is of no use
	for _, name := range []string{"package.json", "package-lock.json"} {
		data, err := os.ReadFile(filepath.Join("testdata/npm", name))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), data, 0o600)
		}
		if err != nil {
			return "", err
		}
	}
	ci := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	ci.Dir = dir
	if out, err := ci.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm ci: %w\n%s", err, out)
	}
	if err := os.Rename(dir, final); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	return modules, nil
}

// A printed is what a program left behind.
type printed struct {
	out, errors string
	code        int
}

// execute runs a program with variables beside its environment.
func execute(t *testing.T, env []string, name string, args ...string) printed {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Env = append(os.Environ(), env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
		t.Fatalf("%s: %v", name, err)
	}
	return printed{out.String(), errs.String(), cmd.ProcessState.ExitCode()}
}

// runFile runs a sample with what its name ends in.
func runFile(t *testing.T, path string) printed {
	t.Helper()
	switch filepath.Ext(path) {
	case ".sh":
		need(t, "curl")
		return execute(t, nil, need(t, "bash"), path)
	case ".js":
		return execute(t, []string{"NODE_PATH=" + nodeModules(t)}, need(t, "node"), path)
	case ".py":
		return execute(t, nil, python(t), path)
	default:
		t.Fatalf("%s is of no known language", path)
		return printed{}
	}
}

// spaceless takes all blanks away, in which programs that print JSON differ.
func spaceless(s string) string { return strings.Join(strings.Fields(s), "") }
