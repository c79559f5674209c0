//go:build unix

package private_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/private"
)

// other is a user that this process is not.
const other = 64321

// asRoot skips a test that has to give files to another user, where that is not
// allowed. In CI it is.
func asRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() == 0 {
		return
	}
	if os.Getenv("CI") != "" {
		t.Fatal("this test needs root, to give files to another user")
	}
	t.Skip("needs root, to give files to another user")
}

// A plant is what somebody put in the place of a file or directory.
type plant struct {
	name  string
	link  bool
	mode  fs.FileMode // of a file or directory
	owner int         // 0 for this user
	want  string      // in the refusal; none if it is empty
}

// put puts it at a path. A link leads to the target.
func (p plant) put(t *testing.T, path, target string) {
	t.Helper()
	if p.owner != 0 {
		asRoot(t)
	}
	var err error
	switch {
	case p.link:
		err = os.Symlink(target, path)
	case p.mode.IsDir():
		err = errors.Join(os.Mkdir(path, 0o700), os.Chmod(path, p.mode.Perm()))
	default:
		err = errors.Join(os.WriteFile(path, []byte("planted"), 0o600), os.Chmod(path, p.mode))
	}
	if err == nil && p.owner != 0 {
		err = os.Lchown(path, p.owner, p.owner)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// wantRefusal checks that an error names the file, the reason and a way out.
func wantRefusal(t *testing.T, err error, path, want string) {
	t.Helper()
	for _, part := range []string{path + " is refused", want, "TURNWISE_DATA_DIR"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("got %v, want an error with %q", err, part)
		}
	}
}

func TestDirectories(t *testing.T) {
	t.Parallel()

	for _, tt := range []plant{
		{name: "ours", mode: fs.ModeDir | 0o700},
		{name: "others may look at it", mode: fs.ModeDir | 0o755},
		{name: "the group may write", mode: fs.ModeDir | 0o770, want: "other users may write to it (its mode is 0770)"},
		{name: "everybody may write", mode: fs.ModeDir | 0o777, want: "other users may write"},
		{name: "another user's", mode: fs.ModeDir | 0o755, owner: other, want: "belongs to another user (uid 64321)"},
		{name: "a link", link: true, want: "symbolic link"},
		{name: "another user's link", link: true, owner: other, want: "symbolic link"},
		{name: "a file", mode: 0o600, want: "is a file and not a directory"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			path, target := filepath.Join(t.TempDir(), "state"), t.TempDir()
			tt.put(t, path, target)
			for _, open := range []func(string) (*private.Dir, error){private.OpenDir, private.MakeDir} {
				d, err := open(path)
				if tt.want != "" {
					wantRefusal(t, err, path, tt.want)
				} else if err != nil {
					t.Errorf("got %v, want it opened", err)
				} else if err := d.Close(); err != nil {
					t.Error(err)
				}
			}
			if left, err := os.ReadDir(target); err != nil || len(left) > 0 {
				t.Errorf("behind the link: %v, %v; want nothing", left, err)
			}
		})
	}
}

// A link that leads nowhere is not followed to make what it points to.
func TestDanglingLink(t *testing.T) {
	t.Parallel()

	path, target := filepath.Join(t.TempDir(), "state"), filepath.Join(t.TempDir(), "target")
	if err := os.Symlink(target, path); err != nil {
		t.Fatal(err)
	}
	_, err := private.MakeDir(path)
	wantRefusal(t, err, path, "symbolic link")
	if _, err := os.Lstat(target); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the target: %v, want it not made", err)
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()

	for _, tt := range []plant{
		{name: "ours", mode: 0o600},
		{name: "others may read", mode: 0o644},
		{name: "the group may write", mode: 0o660, want: "other users may write to it (its mode is 0660)"},
		{name: "everybody may write", mode: 0o666, want: "other users may write"},
		{name: "another user's", mode: 0o644, owner: other, want: "belongs to another user (uid 64321)"},
		{name: "a link", link: true, want: "symbolic link"},
		{name: "a directory", mode: fs.ModeDir | 0o700, want: "is a directory and not a file"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			dir, target := t.TempDir(), filepath.Join(t.TempDir(), "target")
			if err := os.WriteFile(target, []byte("of the victim"), 0o644); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "token")
			tt.put(t, path, target)
			before, _ := os.Lstat(path)
			d, err := private.OpenDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			content, err := d.ReadFile("token")
			if tt.want == "" {
				if err != nil || string(content) != "planted" {
					t.Errorf("ReadFile = %q, %v", content, err)
				}
				if info, _ := os.Lstat(path); info.Mode().Perm() != 0o600 {
					t.Errorf("its mode is %v afterwards, want it closed to others", info.Mode())
				}
				return
			}
			wantRefusal(t, err, path, tt.want)
			_, err = d.Open("token", os.O_RDWR|os.O_CREATE)
			wantRefusal(t, err, path, tt.want)
			wantRefusal(t, d.Replace("token", nil), path, tt.want)
			if info, _ := os.Lstat(path); info.Mode() != before.Mode() {
				t.Errorf("its mode is %v afterwards, was %v", info.Mode(), before.Mode())
			}
			victim, _ := os.Stat(target)
			if content, err := os.ReadFile(target); string(content) != "of the victim" || victim.Mode().Perm() != 0o644 {
				t.Errorf("what the link leads to: %q, %v, %v; want it untouched", content, victim.Mode(), err)
			}
		})
	}
}

// What a program will open by its path is looked at first.
func TestCheckOwner(t *testing.T) {
	t.Parallel()

	for _, tt := range []plant{
		{name: "ours", mode: 0o664},
		{name: "a link", link: true, want: "symbolic link"},
		{name: "another user's", mode: 0o600, owner: other, want: "belongs to another user"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			dir := t.TempDir()
			tt.put(t, filepath.Join(dir, "redis.pid"), "/nowhere")
			d, err := private.OpenDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			if err := d.CheckOwner(); tt.want != "" {
				wantRefusal(t, err, filepath.Join(dir, "redis.pid"), tt.want)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}

// A directory in it is closed to others, and one that is not ours is not.
func TestSubdirectory(t *testing.T) {
	t.Parallel()

	for _, tt := range []plant{
		{name: "ours", mode: fs.ModeDir | 0o755},
		{name: "everybody may write", mode: fs.ModeDir | 0o777, want: "other users may write"},
		{name: "a link", link: true, want: "symbolic link"},
		{name: "another user's", mode: fs.ModeDir | 0o755, owner: other, want: "belongs to another user"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			dir := t.TempDir()
			path := filepath.Join(dir, "redis")
			tt.put(t, path, t.TempDir())
			before, _ := os.Lstat(path)
			d, err := private.OpenDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			sub, err := d.Dir("redis")
			info, _ := os.Lstat(path)
			if tt.want != "" {
				wantRefusal(t, err, path, tt.want)
				if info.Mode() != before.Mode() {
					t.Errorf("its mode is %v afterwards, was %v", info.Mode(), before.Mode())
				}
				return
			}
			if err != nil || info.Mode().Perm() != 0o700 {
				t.Fatalf("Dir = %v, its mode is %v; want it for this user alone", err, info.Mode())
			}
			if err := sub.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}
