package importer

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/importer/stamp"
)

var update = flag.Bool("update", false, "write the golden files")

// transcript is a Sink that writes what it is given as lines for people.
type transcript struct {
	strings.Builder
	recorded bool
}

func (t *transcript) Begin(c Chat) error {
	fmt.Fprintf(t, "chat %q key %q", c.Title, c.Key)
	if c.Unique {
		t.WriteString(" unique")
	}
	if t.recorded = c.Recorded; c.Recorded {
		t.WriteString(" recorded")
	}
	t.WriteByte('\n')
	return nil
}

func (t *transcript) Add(m Message) error {
	at := "-"
	switch {
	case m.Timed && t.recorded:
		at = fmt.Sprintf("%s..%s", m.From, m.To)
	case m.Timed:
		at = "timed, but not recorded"
	case !m.Start.IsZero():
		at = m.Start.Format(time.RFC3339Nano)
		if !m.End.IsZero() {
			at += ".." + m.End.Format(time.RFC3339Nano)
		}
	}
	fmt.Fprintf(t, "%d %s %s: %q", m.Line, at, who(m.Sender), m.Text)
	if len(m.Attachments) > 0 {
		fmt.Fprintf(t, " %q", m.Attachments)
	}
	t.WriteByte('\n')
	return nil
}

func who(s Sender) string {
	name := s.Name
	if s.ID != "" && s.ID != s.Name {
		name += " (" + s.ID + ")"
	}
	if s.Email != "" {
		name += " <" + s.Email + ">"
	}
	if name == "" {
		return "nobody"
	}
	return name
}

func (t *transcript) Skip(line int, reason string) { fmt.Fprintf(t, "skip %d: %s\n", line, reason) }
func (t *transcript) Note(text string)             { fmt.Fprintf(t, "note: %s\n", text) }

// inputs returns the files and folders of testdata that have golden files.
func inputs(t testing.TB) []string {
	t.Helper()
	all, err := filepath.Glob("testdata/*/*")
	if err != nil {
		t.Fatal(err)
	}
	var in []string
	for _, name := range all {
		if filepath.Ext(name) != ".golden" && !strings.HasPrefix(name, filepath.Join("testdata", "fuzz")) {
			in = append(in, name)
		}
	}
	return in
}

// read returns what is in the files at a path, and where it ends if it does so
// with an error.
func read(path string, o Options) string {
	var got transcript
	set, err := Open(Input{Paths: []string{path}})
	if err != nil {
		fmt.Fprintf(&got, "error: %v\n", err)
		return got.String()
	}
	defer set.Close()
	for _, s := range set.Sources {
		fmt.Fprintf(&got, "%s: %s\n", s.Name, string(s.Format))
		if err := s.Read(o, &got); err != nil {
			fmt.Fprintf(&got, "error: %v\n", err)
		}
	}
	for _, left := range set.Left {
		fmt.Fprintf(&got, "left %s: %s\n", left.Name, left.Reason)
	}
	return got.String()
}

// TestGolden reads each shape of testdata, detection included, and compares.
// A name with an option in it, such as order-dmy, is read with that option.
func TestGolden(t *testing.T) {
	t.Parallel()

	found := inputs(t)
	if len(found) < 80 {
		t.Errorf("found %d inputs, want all of them", len(found))
	}
	for _, path := range found {
		t.Run(path, func(t *testing.T) {
			t.Parallel()

			var o Options
			if strings.Contains(path, "order-dmy") {
				o.Order = stamp.DMY
			}
			got := read(path, o)
			if strings.Contains(got, "panic") {
				t.Errorf("read %s = %q", path, got)
			}
			if *update {
				if err := os.WriteFile(path+".golden", []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(path + ".golden")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", path, diff)
			}
			if again := read(path, o); again != got {
				t.Errorf("%s is read differently the second time: %s", path, cmp.Diff(got, again))
			}
		})
	}
}
