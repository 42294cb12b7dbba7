package desk

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/text"
)

// Bounds of saved views.
const (
	MaxViews     = 30 // an account
	maxViewName  = 40 // characters
	maxViewQuery = 500
)

// Places are the lists of which views can be saved.
var Places = []string{"review", "claims", "shop"}

// SaveView keeps a list as the caller wants to see it again. One of the same
// place and name is replaced.
func (d *Desk) SaveView(ctx context.Context, by access.Caller, v SavedView) (SavedView, error) {
	if by.Kind != access.CallerSession {
		return v, forbidden()
	}
	v.Name, v.Query = strings.TrimSpace(v.Name), strings.TrimPrefix(v.Query, "?")
	if err := checkView(v); err != nil {
		return v, err
	}
	err := d.write(ctx, func(tx Tx) error {
		have, err := tx.Views(ctx, by.ID)
		if err != nil {
			return err
		}
		same := func(o SavedView) bool { return o.Place == v.Place && o.Name == v.Name }
		if len(have) >= MaxViews && !slices.ContainsFunc(have, same) {
			return text.Refuse(text.CodeTooLarge, "", "You have 30 saved views already; remove one first.", "已保存 30 个视图，请先删除一个。")
		}
		at := d.now()
		v.ID, v.UserID, v.CreatedAt = d.newID("v", at), by.ID, at
		return tx.PutView(ctx, &v)
	})
	return v, err
}

func checkView(v SavedView) error {
	if !slices.Contains(Places, v.Place) {
		return text.Refuse(text.CodeInvalid, "place", "place must be review, claims or shop.", "place 须为 review、claims 或 shop。")
	}
	if n := utf8.RuneCountInString(v.Name); n == 0 || n > maxViewName || strings.ContainsFunc(v.Name, unicode.IsControl) {
		return text.Refuse(text.CodeInvalid, "name", "A view's name has 1 to 40 characters.", "视图名称为 1 至 40 个字符。")
	}
	if _, err := url.ParseQuery(v.Query); err != nil || len(v.Query) > maxViewQuery {
		return text.Refuse(text.CodeInvalid, "query", "query must be the query part of an address, such as overdue=true&kind=repair, of at most 500 bytes.", "query 须为地址中的查询部分，如 overdue=true&kind=repair，最长 500 字节。")
	}
	return nil
}

// Views lists the caller's own.
func (d *Desk) Views(ctx context.Context, by access.Caller) (list []SavedView, err error) {
	if by.Kind != access.CallerSession {
		return nil, forbidden()
	}
	err = d.read(ctx, func(tx Tx) error { list, err = tx.Views(ctx, by.ID); return err })
	return list, err
}

// DeleteView removes one of the caller's own; others' are not found.
func (d *Desk) DeleteView(ctx context.Context, by access.Caller, id string) error {
	if by.Kind != access.CallerSession {
		return forbidden()
	}
	return d.write(ctx, func(tx Tx) error { return tx.DeleteView(ctx, by.ID, id) })
}
