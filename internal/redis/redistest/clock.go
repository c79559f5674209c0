package redistest

import (
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// clockSource is a library that stands in for the C library where a server
// asks for the time of day. How far that is off, in microseconds, it reads from
// the file that CLOCK_FILE names.
const clockSource = `
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

static volatile long long *off;

__attribute__((constructor)) static void open_clock(void) {
	int fd = open(getenv("CLOCK_FILE"), O_RDONLY);
	void *map = mmap(0, sizeof *off, PROT_READ, MAP_SHARED, fd, 0);
	off = fd < 0 || map == MAP_FAILED ? 0 : map;
}

int gettimeofday(struct timeval *restrict tv, void *restrict tz) {
	int err = syscall(SYS_gettimeofday, tv, tz);
	if (err == 0 && off != 0) {
		long long now = tv->tv_sec * 1000000LL + tv->tv_usec + *off;
		tv->tv_sec = now / 1000000;
		tv->tv_usec = now % 1000000;
	}
	return err;
}
`

// A Clocked is a redis-server whose clock the test sets.
type Clocked struct {
	*Process

	file string // tells the server how far its clock is off
}

// ClockedServer starts a redis-server, like [Server], whose clock is right
// until the test shifts it; how much time passes is not changed. Without a C
// compiler it skips the test, or fails it in CI.
func ClockedServer(t testing.TB, args ...string) *Clocked {
	t.Helper()
	p := prepare(t, args)
	c := &Clocked{Process: p, file: filepath.Join(p.Dir, "clock")}
	if err := os.WriteFile(c.file, make([]byte, 8), 0o600); err != nil {
		t.Fatal(err)
	}
	p.env = []string{"LD_PRELOAD=" + clockLibrary(t, p.Dir), "CLOCK_FILE=" + c.file}
	p.run()
	return c
}

// Shift sets the clock so far ahead of the right time, or behind it if ahead is
// negative.
func (c *Clocked) Shift(ahead time.Duration) {
	c.t.Helper()
	f, err := os.OpenFile(c.file, os.O_WRONLY, 0)
	if err == nil {
		_, err = f.WriteAt(binary.NativeEndian.AppendUint64(nil, uint64(ahead.Microseconds())), 0) //nolint:gosec // two's complement, as C has it
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		c.t.Fatalf("set the clock of redis-server: %v", err)
	}
}

// clockLibrary compiles the library into the directory.
func clockLibrary(t testing.TB, dir string) string {
	t.Helper()
	cc, err := exec.LookPath("cc")
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("there is no C compiler on PATH")
	}
	source, library := filepath.Join(dir, "clock.c"), filepath.Join(dir, "clock.so")
	if err == nil {
		err = os.WriteFile(source, []byte(clockSource), 0o600)
	}
	if err == nil {
		err = exec.Command(cc, "-shared", "-fPIC", "-O1", "-o", library, source).Run()
	}
	if err != nil {
		t.Fatalf("compile the clock of redis-server: %v", err)
	}
	return library
}
