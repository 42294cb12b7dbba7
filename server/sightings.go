package server

import (
	"context"
	"net/http"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/text"
)

type (
	sightingsInput struct {
		EvidencePath
		X      float64 `query:"x" required:"true" minimum:"0" maximum:"1" doc:"The left edge of the place; all four are fractions of the upright photo"`
		Y      float64 `query:"y" required:"true" minimum:"0" maximum:"1" doc:"Its upper edge"`
		Width  float64 `query:"width" required:"true" minimum:"0.02" maximum:"1"`
		Height float64 `query:"height" required:"true" minimum:"0.02" maximum:"1" doc:"Width times height is at most one half"`
	}
	sightingsOutput struct{ Body List[desk.Sighting] }
)

func (s *Server) registerSightings() {
	route(s, op("evidence-sightings", http.MethodGet, "/v1/evidence/{id}/sightings", "evidence",
		"Asks up to eight other photos of the same side, the nearest in order of sending, about one place; the stronger answer comes first. "+
			"Nothing of it is put into the claim's record. What an answer proves, and what not: docs/angle.md.", 200),
		Access{Roles: staffRoles}, text.Both("Whether the claim's other photos show a marked place too", "其他照片是否也拍到标出的一处"),
		func(ctx context.Context, in *sightingsInput) (*sightingsOutput, error) {
			place := evidence.Region{X: in.X, Y: in.Y, Width: in.Width, Height: in.Height}
			list, err := s.opt.Desk.Sightings(ctx, CallerOf(ctx), in.ID, place)
			return &sightingsOutput{Body: List[desk.Sighting]{Items: list}}, err
		})
}
