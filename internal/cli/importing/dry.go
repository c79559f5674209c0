package importing

import (
	"context"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cli/output"
	"github.com/turnwise/turnwise/internal/importer"
)

// dry is the target that shows what would be sent.
type dry struct{ out output.Printer }

func (d dry) open(_ context.Context, external, name string) (*destination, error) {
	return &destination{external: external, name: name}, nil
}

// A dryPortion is what a program is shown of a portion.
type dryPortion struct {
	Conversation string              `json:"externalId"`
	Name         string              `json:"name"`
	First        int                 `json:"first"`
	Messages     []client.NewMessage `json:"messages"`
}

func (d dry) send(_ context.Context, c *destination, p *portion, _ importer.Format) error {
	if d.out.JSON {
		return d.out.Document(dryPortion{c.external, c.name, p.first, p.messages})
	}
	for _, m := range p.messages {
		who := m.From.Name
		if who == "" {
			who = m.From.ID
		}
		if who == "" {
			who = "-"
		}
		if err := d.out.Linef("%s  %s: %s", output.Time(m.Start), output.Clean(who), output.Clean(m.Content)); err != nil {
			return err
		}
	}
	return nil
}

func (d dry) done(context.Context, *destination) error { return nil }
