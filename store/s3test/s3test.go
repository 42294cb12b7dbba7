// Package s3test gives tests an S3 server of their own: versitygw over a
// temporary folder, on this machine. It is for tests alone, and it builds
// nothing: `make services` does.
package s3test

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// Bucket starts a server with one empty bucket and gives its gocloud.dev URL.
// The server ends with the test. The test is skipped where the server's
// program was not built. It sets the environment that the S3 client reads, so
// the test cannot be parallel.
func Bucket(t *testing.T) string {
	t.Helper()
	program := find()
	if program == "" {
		t.Skip("there is no S3 server here (build/versitygw); `make services` builds it")
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "evenhand")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "evenhand-tests")
	t.Setenv("AWS_REGION", "us-east-1")
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "evidence"), 0o700); err != nil { // a folder is a bucket
		t.Fatal(err)
	}
	address := freeAddress(t)
	cmd := exec.Command(program, "--port", address, "--access", "evenhand", "--secret", "evenhand-tests", "--health", "/health", "posix", dir)
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM} // it must not outlive tests that are killed
	if err := cmd.Start(); err != nil {
		t.Fatalf("starting the S3 server: %v", err)
	}
	stop := func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
	t.Cleanup(stop)
	if err := wait("http://" + address + "/health"); err != nil {
		stop()
		t.Fatalf("the S3 server does not answer: %v\n%s", err, log.Bytes())
	}
	return fmt.Sprintf("s3://evidence?endpoint=http://%s&use_path_style=true&region=us-east-1", address)
}

// find looks for build/versitygw beside the module's go.mod.
func find() string {
	dir, err := os.Getwd()
	for err == nil && dir != filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			program := filepath.Join(dir, "build", "versitygw")
			if _, err := os.Stat(program); err == nil {
				return program
			}
			return ""
		}
		dir = filepath.Dir(dir)
	}
	return ""
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // only asked for its number
	return l.Addr().String()
}

func wait(url string) (err error) {
	for range 300 {
		var r *http.Response
		if r, err = http.Get(url); err == nil {
			_ = r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return nil
			}
			err = fmt.Errorf("%s: %s", url, r.Status)
		}
		time.Sleep(100 * time.Millisecond)
	}
	return err
}
