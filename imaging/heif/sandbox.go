package heif

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	_ "unsafe" // for go:linkname

	_ "github.com/gen2brain/avif" // carries libavif's code
	_ "github.com/gen2brain/heic" // carries libheif's code
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

// The two modules carry libheif and libavif as WebAssembly. Their own Decode
// functions let a file take 4 GiB, cannot be stopped, and prefer whatever
// shared library the machine happens to have, so that two machines may see
// different pixels. So only the code they embed is used, from a runtime of
// ours. Should a new version name it otherwise, the build fails.
//
//go:linkname heicCode github.com/gen2brain/heic.heifWasm
var heicCode []byte

//go:linkname avifCode github.com/gen2brain/avif.decodeWasm
var avifCode []byte

// library is one decoder, compiled on first use and kept for the process.
type library struct {
	runtime wazero.Runtime
	code    wazero.CompiledModule
	// slots holds a place for each sandbox alive. Compiled code is not asked to
	// look at a context in every loop, which would make it three times slower;
	// so a run that its caller gave up goes on to its end, and keeps its place
	// until then: stuck runs can use up the places, never the machine.
	slots chan struct{}
}

// compileHEIC and compileAVIF take about a second the first time.
var (
	compileHEIC = sync.OnceValues(func() (*library, error) { return compile(heicCode, leaveChroma) })
	compileAVIF = sync.OnceValues(func() (*library, error) { return compile(avifCode, nil) })
)

// As the module was built, libheif spreads the chroma of every picture to 4:4:4
// and gathers it again, which blurs it, and spoils the border of every tile
// (context.cc of 1.18.2, decode_image_planar, less one line). It leaves alone
// what it takes for an alpha plane, which is asked for by local 6; whoever wants
// samples as they are coded says yes. These are the instructions from there on:
// "0, local 6, br_if 0" and what would be done otherwise.
var (
	spreadsChroma = []byte("\x41\x00\x20\x06\x0d\x00\x1a\x41\x00\x41\x03\x41\x00\x20\x03\x28\x02\x00\x22\x07\x28\x02\x20")
	leavesChroma  = []byte("\x41\x00\x41\x01\x0d\x00\x1a\x41\x00\x41\x03\x41\x00\x20\x03\x28\x02\x00\x22\x07\x28\x02\x20")
)

// leaveChroma puts the one instruction "1" in the place of "local 6".
func leaveChroma(code []byte) ([]byte, error) {
	if bytes.Count(code, spreadsChroma) != 1 {
		return nil, errors.New("the decoder is not the one that is known here")
	}
	return bytes.Replace(code, spreadsChroma, leavesChroma, 1), nil
}

// compile unpacks, mends and compiles a decoder.
func compile(packed []byte, mend func(code []byte) ([]byte, error)) (*library, error) {
	ctx := context.Background()
	unzip, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpacking the decoder: %w", err)
	}
	code, err := io.ReadAll(unzip)
	if err != nil {
		return nil, fmt.Errorf("unpacking the decoder: %w", err)
	}
	if mend != nil {
		if code, err = mend(code); err != nil {
			return nil, err
		}
	}
	rt := wazero.NewRuntime(ctx)
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, rt); err != nil {
		return nil, fmt.Errorf("preparing the decoder: %w", err)
	}
	compiled, err := rt.CompileModule(ctx, code)
	if err != nil {
		return nil, fmt.Errorf("compiling the decoder: %w", err)
	}
	return &library{rt, compiled, make(chan struct{}, max(2, runtime.GOMAXPROCS(0)))}, nil
}

// memory is a sandbox's linear memory: it grows as asked, up to what was set
// aside for it.
type memory struct {
	ctx    context.Context
	buffer []byte
}

// Reallocate grows the memory to size bytes, or returns nil at the limit and
// once ctx has ended, on which the decoder sees an allocation fail. The runtime
// takes no refusal of the first size, which minMemory covers.
func (m *memory) Reallocate(size uint64) []byte {
	if size > uint64(cap(m.buffer)) || len(m.buffer) > 0 && m.ctx.Err() != nil {
		return nil
	}
	m.buffer = m.buffer[:size]
	return m.buffer
}

