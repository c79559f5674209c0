package query_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/conversation/query"
)

func TestWindow(t *testing.T) {
	t.Parallel()

	one, two, three := at("2026-08-01T00:00:00Z"), at("2026-08-02T00:00:00Z"), at("2026-08-03T00:00:00Z")
	tests := []struct {
		name   string
		q      query.Query
		filter string
		want   query.Window
	}{
		{"all", query.Query{}, "name==a", query.Window{}},
		{"bounds", query.Query{From: one, To: two}, "name==a", query.Window{From: one, To: two}},
		{"the filter is narrower", query.Query{From: one, To: three}, "startTime==2026-08-02T00:00:00Z", query.Window{From: two, To: two}},
		{"the bounds are narrower", query.Query{From: two, To: two}, "startTime>=2026-08-01T00:00:00Z;startTime<2026-08-03T00:00:00Z", query.Window{From: two, To: two}},
		{"several starts", query.Query{}, "startTime=in=(2026-08-03T00:00:00Z,2026-08-01T00:00:00Z)", query.Window{From: one, To: three}},
		{"the end bounds from above", query.Query{}, "endTime<=2026-08-02T00:00:00Z", query.Window{To: two}},
		{"the end does not bound from below", query.Query{}, "endTime>2026-08-02T00:00:00Z", query.Window{}},
		{"an end", query.Query{}, "endTime==2026-08-02T00:00:00Z", query.Window{To: two}},
		{"another start bounds nothing", query.Query{}, "startTime!=2026-08-02T00:00:00Z;startTime=out=2026-08-02T00:00:00Z", query.Window{}},
		{"an id", query.Query{}, "id==2", query.Window{IDs: []string{"2"}}},
		{"ids, each once", query.Query{}, "id=in=(2,1,2)", query.Window{IDs: []string{"2", "1"}}},
		{"ids that all conditions name", query.Query{}, "id=in=(1,2,3);id=in=(4,3,2);id!=3", query.Window{IDs: []string{"3", "2"}}},
		{"none", query.Query{}, "id==1;id==2", query.Window{IDs: []string{}}},
		{"an order of ids names none", query.Query{}, "id>1", query.Window{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			var err error
			if tt.q.Filter, err = query.Parse(tt.filter); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, tt.q.Window()); diff != "" {
				t.Errorf("Window (-want +got):\n%s", diff)
			}
		})
	}
}
