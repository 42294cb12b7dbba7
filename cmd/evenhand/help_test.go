package main

import (
	"testing"

	"github.com/alecthomas/kong"
)

// TestHelpIsTranslated finds a command, flag or argument whose Chinese help
// was forgotten, and one that no longer exists.
func TestHelpIsTranslated(t *testing.T) {
	parser, err := kong.New(&commands{}, kong.Name("evenhand"), kong.Vars{"version": ""})
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	add := func(key string) {
		known[key] = true
		if helpZH[key] == "" {
			t.Errorf("helpZH lacks %q", key)
		}
	}
	for _, f := range parser.Model.Flags {
		add("--" + f.Name)
	}
	var visit func(n *kong.Node, path string)
	visit = func(n *kong.Node, path string) {
		add(path)
		for _, f := range n.Flags {
			add(path + " --" + f.Name)
		}
		for _, p := range n.Positional {
			add(path + " <" + p.Name + ">")
		}
		for _, child := range n.Children {
			visit(child, path+" "+child.Name)
		}
	}
	for _, c := range parser.Model.Children {
		visit(c, c.Name)
	}
	for key := range helpZH {
		if !known[key] {
			t.Errorf("helpZH has %q, which is no command, flag or argument", key)
		}
	}
}

func TestLanguage(t *testing.T) {
	tests := []struct {
		env  map[string]string
		want string
	}{
		{nil, "en"},
		{map[string]string{"LANG": "zh_CN.UTF-8"}, "zh"},
		{map[string]string{"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"},
		{map[string]string{"LANG": "en_US", "LC_MESSAGES": "zh_TW"}, "zh"},
		{map[string]string{"LANG": "fr_FR.UTF-8"}, "en"},
	}
	for _, tt := range tests {
		if got := language(func(k string) string { return tt.env[k] }); got != tt.want {
			t.Errorf("%v: got %s, want %s", tt.env, got, tt.want)
		}
	}
}
