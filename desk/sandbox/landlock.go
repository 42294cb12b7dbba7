//go:build linux && (amd64 || arm64)

package sandbox

import (
	"bufio"
	"debug/elf"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// landlockVersion asks the kernel for its interface's version
// (landlock_create_ruleset(2)); 0 where it has none.
func landlockVersion() int {
	v, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return 0
	}
	return int(v)
}

// Rights by what they are about.
const (
	readFile = unix.LANDLOCK_ACCESS_FS_READ_FILE
	readTree = readFile | unix.LANDLOCK_ACCESS_FS_READ_DIR
	run      = readFile | unix.LANDLOCK_ACCESS_FS_EXECUTE
	ownTree  = readTree | unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_MAKE_REG // what is removed while open takes room that nobody sees
	anyFile  = 1<<13 - 1                                                                        // of the first version
)

// landlock closes the file system but for dir, the program with its loader and
// libraries, and a few devices; from version 4 on TCP (not multipath TCP, which
// it does not look at), from 6 on signals and abstract sockets to processes
// outside.
func landlock(dir, program string, version int, script bool) error {
	attr := unix.LandlockRulesetAttr{Handled_access_fs: anyFile}
	own := uint64(ownTree)
	if version >= 2 {
		attr.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_REFER
	}
	if version >= 3 {
		attr.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_TRUNCATE
		own |= unix.LANDLOCK_ACCESS_FS_TRUNCATE
	}
	size := unsafe.Sizeof(attr.Handled_access_fs)
	if version >= 4 {
		attr.Handled_access_net = unix.LANDLOCK_ACCESS_NET_BIND_TCP | unix.LANDLOCK_ACCESS_NET_CONNECT_TCP
		size = unsafe.Offsetof(attr.Handled_access_net) + unsafe.Sizeof(attr.Handled_access_net)
	}
	if version >= 5 {
		attr.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
	}
	if version >= 6 {
		attr.Scoped = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL
		size = unsafe.Offsetof(attr.Scoped) + unsafe.Sizeof(attr.Scoped)
	}
	set, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), size, 0)
	if errno != 0 {
		return errno
	}
	defer unix.Close(int(set))
	for _, p := range append(made(program, script), opening{dir, own}) {
		if err := allow(int(set), p); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if _, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, set, 0, 0); errno != 0 {
		return errno
	}
	return nil
}

// opening is a path and what may be done beneath it.
type opening struct {
	path   string
	rights uint64
}

// made lists what a program is made of. Only the program and its loader may be
// run: what else lies among the libraries is read at most. A script needs the
// programs that it calls.
func made(program string, script bool) []opening {
	out := []opening{
		{program, run},
		{"/dev/null", readFile | unix.LANDLOCK_ACCESS_FS_WRITE_FILE},
		{"/dev/zero", readFile},
		{"/dev/urandom", readFile},
		{"/etc/ld.so.cache", readFile},
		{"/sys/devices/system/cpu", readTree},
	}
	real, err := filepath.EvalSymlinks(program)
	if err != nil {
		real = program
	}
	for _, dir := range []string{
		"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/nix/store",
		filepath.Join(filepath.Dir(real), "..", "lib"),
	} {
		out = append(out, opening{dir, readTree})
	}
	if script {
		return append(out, opening{"/bin", run | readTree}, opening{"/usr/bin", run | readTree}, opening{"/lib64", run | readTree}, opening{"/lib", run | readTree})
	}
	if loader := loaderOf(real); loader != "" {
		out = append(out, opening{loader, run})
	}
	return out
}

// loaderOf is the dynamic loader that an ELF program names, "" for a static one.
func loaderOf(program string) string {
	f, err := elf.Open(program)
	if err != nil {
		return ""
	}
	defer f.Close()
	for _, p := range f.Progs {
		if p.Type != elf.PT_INTERP || p.Filesz > 4096 {
			continue
		}
		b := make([]byte, p.Filesz)
		if _, err := p.ReadAt(b, 0); err != nil {
			return ""
		}
		return strings.TrimRight(string(b), "\x00")
	}
	return ""
}

// interpreted says whether a program is a script.
func interpreted(program string) bool {
	f, err := os.Open(program)
	if err != nil {
		return false
	}
	defer f.Close()
	head, err := bufio.NewReader(f).Peek(2)
	return err == nil && string(head) == "#!"
}

// allow adds a rule; directories' rights are left out for a file.
func allow(set int, p opening) error {
	fd, err := unix.Open(p.path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return err
	}
	if st.Mode&unix.S_IFMT != unix.S_IFDIR {
		p.rights &= readFile | unix.LANDLOCK_ACCESS_FS_EXECUTE | unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_TRUNCATE
	}
	rule := unix.LandlockPathBeneathAttr{Allowed_access: p.rights, Parent_fd: int32(fd)}
	_, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(set), unix.LANDLOCK_RULE_PATH_BENEATH, uintptr(unsafe.Pointer(&rule)), 0, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}
