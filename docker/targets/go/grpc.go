package main

import (
	"context"
	"errors"
	"io"
	"net"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/reflection"
	"google.golang.org/grpc/status"

	textv1 "katydid/gen/text/v1"
)

// serveGrpc answers until the context ends, then lets what was begun end.
func serveGrpc(ctx context.Context, listener net.Listener, model *Model) error {
	server := grpc.NewServer()
	textv1.RegisterClassifierServer(server, &classifier{model: model})
	state := health.NewServer()
	state.SetServingStatus(textv1.Classifier_ServiceDesc.ServiceName, healthv1.HealthCheckResponse_SERVING)
	healthv1.RegisterHealthServer(server, state)
	reflection.Register(server)
	go func() {
		<-ctx.Done()
		state.Shutdown()
		late := time.AfterFunc(grace, server.Stop)
		server.GracefulStop()
		late.Stop()
	}()
	return server.Serve(listener)
}

type classifier struct {
	textv1.UnimplementedClassifierServer
	model *Model
}

func (c *classifier) Predict(_ context.Context, request *textv1.PredictRequest) (*textv1.PredictResponse, error) {
	calls.Add(1)
	category, err := c.category(request.GetText())
	if err != nil {
		return nil, err
	}
	return &textv1.PredictResponse{Category: category}, nil
}

func (c *classifier) PredictAll(stream grpc.ClientStreamingServer[textv1.PredictAllRequest, textv1.PredictAllResponse]) error {
	calls.Add(1)
	sum := &textv1.PredictAllResponse{Counts: map[int32]int32{}}
	for {
		request, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return stream.SendAndClose(sum)
		}
		if err != nil {
			return err
		}
		category, err := c.category(request.GetText())
		if err != nil {
			return err
		}
		sum.Texts++
		sum.Counts[category]++
	}
}

func (c *classifier) PredictWords(request *textv1.PredictWordsRequest, stream grpc.ServerStreamingServer[textv1.PredictWordsResponse]) error {
	calls.Add(1)
	if problem := problemOf(request.GetText()); problem != "" {
		return status.Error(codes.InvalidArgument, problem)
	}
	for _, word := range wordsOf(request.GetText()) {
		response := &textv1.PredictWordsResponse{Word: word, Category: int32(c.model.Predict(word))}
		if err := stream.Send(response); err != nil {
			return err
		}
	}
	return nil
}

func (c *classifier) PredictEach(stream grpc.BidiStreamingServer[textv1.PredictEachRequest, textv1.PredictEachResponse]) error {
	calls.Add(1)
	for {
		request, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		category, err := c.category(request.GetText())
		if err != nil {
			return err
		}
		if err := stream.Send(&textv1.PredictEachResponse{Category: category}); err != nil {
			return err
		}
	}
}

func (c *classifier) category(text string) (int32, error) {
	if problem := problemOf(text); problem != "" {
		return 0, status.Error(codes.InvalidArgument, problem)
	}
	return int32(c.model.Predict(text)), nil
}
