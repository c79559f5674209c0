package output

import (
	"bytes"
	"testing"
)

func TestTable(t *testing.T) {
	t.Parallel()

	rows := [][]string{
		{"ID", "STATUS", "NAME"},
		{"1", "completed", "李雷", "", ""},
		{"22", "failed", "failed to\nsay"},
		{"alone"},
		{"3", "held", "z"},
	}
	for _, tt := range []struct {
		name   string
		colour bool
		want   string
	}{
		{"plain", false, "ID  STATUS     NAME\n1   completed  李雷\n22  failed     failed to say\nalone\n3  held  z\n"},
		{"coloured", true, "ID  STATUS     NAME\n1   \x1b[32mcompleted\x1b[0m  李雷\n22  \x1b[31mfailed\x1b[0m     failed to say\nalone\n3  \x1b[33mheld\x1b[0m  z\n"},
	} {
		var out bytes.Buffer
		if err := (Printer{Out: &out, Colour: tt.colour}).Table(rows); err != nil || out.String() != tt.want {
			t.Errorf("%s: Table = %q, %v, want %q", tt.name, out.String(), err, tt.want)
		}
	}
}
