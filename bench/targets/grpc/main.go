// Duty: the system under load of the gRPC benches: text.v1.Classifier/Predict on grpc-go, with a constant answer.
//
// grpc-target COUNTERS: prints the port of 127.0.0.1 that it listens on, then serves until it is ended.
// COUNTERS is a file of little-endian uint64, as that of http-target.c: requests, 2 unused, open connections, bad requests.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"unsafe"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/status"
)

const (
	requests = 0
	open     = 3
	bad      = 4
	count    = 8
)

var counters *[count]uint64

// answer is PredictResponse{category: 3}.
var answer = []byte{0x08, 0x03}

// textTag begins a PredictRequest: field 1, a text.
const textTag = 0x0a

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "grpc-target:", err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) != 2 {
		return errors.New("usage: grpc-target COUNTERS")
	}
	if err := openCounters(os.Args[1]); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("port %d\n", listener.Addr().(*net.TCPAddr).Port)
	server := grpc.NewServer(grpc.ForceServerCodecV2(raw{}), grpc.MaxConcurrentStreams(100_000))
	server.RegisterService(&grpc.ServiceDesc{
		ServiceName: "text.v1.Classifier",
		HandlerType: (*any)(nil),
		Methods:     []grpc.MethodDesc{{MethodName: "Predict", Handler: predict}},
	}, struct{}{})
	return server.Serve(&counted{listener})
}

func openCounters(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	const size = 8 * count
	if err := file.Truncate(size); err != nil {
		return err
	}
	memory, err := syscall.Mmap(int(file.Fd()), 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		return err
	}
	counters = (*[count]uint64)(unsafe.Pointer(&memory[0]))
	return nil
}

func predict(_ any, _ context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
	var isText bool
	if err := decode(&isText); err != nil {
		return nil, err
	}
	atomic.AddUint64(&counters[requests], 1)
	if !isText {
		atomic.AddUint64(&counters[bad], 1)
		return nil, status.Error(codes.InvalidArgument, "a text is expected")
	}
	return answer, nil
}

// raw spares the target what it is not asked about: a message is looked at, not decoded, and the answer is bytes.
type raw struct{}

func (raw) Name() string { return "proto" }

func (raw) Marshal(message any) (mem.BufferSlice, error) {
	return mem.BufferSlice{mem.SliceBuffer(message.([]byte))}, nil
}

func (raw) Unmarshal(data mem.BufferSlice, isText any) error {
	*isText.(*bool) = len(data) > 0 && data[0].Len() > 1 && data[0].ReadOnlyData()[0] == textTag
	return nil
}

var _ encoding.CodecV2 = raw{}

// counted knows how many of its connections are open.
type counted struct{ net.Listener }

func (listener *counted) Accept() (net.Conn, error) {
	connection, err := listener.Listener.Accept()
	if err != nil {
		return nil, err
	}
	atomic.AddUint64(&counters[open], 1)
	return &counting{Conn: connection}, nil
}

type counting struct {
	net.Conn
	once sync.Once
}

func (connection *counting) Close() error {
	connection.once.Do(func() { atomic.AddUint64(&counters[open], ^uint64(0)) })
	return connection.Conn.Close()
}
