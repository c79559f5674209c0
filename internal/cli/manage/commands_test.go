package manage_test

import (
	"testing"

	"github.com/turnwise/turnwise/internal/cli/clitest"
)

// TestCommands checks what each command sends and prints.
func TestCommands(t *testing.T) {
	t.Parallel()

	const tracker = "tracker   t-1\nname      Discount\ncategory  price\nlanguage  en-US\nterm      discount\nterm      lower the price\nupdated   2026-03-01 11:00:00.000Z\n"
	clitest.Check(t, []clitest.Case{
		{
			Name: "trackers", Args: []string{"trackers", "list"},
			Stdout: "ID   NAME      VOCABULARY\nt-1  Discount  discount, lower the price\nt-2  Empty     -\n",
		},
		{Name: "trackers for programs", Args: []string{"trackers", "list", "--name", "x", "-o", "json"}, Stdout: clitest.TrackersDocument + "\n"},
		{Name: "tracker", Args: []string{"trackers", "get", "t-1"}, Stdout: tracker},
		{
			Name: "new tracker", Args: []string{"trackers", "create", "Discount", "--vocabulary", "discount", "--vocabulary", "a, b", "--exclude", "c", "--category", "price"},
			Bodies: []string{`{"name":"Discount","categories":["price"],"vocabulary":["discount","a, b"],"excludeVocabulary":["c"]}`}, Stdout: tracker,
		},
		{
			Name: "new trackers from a file", Args: []string{"trackers", "create", "--file", "-"}, Stdin: ` [{"name":"a"}] `,
			Bodies: []string{`[{"name":"a"}]`}, Stdout: "ID   NAME      VOCABULARY\nt-1  Discount  discount, lower the price\nt-2  Empty     -\n",
		},
		{
			Name: "another tracker", Args: []string{"trackers", "update", "t-1", "--name", "N", "--description", "", "--vocabulary", "a"},
			Bodies: []string{`[{"op":"replace","path":"/name","value":"N"},{"op":"replace","path":"/description","value":""},{"op":"replace","path":"/vocabulary","value":["a"]}]`},
			Stdout: tracker,
		},
		{
			Name: "another tracker from a file", Args: []string{"trackers", "update", "t-1", "--file", "-", "-o", "json"}, Stdin: `{"vocabulary":["a"]}`,
			Bodies: []string{`[{"op":"replace","path":"/vocabulary","value":["a"]}]`}, Stdout: clitest.TrackerDocument + "\n",
		},
		{Name: "delete of a tracker", Args: []string{"trackers", "delete", "t-1", "-y"}, Stdout: "deleted the tracker t-1\n"},
	})
}
