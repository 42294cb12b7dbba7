package c2pa

import (
	"encoding/pem"
	"os"
	"path/filepath"
	"testing"
)

func TestLoadTrustList(t *testing.T) {
	dir := t.TempDir()
	ca, other := newAuthority(), newAuthority()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	block := func(a authority) []byte {
		return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})
	}
	one := write("one.pem", append([]byte("# a note between certificates\n"), append(block(other), block(ca)...)...))
	none := write("none.txt", []byte("nothing here"))

	file := dataBound(t, inJPEG, newMaker(ca).simple)
	for _, path := range []string{one, dir} {
		list, err := LoadTrustList(path)
		if err != nil {
			t.Fatal(err)
		}
		if r := expect(t, path, file, Options{Trust: list}); !r.Summary.Trusted {
			t.Errorf("%s: not trusted: %+v", path, r.Statuses)
		}
	}
	for _, path := range []string{none, filepath.Join(dir, "absent.pem"), t.TempDir()} {
		if _, err := LoadTrustList(path); err == nil {
			t.Errorf("%s: an empty or absent list is no error", path)
		}
	}
}