// Free lets the collector have the memory.
func (m *memory) Free() { m.buffer = nil }

// minMemory is what the decoders need to start at all, in bytes.
const minMemory = 32 << 20

// sandbox is one run of a decoder.
type sandbox struct {
	ctx context.Context
	mod api.Module
	lib *library
}

// start makes a fresh sandbox of at most most bytes, all set aside at once so
// that growing need not copy: for the time of a copy there would be twice of
// what is reckoned with. Pages never touched cost nothing. Whatever the decoder
// prints goes nowhere; it sees no files, no clock and no arguments.
func (l *library) start(ctx context.Context, most int64) (*sandbox, error) {
	if err := ctx.Err(); err != nil { // select would choose at random
		return nil, err
	}
	select {
	case l.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	mem := &memory{ctx: ctx, buffer: make([]byte, 0, max(most, minMemory))}
	with := experimental.WithMemoryAllocator(ctx, experimental.MemoryAllocatorFunc(
		func(_, _ uint64) experimental.LinearMemory { return mem }))
	started := false
	defer func() {
		if !started { // an error, or a panic that the caller may survive
			<-l.slots
		}
	}()
	mod, err := l.runtime.InstantiateModule(with, l.code, wazero.NewModuleConfig().WithName(""))
	if err != nil {
		return nil, fmt.Errorf("starting the decoder: %w", err)
	}
	started = true
	return &sandbox{ctx, mod, l}, nil
}

func (s *sandbox) close() {
	_ = s.mod.Close(context.Background())
	<-s.lib.slots
}

// call runs an exported function and returns its one result.
func (s *sandbox) call(name string, args ...uint64) (uint32, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	f := s.mod.ExportedFunction(name)
	if f == nil {
		return 0, fmt.Errorf("the decoder lacks %s", name)
	}
	res, err := f.Call(s.ctx, args...)
	if err != nil {
		if cause := s.ctx.Err(); cause != nil {
			return 0, cause
		}
		return 0, fmt.Errorf("the decoder stopped: %w", err)
	}
	if len(res) != 1 {
		return 0, fmt.Errorf("%s gave %d results", name, len(res))
	}
	return uint32(res[0]), nil
}

// alloc takes n bytes of the sandbox's memory.
func (s *sandbox) alloc(n int64) (uint32, error) {
	if n <= 0 || n > 1<<31 {
		return 0, ErrMemory
	}
	p, err := s.call("malloc", uint64(n))
	if err != nil {
		return 0, err
	}
	if p == 0 {
		return 0, ErrMemory
	}
	return p, nil
}

// put copies data into the sandbox.
func (s *sandbox) put(data []byte) (uint32, error) {
	p, err := s.alloc(int64(len(data)))
	if err != nil {
		return 0, err
	}
	if !s.mod.Memory().Write(p, data) {
		return 0, ErrMemory
	}
	return p, nil
}

// view returns n bytes at p of the sandbox's memory, valid until it runs again.
func (s *sandbox) view(p uint32, n int64) ([]byte, error) {
	if n < 0 || n > 1<<31 {
		return nil, ErrMemory
	}
	b, ok := s.mod.Memory().Read(p, uint32(n))
	if !ok {
		return nil, ErrMemory
	}
	return b, nil
}

// words reads n 32-bit numbers at p.
func (s *sandbox) words(p uint32, n int) ([]uint32, error) {
	b, err := s.view(p, int64(4*n))
	if err != nil {
		return nil, err
	}
	out := make([]uint32, n)
	for i := range out {
		out[i] = uint32(b[4*i]) | uint32(b[4*i+1])<<8 | uint32(b[4*i+2])<<16 | uint32(b[4*i+3])<<24
	}
	return out, nil
}
