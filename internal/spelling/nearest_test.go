package spelling

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	t.Parallel()

	list := []string{"fromDateTime", "toDateTime", "page", "size", "filter[hide_non_analyzed]", "filter[title]"}
	for name, want := range map[string]string{
		"from_date":                    "fromDateTime",
		"FROMDATETIME":                 "fromDateTime",
		"per_page":                     "page",
		"pages":                        "page",
		"filter[hide_not_analyzed]":    "filter[hide_non_analyzed]",
		"filter[titel]":                "filter[title]",
		"sizes":                        "size",
		"colour":                       "",
		"_":                            "",
		"":                             "",
		strings.Repeat("page", 100000): "",
	} {
		if got := Nearest(name, list); got != want {
			t.Errorf("Nearest(%.40q) = %q, want %q", name, got, want)
		}
	}
}
