package main

import "testing"

func TestByteSizes(t *testing.T) {
	for text, want := range map[string]byteSize{
		"0": 0, "4096": 4096, "1b": 1, "512MiB": 512 << 20, "1.5 GiB": 3 << 29, "2gb": 2_000_000_000, " 1 TiB ": 1 << 40, "3kB": 3000,
	} {
		var got byteSize
		if err := got.UnmarshalText([]byte(text)); err != nil || got != want {
			t.Errorf("%q: %d, %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "GiB", "-1", "-1GiB", "NaN", "Inf", "1e40", "5 elephants", "0x10", "1GiBGiB"} {
		var got byteSize
		if err := got.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is read as %d", text, got)
		}
	}
}
