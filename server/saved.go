package server

import (
	"context"
	"net/http"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/text"
)

type viewInput struct {
	Body struct {
		Place string `json:"place" enum:"review,claims,shop" doc:"The list"`
		Name  string `json:"name" minLength:"1" maxLength:"40"`
		Query string `json:"query" maxLength:"500" doc:"The query part of the list's address"`
	}
}

type viewIDInput struct {
	ID string `path:"id" maxLength:"40"`
}

type viewOutput struct{ Body desk.SavedView }

type viewsOutput struct{ Body List[desk.SavedView] }

// registerViews adds what somebody keeps for themselves.
func (s *Server) registerViews() {
	d := s.opt.Desk
	person := Access{Roles: allRoles, People: true}
	route(s, op("views", http.MethodGet, "/v1/me/views", "views", "The lists that you have saved, at most 30.", 200), person, text.Both("My saved views", "我的视图"), func(ctx context.Context, _ *empty) (*viewsOutput, error) {
		list, err := d.Views(ctx, CallerOf(ctx))
		if list == nil {
			list = []desk.SavedView{}
		}
		return &viewsOutput{Body: List[desk.SavedView]{Items: list}}, err
	})
	route(s, op("save-view", http.MethodPost, "/v1/me/views", "views", "Keeps a list as you want to see it again. One of the same place and name is replaced.", 200), person, text.Both("Save a view", "保存视图"), func(ctx context.Context, in *viewInput) (*viewOutput, error) {
		b := in.Body
		v, err := d.SaveView(ctx, CallerOf(ctx), desk.SavedView{Place: b.Place, Name: b.Name, Query: b.Query})
		return &viewOutput{Body: v}, err
	})
	route(s, op("delete-view", http.MethodDelete, "/v1/me/views/{id}", "views", "", 204), person, text.Both("Remove a saved view", "删除视图"), func(ctx context.Context, in *viewIDInput) (*empty, error) {
		return nil, d.DeleteView(ctx, CallerOf(ctx), in.ID)
	})
}
